package org.etascope.logs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * A run file of Weights &amp; Biases ({@code run-*.wandb}): a header of 7 bytes, then blocks of 32 KiB as in LevelDB's log.
 * A block holds chunks: CRC-32 of the type and the data, length, type (whole, first, middle, last), data; what is left of
 * a block below 7 bytes is empty. A record is a protocol buffer message; its history rows and the whole numbers of its
 * configuration are read, each row as the JSON object that it was logged as.
 *
 * <p>A damaged chunk costs the rest of its block. Records above 16 MiB are passed over without being held.
 */
final class WandbLog implements LossLog {
    private static final byte[] HEADER = {':', 'W', '&', 'B', (byte) 0xE1, (byte) 0xBE, 0};
    private static final int BLOCK = 1 << 15;
    private static final int CHUNK_HEADER = 7;
    private static final int LARGEST_RECORD = 1 << 24;
    private static final int WHOLE = 1;
    private static final int FIRST = 2;
    private static final int LAST = 4;

    // Fields of the messages.
    private static final int HISTORY = 2;
    private static final int CONFIG = 5;
    private static final int RUN = 17;
    private static final int CONFIG_OF_RUN = 4;
    private static final int ITEM = 1;
    private static final int STEP = 2;
    private static final int KEY = 1;
    private static final int NESTED_KEY = 2;
    private static final int VALUE = 16;

    private final JsonFactory factory = JsonLinesLog.factory();
    private final byte[] block = new byte[BLOCK];
    private final ByteArrayOutputStream parts = new ByteArrayOutputStream();
    private boolean open;
    private boolean tooLarge;
    private long number;

    /** {@return whether these bytes begin such a file} */
    static boolean begins(byte[] bytes) {
        return bytes.length >= HEADER.length && Arrays.equals(bytes, 0, HEADER.length, HEADER, 0, HEADER.length);
    }

    @Override
    public void read(InputStream in, Records records) throws IOException {
        DataInputStream input = new DataInputStream(in);
        int at = HEADER.length;
        try {
            input.readFully(block, 0, at);
            while (true) {
                if (BLOCK - at < CHUNK_HEADER) {
                    input.readFully(block, at, BLOCK - at);
                    at = 0;
                }
                input.readFully(block, at, CHUNK_HEADER);
                int length = Short.toUnsignedInt(header(at).getShort(Integer.BYTES));
                int data = at + CHUNK_HEADER;
                boolean fits = length <= BLOCK - data;
                if (fits) {
                    input.readFully(block, data, length);
                }
                if (fits && isIntact(at, length)) {
                    chunk(block[data - 1], data, length, records);
                    at = data + length;
                } else {
                    records.unreadable(number + 1, "its checksum is wrong");
                    open = false;
                    int known = fits ? data + length : data;
                    input.readFully(block, known, BLOCK - known);
                    at = 0;
                }
            }
        } catch (EOFException e) {
            // The writer has not finished its last record, or there is no more.
        }
    }

    private ByteBuffer header(int at) {
        return ByteBuffer.wrap(block, at, CHUNK_HEADER).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    private boolean isIntact(int at, int length) {
        CRC32 crc = new CRC32();
        crc.update(block, at + CHUNK_HEADER - 1, length + 1);
        return (int) crc.getValue() == header(at).getInt();
    }

    private void chunk(int type, int from, int length, Records records) {
        if (type == WHOLE || type == FIRST) {
            number++;
            parts.reset();
            open = type == FIRST;
            tooLarge = false;
        } else if (!open || type < WHOLE || type > LAST) {
            return;
        }
        if (type == WHOLE) {
            record(new Protobuf(block, from, length), records);
            return;
        }
        tooLarge |= parts.size() + length > LARGEST_RECORD;
        if (!tooLarge) {
            parts.write(block, from, length);
        }
        if (type != LAST) {
            return;
        }
        open = false;
        if (tooLarge) {
            records.text(1);
        } else {
            record(new Protobuf(parts.toByteArray(), 0, parts.size()), records);
        }
    }

    private void record(Protobuf message, Records records) {
        records.begin(number);
        try {
            boolean history = false;
            while (message.next()) {
                if (message.is(HISTORY, Protobuf.BYTES)) {
                    row(message.message(), records);
                    history = true;
                } else if (message.is(CONFIG, Protobuf.BYTES)) {
                    config(message.message(), records);
                } else if (message.is(RUN, Protobuf.BYTES)) {
                    run(message.message(), records);
                }
            }
            if (history) {
                records.end();
            }
        } catch (IndexOutOfBoundsException | IOException e) {
            records.unreadable(number, "not a record: " + e.getMessage());
        }
    }

    private void run(Protobuf run, Records records) throws IOException {
        while (run.next(CONFIG_OF_RUN, Protobuf.BYTES)) {
            config(run.message(), records);
        }
    }

    private void config(Protobuf config, Records records) throws IOException {
        while (config.next(ITEM, Protobuf.BYTES)) {
            Item item = Item.of(config.message());
            Role role = records.roleOf(item.name);
            if (role != null && role.isFact() && item.json.matches("\\d{1,15}")) {
                records.value(item.name, Numbers.decimal(item.json));
            }
        }
    }

    private void row(Protobuf history, Records records) throws IOException {
        StringBuilder json = new StringBuilder("{");
        boolean hasStep = false;
        long step = -1;
        while (history.next()) {
            if (history.is(ITEM, Protobuf.BYTES)) {
                Item item = Item.of(history.message());
                hasStep |= item.name.equals("_step");
                member(item.name, item.json, json);
            } else if (history.is(STEP, Protobuf.BYTES)) {
                step = Math.max(step, number(history.message()));
            }
        }
        if (step >= 0 && !hasStep) {
            member("_step", Long.toString(step), json);
        }
        try (JsonParser parser = factory.createParser(json.append('}').toString())) {
            parser.nextToken();
            JsonLinesLog.fields(parser, records);
        } catch (JsonProcessingException e) {
            throw new IOException(JsonLinesLog.firstLine(e.getOriginalMessage()), e);
        }
    }

    private static void member(String name, String json, StringBuilder to) {
        to.append(to.length() > 1 ? "," : "").append(JsonLinesLog.key(name)).append(json);
    }

    /** {@return the number in a HistoryStep, where none stands for 0} */
    private static long number(Protobuf step) {
        long found = 0;
        while (step.next(1, Protobuf.VARINT)) {
            found = step.varint();
        }
        return found;
    }

    /** One logged value: its name, a path's parts with / between them, and its JSON. */
    private record Item(String name, String json) {
        static Item of(Protobuf item) {
            String name = "";
            String nested = "";
            String json = "null";
            while (item.next()) {
                if (item.is(KEY, Protobuf.BYTES)) {
                    name = item.text();
                } else if (item.is(NESTED_KEY, Protobuf.BYTES)) {
                    nested += (nested.isEmpty() ? "" : "/") + item.text();
                } else if (item.is(VALUE, Protobuf.BYTES)) {
                    json = item.text();
                }
            }
            return new Item(name.isEmpty() ? nested : name, json);
        }
    }
}
