package org.etascope.cli.log;

/**
 * Megatron-LM's output: {@code iteration 100/ 500000 | consumed samples: 51200 | ... | lm loss: 7.1E+00 | ... | number of
 * skipped iterations: 0 | number of nan iterations: 0 |}, the loss being the mean since the line before, and {@code
 * validation loss at iteration 1000 | lm loss value: 2.5E+00 | ...}. A time in brackets before it is used, as UTC.
 */
final class MegatronLog extends LineLog {
    private static final String ITERATION = "iteration ";
    private static final String VALIDATION = "validation loss at iteration ";

    private enum Field {
        SAMPLES("consumed samples"),
        LEARNING_RATE("learning rate"),
        LOSS("lm loss"),
        SKIPPED("number of skipped iterations"),
        NAN("number of nan iterations"),
        VALIDATION("lm loss value");

        private final String name;

        Field(String name) {
            this.name = name + ":";
        }
    }

    @Override
    void parse(byte[] line, int from, int to, LossPoint point) throws NotANumberException {
        int bar = indexOf(line, '|', from, to);
        if (bar == to) {
            return;
        }
        int at = Bytes.indexOf(line, from, bar, VALIDATION);
        boolean validation = at >= 0;
        at = validation ? at + VALIDATION.length() : afterIteration(line, from, bar);
        if (at < 0) {
            return;
        }
        int step = Bytes.skipSpaces(line, at, bar);
        int end = Bytes.digitsEnd(line, step, bar);
        if (end == step) {
            return;
        }
        int i = bar;
        while (i < to) {
            int next = indexOf(line, '|', i + 1, to);
            field(line, Bytes.skipSpaces(line, i + 1, next), next, validation, point);
            i = next;
        }
        if (point.nonFiniteSteps > 0) {
            // An interval of nothing but NaN has no loss to print.
            point.hasLoss = true;
        }
        point.set(Role.STEP, line, step, end);
        time(line, from, at, point);
    }

    private static int afterIteration(byte[] line, int from, int bar) {
        int at = Bytes.indexOfWord(line, from, bar, ITERATION);
        return at < 0 ? -1 : at + ITERATION.length();
    }

    private static void field(byte[] line, int from, int to, boolean validation, LossPoint point)
            throws NotANumberException {
        for (Field field : Field.values()) {
            if (Bytes.startsWith(line, from, to, field.name)) {
                int value = Bytes.skipSpaces(line, from + field.name.length(), to);
                take(field, line, value, Bytes.wordEnd(line, value, to), validation, point);
                return;
            }
        }
    }

    private static void take(Field field, byte[] line, int from, int to, boolean validation, LossPoint point)
            throws NotANumberException {
        switch (field) {
            case SAMPLES -> point.set(Role.SAMPLES, line, from, to);
            case LEARNING_RATE -> point.set(Role.LEARNING_RATE, line, from, to);
            case LOSS -> point.set(Role.LOSS, Numbers.parse("lm loss", line, from, to));
            case SKIPPED -> point.skippedSteps = Numbers.count("skipped", Numbers.parse("skipped", line, from, to));
            case NAN -> point.nonFiniteSteps = Numbers.count("nan", Numbers.parse("nan", line, from, to));
            case VALIDATION -> {
                if (validation) {
                    point.set(Role.VALIDATION, Numbers.parse("validation loss", line, from, to));
                }
            }
        }
    }

    private static void time(byte[] line, int from, int to, LossPoint point) {
        int open = indexOf(line, '[', from, to);
        int close = indexOf(line, ']', open, to);
        if (close < to) {
            point.epochMillis = Times.millis(line, open + 1, close);
        }
    }

    private static int indexOf(byte[] line, char c, int from, int to) {
        for (int i = from; i < to; i++) {
            if (line[i] == c) {
                return i;
            }
        }
        return to;
    }
}
