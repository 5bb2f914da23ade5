package org.etascope.core;

/** What a run counts as a token: what bears a loss of its own. Everything that people read says this word. */
public enum TokenUnit {
    /** A position of a sequence. */
    TOKEN,
    /** An example as a whole, where the labels have no time axis. */
    EXAMPLE,
    /** A pixel of an image, each with a label. */
    PIXEL,
    /** A label, where an example or a position has several, or where outputs differ in what they count. */
    LABEL;

    /** {@return the word for one: "token"} */
    public String label() {
        return Labels.of(this);
    }

    /** {@return the word for several: "tokens"} */
    public String plural() {
        return label() + "s";
    }
}
