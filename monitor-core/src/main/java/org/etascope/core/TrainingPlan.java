package org.etascope.core;

import org.jspecify.annotations.Nullable;

/**
 * How long a run is meant to be and how its learning rate is meant to go. Immutable.
 *
 * <p>Where only one of tokens and steps is given, the other follows from the tokens a step had so far.
 *
 * @param tokens planned tokens, NaN while unknown
 * @param steps N, planned steps, NaN while unknown
 * @param schedule null while unknown
 */
record TrainingPlan(double tokens, double steps, @Nullable LearningRateSchedule schedule) {
    static final TrainingPlan UNKNOWN = new TrainingPlan(Double.NaN, Double.NaN, null);

    /** D_end: as given, else D·N/steps; NaN while neither is known. */
    double endTokens(double tokensNow, double stepsNow) {
        return Double.isNaN(tokens) ? tokensNow * steps / stepsNow : tokens;
    }

    /** N: as given, else D_end·steps/D; NaN while neither is known. */
    double endSteps(double tokensNow, double stepsNow) {
        return Double.isNaN(steps) ? tokens * stepsNow / tokensNow : steps;
    }

    /** The rate that the schedule has at a step; NaN without a schedule or, but for a constant rate, without an end. */
    double rateAt(double step, double tokensNow) {
        return schedule == null ? Double.NaN : schedule.at(step, endSteps(tokensNow, step));
    }
}
