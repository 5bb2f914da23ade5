package org.etascope.logs;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalDouble;
import java.util.zip.CRC32C;

/**
 * A TensorBoard event file: records of a length, its masked CRC-32C, the data, its masked CRC-32C; the data is an Event
 * message. Scalars are read in both forms, {@code simple_value} and TensorFlow 2's tensor. Each scalar is its own
 * record, found by its tag. A torn last record is normal in a file that is being written.
 *
 * <p>Records above 1 MiB (images, histograms) are checked and passed over without being held.
 */
final class TensorBoardLog implements LossLog {
    static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;

    private static final int LARGEST_KEPT = 1 << 20;
    private static final long LARGEST_RECORD = 1L << 32;
    private static final int CRC_MASK = 0xa282ead8;

    // Types of a tensor.
    private static final int FLOAT = 1;
    private static final int DOUBLE = 2;

    private final byte[] header = new byte[HEADER_BYTES];
    private byte[] data = new byte[1 << 12];

    @Override
    public void read(InputStream in, Records records) throws IOException {
        DataInputStream input = new DataInputStream(in);
        long record = 0;
        try {
            while (true) {
                record++;
                input.readFully(header);
                if (!headerIsWhole(header)) {
                    records.unreadable(record, "the checksum of its length is wrong: the rest cannot be read");
                    return;
                }
                record(
                        input,
                        ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getLong(),
                        record,
                        records);
            }
        } catch (EOFException e) {
            // The writer has not finished its last record, or there is no more.
        }
    }

    /** {@return whether these bytes are a record's length and its checksum} */
    static boolean headerIsWhole(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long length = buffer.getLong();
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, Long.BYTES);
        return length >= 0 && length <= LARGEST_RECORD && masked(crc) == buffer.getInt();
    }

    static int masked(CRC32C crc) {
        return Integer.rotateRight((int) crc.getValue(), 15) + CRC_MASK;
    }

    private void record(DataInputStream in, long length, long record, Records records) throws IOException {
        int kept = (int) Math.min(length, LARGEST_KEPT);
        if (data.length < kept) {
            data = new byte[Math.max(kept, Math.min(LARGEST_KEPT, 2 * data.length))];
        }
        CRC32C crc = new CRC32C();
        in.readFully(data, 0, kept);
        crc.update(data, 0, kept);
        for (long left = length - kept; left > 0; ) {
            int n = (int) Math.min(left, kept);
            in.readFully(data, 0, n);
            crc.update(data, 0, n);
            left -= n;
        }
        if (Integer.reverseBytes(in.readInt()) != masked(crc)) {
            records.unreadable(record, "its checksum is wrong");
        } else if (length > kept) {
            records.text(1);
        } else {
            event(kept, record, records);
        }
    }

    private void event(int length, long record, Records records) {
        records.begin(record);
        try {
            event(new Protobuf(data, 0, length), records);
        } catch (IndexOutOfBoundsException e) {
            records.unreadable(record, "not an event: " + e.getMessage());
            return;
        }
        records.end();
    }

    private void event(Protobuf event, Records records) {
        double wallTime = Double.NaN;
        long step = 0;
        Protobuf summary = null;
        while (event.next()) {
            if (event.is(1, Protobuf.FIXED64)) {
                wallTime = Double.longBitsToDouble(event.fixed64());
            } else if (event.is(2, Protobuf.VARINT)) {
                step = event.varint();
            } else if (event.is(5, Protobuf.BYTES)) {
                summary = event.message();
            }
        }
        if (summary == null) {
            return;
        }
        records.step(step);
        records.time(Times.millis(wallTime));
        while (summary.next(1, Protobuf.BYTES)) {
            value(summary.message(), records);
        }
    }

    private static void value(Protobuf value, Records records) {
        String tag = "";
        OptionalDouble scalar = OptionalDouble.empty();
        while (value.next()) {
            if (value.is(1, Protobuf.BYTES)) {
                tag = value.text();
            } else if (value.is(2, Protobuf.FIXED32)) {
                scalar = OptionalDouble.of(Float.intBitsToFloat(value.fixed32()));
            } else if (value.is(8, Protobuf.BYTES)) {
                scalar = tensor(value.message());
            }
        }
        if (scalar.isPresent() && records.wants(tag)) {
            records.value(tag, scalar.getAsDouble());
        }
    }

    /** {@return the scalar in a TensorProto, if it is one} */
    private static OptionalDouble tensor(Protobuf tensor) {
        long type = 0;
        byte[] content = {};
        OptionalDouble listed = OptionalDouble.empty();
        while (tensor.next()) {
            if (tensor.is(1, Protobuf.VARINT)) {
                type = tensor.varint();
            } else if (tensor.is(4, Protobuf.BYTES)) {
                content = tensor.bytes();
            } else if (tensor.is(5, Protobuf.BYTES)) {
                listed = only(FLOAT, tensor.bytes());
            } else if (tensor.is(5, Protobuf.FIXED32)) {
                listed = OptionalDouble.of(Float.intBitsToFloat(tensor.fixed32()));
            } else if (tensor.is(6, Protobuf.BYTES)) {
                listed = only(DOUBLE, tensor.bytes());
            } else if (tensor.is(6, Protobuf.FIXED64)) {
                listed = OptionalDouble.of(Double.longBitsToDouble(tensor.fixed64()));
            }
        }
        OptionalDouble whole = only(type, content);
        return whole.isPresent() ? whole : listed;
    }

    /** {@return the number of that type in these bytes, if it is the only one} */
    private static OptionalDouble only(long type, byte[] content) {
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        if (type == FLOAT && content.length == Float.BYTES) {
            return OptionalDouble.of(bytes.getFloat());
        }
        boolean isDouble = type == DOUBLE && content.length == Double.BYTES;
        return isDouble ? OptionalDouble.of(bytes.getDouble()) : OptionalDouble.empty();
    }
}
