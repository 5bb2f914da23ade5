package org.etascope.prometheus;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * What a request gets.
 *
 * @param status the HTTP status
 * @param contentType what the body is
 * @param body the body; never read itself but through duplicates, so that an answer can be given many times
 * @param headers headers of this answer alone
 */
record Answer(int status, String contentType, ByteBuffer body, Map<String, List<String>> headers) {
    static final String TEXT = "text/plain; charset=utf-8";
    static final String JSON = "application/json";
    private static final int WORTH_COMPRESSING = 1024;

    static Answer of(String contentType, String body) {
        return of(contentType, utf8(body));
    }

    static Answer of(String contentType, ByteBuffer body) {
        return new Answer(200, contentType, body, Map.of());
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** {@return a refusal in one line, which never repeats what the client sent} */
    static Answer refusal(int status, String line) {
        return new Answer(status, TEXT, utf8(line + "\n"), Map.of());
    }

    Answer with(String header, List<String> values) {
        Map<String, List<String>> more = new HashMap<>(headers);
        more.put(header, values);
        return new Answer(status, contentType, body, Map.copyOf(more));
    }

    Answer as(int otherStatus) {
        return new Answer(otherStatus, contentType, body, headers);
    }

    /** {@return the same, compressed, if that is worth it} */
    Answer gzip() {
        if (status != 200 || body.remaining() < WORTH_COMPRESSING) {
            return this;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.remaining() / 3);
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            byte[] plain = new byte[body.remaining()];
            body.duplicate().get(plain);
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return new Answer(status, contentType, ByteBuffer.wrap(bytes.toByteArray()), headers)
                .with("Content-Encoding", List.of("gzip"))
                .with("Vary", List.of("Accept-Encoding"));
    }
}
