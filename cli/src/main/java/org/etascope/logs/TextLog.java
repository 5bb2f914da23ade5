package org.etascope.logs;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etascope.logs.FieldScanner.Field;

/**
 * Lines of text with numbers in them, as any training prints them. Each line is a record of what {@link FieldScanner}
 * finds in it.
 *
 * <p>Where a log prints the step on one line and the losses on others, all lines up to the next step are one record. Of
 * several processes that print into one log, the first one that tells a loss counts. A step that a progress bar counts
 * anew in each epoch goes on from the epochs before: the epoch's number tells, or that the bar was full; else the bar
 * went back. Keras prints the mean of an epoch so far: only the one at its end is taken.
 */
final class TextLog implements LossLog {
    private static final int LONGEST_PREFIX = 80;
    private static final Pattern LABEL = Pattern.compile(
            "(?>\\[(?>default|trainer|worker|\\d{1,5},)?|\\(\\w{1,40} pid=)(\\d{1,9})[]:,)]" + "|(?> *)(\\d{1,5}): ");
    private static final Pattern VALIDATION = Pattern.compile(
            "(?i)(?<![\\w./-])(?:val|valid|validation|eval|evaluation|dev)[])>:| ]+(?!loss|ppl|acc)[a-z]");
    private static final Pattern TRAINING = Pattern.compile("(?i)(?<![\\w./-])train");
    private static final String EPOCH = "epoch";
    private static final double ALMOST_FULL = 0.9;
    private static final double ALMOST_NONE = 0.1;

    private final FieldScanner scanner = new FieldScanner();
    private final boolean blocks;
    private boolean blockIsOpen;
    private long blockRank = -1;
    private long rank = -1;
    private double epoch = Double.NaN;
    private boolean partsOfEpochs;
    private double barEpoch = Double.NaN;
    private double barBase;
    private double barLast;
    private boolean kerasTold;

    /** A reader of lines; in {@code blocks} a record reaches from one step to the next, over several of them. */
    TextLog(boolean blocks) {
        this.blocks = blocks;
    }

    @Override
    public void read(InputStream in, Records records) throws IOException {
        Lines lines = new Lines(in);
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (!line.isEmpty()) {
                line(line, lines, records);
            }
        }
        if (blockIsOpen) {
            records.end();
        }
    }

    private void line(String line, Lines lines, Records records) {
        List<Field> fields = scanner.scan(line);
        long of = rankOf(line, records);
        long first = blockIsOpen ? blockRank : rank;
        if (fields.isEmpty() || (first >= 0 && of >= 0 && of != first)) {
            records.text(1);
            return;
        }
        if (!blocks) {
            records.begin(lines.number());
        } else if (!blockIsOpen || holds(Role.STEP, fields, records)) {
            if (blockIsOpen && records.end()) {
                rank = blockRank;
            }
            blockIsOpen = true;
            blockRank = of;
            records.begin(lines.number());
        }
        boolean taken = fields(line, fields, lines.terminated(), records);
        if (!blocks && taken && records.end() && rank < 0) {
            rank = of;
        }
    }

    private static boolean holds(Role role, List<Field> fields, Records records) {
        return fields.stream().anyMatch(field -> field.text() == null && records.roleOf(field.name()) == role);
    }

    /** {@return whether the line is a record} */
    private boolean fields(String line, List<Field> fields, boolean whole, Records records) {
        records.time(Times.atTheHeadOf(line));
        for (Field field : fields) {
            String name = field.name();
            double value = field.value();
            if (name.isEmpty() || !records.wants(name)) {
                continue;
            }
            if (field.text() != null) {
                // The last line of a log may be half written.
                if (whole) {
                    records.value(name, field.text());
                }
            } else if (name.equals(FieldScanner.FRACTION)) {
                boolean meansOfEpochs = isOfKeras(line, records);
                if (meansOfEpochs && value < field.total()) {
                    records.begin(0);
                    records.text(1);
                    return false;
                }
                // A bar without a loss is of something else, such as a validation.
                boolean ofTraining = blocks || holds(Role.LOSS, fields, records);
                records.value(name, ofTraining ? barStep(value, field.total(), meansOfEpochs) : value);
            } else if (!field.rounded() || records.roleOf(name) != Role.TOTAL_TOKENS) {
                // Of 2.62M tokens the next step is 2.62M, too.
                records.value(name, value);
                if (!blocks && records.roleOf(name) == Role.LOSS && beginsAValidation(line, field.at())) {
                    records.ofValidation();
                }
                if (isEpoch(name)) {
                    // A part of an epoch grows with each step and tells nothing.
                    partsOfEpochs |= value != Math.rint(value);
                    epoch = partsOfEpochs ? Double.NaN : value;
                }
                if (!Double.isNaN(field.total())) {
                    records.total(name, field.total());
                }
            }
        }
        return true;
    }

    /** {@return whether a word before the loss says that it is one of a validation: [valid] step 3 loss 2.1} */
    private static boolean beginsAValidation(String line, int end) {
        return VALIDATION.matcher(line).region(0, end).find()
                && !TRAINING.matcher(line).region(0, end).find();
    }

    private static boolean isEpoch(String name) {
        return EPOCH.equalsIgnoreCase(name.substring(name.lastIndexOf(' ') + 1));
    }

    private double barStep(double step, double total, boolean onlyFullOnes) {
        double all = Math.max(barLast, total);
        if (!Double.isNaN(epoch) && !Double.isNaN(barEpoch)) {
            barBase = Math.max(0, barBase + (epoch - barEpoch) * all);
        } else if (Double.isNaN(epoch)) {
            boolean anew = onlyFullOnes ? step <= barLast : step < ALMOST_NONE * total && barLast > ALMOST_FULL * total;
            barBase += anew ? all : 0;
        }
        barEpoch = epoch;
        barLast = step;
        return barBase + step;
    }

    /** Keras: 12/100 [==>...] - ETA: 3s 30ms/step - loss: 2.3 is the mean since the epoch's beginning. */
    private boolean isOfKeras(String line, Records records) {
        boolean keras = line.contains("s/step")
                || line.contains("s/epoch")
                || line.contains("s/sample")
                || line.contains("s - loss:");
        if (keras && !kerasTold) {
            kerasTold = true;
            records.note(
                    "each loss is the mean over an epoch, as Keras prints it; means so far within one are not taken");
        }
        return keras;
    }

    /**
     * {@return the number of the process that printed a line, -1 if it does not say}
     *
     * <p>As launchers write it: {@code [rank1]:}, {@code [default1]:} (torchrun), {@code [1]:}, {@code 1:} (srun --label),
     * {@code [1,1]<stdout>:} (mpirun --tag-output), {@code (RayTrainWorker pid=1234)}, and {@code rank 1} near the beginning.
     */
    private static long rankOf(String line, Records records) {
        int at = line.indexOf("ank");
        if (at > 0 && at < LONGEST_PREFIX && (line.charAt(at - 1) | 0x20) == 'r') {
            at += 3;
            while (at < line.length() && " =:_".indexOf(line.charAt(at)) >= 0) {
                at++;
            }
            return digits(line, at);
        }
        char begin = line.charAt(0);
        if (begin == '[' || begin == '(' || begin == ' ' || Numbers.isDigit(begin)) {
            Matcher found = LABEL.matcher(line);
            // A number that a line begins with may as well be its step.
            boolean isLabel =
                    found.lookingAt() && (found.group(1) != null || records.roleOf(FieldScanner.FIRST) == null);
            return isLabel ? digits(line, found.start(found.group(1) != null ? 1 : 2)) : -1;
        }
        return -1;
    }

    private static long digits(String line, int from) {
        int end = Numbers.digitsEnd(line, from);
        return end > from && end - from < 10 ? Long.parseLong(line.substring(from, end)) : -1;
    }
}
