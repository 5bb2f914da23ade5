package org.etascope.logs;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code trainer_state.json} of Hugging Face's Trainer: the entries of its {@code log_history}. An entry's loss is
 * the mean since the entry before. The {@code train_loss} of the closing summary is no step's loss and not taken. A bare
 * array of such entries is read as well.
 */
final class HfTrainerLog implements LossLog {
    private static final String HISTORY = "log_history";

    /** The names of an entry; what the user gave comes in their place. */
    static final Map<String, Role> NAMES = Map.of(
            "step", Role.STEP,
            "loss", Role.LOSS,
            "eval_loss", Role.VALIDATION,
            "learning_rate", Role.LEARNING_RATE,
            "grad_norm", Role.GRADIENT_NORM,
            "epoch", Role.EPOCH,
            "num_input_tokens_seen", Role.TOTAL_TOKENS);

    @Override
    public void read(InputStream in, Records records) throws IOException {
        try (JsonParser json = JsonLinesLog.factory().createParser(in)) {
            try {
                document(json, records);
            } catch (JsonProcessingException e) {
                records.unreadable(
                        json.currentLocation().getLineNr(),
                        "not valid JSON: " + JsonLinesLog.firstLine(e.getOriginalMessage()));
            }
        }
    }

    private static void document(JsonParser json, Records records) throws IOException {
        JsonToken first = json.nextToken();
        if (first == JsonToken.START_ARRAY) {
            entries(json, records);
        } else if (first == JsonToken.START_OBJECT) {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean history = HISTORY.equals(json.currentName());
                JsonToken value = json.nextToken();
                if (history && value == JsonToken.START_ARRAY) {
                    entries(json, records);
                } else {
                    json.skipChildren();
                }
            }
        }
    }

    private static void entries(JsonParser json, Records records) throws IOException {
        for (@Nullable JsonToken token = json.nextToken();
                token != null && token != JsonToken.END_ARRAY;
                token = json.nextToken()) {
            if (token == JsonToken.START_OBJECT) {
                records.begin(json.currentLocation().getLineNr());
                JsonLinesLog.fields(json, records);
                records.end();
            } else {
                json.skipChildren();
                records.text(1);
            }
        }
    }
}
