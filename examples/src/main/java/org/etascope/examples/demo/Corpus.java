package org.etascope.examples.demo;

/**
 * Training data: symbols as numbers 0 to {@link #symbols()} − 1, read in windows.
 *
 * <p>A window depends on its index alone, so that a resumed run reads exactly what the uncut one would have read. Not
 * thread-safe.
 */
interface Corpus {
    /** {@return what it is, for people: "Java source, 3.8 M characters"} */
    String description();

    /** {@return V, the number of different symbols} */
    int symbols();

    /** {@return U, the symbols that one epoch predicts; NaN for an endless source} */
    double uniqueTokens();

    /** {@return the true entropy rate in nats per symbol, NaN where nobody knows it} */
    double entropyRateNats();

    /** {@return a number that changes when the data does: a run must not resume on other data} */
    long fingerprint();

    /**
     * Reads a window.
     *
     * @param index which one, from 0 without end: what follows the last window of an epoch is the next epoch
     * @param into filled with consecutive symbols
     */
    void window(long index, int[] into);
}
