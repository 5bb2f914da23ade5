package org.etascope.cli.log;

/**
 * nanoGPT's output: {@code iter 12: loss 9.79, time ...} is a training point, {@code step 250: train loss 3.1, val loss
 * 3.2} an evaluation, of which the validation loss counts (its train loss is an estimate after the fact, no step's
 * loss). {@code tokens per iteration will be: 491,520} says how many tokens a step trains on.
 */
final class NanoGptLog extends LineLog {
    private static final String ITER = "iter ";
    private static final String LOSS = ": loss ";
    private static final String STEP = "step ";
    private static final String TRAIN_LOSS = ": train loss ";
    private static final String VALIDATION_LOSS = "val loss ";
    private static final String TOKENS = "tokens per iteration will be: ";

    private long tokensPerStep = -1;

    @Override
    void parse(byte[] line, int from, int to, LossPoint point) throws NotANumberException {
        point.tokensPerStep = tokensPerStep;
        int at = Bytes.indexOfWord(line, from, to, ITER);
        if (at >= 0) {
            training(line, at + ITER.length(), to, point);
            return;
        }
        at = Bytes.indexOfWord(line, from, to, STEP);
        if (at >= 0) {
            evaluation(line, at + STEP.length(), to, point);
            return;
        }
        at = Bytes.indexOf(line, from, to, TOKENS);
        if (at >= 0) {
            tokensPerStep = digitsWithCommas(line, at + TOKENS.length(), to);
        }
    }

    private static void training(byte[] line, int from, int to, LossPoint point) throws NotANumberException {
        int i = Bytes.digitsEnd(line, from, to);
        if (i > from && Bytes.startsWith(line, i, to, LOSS)) {
            int value = i + LOSS.length();
            point.set(Role.STEP, line, from, i);
            point.set(Role.LOSS, Numbers.parse("loss", line, value, Bytes.wordEnd(line, value, to)));
        }
    }

    private static void evaluation(byte[] line, int from, int to, LossPoint point) throws NotANumberException {
        int i = Bytes.digitsEnd(line, from, to);
        if (i == from || !Bytes.startsWith(line, i, to, TRAIN_LOSS)) {
            return;
        }
        int value = Bytes.indexOfWord(line, i, to, VALIDATION_LOSS);
        if (value >= 0) {
            value += VALIDATION_LOSS.length();
            point.set(Role.STEP, line, from, i);
            point.set(Role.VALIDATION, Numbers.parse("validation loss", line, value, Bytes.wordEnd(line, value, to)));
        }
    }

    private static long digitsWithCommas(byte[] line, int from, int to) {
        long value = 0;
        for (int i = from; i < to && value < Long.MAX_VALUE / 100; i++) {
            if (line[i] >= '0' && line[i] <= '9') {
                value = 10 * value + (line[i] - '0');
            } else if (line[i] != ',') {
                break;
            }
        }
        return value > 0 ? value : -1;
    }
}
