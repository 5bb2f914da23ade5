package org.etascope.core;

import java.util.Arrays;

/**
 * The slopes (B_i − B_j)/(X_j − X_i), i &lt; j, between all pairs of the last m bins, in ascending order.
 *
 * <p>Kept sorted from close to close: the slopes that a new bin brings and those that the oldest bin takes with it, at
 * most m − 1 each, are sorted by themselves, then one pass merges them into the rest. A slope that goes is computed once
 * more, which gives the same bits, since closed bins never change. Single writer; allocates nothing.
 */
final class PairwiseSlopes {
    private final int window;
    private final double[] coming;
    private final double[] going;
    private double[] sorted;
    private double[] merged;
    private int first;
    private int count;

    PairwiseSlopes(int window) {
        this.window = window;
        this.coming = new double[window - 1];
        this.going = new double[window - 1];
        this.sorted = new double[window * (window - 1) / 2];
        this.merged = new double[sorted.length];
    }

    /** Takes in a bin; all bins before it are known. */
    void add(double[] x, double[] loss, int bin) {
        int gone = 0;
        if (bin - first == window) {
            for (int later = first + 1; later < bin; later++) {
                going[gone++] = slope(x, loss, first, later);
            }
            first++;
        }
        int come = 0;
        for (int earlier = first; earlier < bin; earlier++) {
            coming[come++] = slope(x, loss, earlier, bin);
        }
        Arrays.sort(going, 0, gone);
        Arrays.sort(coming, 0, come);
        merge(come, gone);
    }

    /** Begins anew with the last of these bins. */
    void restore(double[] x, double[] loss, int bins) {
        count = 0;
        first = Math.max(0, bins - window);
        for (int bin = first; bin < bins; bin++) {
            add(x, loss, bin);
        }
    }

    private static double slope(double[] x, double[] loss, int earlier, int later) {
        return (loss[earlier] - loss[later]) / (x[later] - x[earlier]);
    }

    private void merge(int come, int gone) {
        int c = 0;
        int g = 0;
        int n = 0;
        for (int i = 0; i < count; i++) {
            double slope = sorted[i];
            // Compared as Arrays.sort does, which has an order for every value.
            if (g < gone && Double.compare(slope, going[g]) == 0) {
                g++;
                continue;
            }
            while (c < come && Double.compare(coming[c], slope) < 0) {
                merged[n++] = coming[c++];
            }
            merged[n++] = slope;
        }
        while (c < come) {
            merged[n++] = coming[c++];
        }
        double[] old = sorted;
        sorted = merged;
        merged = old;
        count = n;
    }

    int count() {
        return count;
    }

    /** {@return the k-th smallest, from 0; the end nearest to a k out of range} */
    double at(int k) {
        return sorted[Math.max(0, Math.min(count - 1, k))];
    }

    double median() {
        return Medians.ofSorted(sorted, count);
    }
}
