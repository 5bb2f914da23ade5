package org.etascope.examples.demo;

/** Training data: symbols as numbers 0 to V − 1, read in windows. Not thread-safe. */
interface Corpus {
    /**
     * What is known of it.
     *
     * @param description what it is, for people: "Java source, 3.8 M characters"
     * @param symbols V, the number of different symbols
     * @param uniqueTokens U, the symbols that one epoch predicts; NaN for an endless source
     * @param entropyRateNats the true entropy rate in nats per symbol, NaN where nobody knows it
     * @param fingerprint changes when the data does: a run must not resume on other data
     */
    record Facts(String description, int symbols, double uniqueTokens, double entropyRateNats, long fingerprint) {}

    Facts facts();

    /**
     * Reads a window. It depends on its index alone, so that a resumed run reads exactly what the uncut one would have read.
     *
     * @param index which one, from 0 without end: what follows the last window of an epoch is the next epoch
     * @param into filled with consecutive symbols
     */
    void window(long index, int[] into);
}
