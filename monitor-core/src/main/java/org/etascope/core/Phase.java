package org.etascope.core;

/** Where a run stands: initial, then training, then saturated and back as often as the losses say so. */
public enum Phase {
    /** No step yet, or no progress shown yet. Once left, never entered again. */
    INITIAL,
    /** The loss falls with the logarithm of the tokens, or cannot be said not to. */
    TRAINING,
    /** Flat under the current learning rate and data: the learning slope is equivalent to zero. */
    SATURATED;

    /** {@return the name that metrics, JSON and pages use: lower case} */
    public String label() {
        return Labels.of(this);
    }

    /** The number that stands for it in a state. */
    long code() {
        return switch (this) {
            case INITIAL -> 0;
            case TRAINING -> 1;
            case SATURATED -> 2;
        };
    }

    static Phase of(long code) {
        return code == 0 ? INITIAL : code == 1 ? TRAINING : SATURATED;
    }
}
