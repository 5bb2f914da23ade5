package org.etascope.prometheus;

import java.util.List;
import java.util.Map;

/**
 * What a request gets.
 *
 * @param status the HTTP status
 * @param contentType what the body is
 * @param body the body
 * @param headers headers of this answer alone
 */
record Answer(int status, String contentType, String body, Map<String, List<String>> headers) {
    static final String TEXT = "text/plain; charset=utf-8";
    static final String JSON = "application/json";

    static Answer of(String contentType, String body) {
        return new Answer(200, contentType, body, Map.of());
    }

    /** {@return a refusal in one line, which never repeats what the client sent} */
    static Answer refusal(int status, String line) {
        return new Answer(status, TEXT, line + "\n", Map.of());
    }

    Answer with(String header, List<String> values) {
        return new Answer(status, contentType, body, Map.of(header, values));
    }
}
