package org.etascope.benchmarks.characteristic;

/**
 * A share of independent trials with its 95 % upper limit.
 *
 * @param hits trials in which it happened
 * @param trials all trials
 */
record Proportion(int hits, int trials) {
    private static final double TAIL = 0.05;
    private static final int BISECTIONS = 60;

    double share() {
        return (double) hits / trials;
    }

    /** {@return the one-sided limit of Clopper and Pearson (1934): a larger share would show this few hits in under 5 %} */
    double upperLimit() {
        double low = share();
        double high = 1;
        for (int i = 0; i < BISECTIONS && hits < trials; i++) {
            double middle = (low + high) / 2;
            if (atMostHits(middle) > TAIL) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private double atMostHits(double p) {
        double logTerm = trials * Math.log1p(-p);
        double sum = Math.exp(logTerm);
        for (int k = 1; k <= hits; k++) {
            logTerm += Math.log((double) (trials - k + 1) / k) + Math.log(p) - Math.log1p(-p);
            sum += Math.exp(logTerm);
        }
        return sum;
    }
}
