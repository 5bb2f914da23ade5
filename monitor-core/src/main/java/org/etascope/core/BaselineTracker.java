package org.etascope.core;

import java.io.IOException;

/**
 * Finds H once and keeps it (theory: {@link Baseline}, rules: {@link BaselineRule}).
 *
 * <p>The first step's micro-batches are gathered with their spread (Welford), which gives the standard error when there
 * are at least four of them, else 0.5/√tokens.
 */
final class BaselineTracker extends StateFields.Part {
    private static final double PLAUSIBLE_LOW = 0.8;
    private static final double PLAUSIBLE_EXCESS_NATS = 1;
    private static final double SPREAD_OF_ONE_TOKEN_NATS = 0.5;
    private static final int MICRO_BATCHES_FOR_A_SPREAD = 4;

    private final BaselineRule rule;
    private Baseline baseline;
    private boolean firstStepLost;
    private boolean resumed;
    private long firstStepTokens;
    private double firstStepNats;

    private long microBatches;
    private double microBatchMean;
    private double microBatchSquares;

    BaselineTracker(BaselineRule rule) {
        this.rule = rule;
        this.baseline = new Baseline(Double.NaN, Double.NaN, rule.method(), rule.isAssumed(), false, Double.NaN);
    }

    Baseline baseline() {
        return baseline;
    }

    boolean frozen() {
        return baseline.known();
    }

    long firstStepTokens() {
        return firstStepTokens;
    }

    double firstStepNats() {
        return firstStepNats;
    }

    void microBatch(double lossNats) {
        microBatches++;
        double delta = lossNats - microBatchMean;
        microBatchMean += delta / microBatches;
        microBatchSquares += delta * (lossNats - microBatchMean);
    }

    /** The first step's loss was not finite, or it was not seen at all: no later step may pass for it where V is known. */
    void firstStepLost() {
        if (!frozen()) {
            firstStepLost = true;
        }
    }

    /** A resumed run without stored state: the next loss is that of a trained model, so it cannot be the baseline. */
    void resumedWithoutState() {
        if (!frozen()) {
            resumed = true;
        }
    }

    /** Called at the end of each finite step until H is frozen. */
    void freeze(long tokens, double lossNats, double vocabulary) {
        if (frozen()) {
            return;
        }
        double uniform = Math.log(vocabulary);
        baseline = switch (rule.method()) {
            case INITIAL_LOSS -> fromFirstStep(tokens, lossNats, uniform);
            case UNIFORM -> exact(uniform, rule.method(), rule.isAssumed());
            case UNIGRAM, FIXED -> exact(rule.nats(), rule.method(), rule.isAssumed());
        };
        if (frozen()) {
            firstStepTokens = tokens;
            firstStepNats = tokens * baseline.nats();
        }
    }

    private Baseline exact(double nats, BaselineMethod method, boolean assumed) {
        return new Baseline(nats, Double.isNaN(nats) ? Double.NaN : 0, method, assumed, false, Double.NaN);
    }

    private Baseline fromFirstStep(long tokens, double lossNats, double uniform) {
        boolean vocabularyKnown = !Double.isNaN(uniform);
        if (resumed || (firstStepLost && vocabularyKnown)) {
            return exact(uniform, BaselineMethod.UNIFORM, true);
        }
        double error = microBatches >= MICRO_BATCHES_FOR_A_SPREAD
                ? Math.sqrt(microBatchSquares / (microBatches - 1) / microBatches)
                : SPREAD_OF_ONE_TOKEN_NATS / Math.sqrt(tokens);
        boolean high = vocabularyKnown && lossNats > uniform + PLAUSIBLE_EXCESS_NATS;
        boolean low = vocabularyKnown && lossNats < PLAUSIBLE_LOW * uniform;
        if (high && !rule.isTrusted()) {
            return new Baseline(uniform, 0, BaselineMethod.UNIFORM, rule.isAssumed(), true, lossNats);
        }
        return new Baseline(
                lossNats, error, BaselineMethod.INITIAL_LOSS, rule.isAssumed() || firstStepLost, high || low, lossNats);
    }

    @Override
    void fields(StateFields state) throws IOException {
        baseline = state.next(baseline);
        firstStepLost = state.next(firstStepLost);
        resumed = state.next(resumed);
        firstStepTokens = state.next(firstStepTokens);
        firstStepNats = state.next(firstStepNats);
    }
}
