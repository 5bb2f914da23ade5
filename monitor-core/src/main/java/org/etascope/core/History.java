package org.etascope.core;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * What the run looked like at the close of each training bin, column by column. Rows are only appended, so a reader that
 * has seen a count and the columns together may read that many rows for ever. Single writer.
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
    private long[][] longs = new long[LONGS][64];
    private double[][] doubles = new double[DOUBLES][64];

    void append(
            long steps,
            long tokens,
            long millis,
            Phase phase,
            int segment,
            LossCurve curve,
            double codeLength,
            SaturationDetector.Window window) {
        if (rows == longs[0].length) {
            grow(2 * rows);
        }
        int bin = curve.closed() - 1;
        longs[STEPS][rows] = steps;
        longs[TOKENS][rows] = tokens;
        longs[MILLIS][rows] = millis;
        longs[PLACE][rows] = (long) segment << 2 | code(phase);
        doubles[X][rows] = curve.xs()[bin];
        doubles[LOSS][rows] = curve.losses()[bin];
        doubles[LOWEST][rows] = curve.lowestOfLast();
        doubles[HIGHEST][rows] = curve.highestOfLast();
        doubles[CODE_LENGTH][rows] = codeLength;
        doubles[CURRENT][rows] = curve.current();
        doubles[SLOPE][rows] = window.slope();
        doubles[LOWER][rows] = window.lower();
        doubles[UPPER][rows] = window.upper();
        doubles[THRESHOLD][rows] = window.threshold();
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

    /** New columns, never longer old ones: a reader keeps the ones it has. */
    private void grow(int capacity) {
        // Loops, not lambdas: linking those takes milliseconds, and this is the training thread.
        long[][] longerLongs = new long[LONGS][];
        for (int c = 0; c < LONGS; c++) {
            longerLongs[c] = Arrays.copyOf(longs[c], capacity);
        }
        double[][] longerDoubles = new double[DOUBLES][];
        for (int c = 0; c < DOUBLES; c++) {
            longerDoubles[c] = Arrays.copyOf(doubles[c], capacity);
        }
        longs = longerLongs;
        doubles = longerDoubles;
    }

    View view() {
        return new View(rows, longs, doubles);
    }

    /** The rows at one moment. */
    static final class View {
        private final int rows;
        private final long[][] longs;
        private final double[][] doubles;

        private View(int rows, long[][] longs, double[][] doubles) {
            this.rows = rows;
            this.longs = longs;
            this.doubles = doubles;
        }

        int rows() {
            return rows;
        }

        CurvePoint point(int row, RunInfo info, Baseline baseline, double uniqueTokens) {
            long tokens = longs[TOKENS][row];
            double codeLength = doubles[CODE_LENGTH][row];
            double slope = doubles[SLOPE][row];
            Losses losses = new Losses(doubles[LOSS][row], codeLength / tokens, doubles[CURRENT][row], Double.NaN);
            Ledger ledger = Ledger.of(info, tokens, codeLength, uniqueTokens, baseline, losses, slope);
            return new CurvePoint(
                    row,
                    (int) (longs[PLACE][row] >>> 2),
                    longs[STEPS][row],
                    tokens,
                    longs[MILLIS][row] / 1e3,
                    doubles[X][row],
                    doubles[LOSS][row],
                    doubles[LOWEST][row],
                    doubles[HIGHEST][row],
                    losses.mean(),
                    losses.current(),
                    ledger.eta(),
                    ledger.etaAbsorbed(),
                    ledger.etaDataset(),
                    slope,
                    doubles[LOWER][row],
                    doubles[UPPER][row],
                    doubles[THRESHOLD][row],
                    phase(longs[PLACE][row] & 3));
        }
    }

    void save(DataOutput out) throws IOException {
        for (long[] column : longs) {
            StateFormat.writeLongs(out, column, rows);
        }
        for (double[] column : doubles) {
            StateFormat.writeDoubles(out, column, rows);
        }
    }

    static History load(DataInput in) throws IOException {
        History history = new History();
        for (int c = 0; c < LONGS; c++) {
            history.longs[c] = StateFormat.readLongs(in);
        }
        for (int c = 0; c < DOUBLES; c++) {
            history.doubles[c] = StateFormat.readDoubles(in);
        }
        history.rows = history.longs[0].length;
        for (long[] column : history.longs) {
            history.checkLength(column.length);
        }
        for (double[] column : history.doubles) {
            history.checkLength(column.length);
        }
        history.grow(Math.max(64, history.rows));
        return history;
    }

    private void checkLength(int length) throws InvalidStateException {
        if (length != rows) {
            throw new InvalidStateException("state holds columns of " + rows + " and " + length + " rows");
        }
    }
}
