package org.etascope.prometheus;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

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
        return new Answer(status, contentType, body, Map.of(header, values));
    }
}
