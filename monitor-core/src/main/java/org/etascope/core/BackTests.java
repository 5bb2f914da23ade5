package org.etascope.core;

import org.jspecify.annotations.Nullable;

/**
 * Two forecasts made in the past, asked about today (theory, section 7, step 5): the same fit on the bins with mean ln D
 * at least ½ ln 2, and at least ln 2, below today's, each seen from its own last bin, about the n-weighted place, learning
 * rate and mean loss of today's last two bins.
 *
 * <p>The one at D/√2 must exist (10 bins, and today ahead of it); the one at D/2 is used where it exists. Immutable.
 *
 * @param exist whether the one at D/√2 exists
 * @param driftVariance ρ = the larger (e² − sd²)/g_0.7(u) of both, at least 0: how much further the loss strayed than was
 *     foretold
 * @param worstMiss the larger miss, in sd of its side of the interval; 0 without any
 */
record BackTests(boolean exist, double driftVariance, double worstMiss) {
    static final BackTests NONE = new BackTests(false, 0, 0);

    private static final double HALF_DOUBLING = Math.log(2) / 2;
    private static final double DOUBLING = Math.log(2);

    static BackTests of(ForecastBins.View bins, double lnTokens, LearningRates.Now rates) {
        @Nullable BackTests near = made(bins, lnTokens - HALF_DOUBLING, rates);
        @Nullable BackTests far = made(bins, lnTokens - DOUBLING, rates);
        if (near == null) {
            return NONE;
        }
        return far == null
                ? near
                : new BackTests(
                        true, Math.max(near.driftVariance, far.driftVariance), Math.max(near.worstMiss, far.worstMiss));
    }

    private static @Nullable BackTests made(ForecastBins.View bins, double lnTokens, LearningRates.Now rates) {
        ForecastBins.View past = bins.until(lnTokens);
        if (past.bins() < LossLaw.FEWEST_BINS) {
            return null;
        }
        LossLaw.Place from = past.last(1).place(rates.peak());
        LossLaw law = LossLaw.fit(past, from, rates.warmupEnd(), rates.peak(), 0);
        ForecastBins.Bin today = bins.last(2);
        LossLaw.Place place = today.place(rates.peak());
        if (law == null || !(law.distance(place) > 0)) {
            return null;
        }
        LossLaw.Prediction told = law.at(place);
        double e = today.loss() - told.mean();
        double drift = (e * e - told.sd() * told.sd()) / law.distance(place);
        return new BackTests(true, Math.max(0, drift), told.missOf(today.loss()));
    }
}
