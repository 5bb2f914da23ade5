package org.etascope.core;

import java.util.List;

/**
 * The slope that people are shown (docs/theory.md, 6.9): of the windows from narrow to wide, the last for which all
 * intervals b ± (se + r) so far still intersect and none was bent, at least the narrowest. Its interval is
 * b ± (1.96·√(se² + (0.2·width·b)²) + r). It describes the window behind and predicts nothing. All NaN without a window.
 *
 * @param slope b with its interval and the threshold κ·b̄ of its window
 * @param width how far the window reaches back, e-folds
 * @param widestError e of the widest window, nats per e-fold: what the verdict still lacks
 */
record ReportedSlope(Slope slope, double width, double widestError) {
    static final ReportedSlope NONE = new ReportedSlope(Slope.UNKNOWN, Double.NaN, Double.NaN);

    private static final double NORMAL_95 = 1.96;
    /** A steady power law bends by this share of its slope per e-fold. */
    private static final double CURVATURE = 0.2;

    /**
     * {@return what is shown of these windows}
     *
     * @param windows from narrow to wide
     */
    static ReportedSlope of(List<SlopeWindow> windows) {
        if (windows.isEmpty()) {
            return NONE;
        }
        SlopeWindow chosen = chosen(windows);
        double b = chosen.slope();
        double bend = CURVATURE * chosen.width() * b;
        double error = NORMAL_95 * Math.sqrt(chosen.standardError() * chosen.standardError() + bend * bend)
                + chosen.rounding();
        return new ReportedSlope(
                new Slope(b, b - error, b + error, chosen.threshold()),
                chosen.width(),
                windows.get(windows.size() - 1).error());
    }

    private static SlopeWindow chosen(List<SlopeWindow> windows) {
        SlopeWindow chosen = windows.get(0);
        double low = Double.NEGATIVE_INFINITY;
        double high = Double.POSITIVE_INFINITY;
        for (SlopeWindow window : windows) {
            double error = window.standardError() + window.rounding();
            low = Math.max(low, window.slope() - error);
            high = Math.min(high, window.slope() + error);
            if (window.bent() || low > high) {
                return chosen;
            }
            chosen = window;
        }
        return chosen;
    }

    /** Whether the interval leaves open if the slope is above a rate. */
    boolean leavesOpen(double rate) {
        return slope.lower() <= rate && rate <= slope.upper();
    }
}
