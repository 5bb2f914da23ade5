package org.etascope.cli.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Takes one JSON object, token by token, into a {@link LossPoint}. Objects within it give names with a slash
 * ({@code {"train": {"loss": 1}}} is {@code train/loss}); arrays are passed over. Numbers may be strings, since some
 * writers quote NaN; null is a gap.
 */
final class JsonFields {
    private static final int DEEPEST_NAME = 8;

    private final FieldNames names;
    private final Deque<String> prefixes = new ArrayDeque<>();
    private String name = "";
    private int arrays;
    private int depth;

    JsonFields(FieldNames names) {
        this.names = names;
    }

    /** {@return a factory that understands bare NaN and Infinity and looks for no other file} */
    static JsonFactory factory() {
        return new JsonFactoryBuilder()
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                .build();
    }

    /** Begins an object whose opening brace has been read. */
    void begin() {
        prefixes.clear();
        arrays = 0;
        depth = 1;
    }

    /** {@return whether the object is complete with this token} */
    boolean accept(JsonToken token, JsonParser json, LossPoint point) throws IOException, NotANumberException {
        switch (token) {
            case START_ARRAY -> arrays++;
            case END_ARRAY -> arrays--;
            case START_OBJECT -> {
                depth++;
                prefixes.push(depth <= DEEPEST_NAME ? path(name) : "");
            }
            case END_OBJECT -> {
                depth--;
                if (depth == 0) {
                    names.endRecord(point.holdsData());
                    return true;
                }
                prefixes.pop();
            }
            case FIELD_NAME -> name = json.currentName();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_STRING -> {
                if (arrays == 0) {
                    value(token, json, point);
                }
            }
            default -> {
                // null, true and false are no numbers.
            }
        }
        return false;
    }

    private String path(String last) {
        String prefix = prefixes.peek();
        return prefix == null || prefix.isEmpty() ? last : prefix + "/" + last;
    }

    private void value(JsonToken token, JsonParser json, LossPoint point) throws IOException, NotANumberException {
        Role role = names.role(prefixes.isEmpty() ? name : path(name));
        if (role == null) {
            return;
        }
        if (token == JsonToken.VALUE_STRING) {
            byte[] text = json.getText().strip().getBytes(StandardCharsets.UTF_8);
            point.set(role, text, 0, text.length);
        } else {
            point.set(role, json.getDoubleValue());
        }
    }
}
