package org.etascope.core;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The closed bins of the training curve, with what the run looked like at each close. Points are only appended, so the list
 * that a reader was given stays true for ever though it is no copy. Single writer.
 */
final class History extends StateFields.Part {
    static final int DOUBLES_OF_FORMAT_1 = 10;

    private static final List<ToLongFunction<CurvePoint>> LONGS = List.of(
            CurvePoint::steps,
            CurvePoint::tokens,
            p -> Double.isNaN(p.seconds()) ? Long.MIN_VALUE : Math.round(p.seconds() * 1e3),
            p -> (long) p.segment() << 2 | p.phase().code());
    private static final List<ToDoubleFunction<CurvePoint>> DOUBLES = List.of(
            p -> p.bin().logTokens(),
            p -> p.bin().mean(),
            p -> p.bin().lowest(),
            p -> p.bin().highest(),
            CurvePoint::codeLengthNats,
            CurvePoint::currentLossNats,
            p -> p.slope().perEFold(),
            p -> p.slope().lower(),
            p -> p.slope().upper(),
            p -> p.slope().threshold(),
            p -> p.bin().learningRate(),
            p -> p.bin().energyJoules());

    private int size;
    private CurvePoint[] points = new CurvePoint[64];

    void append(CurvePoint point) {
        if (size == points.length) {
            // A new array, never a longer old one: a reader keeps the one it has.
            points = Arrays.copyOf(points, 2 * size);
        }
        points[size++] = point;
    }

    /** The points from an index on; none if there are fewer. */
    List<CurvePoint> from(int index) {
        return Collections.unmodifiableList(Arrays.asList(points).subList(Math.min(index, size), size));
    }

    @Override
    void fields(StateFields state) throws IOException {
        columns(state, DOUBLES.size());
    }

    /** Column by column, as format 1 wants them: it has neither learning rates nor joules. */
    void columns(StateFields state, int doubles) throws IOException {
        List<CurvePoint> kept = from(0);
        long[][] n = new long[LONGS.size()][];
        for (int c = 0; c < n.length; c++) {
            n[c] = state.next(kept.stream().mapToLong(LONGS.get(c)).toArray());
            StateFields.sameLength(n[0].length, n[c].length);
        }
        double[][] d = new double[DOUBLES.size()][n[0].length];
        for (int c = 0; c < doubles; c++) {
            double[] column = kept.stream().mapToDouble(DOUBLES.get(c)).toArray();
            d[c] = state.next(column, column.length);
            StateFields.sameLength(n[0].length, d[c].length);
        }
        for (int c = doubles; c < d.length; c++) {
            Arrays.fill(d[c], Double.NaN);
        }
        for (int i = 0; state.reading() && i < n[0].length; i++) {
            append(new CurvePoint(
                    (int) (n[3][i] >>> 2),
                    n[0][i],
                    n[1][i],
                    Timeline.seconds(n[2][i]),
                    Phase.of(n[3][i] & 3),
                    new LossBin(d[0][i], d[1][i], d[2][i], d[3][i], d[10][i], d[11][i]),
                    d[4][i],
                    d[5][i],
                    new Slope(d[6][i], d[7][i], d[8][i], d[9][i])));
        }
    }
}
