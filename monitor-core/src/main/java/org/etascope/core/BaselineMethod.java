package org.etascope.core;

/** Where the baseline H comes from; always shown beside it. */
public enum BaselineMethod {
    /** Token-weighted mean loss of the first optimiser step (Corollary 4.1). */
    INITIAL_LOSS("first step"),
    /** ln V: every token of the vocabulary equally likely. */
    UNIFORM("ln V"),
    /** Entropy of the corpus' token counts. */
    UNIGRAM("unigram entropy"),
    /** A value that the user gave. */
    FIXED("given");

    private final String words;

    BaselineMethod(String words) {
        this.words = words;
    }

    /** {@return the name that metrics, JSON and pages use: lower case with underscores} */
    public String label() {
        return Labels.of(this);
    }

    /** {@return the method in words, for people} */
    public String words() {
        return words;
    }
}
