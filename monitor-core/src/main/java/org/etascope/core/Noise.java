package org.etascope.core;

import org.jspecify.annotations.Nullable;

/**
 * How noisy the losses are, measured whenever a bin closes (docs/theory.md, 6.1).
 *
 * <p>Over the bins with X &gt; ln D − 1.4: V_k = 2^k·Σd²/(6·count) for k = 0, 1, … while count ≥ 6, the variance of a
 * point as the means of 2^k points show it, known to f_k = √(2/(0.6·count)). <em>Coloured</em> if some k ≥ 1 has
 * V_k &gt; V₀(1 + 3f_k). V = V₀(1 + f₀) if white, else max V_k(1 + f_k). K is the last level. Where a coloured variance
 * still grew at the longest blocks it is taken to grow on: V(N) = V·g^j for a window of N points, K ≥ 3,
 * g = max(√(V_K/V_{K−2}), √(V_{K−1}/V_{K−3})) within 1 and 4, j = max(0, log₂(N/(6·2^K))).
 *
 * <p>From the wander w_k of {@link BlockMeans}, w'_k = w_k(1 + √(2/(0.6c))):
 *
 * <ul>
 *   <li>sd32², how far the mean of 32 points strays: max over k with c ≥ 4 of w'_k·2^k/max(2^k, 32); with J the last such
 *       k, J ≥ 6 and g' = max(w_J/w_{J−2}, w_{J−1}/w_{J−3}) &gt; 1 also w'_J·min(g', 4).
 *   <li>sd4², the same for 4 points, without the last term.
 *   <li>Slow wander s² = max(0, max over k ≥ 5, while c ≥ 4, of w_k − 2V/2^k): how far the level strays beyond what V
 *       explains.
 * </ul>
 *
 * <p>Ratios over zero are left out. With fewer than six differences of level 0 nothing can be measured. Some 2,000
 * additions a close.
 *
 * @param v0 V₀, the variance of a point about its neighbours
 * @param variance V
 * @param growth g
 * @param longest K
 * @param sd32 how far the mean of 32 points strays
 * @param sd4 the same for 4
 * @param slowWander s
 */
record Noise(double v0, double variance, double growth, int longest, double sd32, double sd4, double slowWander) {
    /** Before the first measurement. */
    static final Noise UNKNOWN = new Noise(Double.NaN, Double.NaN, 1, 0, Double.NaN, Double.NaN, Double.NaN);

    private static final double REACH = 1.4;
    private static final int FEWEST_DIFFERENCES = 6;
    /** Degrees of freedom of one difference: neighbours overlap. */
    private static final double FREEDOM = 0.6;

    private static final double COLOURED_AT_ERRORS = 3;
    private static final double MOST_GROWTH = 4;
    private static final double FEWEST_WANDERS = 4;
    private static final int FIRST_SLOW_LEVEL = 5;

    /** {@return the noise now, null with too few differences} */
    static @Nullable Noise measured(LogBins bins, BlockMeans blocks, double now) {
        double[] v = new double[BlockMeans.LEVELS];
        int levels = 0;
        double highest = 0;
        boolean coloured = false;
        double white = Double.NaN;
        for (int k = 0; k < BlockMeans.LEVELS; k++) {
            double squares = 0;
            long count = 0;
            for (int back = bins.kept(); back >= 1; back--) {
                LogBin bin = bins.last(back);
                if (bin.x() > now - REACH) {
                    squares += bin.squares(k);
                    count += bin.differences(k);
                }
            }
            if (count < FEWEST_DIFFERENCES) {
                break;
            }
            double error = relativeError(count);
            v[k] = blocks.level(k).points() * squares / (6.0 * count);
            highest = Math.max(highest, v[k] * (1 + error));
            if (k == 0) {
                white = highest;
            }
            coloured |= k > 0 && v[k] > v[0] * (1 + COLOURED_AT_ERRORS * error);
            levels++;
        }
        if (levels == 0) {
            return null;
        }
        double variance = coloured ? highest : white;
        return new Noise(
                v[0],
                variance,
                coloured ? growth(v, levels - 1) : 1,
                levels - 1,
                Math.sqrt(Math.max(wander(blocks, 32), grownWander(blocks))),
                Math.sqrt(wander(blocks, 4)),
                Math.sqrt(slowWander(blocks, variance)));
    }

    private static double growth(double[] v, int longest) {
        if (longest < 3) {
            return 1;
        }
        double ratio = Math.max(ratio(v[longest], v[longest - 2]), ratio(v[longest - 1], v[longest - 3]));
        return Math.min(Math.max(Math.sqrt(ratio), 1), MOST_GROWTH);
    }

    private static double relativeError(double differences) {
        return Math.sqrt(2 / (FREEDOM * differences));
    }

    private static double ratio(double a, double b) {
        return b > 0 ? a / b : 0;
    }

    /** J, −1 without one. */
    private static int lastWander(BlockMeans blocks) {
        int k = 0;
        while (k < BlockMeans.LEVELS && blocks.level(k).remembered() >= FEWEST_WANDERS) {
            k++;
        }
        return k - 1;
    }

    /** w'_k. */
    private static double upperWander(BlockMeans.Level level) {
        return level.wander() * (1 + relativeError(level.remembered()));
    }

    private static double wander(BlockMeans blocks, double points) {
        double most = 0;
        for (int k = lastWander(blocks); k >= 0; k--) {
            BlockMeans.Level level = blocks.level(k);
            most = Math.max(most, upperWander(level) * level.points() / Math.max(level.points(), points));
        }
        return most;
    }

    private static double grownWander(BlockMeans blocks) {
        int j = lastWander(blocks);
        if (j < 6) {
            return 0;
        }
        double growth = Math.max(
                ratio(blocks.level(j).wander(), blocks.level(j - 2).wander()),
                ratio(blocks.level(j - 1).wander(), blocks.level(j - 3).wander()));
        return growth > 1 ? upperWander(blocks.level(j)) * Math.min(growth, MOST_GROWTH) : 0;
    }

    private static double slowWander(BlockMeans blocks, double variance) {
        double most = 0;
        for (int k = lastWander(blocks); k >= FIRST_SLOW_LEVEL; k--) {
            BlockMeans.Level level = blocks.level(k);
            most = Math.max(most, level.wander() - 2 * variance / level.points());
        }
        return most;
    }

    /** V(N), the variance of a point as it counts in the mean of N. */
    double variance(double points) {
        double doublings = Math.log(points / (6 * Math.scalb(1.0, longest))) / InformationCapacity.LN2;
        return variance * Math.pow(growth, Math.max(0, doublings));
    }

    boolean known() {
        return !Double.isNaN(v0);
    }
}
