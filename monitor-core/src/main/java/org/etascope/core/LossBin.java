package org.etascope.core;

/**
 * The losses of one closed bin of the curve, in nats per token.
 *
 * @param logTokens X, mean of ln D over the bin's points
 * @param mean B, plain mean of the losses
 * @param lowest the lowest among them
 * @param highest the highest among them
 * @param learningRate the optimiser's learning rate when the bin closed, NaN where it is not told
 */
public record LossBin(double logTokens, double mean, double lowest, double highest, double learningRate) {}
