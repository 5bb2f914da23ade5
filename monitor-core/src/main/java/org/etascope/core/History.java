package org.etascope.core;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * What the run looked like at the close of each training bin, row after row: a row is two or three cache lines, where a
 * column each for its fourteen values would be as many. Rows are only appended, so a reader that has seen a count and the
 * arrays together may read that many rows for ever. Single writer.
 */
final class History {
    private static final int STEPS = 0;
    private static final int TOKENS = 1;
    private static final int MILLIS = 2;
    /** Phase in the low two bits, segment above them. */
    private static final int PLACE = 3;

    private static final int LONGS = 4;

    private static final int X = 0;
    private static final int LOSS = 1;
    private static final int LOWEST = 2;
    private static final int HIGHEST = 3;
    private static final int CODE_LENGTH = 4;
    private static final int CURRENT = 5;
    private static final int SLOPE = 6;
    private static final int LOWER = 7;
    private static final int UPPER = 8;
    private static final int THRESHOLD = 9;
    private static final int DOUBLES = 10;

    private int rows;
    private long[] longs = new long[LONGS * 64];
    private double[] doubles = new double[DOUBLES * 64];

    void append(
            long steps,
            long tokens,
            long millis,
            Phase phase,
            int segment,
            LossCurve curve,
            double codeLength,
            SaturationDetector.Window window) {
        if (LONGS * rows == longs.length) {
            grow(2 * rows);
        }
        int bin = curve.closed() - 1;
        int l = LONGS * rows;
        int d = DOUBLES * rows;
        longs[l + STEPS] = steps;
        longs[l + TOKENS] = tokens;
        longs[l + MILLIS] = millis;
        longs[l + PLACE] = (long) segment << 2 | code(phase);
        doubles[d + X] = curve.xs()[bin];
        doubles[d + LOSS] = curve.losses()[bin];
        doubles[d + LOWEST] = curve.lowestOfLast();
        doubles[d + HIGHEST] = curve.highestOfLast();
        doubles[d + CODE_LENGTH] = codeLength;
        doubles[d + CURRENT] = curve.current();
        doubles[d + SLOPE] = window.slope();
        doubles[d + LOWER] = window.lower();
        doubles[d + UPPER] = window.upper();
        doubles[d + THRESHOLD] = window.threshold();
        rows++;
    }

    private static long code(Phase phase) {
        return switch (phase) {
            case INITIAL -> 0;
            case TRAINING -> 1;
            case SATURATED -> 2;
        };
    }

    private static Phase phase(long code) {
        return code == 0 ? Phase.INITIAL : code == 1 ? Phase.TRAINING : Phase.SATURATED;
    }

    /** New arrays, never longer old ones: a reader keeps the ones it has. */
    private void grow(int capacity) {
        longs = Arrays.copyOf(longs, LONGS * capacity);
        doubles = Arrays.copyOf(doubles, DOUBLES * capacity);
    }

    View view() {
        return new View(rows, longs, doubles);
    }

    /** The rows at one moment. */
    static final class View {
        private final int rows;
        private final long[] longs;
        private final double[] doubles;

        private View(int rows, long[] longs, double[] doubles) {
            this.rows = rows;
            this.longs = longs;
            this.doubles = doubles;
        }

        int rows() {
            return rows;
        }

        CurvePoint point(int row, RunInfo info, Baseline baseline, double uniqueTokens) {
            int l = LONGS * row;
            int d = DOUBLES * row;
            long tokens = longs[l + TOKENS];
            double codeLength = doubles[d + CODE_LENGTH];
            double slope = doubles[d + SLOPE];
            Losses losses = new Losses(doubles[d + LOSS], codeLength / tokens, doubles[d + CURRENT], Double.NaN);
            Ledger ledger = Ledger.of(info, tokens, codeLength, uniqueTokens, baseline, losses, slope);
            return new CurvePoint(
                    row,
                    (int) (longs[l + PLACE] >>> 2),
                    longs[l + STEPS],
                    tokens,
                    longs[l + MILLIS] / 1e3,
                    doubles[d + X],
                    doubles[d + LOSS],
                    doubles[d + LOWEST],
                    doubles[d + HIGHEST],
                    losses.mean(),
                    losses.current(),
                    ledger.eta(),
                    ledger.etaAbsorbed(),
                    ledger.etaDataset(),
                    slope,
                    doubles[d + LOWER],
                    doubles[d + UPPER],
                    doubles[d + THRESHOLD],
                    phase(longs[l + PLACE] & 3));
        }
    }

    /** Column by column, whatever the order in memory. */
    void save(DataOutput out) throws IOException {
        for (int c = 0; c < LONGS; c++) {
            long[] column = new long[rows];
            for (int row = 0; row < rows; row++) {
                column[row] = longs[LONGS * row + c];
            }
            StateFormat.writeLongs(out, column, rows);
        }
        for (int c = 0; c < DOUBLES; c++) {
            double[] column = new double[rows];
            for (int row = 0; row < rows; row++) {
                column[row] = doubles[DOUBLES * row + c];
            }
            StateFormat.writeDoubles(out, column, rows);
        }
    }

    static History load(DataInput in) throws IOException {
        History history = new History();
        for (int c = 0; c < LONGS; c++) {
            long[] column = StateFormat.readLongs(in);
            history.hasRows(c == 0, column.length);
            for (int row = 0; row < column.length; row++) {
                history.longs[LONGS * row + c] = column[row];
            }
        }
        for (int c = 0; c < DOUBLES; c++) {
            double[] column = StateFormat.readDoubles(in);
            history.hasRows(false, column.length);
            for (int row = 0; row < column.length; row++) {
                history.doubles[DOUBLES * row + c] = column[row];
            }
        }
        return history;
    }

    /** The first column says how many rows there are, the others must agree. */
    private void hasRows(boolean first, int length) throws InvalidStateException {
        if (first) {
            rows = length;
            grow(Math.max(64, rows));
        }
        if (length != rows) {
            throw new InvalidStateException("state holds columns of " + rows + " and " + length + " rows");
        }
    }
}
