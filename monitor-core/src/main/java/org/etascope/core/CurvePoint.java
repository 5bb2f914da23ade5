package org.etascope.core;

/**
 * One closed bin of the log-binned loss curve, with what the run looked like when it closed: about 32 points per e-fold
 * of the tokens.
 *
 * @param index position in the curve, from 0
 * @param segment see {@link Progress#segment()}
 * @param steps steps of the run when the bin closed
 * @param tokens D when the bin closed
 * @param seconds when it closed, seconds since 1970-01-01 UTC
 * @param meanLogTokens X, mean of ln D over the bin's points
 * @param lossNats B, mean loss over the bin's points
 * @param lowestLossNats lowest loss among them
 * @param highestLossNats highest loss among them
 * @param meanLossNats L̄ when the bin closed
 * @param currentLossNats L when the bin closed
 * @param eta transmitted reading
 * @param etaAbsorbed absorbed reading
 * @param etaDataset dataset reading
 * @param slope b, nats per e-fold, NaN before 16 bins
 * @param slopeLower lower end of its interval
 * @param slopeUpper upper end of its interval
 * @param threshold κ·b̄, nats per e-fold
 * @param phase phase after the bin closed
 */
public record CurvePoint(
        int index,
        int segment,
        long steps,
        long tokens,
        double seconds,
        double meanLogTokens,
        double lossNats,
        double lowestLossNats,
        double highestLossNats,
        double meanLossNats,
        double currentLossNats,
        double eta,
        double etaAbsorbed,
        double etaDataset,
        double slope,
        double slopeLower,
        double slopeUpper,
        double threshold,
        Phase phase) {}
