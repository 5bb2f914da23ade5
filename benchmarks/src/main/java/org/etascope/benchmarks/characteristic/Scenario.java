package org.etascope.benchmarks.characteristic;

import java.util.function.Supplier;

/**
 * One kind of run.
 *
 * @param name what makes it different
 * @param kind what is expected of a detector
 * @param losses the noise-free loss of each step
 * @param noise what each run adds to it
 * @param tokensPerStep loss-bearing tokens of a step
 * @param vocabulary V
 */
record Scenario(String name, Kind kind, Curve losses, Supplier<Noise> noise, int tokensPerStep, int vocabulary) {
    /** What is expected of a detector. */
    enum Kind {
        /** The true R stays at 0.10 or above: any alarm is false. */
        HEALTHY,
        /** The true R sinks to about 0.02: an alarm is a matter of taste. */
        SLOW,
        /** Learning stops from one step to the next. */
        HARD_STOP,
        /** Learning stops under harder conditions. */
        OTHER_STOP,
        /** Learning dies away so slowly that there is no one moment at which it stops. */
        FADING
    }

    /** Below it learning no longer counts as healthy. */
    static final double HEALTHY_R = 0.10;

    /** Below it even a noise-free curve counts as flat: the smallest κ. */
    static final double FLAT_R = 0.02;

    /** The detector's first window is full after 16 bins of four points. */
    static final int FIRST_JUDGED_STEP = 64;

    int steps() {
        return losses.steps();
    }

    boolean stops() {
        return kind != Kind.HEALTHY && kind != Kind.SLOW;
    }

    /**
     * {@return the true progress ratio R = b/b̄ at a step: slope of the noise-free curve against ln D over its average so
     * far}
     */
    double trueR(int step) {
        int before = Math.max(1, step - 1);
        int after = Math.min(steps(), step + 1);
        double slope = (losses.at(before) - losses.at(after)) / Math.log((double) after / before);
        double average = (Math.min(losses.at(1), Math.log(vocabulary)) - losses.at(step)) / Math.log(step);
        return slope / average;
    }

    /** {@return the smallest true R wherever a detector could judge} */
    double smallestTrueR() {
        double smallest = Double.POSITIVE_INFINITY;
        for (int step = FIRST_JUDGED_STEP; step <= steps(); step++) {
            smallest = Math.min(smallest, trueR(step));
        }
        return smallest;
    }

    /** {@return the last step at which the true R was still healthy: where learning stopped} */
    int stop() {
        return lastStepAbove(HEALTHY_R);
    }

    /** {@return the last step at which the true R was above every threshold: where the curve has become flat} */
    int flat() {
        return lastStepAbove(FLAT_R);
    }

    private int lastStepAbove(double r) {
        int step = steps();
        while (step > 1 && trueR(step) < r) {
            step--;
        }
        return step;
    }
}
