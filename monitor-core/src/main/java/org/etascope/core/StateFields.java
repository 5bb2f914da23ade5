package org.etascope.core;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a part's state, being written or being read: each call takes a field and gives what it holds from then on,
 * so that one list serves both ways and they cannot differ. Numbers are big-endian, doubles by their bits, arrays after
 * their length.
 */
final class StateFields {
    /** More bins than any run can close: ln 2^63 · 32. */
    static final int MOST_BINS = 1_400;

    private final @Nullable DataInput in;
    private final DataOutput out;

    private StateFields(@Nullable DataInput in, DataOutput out) {
        this.in = in;
        this.out = out;
    }

    static StateFields read(DataInput in) {
        return new StateFields(in, new DataOutputStream(OutputStream.nullOutputStream()));
    }

    /** What is kept in a state by one list of its fields. */
    abstract static class Part {
        abstract void fields(StateFields state) throws IOException;

        final void save(DataOutput out) throws IOException {
            fields(new StateFields(null, out));
        }

        final void load(DataInput in) throws IOException {
            fields(read(in));
        }
    }

    @FunctionalInterface
    private interface Read<T> {
        T from(DataInput in) throws IOException;
    }

    @FunctionalInterface
    private interface Write<T> {
        void to(DataOutput out, T value) throws IOException;
    }

    private <T> T next(T value, Read<T> read, Write<T> write) throws IOException {
        T next = in == null ? value : read.from(in);
        write.to(out, next);
        return next;
    }

    double next(double value) throws IOException {
        return next(value, DataInput::readDouble, DataOutput::writeDouble);
    }

    long next(long value) throws IOException {
        return next(value, DataInput::readLong, DataOutput::writeLong);
    }

    int next(int value) throws IOException {
        return next(value, DataInput::readInt, DataOutput::writeInt);
    }

    boolean next(boolean value) throws IOException {
        return next(value, DataInput::readBoolean, DataOutput::writeBoolean);
    }

    String next(String value) throws IOException {
        return next(value, DataInput::readUTF, DataOutput::writeUTF);
    }

    <T extends Enum<T>> T next(Enum<T> value) throws IOException {
        return constant(value.getDeclaringClass(), next(value.name()));
    }

    /** A record's components in their order: numbers, truths, constants and records of these. */
    <T extends Record> T next(T value) throws IOException {
        RecordComponent[] components = value.getClass().getRecordComponents();
        Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Object[] next = new Object[components.length];
            for (int i = 0; i < next.length; i++) {
                next[i] = nextComponent(components[i].getAccessor().invoke(value));
            }
            @SuppressWarnings("unchecked") // the constructor of the value's own class
            T read = (T) value.getClass().getDeclaredConstructor(types).newInstance(next);
            return read;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(value.getClass() + " cannot be kept in a state", e);
        }
    }

    private Object nextComponent(Object value) throws IOException {
        if (value instanceof Double number) {
            return next(number.doubleValue());
        } else if (value instanceof Long number) {
            return next(number.longValue());
        } else if (value instanceof Integer number) {
            return next(number.intValue());
        } else if (value instanceof Boolean truth) {
            return next(truth.booleanValue());
        }
        return value instanceof Enum<?> constant ? next(constant) : next((Record) value);
    }

    void parts(Part... parts) throws IOException {
        for (Part part : parts) {
            part.fields(this);
        }
    }

    long[] next(long[] values) throws IOException {
        long[] next = Arrays.copyOf(values, length(values.length, MOST_BINS));
        for (int i = 0; i < next.length; i++) {
            next[i] = next(next[i]);
        }
        return next;
    }

    /** The first n values, after their number: an array of just these. */
    double[] next(double[] values, int n) throws IOException {
        double[] next = Arrays.copyOf(values, length(n, MOST_BINS));
        for (int i = 0; i < next.length; i++) {
            next[i] = next(next[i]);
        }
        return next;
    }

    /** How one of several is kept: takes it and gives what it is from then on. */
    @FunctionalInterface
    interface Element<T> {
        T next(T value) throws IOException;
    }

    /**
     * Several, after their number.
     *
     * @param blank stands for one that is read
     */
    <T> List<T> next(List<T> values, int most, T blank, Element<T> element) throws IOException {
        int length = length(values.size(), most);
        List<T> next = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            next.add(element.next(in == null ? values.get(i) : blank));
        }
        return next;
    }

    boolean reading() {
        return in != null;
    }

    /** A number of what follows. */
    int length(int value, int most) throws IOException {
        return within(next(value), most);
    }

    /** The same in one byte. */
    int count(int value, int most) throws IOException {
        return within(next(value, from -> (int) from.readByte(), DataOutput::writeByte), most);
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

    private static int within(int n, int most) throws InvalidStateException {
        if (n >= 0 && n <= most) {
            return n;
        }
        throw new InvalidStateException("state holds an array of length " + n + ", allowed: 0 to " + most);
    }
}
