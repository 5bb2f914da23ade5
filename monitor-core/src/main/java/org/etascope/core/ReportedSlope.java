package org.etascope.core;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The slope that people are shown (docs/theory.md, 6.9): of the windows from narrow to wide, the last for which all
 * intervals b ± (se + r) so far still intersect and none was bent, at least the narrowest. Its interval is
 * b ± (1.96·√(se² + (0.2·width·b)²) + r). It describes the window behind and predicts nothing. All NaN without a window.
 * Each close makes one small object.
 */
final class ReportedSlope extends StateFields.Part {
    private static final double NORMAL_95 = 1.96;
    /** A steady power law bends by this share of its slope per e-fold. */
    private static final double CURVATURE = 0.2;

    private Slope slope = Slope.UNKNOWN;
    private double width = Double.NaN;
    private double widestError = Double.NaN;

    void clear() {
        slope = Slope.UNKNOWN;
        width = Double.NaN;
        widestError = Double.NaN;
    }

    void choose(SlopeWindows windows) {
        clear();
        SlopeWindow chosen = chosen(windows);
        if (chosen == null) {
            return;
        }
        width = chosen.width();
        double b = chosen.slope();
        double bend = CURVATURE * width * b;
        double error = NORMAL_95 * Math.sqrt(chosen.standardError() * chosen.standardError() + bend * bend)
                + chosen.rounding();
        slope = new Slope(b, b - error, b + error, chosen.threshold());
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

    /** b with its interval and the threshold κ·b̄ of its window. */
    Slope slope() {
        return slope;
    }

    /** How far the window reaches back, e-folds. */
    double width() {
        return width;
    }

    /** Whether the interval leaves open if the slope is above a rate. */
    boolean leavesOpen(double rate) {
        return slope.lower() <= rate && rate <= slope.upper();
    }

    /** e of the widest window, nats per e-fold: what the verdict still lacks. */
    double widestError() {
        return widestError;
    }

    @Override
    void fields(StateFields state) throws IOException {
        slope = new Slope(
                state.next(slope.perEFold()),
                state.next(slope.lower()),
                state.next(slope.upper()),
                state.next(slope.threshold()));
        width = state.next(width);
        widestError = state.next(widestError);
    }
}
