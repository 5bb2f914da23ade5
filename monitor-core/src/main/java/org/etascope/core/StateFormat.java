package org.etascope.core;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Pieces of the binary form of a {@link RunState}: big-endian, doubles by their bits, arrays after their length. */
final class StateFormat {
    /** More bins than any run can close: ln 2^63 · 32. */
    static final int MOST_BINS = 1_400;

    private StateFormat() {}

    static void writeDoubles(DataOutput out, double[] values, int n) throws IOException {
        out.writeInt(n);
        for (int i = 0; i < n; i++) {
            out.writeDouble(values[i]);
        }
    }

    static double[] readDoubles(DataInput in) throws IOException {
        double[] values = new double[length(in)];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readDouble();
        }
        return values;
    }

    static void writeLongs(DataOutput out, long[] values, int n) throws IOException {
        out.writeInt(n);
        for (int i = 0; i < n; i++) {
            out.writeLong(values[i]);
        }
    }

    static long[] readLongs(DataInput in) throws IOException {
        long[] values = new long[length(in)];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readLong();
        }
        return values;
    }

    static <T extends Enum<T>> T constant(Class<T> type, String name) throws InvalidStateException {
        try {
            return Enum.valueOf(type, name);
        } catch (IllegalArgumentException e) {
            throw new InvalidStateException("state holds an unknown " + type.getSimpleName() + ": " + name);
        }
    }

    /** The first column says how many rows there are, the others must agree. */
    static void sameLength(int rows, int length) throws InvalidStateException {
        if (length != rows) {
            throw new InvalidStateException("state holds columns of " + rows + " and " + length + " rows");
        }
    }

    /** A number of bins. */
    static int length(DataInput in) throws IOException {
        return count(in.readInt(), MOST_BINS);
    }

    static int count(int n, int most) throws InvalidStateException {
        if (n >= 0 && n <= most) {
            return n;
        }
        throw new InvalidStateException("state holds an array of length " + n + ", allowed: 0 to " + most);
    }
}
