package org.etascope.core;

/**
 * One closed bin of the validation losses: usually one evaluation, several where they follow each other closely.
 *
 * @param tokens D at the evaluation; the geometric mean where there were several
 * @param lossNats mean validation loss, nats per token
 */
public record ValidationPoint(double tokens, double lossNats) {}
