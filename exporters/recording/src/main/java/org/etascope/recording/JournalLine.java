package org.etascope.recording;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One line of a journal: a JSON object with a {@code kind}, a place {@code at} in the list of that kind, a {@code value},
 * and last a CRC-32C of all bytes before it. A line without a value says that its list ends there.
 *
 * @param kind which list
 * @param at index in it
 * @param value the entry, or null
 */
record JournalLine(String kind, int at, @Nullable JsonNode value) {
    static final String HEADER = "etascope_journal";
    static final String MOMENT = "moment";
    /** The writer has gone, the run goes on. */
    static final String LEFT = "left";

    private static final String CHECKSUM = ",\"crc32c\":\"%08x\"}";
    private static final int CHECKSUM_BYTES = String.format(CHECKSUM, 0).length();

    /** {@return the bytes of a line, line feed included} */
    static byte[] bytes(String kind, int at, @Nullable Record value) throws IOException {
        JsonNode entry = value == null ? null : Json.LOSSLESS.valueToTree(value);
        byte[] object = Json.LOSSLESS.writeValueAsBytes(new JournalLine(kind, at, entry));
        ByteArrayOutputStream line = new ByteArrayOutputStream(object.length + CHECKSUM_BYTES);
        // The checksum takes the place of the closing brace.
        int checked = object.length - 1;
        line.write(object, 0, checked);
        line.writeBytes(
                String.format(CHECKSUM + "\n", checksum(object, checked)).getBytes(StandardCharsets.US_ASCII));
        return line.toByteArray();
    }

    /** {@return the line, or null if it is torn or altered} */
    static @Nullable JournalLine parse(byte[] line) {
        int checked = line.length - CHECKSUM_BYTES;
        if (checked <= 0) {
            return null;
        }
        String end = new String(line, checked, CHECKSUM_BYTES, StandardCharsets.ISO_8859_1);
        if (!end.equals(String.format(CHECKSUM, checksum(line, checked)))) {
            return null;
        }
        try {
            return Json.LOSSLESS.readValue(line, JournalLine.class);
        } catch (IOException e) {
            return null;
        }
    }

    /** {@return the entry as a record of the core} */
    <R extends Record> R as(Class<R> type) throws IOException {
        if (value == null || !value.isObject()) {
            throw new IOException("expected an object for " + type.getSimpleName());
        }
        return Json.LOSSLESS.treeToValue(value, type);
    }

    private static long checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return crc.getValue();
    }
}
