package org.etascope.cli.log;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumMap;
import java.util.Map;

/**
 * The {@code trainer_state.json} of Hugging Face's Trainer: the entries of its {@code log_history}. An entry's loss is
 * the mean since the entry before. The {@code train_loss} of the closing summary is no step's loss and not taken. A bare
 * array of such entries is read as well.
 */
final class HfTrainerLog implements LossLog {
    private static final String HISTORY = "log_history";
    private static final Map<Role, String> NAMES = Map.of(
            Role.STEP, "step",
            Role.LOSS, "loss",
            Role.VALIDATION, "eval_loss",
            Role.LEARNING_RATE, "learning_rate",
            Role.EPOCH, "epoch",
            Role.TOTAL_TOKENS, "num_input_tokens_seen");

    private final JsonFields fields;
    private final LossPoint point = new LossPoint();

    HfTrainerLog(Map<Role, String> given) {
        Map<Role, String> all = new EnumMap<>(NAMES);
        all.putAll(given);
        this.fields = new JsonFields(new FieldNames(all));
    }

    @Override
    public void read(InputStream in, LossSink sink) throws IOException {
        try (JsonParser json = JsonFields.factory().createParser(in)) {
            json.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
            try {
                document(json, sink);
            } catch (JsonProcessingException e) {
                sink.unreadable(
                        ":" + json.currentLocation().getLineNr(),
                        "not valid JSON: " + JsonLinesLog.firstLine(e.getOriginalMessage()));
            }
        }
    }

    private void document(JsonParser json, LossSink sink) throws IOException {
        JsonToken first = json.nextToken();
        if (first == JsonToken.START_ARRAY) {
            entries(json, sink);
        } else if (first == JsonToken.START_OBJECT) {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean history = HISTORY.equals(json.currentName());
                JsonToken value = json.nextToken();
                if (history && value == JsonToken.START_ARRAY) {
                    entries(json, sink);
                } else {
                    json.skipChildren();
                }
            }
        }
    }

    private void entries(JsonParser json, LossSink sink) throws IOException {
        for (JsonToken token = json.nextToken();
                token != null && token != JsonToken.END_ARRAY;
                token = json.nextToken()) {
            if (token == JsonToken.START_OBJECT) {
                entry(json, sink);
            } else {
                json.skipChildren();
                sink.text(1);
            }
        }
    }

    private void entry(JsonParser json, LossSink sink) throws IOException {
        int line = json.currentLocation().getLineNr();
        point.clear();
        fields.begin();
        NotANumberException bad = null;
        boolean complete = false;
        while (!complete) {
            JsonToken token = json.nextToken();
            if (token == null) {
                return;
            }
            try {
                complete = fields.accept(token, json, point);
            } catch (NotANumberException e) {
                bad = bad == null ? e : bad;
            }
        }
        if (bad != null) {
            sink.unreadable(":" + line, String.valueOf(bad.getMessage()));
        } else if (point.holdsData()) {
            // A Trainer that was not told to count tokens writes 0.
            point.totalTokens = point.totalTokens == 0 ? -1 : point.totalTokens;
            sink.point(point);
        } else {
            sink.text(1);
        }
    }
}
