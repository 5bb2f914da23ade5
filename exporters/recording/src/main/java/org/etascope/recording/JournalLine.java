package org.etascope.recording;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One line of a journal: a JSON object with a {@code kind}, a place {@code at} in the list of that kind, a {@code value},
 * and last a CRC-32C of all bytes before it. A line without a value says that its list ends there.
 *
 * @param kind which list
 * @param at index in it
 * @param value the entry as parsed, or null
 */
record JournalLine(String kind, int at, @Nullable Object value) {
    static final String HEADER = "etascope_journal";
    static final String MOMENT = "moment";
    static final String POINT = "point";
    static final String VALIDATION = "validation";
    static final String EVENT = "event";

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final String CHECKSUM = ",\"crc32c\":\"%08x\"}";
    private static final int CHECKSUM_BYTES = String.format(CHECKSUM, 0).length();

    /** {@return the bytes of a line, line feed included} */
    static byte[] bytes(String kind, int at, @Nullable Record value) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("kind", kind);
            json.writeNumberField("at", at);
            if (value != null) {
                json.writeFieldName("value");
                RecordJson.write(json, value);
            }
            json.flush();
            line.writeBytes(String.format(CHECKSUM + "\n", checksum(line.toByteArray(), line.size()))
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] bytes = line.toByteArray();
            json.writeEndObject();
            return bytes;
        }
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
        try (JsonParser json = FACTORY.createParser(line)) {
            json.nextToken();
            return RecordJson.parse(json) instanceof Map<?, ?> object
                            && object.get("kind") instanceof String kind
                            && object.get("at") instanceof Long at
                    ? new JournalLine(kind, at.intValue(), object.get("value"))
                    : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static long checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return crc.getValue();
    }
}
