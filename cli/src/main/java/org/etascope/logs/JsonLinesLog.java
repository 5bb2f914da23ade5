package org.etascope.logs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One JSON object per line. A line that does not begin with a brace is text. Objects within an object give names with a
 * slash ({@code {"train": {"loss": 1}}} is {@code train/loss}); arrays are passed over. Numbers may be strings, since some
 * writers quote NaN.
 */
final class JsonLinesLog implements LossLog {
    private static final int DEEPEST_NAME = 8;

    private final JsonFactory factory = factory();

    /** {@return a factory whose parsers understand bare NaN and Infinity, and leave their stream open} */
    static JsonFactory factory() {
        return new JsonFactoryBuilder()
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
                .build();
    }

    @Override
    public void read(InputStream in, Records records) throws IOException {
        Lines lines = new Lines(in);
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (line.isBlank()) {
                continue;
            }
            if (line.stripLeading().charAt(0) != '{') {
                records.text(1);
                continue;
            }
            records.begin(lines.number());
            try (JsonParser json = factory.createParser(line)) {
                object(json, records);
                records.end();
            } catch (JsonProcessingException e) {
                // The last line of a log may be half written.
                if (lines.terminated()) {
                    records.unreadable(lines.number(), "not valid JSON: " + firstLine(e.getOriginalMessage()));
                } else {
                    records.text(1);
                }
            }
        }
    }

    private static void object(JsonParser json, Records records) throws IOException {
        json.nextToken();
        fields(json, records);
        if (json.nextToken() != null) {
            throw new JsonParseException(json, "text after the object");
        }
    }

    /** Takes the fields of an object whose opening brace is the current token, up to its closing one. */
    static void fields(JsonParser json, Records records) throws IOException {
        Deque<String> prefixes = new ArrayDeque<>();
        String prefix = "";
        String name = "";
        int arrays = 0;
        while (true) {
            JsonToken token = json.nextToken();
            if (token == null) {
                throw new JsonParseException(json, "it ends within an object");
            }
            switch (token) {
                case START_ARRAY -> arrays++;
                case END_ARRAY -> arrays--;
                case START_OBJECT -> {
                    prefixes.push(prefix);
                    prefix = prefixes.size() < DEEPEST_NAME ? prefix + name + "/" : prefix;
                }
                case END_OBJECT -> {
                    if (prefixes.isEmpty()) {
                        return;
                    }
                    prefix = prefixes.pop();
                }
                case FIELD_NAME -> name = json.currentName();
                default -> {
                    if (arrays == 0) {
                        value(token, prefix.isEmpty() ? name : prefix + name, json, records);
                    }
                }
            }
        }
    }

    private static void value(JsonToken token, String name, JsonParser json, Records records) throws IOException {
        if (!records.wants(name)) {
            return;
        }
        switch (token) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> records.value(name, json.getDoubleValue());
            case VALUE_STRING -> records.value(name, json.getText().strip());
            case VALUE_NULL -> records.none(name);
            default -> {
                // true and false are no numbers.
            }
        }
    }

    /** {@return a name as it stands before its value} */
    static String key(String name) {
        return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(name)) + "\":";
    }

    static String firstLine(String message) {
        return NotANumberException.printable(message.lines().findFirst().orElse(""));
    }
}
