package org.etascope.benchmarks.characteristic;

import java.util.function.DoubleUnaryOperator;

/**
 * A share of independent trials with its exact 95 % interval (Clopper and Pearson 1934): below the lower limit so many
 * hits, above the upper so few, would be seen in under 2.5 %.
 *
 * @param hits trials in which it happened
 * @param trials all trials
 */
record Proportion(int hits, int trials) {
    private static final double TAIL = 0.025;
    private static final int BISECTIONS = 60;

    double share() {
        return (double) hits / trials;
    }

    double upperLimit() {
        return hits == trials ? 1 : crossing(p -> atMost(hits, p));
    }

    double lowerLimit() {
        return hits == 0 ? 0 : crossing(p -> atMost(hits - 1, p) - 1 + 2 * TAIL);
    }

    /** Where a falling function of the share comes down to the tail. */
    private static double crossing(DoubleUnaryOperator falling) {
        double low = 0;
        double high = 1;
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (low + high) / 2;
            if (falling.applyAsDouble(middle) > TAIL) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    private double atMost(int most, double p) {
        double logTerm = trials * Math.log1p(-p);
        double sum = Math.exp(logTerm);
        for (int k = 1; k <= most; k++) {
            logTerm += Math.log((double) (trials - k + 1) / k) + Math.log(p) - Math.log1p(-p);
            sum += Math.exp(logTerm);
        }
        return sum;
    }
}
