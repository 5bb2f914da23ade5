package org.etascope.core;

/**
 * The sufficient statistics of a run: from these, H and N anyone can recompute the headline η. Immutable.
 *
 * <p>They add up: workers' statistics merge in any order to the same totals, the counts exactly, C to 1e-15 relative. C
 * is a compensated (Neumaier) sum, of which both halves are kept, since C − D·L cancels by a factor of thirty.
 *
 * @param steps optimiser steps with a finite loss
 * @param points loss values taken
 * @param tokens D
 * @param codeLengthSum running sum of C, nats
 * @param codeLengthCompensation what rounding took from it, nats
 * @param nonFiniteSteps steps whose loss was not finite
 * @param skippedSteps steps without a token or a usable loss
 * @param firstStepTokens n₁, tokens of the first optimiser step
 * @param firstStepNats n₁·H, code length of the first optimiser step, nats
 */
public record RunStatistics(
        long steps,
        long points,
        long tokens,
        double codeLengthSum,
        double codeLengthCompensation,
        long nonFiniteSteps,
        long skippedSteps,
        long firstStepTokens,
        double firstStepNats) {
    /** Nothing counted: the neutral element of {@link #merge}. */
    public static final RunStatistics NONE = new RunStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** {@return C in nats} */
    public double codeLengthNats() {
        return codeLengthSum + codeLengthCompensation;
    }

    /** {@return the baseline that the first steps of all merged workers give together, Σ n₁H/Σ n₁; NaN without any} */
    public double baselineNats() {
        return firstStepNats / firstStepTokens;
    }

    /**
     * {@return the statistics of both together}
     *
     * @param other another worker's statistics
     */
    public RunStatistics merge(RunStatistics other) {
        CompensatedSum sum = new CompensatedSum(codeLengthSum, codeLengthCompensation);
        sum.add(other.codeLengthSum);
        sum.add(other.codeLengthCompensation);
        return new RunStatistics(
                steps + other.steps,
                points + other.points,
                tokens + other.tokens,
                sum.sum(),
                sum.compensation(),
                nonFiniteSteps + other.nonFiniteSteps,
                skippedSteps + other.skippedSteps,
                firstStepTokens + other.firstStepTokens,
                firstStepNats + other.firstStepNats);
    }
}
