package org.etascope.core;

/** What else is true of a run beside its {@link Phase}; any number of them hold at once. */
public enum Condition {
    /** No step with a finite loss yet. */
    NO_STEP,
    /** Fewer than 16 bins are closed: the detector cannot judge yet. */
    WARMING_UP,
    /** The interval of the slope does not tell learning from flat. Never while saturated. */
    INCONCLUSIVE,
    /** The loss rises: the interval of a whole window's slope lies below −0.10 of the run's average. */
    RISING,
    /** The loss lies above its lowest level by more than its noise. {@link #BLOW_UP} stands instead of it once it is one. */
    RISEN,
    /** The loss has risen so high that training has come apart. */
    BLOW_UP,
    /** The validation loss rises or has risen while the training loss does neither. */
    OVERFITTING,
    /** Three or more non-finite losses in a row, until a finite one. */
    FAULT,
    /** After 32 bins no progress between the run's beginning and now. */
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
