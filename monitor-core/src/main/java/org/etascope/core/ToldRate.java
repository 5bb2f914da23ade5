package org.etascope.core;

import java.io.IOException;

/** The learning rate as the framework tells it, and the largest so far; NaN while it tells none. Single writer. */
final class ToldRate extends StateFields.Part {
    private static final double JUMP = 0.1;
    private static final double EXHAUSTED = 0.1;
    private static final double HIGH = 0.5;

    private double now = Double.NaN;
    private double peak = Double.NaN;

    /**
     * A rate that is negative is as good as none; 0 is one.
     *
     * @return whether it jumped: by more than a tenth of its peak, and not up to a new one, which is warm-up
     */
    boolean tell(double rate) {
        double before = now;
        now = rate >= 0 ? rate : Double.NaN;
        if (now <= peak) {
            return Math.abs(now - before) > JUMP * peak;
        }
        peak = Double.isNaN(now) ? peak : now;
        return false;
    }

    double now() {
        return now;
    }

    /** Below a tenth of its peak. */
    boolean exhausted() {
        return now < EXHAUSTED * peak;
    }

    /** Above half of its peak. */
    boolean high() {
        return now > HIGH * peak;
    }

    Progress.LearningRate shown() {
        return new Progress.LearningRate(now, peak);
    }

    @Override
    void fields(StateFields state) throws IOException {
        now = state.next(now);
        peak = state.next(peak);
    }
}
