package org.etascope.core;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The slope that people are shown (docs/theory.md, 6.9): of the windows from narrow to wide, the last for which all
 * intervals b ± (se + r) so far still intersect and none was bent, at least the narrowest. Its interval is
 * b ± (1.96·√(se² + (0.2·width·b)²) + r). It describes the window behind and predicts nothing. All NaN without a window.
 */
final class ReportedSlope {
    private static final double NORMAL_95 = 1.96;
    /** A steady power law bends by this share of its slope per e-fold. */
    private static final double CURVATURE = 0.2;

    private double slope = Double.NaN;
    private double lower = Double.NaN;
    private double upper = Double.NaN;
    private double threshold = Double.NaN;
    private double width = Double.NaN;
    private double widestError = Double.NaN;

    void clear() {
        slope = Double.NaN;
        lower = Double.NaN;
        upper = Double.NaN;
        threshold = Double.NaN;
        width = Double.NaN;
        widestError = Double.NaN;
    }

    void choose(SlopeWindows windows) {
        clear();
        SlopeWindow chosen = chosen(windows);
        if (chosen == null) {
            return;
        }
        slope = chosen.slope();
        width = chosen.width();
        threshold = chosen.threshold();
        double bend = CURVATURE * width * slope;
        double error = NORMAL_95 * Math.sqrt(chosen.standardError() * chosen.standardError() + bend * bend)
                + chosen.rounding();
        lower = slope - error;
        upper = slope + error;
        for (SlopeWindow window : windows.all()) {
            widestError = window.present() ? window.error() : widestError;
        }
    }

    private static @Nullable SlopeWindow chosen(SlopeWindows windows) {
        SlopeWindow chosen = null;
        double low = Double.NEGATIVE_INFINITY;
        double high = Double.POSITIVE_INFINITY;
        for (SlopeWindow window : windows.all()) {
            if (window.present()) {
                double error = window.standardError() + window.rounding();
                low = Math.max(low, window.slope() - error);
                high = Math.min(high, window.slope() + error);
                if (chosen != null && (window.bent() || low > high)) {
                    return chosen;
                }
                chosen = window;
                if (window.bent()) {
                    return chosen;
                }
            }
        }
        return chosen;
    }

    /** b, nats per e-fold. */
    double slope() {
        return slope;
    }

    double lower() {
        return lower;
    }

    double upper() {
        return upper;
    }

    /** κ·b̄ of its window, nats per e-fold. */
    double threshold() {
        return threshold;
    }

    /** How far the window reaches back, e-folds. */
    double width() {
        return width;
    }

    /** Whether the interval leaves open if the slope is above a rate. */
    boolean leavesOpen(double rate) {
        return lower <= rate && rate <= upper;
    }

    /** e of the widest window, nats per e-fold: what the verdict still lacks. */
    double widestError() {
        return widestError;
    }

    void save(DataOutput out) throws IOException {
        out.writeDouble(slope);
        out.writeDouble(lower);
        out.writeDouble(upper);
        out.writeDouble(threshold);
        out.writeDouble(width);
        out.writeDouble(widestError);
    }

    void load(DataInput in) throws IOException {
        slope = in.readDouble();
        lower = in.readDouble();
        upper = in.readDouble();
        threshold = in.readDouble();
        width = in.readDouble();
        widestError = in.readDouble();
    }
}
