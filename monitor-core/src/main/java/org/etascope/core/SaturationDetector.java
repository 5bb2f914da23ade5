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
 * <p>Single writer. A close costs a few microseconds, at most 32 times per e-fold of the tokens; nothing is allocated.
 */
final class SaturationDetector {
    static final int FEWEST_BINS = LossCurve.SHORT_WINDOW;
    private static final double SMALLEST = 1e-9;
    private static final double NOISE_FACTOR = 2.5;
    private static final double LEAVE_FACTOR = 1.5;
    private static final int FLAT_CLOSES = 2;

    private final DetectorSettings settings;
    private final Window shortWindow;
    private final Window longWindow;

    private boolean saturated;
    private boolean rising;
    private double averageSlope = Double.NaN;

    SaturationDetector(DetectorSettings settings) {
        this.settings = settings;
        this.shortWindow = new Window(FEWEST_BINS, settings.z());
        this.longWindow = new Window(LossCurve.LONG_WINDOW, settings.z());
    }

    /**
     * Judges the curve; to be called when a bin has closed.
     *
     * @param ceilingNats min(H, ln V)
     * @param logGrowth ln(D/D₁) at the closing point
     */
    void evaluate(LossCurve curve, double ceilingNats, double logGrowth) {
        if (curve.closed() < FEWEST_BINS) {
            return;
        }
        averageSlope = Math.max(SMALLEST, ceilingNats - curve.current()) / Math.max(SMALLEST, logGrowth);
        measure(shortWindow, curve.shortSlopes());
        if (curve.closed() >= LossCurve.LONG_WINDOW) {
            measure(longWindow, curve.longSlopes());
        }
        boolean left = shortWindow.leaves() || longWindow.leaves();
        boolean flat = shortWindow.flatCloses >= FLAT_CLOSES || longWindow.flatCloses >= FLAT_CLOSES;
        saturated = !left && (flat || saturated);
        rising = shortWindow.rises() || longWindow.rises();
    }

    private void measure(Window window, PairwiseSlopes slopes) {
        window.lower = slopes.at(window.lowerRank);
        window.upper = slopes.at(window.upperRank);
        window.slope = slopes.median();
        double noise = NOISE_FACTOR * ((window.upper - window.lower) / 2) / averageSlope;
        window.kappa = Math.min(settings.highestKappa(), Math.max(settings.lowestKappa(), noise));
        window.threshold = window.kappa * averageSlope;
        window.flatCloses = window.flat() ? window.flatCloses + 1 : 0;
    }

    /** The figures of the last m bins. All NaN, and every question answered no, until they are there. */
    static final class Window {
        private final int bins;
        private final int lowerRank;
        private final int upperRank;
        private double lower = Double.NaN;
        private double slope = Double.NaN;
        private double upper = Double.NaN;
        private double kappa = Double.NaN;
        private double threshold = Double.NaN;
        private int flatCloses;

        private Window(int m, double z) {
            this.bins = m;
            int n = m * (m - 1) / 2;
            double c = z * Math.sqrt(m * (m - 1.0) * (2.0 * m + 5) / 18);
            this.lowerRank = (int) Math.floor((n - c) / 2);
            this.upperRank = (int) Math.ceil((n + c) / 2);
        }

        private boolean flat() {
            return upper < threshold && lower > -threshold;
        }

        private boolean leaves() {
            return lower > LEAVE_FACTOR * threshold || upper < -LEAVE_FACTOR * threshold;
        }

        private boolean rises() {
            return upper < -threshold;
        }

        private boolean full() {
            return !Double.isNaN(slope);
        }

        int bins() {
            return full() ? bins : 0;
        }

        Slope slope() {
            return new Slope(slope, lower, upper, threshold);
        }

        private void save(DataOutput out) throws IOException {
            out.writeDouble(lower);
            out.writeDouble(slope);
            out.writeDouble(upper);
            out.writeDouble(kappa);
            out.writeDouble(threshold);
            out.writeInt(flatCloses);
        }

        private void load(DataInput in) throws IOException {
            lower = in.readDouble();
            slope = in.readDouble();
            upper = in.readDouble();
            kappa = in.readDouble();
            threshold = in.readDouble();
            flatCloses = in.readInt();
        }
    }

    /** The window that is reported: the long one once it is full, until then the short one. */
    Window reported() {
        return longWindow.full() ? longWindow : shortWindow;
    }

    Window shortWindow() {
        return shortWindow;
    }

    boolean saturated() {
        return saturated;
    }

    boolean rising() {
        return rising;
    }

    /** The interval is too wide to call the slope flat, though its middle would be. */
    boolean inconclusive() {
        Window window = reported();
        return !saturated
                && window.kappa >= settings.highestKappa()
                && window.upper >= window.threshold
                && window.threshold > window.slope;
    }

    /** b̄; NaN before a window is full. */
    double averageSlope() {
        return averageSlope;
    }

    void save(DataOutput out) throws IOException {
        shortWindow.save(out);
        longWindow.save(out);
        out.writeBoolean(saturated);
        out.writeBoolean(rising);
        out.writeDouble(averageSlope);
    }

    static SaturationDetector load(DataInput in, DetectorSettings settings) throws IOException {
        SaturationDetector detector = new SaturationDetector(settings);
        detector.shortWindow.load(in);
        detector.longWindow.load(in);
        detector.saturated = in.readBoolean();
        detector.rising = in.readBoolean();
        detector.averageSlope = in.readDouble();
        return detector;
    }
}
