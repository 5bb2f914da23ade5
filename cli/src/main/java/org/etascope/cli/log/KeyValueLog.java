package org.etascope.cli.log;

import org.jspecify.annotations.Nullable;

/**
 * Lines of {@code key:value} words that begin with the step: llm.c's {@code s:12 trl:9.79 lr:0.000012} and
 * modded-nanogpt's {@code step:12/20000 train_loss:9.79 train_time:24ms}. A prefix such as a time or a rank may stand
 * before the step; a longer word that ends in it ({@code warmup_step:}) is another thing.
 */
final class KeyValueLog extends LineLog {
    private static final class Key {
        private final Word text;
        private final Role role;

        Key(String text, Role role) {
            this.text = new Word(text);
            this.role = role;
        }
    }

    private final String stepKey;
    private final Word stepWord;
    private final Key[] keys;

    private KeyValueLog(String stepKey, Key... keys) {
        this.stepKey = stepKey;
        this.stepWord = new Word(stepKey);
        this.keys = keys;
    }

    static KeyValueLog llmc() {
        return new KeyValueLog(
                "s:",
                new Key("trl:", Role.LOSS),
                new Key("tel:", Role.VALIDATION),
                new Key("lr:", Role.LEARNING_RATE));
    }

    static KeyValueLog moddedNanoGpt() {
        return new KeyValueLog(
                "step:",
                new Key("train_loss:", Role.LOSS),
                new Key("loss:", Role.LOSS),
                new Key("val_loss:", Role.VALIDATION),
                new Key("lr:", Role.LEARNING_RATE),
                new Key("train_time:", Role.ELAPSED));
    }

    @Override
    void parse(byte[] line, int from, int to, LossPoint point) throws NotANumberException {
        int at = stepWord.isAt(line, from, to) ? from : Bytes.indexOfWord(line, from, to, stepKey);
        if (at < 0) {
            return;
        }
        int digits = at + stepKey.length();
        int i = Bytes.digitsEnd(line, digits, to);
        if (i == digits) {
            return;
        }
        double step = Numbers.parse("step", line, digits, i);
        shapes.took(Role.STEP, digits, i);
        i = Bytes.wordEnd(line, i, to);
        while (i < to) {
            i = word(line, Bytes.skipSpaces(line, i + (line[i] == ',' ? 1 : 0), to), to, point);
        }
        if (point.holdsData()) {
            point.step = Numbers.count("step", step);
            shapes.complete(to);
        }
    }

    /** {@return where the word ends that begins there} */
    private int word(byte[] line, int from, int to, LossPoint point) throws NotANumberException {
        int end = Bytes.wordEnd(line, from, to);
        Key key = key(line, from, end);
        if (key == null) {
            shapes.passedOver(from, end);
            return end;
        }
        int start = from + key.text.length();
        if (key.role == Role.ELAPSED) {
            elapsed(line, start, end, point);
        } else {
            point.set(key.role, Numbers.parse(key.role.word(), line, start, end));
            shapes.took(key.role, start, end);
        }
        return end;
    }

    private @Nullable Key key(byte[] line, int from, int to) {
        for (Key key : keys) {
            if (key.text.isAt(line, from, to)) {
                return key;
            }
        }
        return null;
    }

    /** "24ms"; another unit would be another thing. */
    private void elapsed(byte[] line, int from, int to, LossPoint point) throws NotANumberException {
        int end = Bytes.digitsEnd(line, from, to);
        if (end > from && to - end == 2 && line[end] == 'm' && line[end + 1] == 's') {
            point.set(Role.ELAPSED, line, from, end);
            shapes.took(Role.ELAPSED, from, end);
        }
    }
}
