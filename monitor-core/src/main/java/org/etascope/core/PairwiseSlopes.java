package org.etascope.core;

import java.util.Arrays;

/**
 * The slopes (B_i − B_j)/(X_j − X_i), i &lt; j, between all pairs of the last m bins, in ascending order.
 *
 * <p>Kept sorted from close to close: a new bin brings at most m − 1 slopes and takes as many, each found by bisection,
 * where sorting all m(m − 1)/2 anew took ten times as long. A slope is taken out by computing it once more, which gives
 * the same bits, since closed bins never change. Single writer; allocates nothing.
 */
final class PairwiseSlopes {
    private final int window;
    private final double[] sorted;
    private int first;
    private int count;

    PairwiseSlopes(int window) {
        this.window = window;
        this.sorted = new double[window * (window - 1) / 2];
    }

    /** Takes in a bin; all bins before it are known. */
    void add(double[] x, double[] loss, int bin) {
        if (bin - first == window) {
            for (int later = first + 1; later < bin; later++) {
                remove(slope(x, loss, first, later));
            }
            first++;
        }
        for (int earlier = first; earlier < bin; earlier++) {
            insert(slope(x, loss, earlier, bin));
        }
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

    private void insert(double slope) {
        int found = Arrays.binarySearch(sorted, 0, count, slope);
        int place = found >= 0 ? found : -found - 1;
        System.arraycopy(sorted, place, sorted, place + 1, count - place);
        sorted[place] = slope;
        count++;
    }

    private void remove(double slope) {
        int place = Arrays.binarySearch(sorted, 0, count, slope);
        System.arraycopy(sorted, place + 1, sorted, place, count - place - 1);
        count--;
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
