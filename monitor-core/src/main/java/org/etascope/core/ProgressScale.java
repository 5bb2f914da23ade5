package org.etascope.core;

/**
 * b̄, what the run has learnt per e-fold of its tokens so far, the scale against which a slope is small (docs/theory.md,
 * 6.2).
 *
 * <ul>
 *   <li>By the baseline: b₁ = (min(H, ln V) − L)/max(ln D − ln D₁, 1e-9).
 *   <li>By the run's own curve: b₂ = (B_first − 3·sd4 − L)/max(ln D − X_first, 1e-9), from its first bin ever.
 *   <li>b̄ = max(min(b₁, 2b₂), 1e-9).
 * </ul>
 *
 * <p>So an assumed or foreign baseline cannot inflate it, and a run that has shown no progress itself has none: then b̄
 * is 1e-9, and nothing can be called flat. (2, for the first points of a curve, where it falls fastest, are missing from
 * b₂; in a run seen from step 1, b₁ is the smaller.)
 *
 * @param nats b̄, nats per e-fold; 1e-9 for none
 */
record ProgressScale(double nats) {
    private static final double NONE = 1e-9;
    private static final double SHORTEST = 1e-9;
    private static final double OWN_CURVE_FACTOR = 2;
    private static final double ERRORS_OF_FIRST_BIN = 3;

    static final ProgressScale UNKNOWN = new ProgressScale(NONE);

    static ProgressScale measured(LogBins bins, Noise noise, double now, double ceilingNats, double firstX) {
        double level = bins.current();
        double byBaseline = (ceilingNats - level) / Math.max(now - firstX, SHORTEST);
        double first = bins.firstLoss() - ERRORS_OF_FIRST_BIN * noise.sd4();
        double byCurve = (first - level) / Math.max(now - bins.firstX(), SHORTEST);
        double least = Math.min(byBaseline, OWN_CURVE_FACTOR * byCurve);
        return least > NONE ? new ProgressScale(least) : UNKNOWN;
    }

    /** Whether the run has shown progress. */
    boolean known() {
        return nats > NONE;
    }
}
