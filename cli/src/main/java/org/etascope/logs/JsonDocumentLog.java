package org.etascope.logs;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * One JSON document: lists of numbers are columns, as Keras' history has them ({@code {"loss": [9.8, 9.1], "val_loss":
 * [...]}}), wherever they stand in it; objects in a list are rows. A list of lists is passed over.
 *
 * <p>Of Hugging Face's {@code trainer_state.json} the entries of its {@code log_history} alone are rows, or those of a bare
 * array. An entry's loss is the mean since the entry before. The {@code train_loss} of the closing summary is no step's loss
 * and not taken.
 */
final class JsonDocumentLog implements LossLog {
    private static final int MOST_VALUES = 1 << 24;

    private final @Nullable String only;
    /** Numbers by their name; null and text are NaN. */
    private final Map<String, DoubleStream.Builder> columns = new LinkedHashMap<>();

    private int values;

    /** A reader of all lists, or of {@code only} those of one name. */
    JsonDocumentLog(@Nullable String only) {
        this.only = only;
    }

    @Override
    public void read(InputStream in, Records records) throws IOException {
        try (JsonParser json = JsonLinesLog.factory().createParser(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            String problem = "";
            try {
                document(json, records);
            } catch (JsonProcessingException e) {
                problem = "not valid JSON: " + JsonLinesLog.firstLine(e.getOriginalMessage());
            }
            rows(records);
            if (!problem.isEmpty()) {
                records.unreadable(json.currentLocation().getLineNr(), problem);
            }
        }
    }

    private void document(JsonParser json, Records records) throws IOException {
        String name = "";
        int depth = 0;
        do {
            JsonToken token = json.nextToken();
            if (token == null) {
                return;
            }
            switch (token) {
                case START_OBJECT -> depth++;
                case END_OBJECT -> depth--;
                case FIELD_NAME -> name = json.currentName();
                case START_ARRAY -> list(name, json, records);
                default -> {
                    // Said of the whole.
                }
            }
        } while (depth > 0);
    }

    private void list(String name, JsonParser json, Records records) throws IOException {
        if (only != null && !name.isEmpty() && !name.equals(only)) {
            json.skipChildren();
            return;
        }
        boolean wanted = records.wants(name);
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (token == JsonToken.START_OBJECT) {
                records.begin(json.currentLocation().getLineNr());
                JsonLinesLog.fields(json, records);
                records.end();
            } else if (token == JsonToken.START_ARRAY) {
                json.skipChildren();
            } else if (wanted && values < MOST_VALUES) {
                values++;
                columns.computeIfAbsent(name, column -> DoubleStream.builder())
                        .add(token.isNumeric() ? json.getDoubleValue() : Double.NaN);
            }
        }
    }

    private void rows(Records records) {
        Map<String, double[]> all = new LinkedHashMap<>();
        columns.forEach((name, column) -> all.put(name, column.build().toArray()));
        int rows = all.values().stream().mapToInt(column -> column.length).max().orElse(0);
        for (int row = 0; row < rows; row++) {
            int at = row;
            records.begin(row + 1L);
            all.forEach((name, column) -> {
                if (at < column.length) {
                    records.value(name, column[at]);
                }
            });
            records.end();
        }
    }
}
