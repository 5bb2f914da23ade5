package org.etascope.core;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The loss against ln D in bins of equal width, the last 48 of them and the open one (docs/theory.md, section 5).
 *
 * <p>Every point joins the open bin; the bin closes when ln D − its start ≥ 1/32 and it holds enough points (4, or 1 for
 * validation losses). The closing point belongs to it, and its ln D is the next bin's start. Single writer; constant
 * cost, nothing is allocated after the constructor.
 */
final class LogBins {
    /** Least width of a bin, e-folds of the tokens. */
    static final double WIDTH = 1.0 / 32;
    /** Closed bins kept: at least 1.4 e-folds. */
    static final int KEPT = 48;

    private static final int FOR_CURRENT = 3;

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

    /** L: median of the last three closed bins; of two their mean, of one its mean, of none NaN. */
    double current() {
        if (closed < FOR_CURRENT) {
            return closed == 0 ? Double.NaN : (last(closed).loss() + last(1).loss()) / 2;
        }
        double a = last(3).loss();
        double b = last(2).loss();
        double c = last(1).loss();
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
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

    void save(DataOutput out) throws IOException {
        out.writeInt(closed);
        out.writeDouble(firstX);
        out.writeDouble(firstLoss);
        for (int back = kept(); back >= 1; back--) {
            last(back).save(out);
        }
        open().save(out);
    }

    void load(DataInput in) throws IOException {
        closed = StateFormat.count(in.readInt(), StateFormat.MOST_BINS);
        firstX = in.readDouble();
        firstLoss = in.readDouble();
        for (int back = kept(); back >= 1; back--) {
            last(back).load(in);
        }
        open().load(in);
    }
}
