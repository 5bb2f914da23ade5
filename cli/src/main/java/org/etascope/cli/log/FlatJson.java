package org.etascope.cli.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON objects that most lines are: known keys, plain numbers, nothing nested. It refuses whatever needs a
 * second thought (escapes, signs, NaN, quoted numbers, names whose role is still open, any fault), for Jackson to read
 * the line from its beginning; what it does not refuse, Jackson reads alike.
 */
final class FlatJson {
    private static final int MOST_KEYS = 64;
    private static final int LONGEST_KEY = 256;
    private static final List<byte[]> WORDS = List.of(ascii("null"), ascii("true"), ascii("false"));

    private final FieldNames names;
    private final LineShapes shapes;
    private final List<Key> keys = new ArrayList<>();
    private final Decimal number = new Decimal();
    /** Records of a log repeat their keys in the same order. */
    private int likeliestKey;

    private static final class Key {
        /** From its first quote to the value: with the colon, and the spaces that this log has around it. */
        private final byte[] text;

        private final @Nullable Role role;

        Key(byte[] text, @Nullable Role role) {
            this.text = text;
            this.role = role;
        }
    }

    FlatJson(FieldNames names, LineShapes shapes) {
        this.names = names;
        this.shapes = shapes;
    }

    /** {@return whether the line was read; if not, the point may hold some of it} */
    boolean read(byte[] line, int from, int to, LossPoint point) {
        likeliestKey = 0;
        int i = from;
        try {
            do {
                i = field(line, Bytes.skipSpaces(line, i + 1, to), to, point);
            } while (i >= 0 && i < to && line[i] == ',');
        } catch (NotANumberException e) {
            return false;
        }
        return i >= 0 && i < to && line[i] == '}' && Bytes.skipSpaces(line, i + 1, to) == to;
    }

    /** {@return where the sign after a field is, -1 if the field is refused} */
    private int field(byte[] line, int from, int to, LossPoint point) throws NotANumberException {
        Key key = key(line, from, to);
        if (key == null) {
            return -1;
        }
        int value = from + key.text.length;
        int end = key.role == null ? passOver(line, value, to) : value(key.role, line, value, to, point);
        return end < 0 ? -1 : Bytes.skipSpaces(line, end, to);
    }

    private int value(Role role, byte[] line, int from, int to, LossPoint point) throws NotANumberException {
        if (number.read(line, from, to) && number.asInJson()) {
            point.set(role, number.value());
            shapes.took(role, from, number.end);
            return number.end;
        }
        return wordEnd(line, from, to);
    }

    private int passOver(byte[] line, int from, int to) {
        int end = unknownEnd(line, from, to);
        shapes.passedOver(from, Math.max(from, end));
        return end;
    }

    private int unknownEnd(byte[] line, int from, int to) {
        if (from < to && line[from] == '"') {
            return stringEnd(line, from, to);
        }
        int digits = from < to && line[from] == '-' ? from + 1 : from;
        return number.read(line, digits, to) && number.asInJson() ? number.end : wordEnd(line, from, to);
    }

    private static int wordEnd(byte[] line, int from, int to) {
        for (byte[] word : WORDS) {
            if (Bytes.startsWith(line, from, to, word)) {
                return from + word.length;
            }
        }
        return -1;
    }

    /** {@return where a string without escapes ends, -1 if it has some, or if it has more than ASCII} */
    private static int stringEnd(byte[] line, int from, int to) {
        for (int i = from + 1; i < to && line[i] >= ' ' && line[i] != '\\'; i++) {
            if (line[i] == '"') {
                return i + 1;
            }
        }
        return -1;
    }

    private @Nullable Key key(byte[] line, int from, int to) {
        int first = likeliestKey;
        for (int i = first; i < first + keys.size(); i++) {
            int at = i < keys.size() ? i : i - keys.size();
            Key key = keys.get(at);
            if (Bytes.startsWith(line, from, to, key.text)) {
                likeliestKey = at + 1;
                return key;
            }
        }
        return newKey(line, from, to);
    }

    private @Nullable Key newKey(byte[] line, int from, int to) {
        int end = from < to && line[from] == '"' ? stringEnd(line, from, to) : -1;
        if (end < 0 || end - from > LONGEST_KEY || keys.size() == MOST_KEYS) {
            return null;
        }
        int colon = Bytes.skipSpaces(line, end, to);
        if (colon == to || line[colon] != ':') {
            return null;
        }
        String name = new String(line, from + 1, end - from - 2, StandardCharsets.US_ASCII);
        if (!names.isSettled(name)) {
            return null;
        }
        int value = Bytes.skipSpaces(line, colon + 1, to);
        Key key = new Key(Arrays.copyOfRange(line, from, value), names.role(name));
        keys.add(key);
        likeliestKey = keys.size();
        return key;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
