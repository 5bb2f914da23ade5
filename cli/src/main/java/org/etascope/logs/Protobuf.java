package org.etascope.logs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads the fields of a protocol buffer message: {@link #next} goes from one to the other, over those whose value nobody
 * took. Running over its end is an IndexOutOfBoundsException.
 */
final class Protobuf {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;

    private final ByteBuffer in;
    private int field;
    private int type;
    /** Whether the field's value is still to be taken. */
    private boolean untaken;

    Protobuf(byte[] bytes, int from, int length) {
        this.in = ByteBuffer.wrap(bytes, from, length).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    private Protobuf(ByteBuffer in) {
        this.in = in;
    }

    boolean next() {
        if (untaken) {
            skip();
        }
        if (!in.hasRemaining()) {
            return false;
        }
        long key = varint();
        field = (int) (key >>> 3);
        type = (int) (key & 7);
        untaken = true;
        return true;
    }

    /** Goes to the next field of that number and type. */
    boolean next(int wantedField, int wantedType) {
        boolean any = next();
        while (any && !is(wantedField, wantedType)) {
            any = next();
        }
        return any;
    }

    boolean is(int wantedField, int wantedType) {
        return field == wantedField && type == wantedType;
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            need(1);
            byte b = in.get();
            value |= (b & 0x7FL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IndexOutOfBoundsException("a number of more than ten bytes");
    }

    long fixed64() {
        need(Long.BYTES);
        return in.getLong();
    }

    int fixed32() {
        need(Integer.BYTES);
        return in.getInt();
    }

    Protobuf message() {
        int length = length();
        ByteBuffer part = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        in.position(in.position() + length);
        return new Protobuf(part);
    }

    byte[] bytes() {
        byte[] bytes = new byte[length()];
        in.get(bytes);
        return bytes;
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    private int length() {
        long length = varint();
        if (length < 0 || length > in.remaining()) {
            throw new IndexOutOfBoundsException("a field of " + length + " bytes, " + in.remaining() + " are left");
        }
        return (int) length;
    }

    private void skip() {
        switch (type) {
            case VARINT -> varint();
            case FIXED64 -> fixed64();
            case FIXED32 -> fixed32();
            case BYTES -> message();
            default -> throw new IndexOutOfBoundsException("a field of type " + type);
        }
    }

    private void need(int bytes) {
        untaken = false;
        if (in.remaining() < bytes) {
            throw new IndexOutOfBoundsException("it ends within a field");
        }
    }
}
