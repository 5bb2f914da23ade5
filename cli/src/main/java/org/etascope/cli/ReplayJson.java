package org.etascope.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** What only the log tells of a replayed run: keys {@code format}, {@code restarts} and {@code notes}. */
final class ReplayJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private ReplayJson() {}

    /** {@return the keys, each with a comma before it} */
    static String ofLog(RunFeed feed, String format) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("format", format);
            json.writeNumberField("restarts", feed.restarts());
            json.writeArrayFieldStart("notes");
            for (String note : feed.notes()) {
                json.writeString(note);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail to be written", e);
        }
        String object = text.toString();
        return "," + object.substring(1, object.length() - 1);
    }
}
