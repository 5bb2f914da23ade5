package org.etascope.core;

/**
 * The losses of a run, in nats per token; NaN before there is one.
 *
 * @param last ℓ, mean loss of the last finite step, before the update it caused
 * @param mean L̄ = C/D, the running cross-entropy
 * @param current L, the loss now: median of the last three closed bins; fewer bins: their mean; none: the mean of the
 *     points so far
 * @param currentStandardError standard error of {@code current}: median absolute deviation of up to 16 bins around
 *     their own slope, NaN with fewer than 4
 */
public record Losses(double last, double mean, double current, double currentStandardError) {
    /** {@return e^L, the perplexity at the current loss} */
    public double perplexity() {
        return Math.exp(current);
    }

    /** {@return L/ln 2, bits per token at the current loss} */
    public double bitsPerToken() {
        return current / InformationCapacity.LN2;
    }
}
