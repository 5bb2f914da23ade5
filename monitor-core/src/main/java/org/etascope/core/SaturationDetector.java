package org.etascope.core;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Says when a loss curve has become flat, with error bars: an equivalence test on Theil–Sen slopes of the log-binned
 * curve.
 *
 * <p>η itself cannot plateau: at a constant loss d ln η/d ln D = 1. What saturates is the learning slope b = −dL/d ln D.
 * Whenever a bin closes, for windows of the last m = 16 and m = 32 bins:
 *
 * <ol>
 *   <li>All pairwise slopes are sorted. With n = m(m − 1)/2 of them and C = z·√(m(m − 1)(2m + 5)/18), their interval is
 *       lo = s[⌊(n − C)/2⌋] to hi = s[⌈(n + C)/2⌉] (Kendall's statistic, Sen 1968), b is their median.
 *   <li>The run's average slope is b̄ = (min(H, ln V) − L)/ln(D/D₁), both factors at least 1e-9.
 *   <li>κ = 2.5·((hi − lo)/2)/b̄ within [0.02, 0.10]; the threshold is κ·b̄.
 *   <li>The window is flat when −threshold &lt; lo and hi &lt; threshold.
 * </ol>
 *
 * <p>Any window with lo &gt; 1.5·threshold (learning) or hi &lt; −1.5·threshold (rising) ends a saturation; else two flat
 * closes in a row of a window begin one; else nothing changes. Rising is judged anew at each close: any window with
 * hi &lt; −threshold.
 *
 * <p>Single writer. About 620 slopes are sorted per close, a few microseconds, at most 32 times per e-fold of the tokens;
 * nothing is allocated.
 */
final class SaturationDetector {
    static final int FEWEST_BINS = 16;
    private static final int[] WINDOWS = {FEWEST_BINS, 32};
    private static final double SMALLEST = 1e-9;
    private static final double NOISE_FACTOR = 2.5;
    private static final double LEAVE_FACTOR = 1.5;
    private static final int FLAT_CLOSES = 2;

    private final DetectorSettings settings;
    private final double[] slopes = new double[WINDOWS[1] * (WINDOWS[1] - 1) / 2];
    private final int[] flatCloses = new int[WINDOWS.length];

    private boolean saturated;
    private boolean rising;
    private int window;
    private double lower = Double.NaN;
    private double slope = Double.NaN;
    private double upper = Double.NaN;
    private double averageSlope = Double.NaN;
    private double kappa = Double.NaN;

    SaturationDetector(DetectorSettings settings) {
        this.settings = settings;
    }

    /**
     * Judges the curve; to be called when a bin has closed.
     *
     * @param ceilingNats min(H, ln V)
     * @param logGrowth ln(D/D₁) at the closing point
     */
    void evaluate(LossCurve curve, double ceilingNats, double logGrowth) {
        averageSlope = Math.max(SMALLEST, ceilingNats - curve.current()) / Math.max(SMALLEST, logGrowth);
        rising = false;
        boolean left = false;
        boolean flat = false;
        for (int w = 0; w < WINDOWS.length && curve.closed() >= WINDOWS[w]; w++) {
            measure(curve, WINDOWS[w]);
            double threshold = kappa * averageSlope;
            flatCloses[w] = upper < threshold && lower > -threshold ? flatCloses[w] + 1 : 0;
            flat |= flatCloses[w] >= FLAT_CLOSES;
            left |= lower > LEAVE_FACTOR * threshold || upper < -LEAVE_FACTOR * threshold;
            rising |= upper < -threshold;
        }
        saturated = !left && (flat || saturated);
    }

    private void measure(LossCurve curve, int m) {
        int n = curve.pairwiseSlopes(m, slopes);
        double c = settings.z() * Math.sqrt(m * (m - 1.0) * (2.0 * m + 5) / 18);
        window = m;
        lower = slopes[Math.max(0, (int) Math.floor((n - c) / 2))];
        upper = slopes[Math.min(n - 1, (int) Math.ceil((n + c) / 2))];
        slope = Medians.ofSorted(slopes, n);
        double noise = NOISE_FACTOR * ((upper - lower) / 2) / averageSlope;
        kappa = Math.min(settings.highestKappa(), Math.max(settings.lowestKappa(), noise));
    }

    boolean saturated() {
        return saturated;
    }

    boolean rising() {
        return rising;
    }

    /** The interval is too wide to call the slope flat, though its middle would be. */
    boolean inconclusive() {
        double threshold = kappa * averageSlope;
        return !saturated && kappa >= settings.highestKappa() && upper >= threshold && threshold > slope;
    }

    /** The window the figures below come from: the longest that is full; 0 before any is. */
    int window() {
        return window;
    }

    double lower() {
        return lower;
    }

    double slope() {
        return slope;
    }

    double upper() {
        return upper;
    }

    /** b̄; NaN before a window is full, like all figures here. */
    double averageSlope() {
        return window == 0 ? Double.NaN : averageSlope;
    }

    double kappa() {
        return kappa;
    }

    void save(DataOutput out) throws IOException {
        for (int count : flatCloses) {
            out.writeInt(count);
        }
        out.writeBoolean(saturated);
        out.writeBoolean(rising);
        out.writeInt(window);
        out.writeDouble(lower);
        out.writeDouble(slope);
        out.writeDouble(upper);
        out.writeDouble(averageSlope);
        out.writeDouble(kappa);
    }

    static SaturationDetector load(DataInput in, DetectorSettings settings) throws IOException {
        SaturationDetector detector = new SaturationDetector(settings);
        for (int w = 0; w < WINDOWS.length; w++) {
            detector.flatCloses[w] = in.readInt();
        }
        detector.saturated = in.readBoolean();
        detector.rising = in.readBoolean();
        detector.window = in.readInt();
        detector.lower = in.readDouble();
        detector.slope = in.readDouble();
        detector.upper = in.readDouble();
        detector.averageSlope = in.readDouble();
        detector.kappa = in.readDouble();
        return detector;
    }
}
