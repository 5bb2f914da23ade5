package org.etascope.core;

/** The likeliest reason of a saturation: the first of these that holds, in this order. */
public enum SaturationCause {
    /** The learning rate is below a tenth of its peak. */
    LEARNING_RATE_EXHAUSTED("the learning rate is nearly zero"),
    /** More than four epochs over the same data. */
    DATA_REPEAT("the data has been repeated more than four times"),
    /** The model has absorbed two bits per parameter or more. */
    CAPACITY_SUSPECT("the model has absorbed two bits per parameter or more"),
    /** The learning rate is above half of its peak. */
    FLAT_AT_CURRENT_LEARNING_RATE("flat at the current learning rate"),
    /** None of the above could be shown. */
    UNKNOWN("unknown");

    private final String sentence;

    SaturationCause(String sentence) {
        this.sentence = sentence;
    }

    /** {@return the name that metrics, JSON and pages use: lower case with underscores} */
    public String label() {
        return Labels.of(this);
    }

    /** {@return the cause in words, to follow "likely cause:"} */
    public String sentence() {
        return sentence;
    }
}
