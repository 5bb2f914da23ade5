package org.etascope.core;

/** What else is true of a run beside its {@link Phase}; any number of them hold at once. */
public enum Condition {
    /** Fewer than 16 bins are closed: the detector cannot judge yet. */
    WARMING_UP,
    /** The interval of the slope is too wide to call it flat or learning. Never while saturated. */
    INCONCLUSIVE,
    /** The loss rises: a whole window's interval lies below minus the threshold. */
    RISING,
    /** The validation loss rises while the training loss does not. */
    OVERFITTING,
    /** Three or more non-finite losses in a row, until a finite one. */
    FAULT,
    /** Still {@link Phase#INITIAL} after 32 bins. */
    NOT_LEARNING,
    /** The baseline is implausible against ln V. */
    BASELINE_SUSPECT,
    /** The baseline was not measured on this run's first step but assumed. */
    BASELINE_ASSUMED;

    /** {@return the name that metrics, JSON and pages use: lower case with underscores} */
    public String label() {
        return Labels.of(this);
    }
}
