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
        OTHER_STOP
    }

    /** Below it learning no longer counts as healthy. */
    static final double HEALTHY_R = 0.10;

    /** The detector's first window is full after 16 bins of four points. */
    static final int FIRST_JUDGED_STEP = 64;

    int steps() {
        return losses.steps();
    }

    boolean stops() {
        return kind == Kind.HARD_STOP || kind == Kind.OTHER_STOP;
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
        int step = steps();
        while (step > 1 && trueR(step) < HEALTHY_R) {
            step--;
        }
        return step;
    }
}
