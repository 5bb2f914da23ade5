package org.etascope.core;

import java.io.IOException;

/** What a run has counted and summed, and its last step. Single writer. */
final class Counts extends StateFields.Part {
    private static final int NON_FINITE_TO_CALL_FAULT = 3;

    private long steps;
    private long points;
    private long tokens;
    private CompensatedSum codeLength = new CompensatedSum(0, 0);
    private long nonFiniteSteps;
    private long skippedSteps;
    private long consecutiveNonFinite;
    private double lastLoss = Double.NaN;
    private double tokensOfFirstStep = Double.NaN;
    private long lastStepMillis = Long.MIN_VALUE;

    /** Whether tokens can be added: some, and not more than a long holds in sum. */
    boolean takes(long stepTokens) {
        return stepTokens > 0 && stepTokens <= Long.MAX_VALUE - tokens;
    }

    void add(long stepsMeant, long stepTokens, double lossNats, long millis) {
        if (points == 0) {
            tokensOfFirstStep = (double) stepTokens / stepsMeant;
        }
        steps += stepsMeant;
        points++;
        tokens += stepTokens;
        codeLength.add(stepTokens * lossNats);
        consecutiveNonFinite = 0;
        lastLoss = lossNats;
        lastStepMillis = Math.max(lastStepMillis, millis);
    }

    /** One value, however many steps it stands for: of the others nothing is known. */
    void nonFinite() {
        nonFiniteSteps++;
        consecutiveNonFinite++;
    }

    void skip() {
        skippedSteps++;
    }

    boolean fault() {
        return consecutiveNonFinite >= NON_FINITE_TO_CALL_FAULT;
    }

    long steps() {
        return steps;
    }

    long points() {
        return points;
    }

    /** D. */
    long tokens() {
        return tokens;
    }

    long nonFiniteSteps() {
        return nonFiniteSteps;
    }

    long skippedSteps() {
        return skippedSteps;
    }

    /** C in nats. */
    double codeLengthNats() {
        return codeLength.value();
    }

    double lastLoss() {
        return lastLoss;
    }

    /** ln D₁, NaN before the first step. */
    double logFirstTokens() {
        return Math.log(tokensOfFirstStep);
    }

    /** {@link Long#MIN_VALUE} before the first step. */
    long lastStepMillis() {
        return lastStepMillis;
    }

    RunStatistics statistics(BaselineTracker baseline) {
        return new RunStatistics(
                steps,
                points,
                tokens,
                codeLength.sum(),
                codeLength.compensation(),
                nonFiniteSteps,
                skippedSteps,
                baseline.firstStepTokens(),
                baseline.firstStepNats());
    }

    @Override
    void fields(StateFields state) throws IOException {
        steps = state.next(steps);
        points = state.next(points);
        tokens = state.next(tokens);
        codeLength = new CompensatedSum(state.next(codeLength.sum()), state.next(codeLength.compensation()));
        nonFiniteSteps = state.next(nonFiniteSteps);
        skippedSteps = state.next(skippedSteps);
        consecutiveNonFinite = state.next(consecutiveNonFinite);
        lastLoss = state.next(lastLoss);
        tokensOfFirstStep = state.next(tokensOfFirstStep);
        lastStepMillis = state.next(lastStepMillis);
    }
}
