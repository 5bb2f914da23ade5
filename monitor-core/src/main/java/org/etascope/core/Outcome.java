package org.etascope.core;

/** How a run ended, where that is known. */
public enum Outcome {
    /** It came to the end it was meant to come to. */
    FINISHED,
    /** It broke off: an exception, or the end of the process in the middle of an epoch. */
    FAILED,
    /** Somebody stopped it: SIGINT or SIGTERM. */
    INTERRUPTED;

    /** {@return the name that metrics, JSON and pages use: lower case} */
    public String label() {
        return Labels.of(this);
    }

    /** {@return the outcome as a person reads it: "finished"} */
    public String words() {
        return label();
    }
}
