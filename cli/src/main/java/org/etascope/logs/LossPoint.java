package org.etascope.logs;

/**
 * One logged value, as the log has it: in the log's own unit, with its own counts. Mutable, so that millions of them
 * need no garbage. What a log does not say stays at the value of {@link #clear()}.
 */
public final class LossPoint implements Cloneable {
    /** The optimiser step, -1 if the log does not say. */
    public long step;
    /** Whether it holds a training loss; {@link #loss} may be NaN even then. */
    public boolean hasLoss;
    /** Training loss in the log's unit. */
    public double loss;
    /** Whether it holds a validation loss. */
    public boolean hasValidation;
    /** Validation loss in the log's unit. */
    public double validation;
    /** Perplexity that stands beside the loss, NaN if none. */
    public double perplexity;
    /** Learning rate, NaN if the log does not say. */
    public double learningRate;
    /** Norm of the gradient, 0 if the log does not say. */
    public double gradientNorm;
    /** Epochs done, a fraction allowed, NaN if the log does not say. */
    public double epoch;
    /** A column called "tokens": of one step or all so far, which only the next rows can tell; -1 if there is none. */
    public long tokens;
    /** Tokens of one step, -1 if the log does not say. */
    public long tokensPerStep;
    /** All tokens so far, -1 if the log does not say. */
    public long totalTokens;
    /** All samples (sequences) so far, -1 if the log does not say. */
    public long totalSamples;
    /** Steps since the last point that were skipped. */
    public long skippedSteps;
    /** Steps since the last point whose loss was not finite. */
    public long nonFiniteSteps;
    /** When, milliseconds since 1970-01-01 UTC, -1 if the log does not say. */
    public long epochMillis;
    /** When, milliseconds since the training began, -1 if the log does not say. */
    public long elapsedMillis;

    /** A point that holds nothing. */
    public LossPoint() {
        clear();
    }

    /** Forgets everything. */
    public void clear() {
        step = -1;
        hasLoss = false;
        loss = Double.NaN;
        hasValidation = false;
        validation = Double.NaN;
        perplexity = Double.NaN;
        learningRate = Double.NaN;
        gradientNorm = 0;
        epoch = Double.NaN;
        tokens = -1;
        tokensPerStep = -1;
        totalTokens = -1;
        totalSamples = -1;
        skippedSteps = 0;
        nonFiniteSteps = 0;
        epochMillis = -1;
        elapsedMillis = -1;
    }

    /** {@return a copy that the reader will not use again} */
    public LossPoint copy() {
        try {
            return (LossPoint) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Takes a value by its role.
     *
     * @throws NotANumberException if it cannot be that
     */
    void set(Role role, double value) throws NotANumberException {
        switch (role) {
            case STEP -> step = Numbers.count(role.word(), value);
            case LOSS -> {
                hasLoss = true;
                loss = value;
            }
            case VALIDATION -> {
                hasValidation = true;
                validation = value;
            }
            case PERPLEXITY -> perplexity = value;
            case LEARNING_RATE -> learningRate = value;
            case GRADIENT_NORM -> gradientNorm = value;
            case EPOCH -> epoch = value;
            case TOKENS -> tokens = countIfKnown(role, value);
            case TOTAL_TOKENS -> totalTokens = countIfKnown(role, value);
            case SAMPLES -> totalSamples = countIfKnown(role, value);
            case NAN_STEPS -> nonFiniteSteps = Numbers.count(role.word(), value);
            case SKIPPED_STEPS -> skippedSteps = Numbers.count(role.word(), value);
            case TIME -> epochMillis = Times.millis(value);
            case ELAPSED -> elapsedMillis = Numbers.count(role.word(), value);
            default -> {
                // Said of the run, not of a step.
            }
        }
    }

    /** Some writers fill a gap with NaN. */
    private static long countIfKnown(Role role, double value) throws NotANumberException {
        return Double.isNaN(value) ? -1 : Numbers.count(role.word(), value);
    }
}
