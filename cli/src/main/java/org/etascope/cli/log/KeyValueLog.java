package org.etascope.cli.log;

import java.util.Arrays;
import java.util.Map;

/**
 * Lines of {@code key:value} words that begin with the step: llm.c's {@code s:12 trl:9.79 lr:0.000012} and
 * modded-nanogpt's {@code step:12/20000 train_loss:9.79 train_time:24ms}. A prefix such as a time or a rank may stand
 * before the step; a longer word that ends in it ({@code warmup_step:}) is another thing.
 */
final class KeyValueLog extends LineLog {
    private enum Meaning {
        LOSS,
        VALIDATION,
        LEARNING_RATE,
        ELAPSED_MILLIS
    }

    private record Key(String text, Meaning meaning) {}

    private final String stepKey;
    /** The keys by their first letter, so that most other words are passed over at their first byte. */
    private final Key[][] keys = new Key[128][0];

    private KeyValueLog(String stepKey, Map<String, Meaning> keys) {
        this.stepKey = stepKey;
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
        int at = Bytes.indexOfWord(line, from, to, stepKey);
        if (at < 0) {
            return;
        }
        int digits = at + stepKey.length();
        int i = Bytes.digitsEnd(line, digits, to);
        if (i == digits) {
            return;
        }
        double step = Numbers.parse("step", line, digits, i);
        i = Bytes.wordEnd(line, i, to);
        while (i < to) {
            int word = Bytes.skipSpaces(line, i + (line[i] == ',' ? 1 : 0), to);
            i = Bytes.wordEnd(line, word, to);
            word(line, word, i, point);
        }
        if (point.holdsData()) {
            point.step = Numbers.count("step", step);
        }
    }

    private void word(byte[] line, int from, int to, LossPoint point) throws NotANumberException {
        if (from == to || line[from] < 0) {
            return;
        }
        for (Key key : keys[line[from]]) {
            if (Bytes.startsWith(line, from, to, key.text)) {
                value(key.meaning, line, from + key.text.length(), to, point);
                return;
            }
        }
    }

    private static void value(Meaning meaning, byte[] line, int from, int to, LossPoint point)
            throws NotANumberException {
        switch (meaning) {
            case LOSS -> {
                point.loss = Numbers.parse("loss", line, from, to);
                point.hasLoss = true;
            }
            case VALIDATION -> {
                point.validation = Numbers.parse("validation loss", line, from, to);
                point.hasValidation = true;
            }
            case LEARNING_RATE -> point.learningRate = Numbers.parse("lr", line, from, to);
            case ELAPSED_MILLIS -> {
                // "24ms"; another unit would be another thing.
                int end = Bytes.digitsEnd(line, from, to);
                if (end > from && to - end == 2 && line[end] == 'm' && line[end + 1] == 's') {
                    point.elapsedMillis = Numbers.count("train_time", Numbers.parse("train_time", line, from, end));
                }
            }
        }
    }
}
