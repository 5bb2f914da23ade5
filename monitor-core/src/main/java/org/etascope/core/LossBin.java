package org.etascope.core;

/**
 * What was measured until one bin of the curve closed; losses in nats per token.
 *
 * @param logTokens X, mean of ln D over the bin's points
 * @param mean B, plain mean of the losses
 * @param lowest the lowest among them
 * @param highest the highest among them
 * @param learningRate the optimiser's learning rate when the bin closed, NaN where it is not told
 * @param energyJoules measured for the run until then, NaN where nothing was
 */
public record LossBin(
        double logTokens, double mean, double lowest, double highest, double learningRate, double energyJoules) {}
