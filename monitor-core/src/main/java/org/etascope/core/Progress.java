package org.etascope.core;

/**
 * How far a run has come. These belong to the run: they are persisted, and go back when it resumes from an older
 * checkpoint.
 *
 * @param steps optimiser steps with a finite loss
 * @param points loss values taken; fewer than the steps where a log holds one for several
 * @param tokens D, loss-bearing tokens trained on
 * @param nonFiniteSteps losses that were NaN or infinite, one for each value reported: counted here and nowhere else
 * @param skippedSteps reports without a token, with a negative count, or without a usable loss
 * @param segment 0 in a run observed without a break; one more each time a run went on without stored state
 * @param position where the framework stands
 * @param rate the optimiser's learning rate
 */
public record Progress(
        long steps,
        long points,
        long tokens,
        long nonFiniteSteps,
        long skippedSteps,
        int segment,
        Position position,
        LearningRate rate) {
    /**
     * Where a run stands in its framework's count and in its data.
     *
     * @param iteration the framework's iteration, NaN while unknown
     * @param epoch the framework's count of completed epochs, NaN while unknown
     * @param epochs D/U, else the framework's count, NaN while neither is known
     * @param uniqueTokens U, NaN while unknown
     */
    public record Position(double iteration, double epoch, double epochs, double uniqueTokens) {}

    /**
     * The optimiser's learning rate; NaN where the framework does not tell it.
     *
     * @param now the latest
     * @param peak the largest so far
     */
    public record LearningRate(double now, double peak) {}

    /** {@return D/U, else the framework's count of epochs, NaN while neither is known} */
    public double epochs() {
        return position.epochs();
    }

    /** {@return U, NaN while unknown} */
    public double uniqueTokens() {
        return position.uniqueTokens();
    }

    /** {@return the optimiser's learning rate, NaN where the framework does not tell it} */
    public double learningRate() {
        return rate.now();
    }

    /** {@return the largest learning rate seen, NaN like it} */
    public double learningRatePeak() {
        return rate.peak();
    }
}
