package org.etascope.cli.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * One JSON object per line. A line that does not begin with a brace is text. Most objects are flat and need no parser
 * proper; for the others one is fed line after line, since making one costs more than most lines.
 */
final class JsonLinesLog extends LineLog {
    private final JsonFactory factory = JsonFields.factory();
    private final JsonFields fields;
    final FlatJson flat;
    private JsonParser json;

    JsonLinesLog(Map<Role, String> given) {
        FieldNames names = new FieldNames(given);
        this.fields = new JsonFields(names);
        this.flat = new FlatJson(names, shapes);
        this.json = newParser();
    }

    private JsonParser newParser() {
        try {
            return factory.createNonBlockingByteArrayParser();
        } catch (IOException e) {
            throw new UncheckedIOException("a parser without input cannot fail", e);
        }
    }

    @Override
    void parse(byte[] line, int from, int to, LossPoint point) throws NotANumberException {
        int at = Bytes.skipSpaces(line, from, to);
        if (at == to || line[at] != '{') {
            return;
        }
        if (flat.read(line, at, to, point)) {
            shapes.complete();
        } else {
            point.clear();
            parsed(line, at, to, point);
        }
    }

    /** The same for any line, by Jackson. */
    void parsed(byte[] line, int from, int to, LossPoint point) throws NotANumberException {
        boolean complete = false;
        try {
            complete = object(line, from, to, point);
        } catch (JsonProcessingException e) {
            throw NotANumberException.line("not valid JSON: " + firstLine(e.getOriginalMessage()), false);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail to be read", e);
        } finally {
            if (!complete) {
                json = newParser();
            }
        }
        if (!complete) {
            throw NotANumberException.line("not valid JSON: the line ends within an object", true);
        }
    }

    private boolean object(byte[] line, int from, int to, LossPoint point) throws IOException, NotANumberException {
        ((ByteArrayFeeder) json.getNonBlockingInputFeeder()).feedInput(line, from, to);
        json.nextToken();
        fields.begin();
        boolean complete = false;
        NotANumberException bad = null;
        for (JsonToken token = json.nextToken(); token != JsonToken.NOT_AVAILABLE; token = json.nextToken()) {
            if (complete) {
                throw NotANumberException.line("not valid JSON: text after the object", false);
            }
            try {
                complete = fields.accept(token, json, point);
            } catch (NotANumberException e) {
                bad = bad == null ? e : bad;
            }
        }
        if (complete && lastSign(line, from, to) != '}') {
            // A number that could go on would be no token yet, and the beginning of the next line for the parser.
            throw NotANumberException.line("not valid JSON: text after the object", false);
        }
        if (complete && bad != null) {
            throw bad;
        }
        return complete;
    }

    private static int lastSign(byte[] line, int from, int to) {
        int i = to - 1;
        while (i > from && line[i] <= ' ' && line[i] >= 0) {
            i--;
        }
        return line[i];
    }

    static String firstLine(String message) {
        String line = message.lines().findFirst().orElse("");
        return line.length() > 100 ? line.substring(0, 100) + "..." : line;
    }
}
