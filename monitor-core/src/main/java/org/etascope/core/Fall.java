package org.etascope.core;

import org.jspecify.annotations.Nullable;

/**
 * Whether the loss falls off its plateau: blocks of points against the plateau's own line (docs/theory.md, 6.5).
 *
 * <p>At each close on a plateau a line is drawn through the last 32 bins that start on it, the last three left out; none
 * with fewer than four bins. V is V(N) of the line's N points. When a block of n = 2^k points closes, n ≥ 8 and
 * 2n ≤ 3·(points of the last bin), the last two blocks of that level lie δ_a and δ_b under the line, δ on average, with
 * SE² = V(1/2n + 1/N + (x − mean X)²/Sxx) at their middle x. They fell when δ &gt; z·SE, δ &gt; 0.10b̄/8 and both δ_a,
 * δ_b &gt; 1.5√(V/n). The onset is where the first block begins, x_a − (x_b − x_a)/2.
 *
 * <p>z² = z₀² + 2 ln max(1, m/10⁴), z₀ = 5, or 8 if n &lt; 32; m = 32/n · (points of the last bin) is how often such blocks
 * are looked at within an e-fold. The tail of the normal distribution falls like e^(−z²/2), so that a run on a plateau is
 * as rarely taken to fall in its billionth step as in its millionth.
 *
 * <p>For 1/4 e-fold from the onset each close sizes the fall anew, (line at x) − (mean of the last bin); if that bin lies
 * more than 3·√(V(1/n₁ + 1/n₂)) under the one before it the loss is still falling, and windows begin there. The size is
 * NaN without a fall; a fall is forgotten when the next plateau begins. Only a close and a fall allocate.
 *
 * @param line that of the plateau
 * @param variance V
 * @param size how far the loss fell, nats
 * @param standardError SE
 * @param onset ln D where it began
 * @param lineThere the line's loss there
 * @param varianceThere V then
 */
record Fall(
        WeightedLine line,
        double variance,
        double size,
        double standardError,
        double onset,
        double lineThere,
        double varianceThere) {
    static final Fall NONE =
            new Fall(WeightedLine.NONE, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    private static final int BINS_OF_LINE = 32;
    private static final int BINS_LEFT_OUT = 3;
    private static final int FEWEST_BINS = 4;
    private static final int SHORTEST_BLOCK = 8;
    private static final int LONG_BLOCK = 32;
    private static final double ERRORS = 5;
    private static final double ERRORS_OF_SHORT_BLOCKS = 8;
    /** Looks at blocks of one length within an e-fold that the errors above are meant for. */
    private static final double LOOKS = 1e4;

    private static final double SHARE_OF_SCALE = 0.10 / 8;
    private static final double ERRORS_OF_ONE_BLOCK = 1.5;
    private static final double FALLING_FOR = 0.25;
    private static final double STILL_FALLING_AT_ERRORS = 3;

    /** With the line of a plateau that began at ln D = x. */
    Fall drawn(LogBins bins, double x, Noise noise) {
        int oldest = BINS_LEFT_OUT;
        while (oldest < Math.min(bins.kept(), BINS_LEFT_OUT + BINS_OF_LINE)
                && bins.last(oldest + 1).start() >= x) {
            oldest++;
        }
        boolean few = oldest - BINS_LEFT_OUT < FEWEST_BINS;
        WeightedLine drawn = few ? WeightedLine.NONE : WeightedLine.through(bins, oldest, BINS_LEFT_OUT + 1);
        double known = few ? variance : noise.variance(drawn.points());
        return new Fall(drawn, known, size, standardError, onset, lineThere, varianceThere);
    }

    /** On a new plateau: no line yet, and no fall from it. */
    Fall forgotten() {
        return new Fall(WeightedLine.NONE, variance, Double.NaN, Double.NaN, Double.NaN, lineThere, varianceThere);
    }

    /** {@return the fall that the last two blocks of a level show, null if they show none} */
    @Nullable
    Fall begun(BlockMeans.Level level, long pointsOfLastBin, double scale) {
        double n = level.points();
        if (n < SHORTEST_BLOCK || 2 * n > 3 * pointsOfLastBin || !level.hasTwo() || !line.known()) {
            return null;
        }
        double first = line.at(level.previousX()) - level.previousLoss();
        double second = line.at(level.latestX()) - level.latestLoss();
        double depth = (first + second) / 2;
        double x = (level.previousX() + level.latestX()) / 2;
        double a = x - line.meanX();
        double error = Math.sqrt(variance * (1 / (2 * n) + 1 / line.points() + a * a / line.sxx()));
        double least = ERRORS_OF_ONE_BLOCK * Math.sqrt(variance / n);
        boolean fell = depth > errors(n, pointsOfLastBin) * error
                && depth > SHARE_OF_SCALE * scale
                && first > least
                && second > least;
        double begin = level.previousX() - (level.latestX() - level.previousX()) / 2;
        return fell ? new Fall(line, variance, depth, error, begin, line.at(x), variance) : null;
    }

    /** z. */
    private static double errors(double n, long pointsOfLastBin) {
        double few = n < LONG_BLOCK ? ERRORS_OF_SHORT_BLOCKS : ERRORS;
        double looks = pointsOfLastBin / (LogBins.WIDTH * n);
        return looks > LOOKS ? Math.sqrt(few * few + 2 * Math.log(looks / LOOKS)) : few;
    }

    /** Whether its size is still to be told. */
    boolean isRecent(double now) {
        return now - onset <= FALLING_FOR;
    }

    /** Sized anew by the bin just closed. */
    Fall sized(LogBins bins) {
        double depth = lineThere - bins.last(1).loss();
        return new Fall(line, variance, depth, standardError, onset, lineThere, varianceThere);
    }

    /** Whether the loss still falls, by the bin just closed. */
    boolean goesOn(LogBins bins) {
        LogBin last = bins.last(1);
        LogBin before = bins.last(2);
        double error = Math.sqrt(varianceThere * (1.0 / last.points() + 1.0 / before.points()));
        return before.loss() - last.loss() > STILL_FALLING_AT_ERRORS * error;
    }
}
