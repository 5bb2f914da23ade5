package org.etascope.core;

import java.io.DataInput;
import java.io.DataOutput;
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
final class History {
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

    /** Column by column, as format 1 wants them. */
    void save(DataOutput out) throws IOException {
        longs(out, CurvePoint::steps);
        longs(out, CurvePoint::tokens);
        longs(out, p -> Double.isNaN(p.seconds()) ? Long.MIN_VALUE : Math.round(p.seconds() * 1e3));
        longs(out, p -> (long) p.segment() << 2 | p.phase().code());
        doubles(out, p -> p.bin().logTokens());
        doubles(out, p -> p.bin().mean());
        doubles(out, p -> p.bin().lowest());
        doubles(out, p -> p.bin().highest());
        doubles(out, CurvePoint::codeLengthNats);
        doubles(out, CurvePoint::currentLossNats);
        doubles(out, p -> p.slope().perEFold());
        doubles(out, p -> p.slope().lower());
        doubles(out, p -> p.slope().upper());
        doubles(out, p -> p.slope().threshold());
        doubles(out, p -> p.bin().learningRate());
        doubles(out, p -> p.bin().energyJoules());
    }

    private void longs(DataOutput out, ToLongFunction<CurvePoint> column) throws IOException {
        StateFormat.writeLongs(out, from(0).stream().mapToLong(column).toArray(), size);
    }

    private void doubles(DataOutput out, ToDoubleFunction<CurvePoint> column) throws IOException {
        StateFormat.writeDoubles(out, from(0).stream().mapToDouble(column).toArray(), size);
    }

    /** Format 1 has neither learning rates nor joules. */
    static History load(DataInput in, int version) throws IOException {
        long[][] longs = new long[4][];
        for (int c = 0; c < longs.length; c++) {
            longs[c] = StateFormat.readLongs(in);
            StateFormat.sameLength(longs[0].length, longs[c].length);
        }
        double[][] d = new double[12][];
        int columns = version == 1 ? d.length - 2 : d.length;
        for (int c = 0; c < columns; c++) {
            d[c] = StateFormat.readDoubles(in);
            StateFormat.sameLength(longs[0].length, d[c].length);
        }
        History history = new History();
        for (int i = 0; i < longs[0].length; i++) {
            history.append(new CurvePoint(
                    (int) (longs[3][i] >>> 2),
                    longs[0][i],
                    longs[1][i],
                    Timeline.seconds(longs[2][i]),
                    Phase.of(longs[3][i] & 3),
                    new LossBin(
                            d[0][i],
                            d[1][i],
                            d[2][i],
                            d[3][i],
                            version == 1 ? Double.NaN : d[10][i],
                            version == 1 ? Double.NaN : d[11][i]),
                    d[4][i],
                    d[5][i],
                    new Slope(d[6][i], d[7][i], d[8][i], d[9][i])));
        }
        return history;
    }
}
