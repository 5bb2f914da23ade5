package org.etascope.core;

import org.jspecify.annotations.Nullable;

/**
 * The slope over the last bins that reach back at least w e-folds, with its error (docs/theory.md, 6.3).
 *
 * <p>The window takes the fewest last bins whose oldest start lies ≥ w before now. It is left out where they do not reach
 * so far, are fewer than four, or begin before the last restart. width = now − oldest start. With the {@link
 * WeightedLine} through its m bins of N points:
 *
 * <ul>
 *   <li>se = √(max(V(N), RSS/(m − 2))/Sxx).
 *   <li>r = 1.5q/width if V₀ &lt; 0.36q², else 0: losses written in steps of q, with too little noise to even them out.
 *   <li>e = 3se + r + 1.5s/width; the interval is b ± e.
 *   <li><em>Bent</em>: |Σnu(B − line)| &gt; 2.5·√(Σnu²·V(N)) with u = a² − mean a² − a·Σna³/Σna², a = X − mean X.
 *   <li>κ = 2.5e/b̄ within 0.05 and 0.10.
 * </ul>
 *
 * <p>Measured anew at each close, so it is no part of a state.
 *
 * @param nominal w, e-folds
 * @param start ln D where it begins
 * @param width its true width, e-folds
 * @param slope b, nats per e-fold
 * @param standardError se, by which b is uncertain
 * @param rounding r, by which rounded losses may mislead b
 * @param error e, half the width of the interval that the verdict stands on
 * @param threshold κ·b̄, nats per e-fold
 * @param bent whether the bins bend away from a line
 */
record SlopeWindow(
        double nominal,
        double start,
        double width,
        double slope,
        double standardError,
        double rounding,
        double error,
        double threshold,
        boolean bent) {
    private static final double ROUNDING_OF_WIDTH = 1e-9;
    private static final int FEWEST_BINS = 4;
    private static final double BENT_AT_ERRORS = 2.5;
    private static final double LEAST_KAPPA = 0.05;
    private static final double MOST_KAPPA = 0.10;

    /** {@return the window of w e-folds, null where it is left out} */
    static @Nullable SlopeWindow of(
            double nominal, LogBins bins, double now, double restart, Noise noise, double q, double scale) {
        int m = 1;
        while (m <= bins.kept() && now - bins.last(m).start() < nominal - ROUNDING_OF_WIDTH) {
            m++;
        }
        if (m > bins.kept() || m < FEWEST_BINS || !(bins.last(m).start() >= restart)) {
            return null;
        }
        double start = bins.last(m).start();
        double width = now - start;
        WeightedLine line = WeightedLine.through(bins, m, 1);
        double variance = noise.variance(line.points());
        double standardError = Math.sqrt(Math.max(variance, line.residuals() / (m - 2)) / line.sxx());
        double rounding = noise.v0() < 0.36 * q * q ? 1.5 * q / width : 0;
        double error = 3 * standardError + rounding + 1.5 * noise.slowWander() / width;
        double threshold = Math.min(Math.max(2.5 * error / scale, LEAST_KAPPA), MOST_KAPPA) * scale;
        boolean bent = bent(bins, m, line, variance);
        return new SlopeWindow(nominal, start, width, line.slope(), standardError, rounding, error, threshold, bent);
    }

    private static boolean bent(LogBins bins, int m, WeightedLine line, double variance) {
        double squares = 0;
        double cubes = 0;
        for (int back = m; back >= 1; back--) {
            LogBin bin = bins.last(back);
            double a = bin.x() - line.meanX();
            squares += bin.points() * a * a;
            cubes += bin.points() * a * a * a;
        }
        double component = 0;
        double weight = 0;
        for (int back = m; back >= 1; back--) {
            LogBin bin = bins.last(back);
            double a = bin.x() - line.meanX();
            double u = a * a - squares / line.points() - a * cubes / squares;
            component += bin.points() * u * (bin.loss() - line.at(bin.x()));
            weight += bin.points() * u * u;
        }
        return Math.abs(component) > BENT_AT_ERRORS * Math.sqrt(weight * variance);
    }

    double lower() {
        return slope - error;
    }

    double upper() {
        return slope + error;
    }
}
