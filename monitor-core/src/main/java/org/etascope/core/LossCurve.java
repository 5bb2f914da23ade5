package org.etascope.core;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The loss against ln D in bins of equal width: the one history behind L, its error and the detector.
 *
 * <p>x₀ is ln D of the first point. Every point joins the open bin; the bin closes when ln D − x₀ ≥ 1/32 and it holds
 * enough points (4, or 1 for validation losses). The closing point belongs to the closing bin and x₀ becomes its ln D. A
 * bin's value B is the plain mean of its losses, its position X the plain mean of ln D.
 *
 * <p>Since ln D of a {@code long} stays below 43.7, there are at most 1,400 bins; the arrays double as they fill. Closed
 * bins never change. Single writer; constant cost per point.
 */
final class LossCurve {
    static final double BIN_WIDTH = 1.0 / 32;
    private static final int BINS_FOR_CURRENT = 3;
    /** Bins of the short window: as many as the error of L wants. */
    static final int SHORT_WINDOW = 16;

    static final int LONG_WINDOW = 32;
    private static final int FEWEST_BINS_FOR_ERROR = 4;

    private final int pointsPerBin;
    private final PairwiseSlopes shortSlopes = new PairwiseSlopes(SHORT_WINDOW);
    private final PairwiseSlopes longSlopes = new PairwiseSlopes(LONG_WINDOW);
    private final double[] residuals = new double[SHORT_WINDOW];
    private double start = Double.NaN;
    private long openPoints;
    private double openX;
    private double openLoss;
    private double openLowest = Double.POSITIVE_INFINITY;
    private double openHighest = Double.NEGATIVE_INFINITY;

    private int closed;
    private double[] x = new double[64];
    private double[] loss = new double[64];
    private double lowestOfLast;
    private double highestOfLast;
    private double current = Double.NaN;
    private double currentStandardError = Double.NaN;

    LossCurve(int pointsPerBin) {
        this.pointsPerBin = pointsPerBin;
    }

    /** {@return whether this point closed a bin} */
    boolean add(double logTokens, double lossNats) {
        if (Double.isNaN(start)) {
            start = logTokens;
        }
        openPoints++;
        openX += logTokens;
        openLoss += lossNats;
        openLowest = Math.min(openLowest, lossNats);
        openHighest = Math.max(openHighest, lossNats);
        if (closed == 0) {
            current = openLoss / openPoints;
        }
        if (logTokens - start >= BIN_WIDTH && openPoints >= pointsPerBin) {
            close(logTokens);
            return true;
        }
        return false;
    }

    private void close(double logTokens) {
        if (closed == x.length) {
            x = Arrays.copyOf(x, 2 * closed);
            loss = Arrays.copyOf(loss, 2 * closed);
        }
        x[closed] = openX / openPoints;
        loss[closed] = openLoss / openPoints;
        shortSlopes.add(x, loss, closed);
        longSlopes.add(x, loss, closed);
        closed++;
        lowestOfLast = openLowest;
        highestOfLast = openHighest;
        start = logTokens;
        openPoints = 0;
        openX = 0;
        openLoss = 0;
        openLowest = Double.POSITIVE_INFINITY;
        openHighest = Double.NEGATIVE_INFINITY;
        current = medianOfLastThree();
        currentStandardError = errorOfCurrent();
    }

    private double medianOfLastThree() {
        if (closed < BINS_FOR_CURRENT) {
            return closed == 1 ? loss[0] : (loss[0] + loss[1]) / 2;
        }
        double a = loss[closed - 3];
        double b = loss[closed - 2];
        double c = loss[closed - 1];
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    /** SE_L: the median distance of the last bins from their own median slope. */
    private double errorOfCurrent() {
        int m = Math.min(SHORT_WINDOW, closed);
        if (m < FEWEST_BINS_FOR_ERROR) {
            return Double.NaN;
        }
        double slope = shortSlopes.median();
        int first = closed - m;
        for (int i = 0; i < m; i++) {
            residuals[i] = loss[first + i] + slope * x[first + i];
        }
        double middle = Medians.of(residuals, m);
        for (int i = 0; i < m; i++) {
            residuals[i] = Math.abs(loss[first + i] + slope * x[first + i] - middle);
        }
        return Medians.of(residuals, m);
    }

    /** Slopes between the last 16 bins, fewer where fewer are closed. */
    PairwiseSlopes shortSlopes() {
        return shortSlopes;
    }

    /** Slopes between the last 32 bins, fewer where fewer are closed. */
    PairwiseSlopes longSlopes() {
        return longSlopes;
    }

    /** L: median of the last three closed bins; NaN before the first point. */
    double current() {
        return current;
    }

    /** SE_L, NaN with fewer than four bins. */
    double currentStandardError() {
        return currentStandardError;
    }

    int closed() {
        return closed;
    }

    /** The bin that closed last. */
    LossBin lastClosed() {
        return new LossBin(x[closed - 1], loss[closed - 1], lowestOfLast, highestOfLast);
    }

    /** The closed bins as validation losses; arrays of at most 1,400 are copied. */
    List<ValidationPoint> validationPoints() {
        List<ValidationPoint> points = new ArrayList<>(closed);
        for (int i = 0; i < closed; i++) {
            points.add(new ValidationPoint(Math.exp(x[i]), loss[i]));
        }
        return points;
    }

    void save(DataOutput out) throws IOException {
        out.writeInt(pointsPerBin);
        out.writeDouble(start);
        out.writeLong(openPoints);
        out.writeDouble(openX);
        out.writeDouble(openLoss);
        out.writeDouble(openLowest);
        out.writeDouble(openHighest);
        out.writeDouble(current);
        out.writeDouble(currentStandardError);
        StateFormat.writeDoubles(out, x, closed);
        StateFormat.writeDoubles(out, loss, closed);
    }

    static LossCurve load(DataInput in) throws IOException {
        LossCurve curve = new LossCurve(in.readInt());
        curve.start = in.readDouble();
        curve.openPoints = in.readLong();
        curve.openX = in.readDouble();
        curve.openLoss = in.readDouble();
        curve.openLowest = in.readDouble();
        curve.openHighest = in.readDouble();
        curve.current = in.readDouble();
        curve.currentStandardError = in.readDouble();
        curve.x = StateFormat.readDoubles(in);
        curve.loss = StateFormat.readDoubles(in);
        curve.closed = curve.x.length;
        curve.x = Arrays.copyOf(curve.x, Math.max(64, curve.closed));
        curve.loss = Arrays.copyOf(curve.loss, Math.max(64, curve.closed));
        curve.shortSlopes.restore(curve.x, curve.loss, curve.closed);
        curve.longSlopes.restore(curve.x, curve.loss, curve.closed);
        return curve;
    }
}
