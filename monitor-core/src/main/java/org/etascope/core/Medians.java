package org.etascope.core;

import java.util.Arrays;

/** Medians over the front part of an array; of an even count, the mean of the middle two. */
final class Medians {
    private Medians() {}

    /** Sorts the first n values, then takes their median. */
    static double of(double[] values, int n) {
        Arrays.sort(values, 0, n);
        return ofSorted(values, n);
    }

    static double ofSorted(double[] sorted, int n) {
        return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    }
}
