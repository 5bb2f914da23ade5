package org.etascope.cli.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lines of {@code key:value} words that begin with the step: llm.c's {@code s:12 trl:9.79 lr:0.000012} and
 * modded-nanogpt's {@code step:12/20000 train_loss:9.79 train_time:24ms}. A prefix such as a time or a rank may stand
 * before the step; a longer word that ends in it ({@code warmup_step:}) is another thing.
 */
final class KeyValueLog extends LineLog {
    private enum Meaning {
        LOSS("loss", Role.LOSS),
        VALIDATION("validation loss", Role.VALIDATION),
        LEARNING_RATE("lr", Role.LEARNING_RATE),
        /** Not a point in time but a duration, which has no role of its own: a line with it has no shape. */
        ELAPSED_MILLIS("train_time", Role.TIME);

        private final String label;
        private final Role role;

        Meaning(String label, Role role) {
            this.label = label;
            this.role = role;
        }
    }

    private static final class Key {
        private final byte[] text;
        private final Meaning meaning;

        Key(String text, Meaning meaning) {
            this.text = text.getBytes(StandardCharsets.US_ASCII);
            this.meaning = meaning;
        }
    }

    private final String stepKey;
    private final byte[] stepBytes;
    private final Decimal number = new Decimal();
    /** The keys by their first letter, so that most other words are passed over at their first byte. */
    private final Key[][] keys = new Key[128][0];

    private KeyValueLog(String stepKey, Map<String, Meaning> keys) {
        this.stepKey = stepKey;
        this.stepBytes = stepKey.getBytes(StandardCharsets.US_ASCII);
        keys.forEach((text, meaning) -> {
            Key[] others = this.keys[text.charAt(0)];
            Key[] all = Arrays.copyOf(others, others.length + 1);
            all[others.length] = new Key(text, meaning);
            this.keys[text.charAt(0)] = all;
        });
    }

    static KeyValueLog llmc() {
        return new KeyValueLog(
                "s:", Map.of("trl:", Meaning.LOSS, "tel:", Meaning.VALIDATION, "lr:", Meaning.LEARNING_RATE));
    }

    static KeyValueLog moddedNanoGpt() {
        return new KeyValueLog(
                "step:",
                Map.of(
                        "train_loss:",
                        Meaning.LOSS,
                        "loss:",
                        Meaning.LOSS,
                        "val_loss:",
                        Meaning.VALIDATION,
                        "lr:",
                        Meaning.LEARNING_RATE,
                        "train_time:",
                        Meaning.ELAPSED_MILLIS));
    }

    @Override
    void parse(byte[] line, int from, int to, LossPoint point) throws NotANumberException {
        int at = Bytes.startsWith(line, from, to, stepBytes) ? from : Bytes.indexOfWord(line, from, to, stepKey);
        if (at < 0) {
            return;
        }
        int digits = at + stepKey.length();
        int i = Bytes.digitsEnd(line, digits, to);
        if (i == digits) {
            return;
        }
        shapes.passedOver(from, at);
        shapes.took(Role.STEP, digits, i);
        double step = number.read(line, digits, i) ? number.value() : Numbers.parse("step", line, digits, i);
        i = Bytes.wordEnd(line, i, to);
        while (i < to) {
            i = word(line, Bytes.skipSpaces(line, i + (line[i] == ',' ? 1 : 0), to), to, point);
        }
        if (point.holdsData()) {
            point.step = Numbers.count("step", step);
        }
        if (point.elapsedMillis < 0) {
            // Else it holds what has no role.
            shapes.complete();
        }
    }

    /** {@return where the word ends that begins there} */
    private int word(byte[] line, int from, int to, LossPoint point) throws NotANumberException {
        Key key = key(line, from, to);
        if (key == null) {
            int end = Bytes.wordEnd(line, from, to);
            shapes.passedOver(from, end);
            return end;
        }
        int start = from + key.text.length;
        if (key.meaning == Meaning.ELAPSED_MILLIS) {
            int end = Bytes.wordEnd(line, start, to);
            elapsed(line, start, end, point);
            return end;
        }
        // Nearly always a plain number, which ends where the word does.
        if (number.read(line, start, to) && Bytes.isWordEnd(line, number.end, to)) {
            take(key.meaning, number.value(), point);
            shapes.took(key.meaning.role, start, number.end);
            return number.end;
        }
        int end = Bytes.wordEnd(line, start, to);
        take(key.meaning, Numbers.parse(key.meaning.label, line, start, end), point);
        shapes.took(key.meaning.role, start, end);
        return end;
    }

    private @Nullable Key key(byte[] line, int from, int to) {
        if (from == to || line[from] < 0) {
            return null;
        }
        for (Key key : keys[line[from]]) {
            if (Bytes.startsWith(line, from, to, key.text)) {
                return key;
            }
        }
        return null;
    }

    private static void take(Meaning meaning, double value, LossPoint point) {
        switch (meaning) {
            case LOSS -> {
                point.loss = value;
                point.hasLoss = true;
            }
            case VALIDATION -> {
                point.validation = value;
                point.hasValidation = true;
            }
            default -> point.learningRate = value;
        }
    }

    /** "24ms"; another unit would be another thing. */
    private static void elapsed(byte[] line, int from, int to, LossPoint point) throws NotANumberException {
        int end = Bytes.digitsEnd(line, from, to);
        if (end > from && to - end == 2 && line[end] == 'm' && line[end + 1] == 's') {
            String label = Meaning.ELAPSED_MILLIS.label;
            point.elapsedMillis = Numbers.count(label, Numbers.parse(label, line, from, end));
        }
    }
}
