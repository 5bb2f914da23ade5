package org.etascope.core;

/** What a {@link LossDetector} tells, at the point where it finds it (docs/theory.md, 6.4 to 6.7). */
enum DetectorEvent {
    /** The run has shown progress for the first time. */
    TRAINING,
    /** The loss is flat. */
    SATURATED,
    /** A slope after a plateau: learning again. */
    LEARNING,
    /** A slope upwards after a plateau. */
    RISING,
    /** The loss fell off its plateau. */
    FELL,
    /** The loss lies above its lowest level, by more than its noise. */
    RISEN,
    /** A rise so high that training has come apart. */
    BLOW_UP,
    /** The rise is over: the loss is back near its lowest level. */
    RECOVERED,
    /** The rise has lasted an e-fold of the tokens: what it led to is the new lowest level. */
    ACCEPTED
}
