package org.etascope.core;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a part's state, being written or being read: each call takes a field and gives what it holds from then on,
 * so that one list serves both ways and they cannot differ.
 */
final class StateFields {
    private final @Nullable DataInput in;
    private final DataOutput out;

    private StateFields(@Nullable DataInput in, DataOutput out) {
        this.in = in;
        this.out = out;
    }

    /** What is kept in a state by one list of its fields. */
    abstract static class Part {
        abstract void fields(StateFields state) throws IOException;

        final void save(DataOutput out) throws IOException {
            fields(new StateFields(null, out));
        }

        final void load(DataInput in) throws IOException {
            fields(new StateFields(in, new DataOutputStream(OutputStream.nullOutputStream())));
        }
    }

    double next(double value) throws IOException {
        double next = in == null ? value : in.readDouble();
        out.writeDouble(next);
        return next;
    }

    long next(long value) throws IOException {
        long next = in == null ? value : in.readLong();
        out.writeLong(next);
        return next;
    }

    int next(int value) throws IOException {
        int next = in == null ? value : in.readInt();
        out.writeInt(next);
        return next;
    }

    boolean next(boolean value) throws IOException {
        boolean next = in == null ? value : in.readBoolean();
        out.writeBoolean(next);
        return next;
    }

    /** A count of one byte, from 0 to the most. */
    int count(int value, int most) throws IOException {
        int next = in == null ? value : StateFormat.count(in.readByte(), most);
        out.writeByte(next);
        return next;
    }

    <T extends Enum<T>> T next(T value) throws IOException {
        T next = in == null ? value : StateFormat.constant(value.getDeclaringClass(), in.readUTF());
        out.writeUTF(next.name());
        return next;
    }
}
