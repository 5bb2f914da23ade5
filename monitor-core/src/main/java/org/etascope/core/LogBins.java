package org.etascope.core;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * The loss against ln D in bins of equal width, the last 48 of them and the open one (docs/theory.md, section 5).
 *
 * <p>Every point joins the open bin; the bin closes when ln D − its start ≥ 1/32 and it holds enough points (4, or 1 for
 * validation losses). The closing point belongs to it, and its ln D is the next bin's start. Single writer; constant
 * cost, nothing is allocated after the constructor.
 */
final class LogBins extends StateFields.Part {
    /** Least width of a bin, e-folds of the tokens. */
    static final double WIDTH = 1.0 / 32;
    /** Closed bins kept: at least 1.4 e-folds. */
    static final int KEPT = 48;

    private static final int FOR_CURRENT = 3;
    private static final int FOR_ERROR = 16;
    private static final int FEWEST_FOR_ERROR = 4;

    private final int pointsPerBin;
    private final LogBin[] ring = new LogBin[KEPT + 1];
    private int closed;
    private double firstX = Double.NaN;
    private double firstLoss = Double.NaN;

    LogBins(int pointsPerBin) {
        this.pointsPerBin = pointsPerBin;
        for (int i = 0; i < ring.length; i++) {
            ring[i] = new LogBin();
        }
    }

    /** {@return whether this point closed a bin} */
    boolean add(double x, double loss) {
        LogBin bin = open();
        bin.add(x, loss);
        if (x - bin.start() < WIDTH || bin.points() < pointsPerBin) {
            return false;
        }
        if (closed == 0) {
            firstX = bin.x();
            firstLoss = bin.loss();
        }
        closed++;
        open().open(x);
        return true;
    }

    /** The bin that the next point joins. */
    LogBin open() {
        return ring[closed % ring.length];
    }

    /** A closed bin: back = 1 is the newest, {@link #kept} the oldest. */
    LogBin last(int back) {
        return ring[(closed - back) % ring.length];
    }

    /** Closed bins that {@link #last} can give. */
    int kept() {
        return Math.min(closed, KEPT);
    }

    /** Bins closed since the run's beginning. */
    int closed() {
        return closed;
    }

    /** X of the first bin ever, NaN before it closed. */
    double firstX() {
        return firstX;
    }

    /** B of the first bin ever, NaN before it closed. */
    double firstLoss() {
        return firstLoss;
    }

    /** L: median of the last three closed bins; of two or one their mean; of none the mean of the points, NaN of none. */
    double current() {
        if (closed == 0) {
            return open().loss();
        }
        if (closed < FOR_CURRENT) {
            return (last(closed).loss() + last(1).loss()) / 2;
        }
        double a = last(3).loss();
        double b = last(2).loss();
        double c = last(1).loss();
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    /**
     * SE_L: with r_i = B_i + b·X_i over the last 16 bins or fewer, b the median of their pairwise slopes, the median
     * distance of the r_i from their median; NaN of fewer than four. Allocates: for readers.
     */
    double currentStandardError() {
        int m = Math.min(closed, FOR_ERROR);
        if (m < FEWEST_FOR_ERROR) {
            return Double.NaN;
        }
        double[] slopes = new double[m * (m - 1) / 2];
        int n = 0;
        for (int i = m; i > 1; i--) {
            for (int j = i - 1; j >= 1; j--) {
                slopes[n++] = (last(i).loss() - last(j).loss()) / (last(j).x() - last(i).x());
            }
        }
        double slope = median(slopes);
        double[] residuals = new double[m];
        Arrays.setAll(residuals, i -> last(m - i).loss() + slope * last(m - i).x());
        double middle = median(residuals.clone());
        Arrays.setAll(residuals, i -> Math.abs(residuals[i] - middle));
        return median(residuals);
    }

    /** Sorts the values. */
    private static double median(double[] values) {
        Arrays.sort(values);
        int n = values.length;
        return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
    }

    /** Forgets the squares of the open bin and of the closed ones with X &gt; x. */
    void clearSquaresAfter(double x) {
        open().clearSquares();
        for (int back = 1; back <= kept(); back++) {
            if (last(back).x() > x) {
                last(back).clearSquares();
            }
        }
    }

    /** Takes over the bins of a state of format 1: closed ones as its history has them, and the open one. */
    void assume(List<CurvePoint> history, LogBin openBin) {
        // Their numbers of points are not in it, but those of their steps are.
        long steps = 0;
        double start = Double.NaN;
        for (CurvePoint point : history) {
            LossBin bin = point.bin();
            long n = Math.max(pointsPerBin, point.steps() - steps);
            open().assume(start, n, n * bin.logTokens(), n * bin.mean(), bin.lowest(), bin.highest());
            if (closed == 0) {
                firstX = bin.logTokens();
                firstLoss = bin.mean();
            }
            closed++;
            steps = point.steps();
            start = Math.log(point.tokens());
        }
        ring[closed % ring.length] = openBin;
    }

    @Override
    void fields(StateFields state) throws IOException {
        closed = state.length(closed, StateFields.MOST_BINS);
        firstX = state.next(firstX);
        firstLoss = state.next(firstLoss);
        for (int back = kept(); back >= 1; back--) {
            last(back).fields(state);
        }
        open().fields(state);
    }
}
