package org.etascope.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.etascope.core.Baseline;
import org.etascope.core.CurvePoint;
import org.etascope.core.InvalidStateException;
import org.etascope.core.Losses;
import org.etascope.core.Progress;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.core.RunState;
import org.etascope.core.RunStatistics;
import org.etascope.core.Slope;
import org.etascope.core.Validation;
import org.etascope.core.ValidationPoint;
import org.etascope.core.Verdict;
import org.junit.jupiter.api.Test;

/**
 * State files that earlier versions wrote are read for ever, and mean what they meant: each is read, shown, trained on
 * with and shown again, and every number is held against a text that was written down with the file.
 *
 * <p>The run in state-1.bin is flat by its validation losses; its third segment began at step 300, its fifth epoch is
 * under way, its last two losses were NaN, and in both its open bins the lowest and the highest loss stand out. That the
 * text would notice a change is shown too: in a copy of the file each field is altered, and each two fields of one type are
 * exchanged, and the text must differ every time.
 */
class GoldenStateTest {
    private static final Map<Double, String> WORDS = new HashMap<>();

    /**
     * The fields of format 1 behind the run's name, in their order. J long, D double, I int, Z boolean, U text; small
     * letters: an array of them.
     */
    private static final String FORMAT_1 = "JD" // size
            + "JJJDDJJJDDJIJJZJJDDDDDDZUJJJ" // counts, epochs, rates, phase
            + "DDUZZDZZJD" // baseline
            + "IDJDDDDDDdd" // curve
            + "IDJDDDDDDdd" // validation curve
            + "DDDDDIDDDDDIZZD" // detector
            + "DDDDDIDDDDDIZZD" // validation detector
            + "jjjjdddddddddd"; // history

    /**
     * Fields without a meaning in this state: whether the first step was lost (36, 37; the early state has one). And those
     * of the verdict, which begins anew: evaluations in a row (29), what the curve's history says too (40, 47 to 50), the open
     * bin of the validation losses (51 to 59), the detectors (62 to 91).
     */
    private static boolean counts(Field field) {
        int i = field.index();
        return !(i == 29 || i == 36 || i == 37 || i == 40 || (i >= 47 && i <= 59) || (i >= 62 && i <= 91));
    }

    /** Steps as the run in the file had them up to t = 1,515; from 1,516 on it goes on with them. */
    private static void drive(RunMonitor monitor, int from, int to) {
        for (int t = from; t <= to; t++) {
            Random random = new Random(t);
            double loss = 1.5 + 3.1 * Math.pow(1 + Math.min(t, 420) / 5.0, -0.5) + 0.02 * random.nextGaussian();
            monitor.learningRate(0.01 * (1 - t / 5_000.0));
            monitor.position(t + 7, t / 350);
            monitor.step(1_600 + t % 3, lost(t) ? Double.NaN : loss + outlier(t), 1_000_000L + 40L * t);
            if (t % 13 == 0) {
                monitor.skip();
            }
            if (t % 9 == 0) {
                monitor.validation(loss + 0.1 + 1e-5 * t + validationOutlier(t));
            }
        }
    }

    private static boolean lost(int t) {
        return t % 101 == 0 || t == 1_514 || t == 1_515;
    }

    /** Makes the lowest and the highest loss of the bin that is open in the file. */
    private static double outlier(int t) {
        return t == 1_509 ? -0.5 : t == 1_510 ? 0.5 : 0;
    }

    /** The same for the validation losses, and a best one before them. */
    private static double validationOutlier(int t) {
        return t == 900 ? -0.7 : t == 1_494 ? -0.5 : t == 1_503 ? 0.5 : 0;
    }

    @Test
    void format1_ofAValidatedRun_meansWhatItMeant() throws IOException {
        assertThat(story(resource("state-1.bin"), GoldenStateTest::goOn)).isEqualTo(text("state-1.txt"));
    }

    @Test
    void format1_beforeTheBaseline_meansWhatItMeant() throws IOException {
        assertThat(story(resource("state-1-early.bin"), monitor -> monitor.step(1_600, 4.5, 2_000)))
                .isEqualTo(text("state-1-early.txt"));
    }

    private static void goOn(RunMonitor monitor) {
        monitor.startEpoch();
        drive(monitor, 1_516, 1_640);
        monitor.endEpoch();
        drive(monitor, 1_641, 1_800);
        // So long that the fewest points of a bin count, and not its width.
        for (int t = 1; t <= 30; t++) {
            monitor.step(400_000, 1.85 + 0.001 * (t % 5), 2_000_000L + t);
            monitor.validation(1.95 + 0.001 * (t % 3));
        }
    }

    @Test
    void format1_withAFieldAlteredOrTwoExchanged_meansSomethingElse() throws IOException {
        byte[] golden = resource("state-1.bin");
        Story meant = new Story(story(golden, monitor -> {}), story(golden, GoldenStateTest::goOn));
        List<Field> fields =
                fields(golden).stream().filter(GoldenStateTest::counts).toList();
        List<String> unnoticed = new ArrayList<>();
        for (Field field : fields) {
            if (meant.isThatOf(altered(golden, field, 1)) && meant.isThatOf(altered(golden, field, -1))) {
                unnoticed.add("" + field.index());
            }
        }
        assertThat(unnoticed).as("altered, without notice").isEmpty();
        for (Field a : fields) {
            for (Field b : fields) {
                if (a.index() < b.index()
                        && a.type() == b.type()
                        && a.length() == b.length()
                        && !equal(golden, a, b)
                        && meant.isThatOf(exchanged(golden, a, b))) {
                    unnoticed.add(a.index() + " and " + b.index());
                }
            }
        }
        assertThat(unnoticed).as("exchanged, without notice").isEmpty();
    }

    private record Field(int index, char type, int at, int length) {}

    private static List<Field> fields(byte[] state) {
        ByteBuffer bytes = ByteBuffer.wrap(state);
        int at = 16 + 4 + bytes.getInt(16);
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < FORMAT_1.length(); i++) {
            char type = FORMAT_1.charAt(i);
            int length = switch (type) {
                case 'J', 'D' -> 8;
                case 'I' -> 4;
                case 'Z' -> 1;
                case 'U' -> 2 + bytes.getShort(at);
                default -> 4 + 8 * bytes.getInt(at);
            };
            fields.add(new Field(fields.size(), type, at, length));
            at += length;
        }
        assertThat(at).as("end of the fields").isEqualTo(state.length - 4);
        return fields;
    }

    private static byte[] altered(byte[] golden, Field field, int sign) {
        byte[] copy = golden.clone();
        ByteBuffer bytes = ByteBuffer.wrap(copy);
        int last = field.at() + field.length() - 8;
        switch (field.type()) {
            case 'J', 'j' -> bytes.putLong(last, bytes.getLong(last) + sign);
            case 'D', 'd' -> bytes.putDouble(last, altered(bytes.getDouble(last), sign));
            case 'I' -> bytes.putInt(field.at(), bytes.getInt(field.at()) + sign);
            case 'Z' -> copy[field.at()] ^= 1;
            default -> copy[field.at() + 3]++; // a constant that there is not
        }
        return sealed(copy);
    }

    private static double altered(double value, int sign) {
        return Double.isNaN(value) ? 1 : value == 0 ? sign : value * (1 + 0.01 * sign);
    }

    private static boolean equal(byte[] golden, Field a, Field b) {
        return Arrays.equals(golden, a.at(), a.at() + a.length(), golden, b.at(), b.at() + b.length());
    }

    private static byte[] exchanged(byte[] golden, Field a, Field b) {
        byte[] copy = golden.clone();
        System.arraycopy(golden, a.at(), copy, b.at(), a.length());
        System.arraycopy(golden, b.at(), copy, a.at(), a.length());
        return sealed(copy);
    }

    private static byte[] sealed(byte[] state) {
        CRC32C crc = new CRC32C();
        crc.update(state, 0, state.length - 4);
        ByteBuffer.wrap(state).putInt(state.length - 4, (int) crc.getValue());
        return state;
    }

    /** What a state says at once, and after training that went on from it. */
    private record Story(String read, String trainedOn) {
        boolean isThatOf(byte[] other) throws IOException {
            try {
                return story(other, monitor -> {}).equals(read)
                        && story(other, GoldenStateTest::goOn).equals(trainedOn);
            } catch (InvalidStateException e) {
                return false;
            }
        }
    }

    /** {@return what a state says, and how it goes on} */
    private static String story(byte[] state, Consumer<RunMonitor> training) throws IOException {
        RunState read = RunState.fromBytes(state);
        RunMonitor monitor = RunMonitor.builder(read.run()).clock(() -> 0).build();
        monitor.restore(read);
        RunStatistics sum = read.statistics();
        String before = "sum " + sum.codeLengthSum() + " " + sum.codeLengthCompensation() + "\n" + describe(monitor);
        training.accept(monitor);
        return "read\n" + before + "later\n" + describe(monitor);
    }

    private static String describe(RunMonitor monitor) {
        RunSnapshot s = monitor.snapshot();
        List<String> lines = new ArrayList<>();
        line(lines, "run", s.info().run());
        line(lines, "model_size", s.info().size().parameters(), s.info().size().bitsPerParameter());
        line(lines, "vocabulary", s.info().vocabularySize());
        Progress p = s.progress();
        line(lines, "counts", p.steps(), p.points(), p.tokens(), p.nonFiniteSteps(), p.skippedSteps(), p.segment());
        line(
                lines,
                "position",
                whole(p.position().iteration()),
                whole(p.position().epoch()),
                p.position().epochs(),
                p.uniqueTokens());
        line(lines, "learning_rate", p.learningRate(), p.learningRatePeak());
        Baseline h = s.baseline();
        line(lines, "baseline", h.nats(), h.standardError(), h.method(), h.assumed(), h.suspect(), h.initialLossNats());
        Losses l = s.losses();
        line(lines, "losses", l.last(), l.mean(), l.current(), l.currentStandardError());
        line(lines, "code_length", s.ledger().codeLengthNats());
        RunStatistics statistics = monitor.state().statistics();
        line(lines, "first_step", statistics.firstStepTokens(), statistics.firstStepNats());
        Verdict v = s.verdict();
        line(lines, "phase", v.phase(), v.conditions(), v.saturation().cause());
        line(lines, "slope", slope(v.slope()), v.scale());
        line(lines, "bins", v.window(), v.bins());
        line(
                lines,
                "saturated",
                whole(v.saturation().atTokens()),
                v.saturation().evaluations());
        Validation w = s.validation();
        line(lines, "validation", w.loss(), w.best(), w.generalizationGap(), w.memorizedBits(), w.deciding());
        line(lines, "times", s.timeline().lastStepSeconds(), s.timeline().saturationSeconds());
        for (CurvePoint c : monitor.curve()) {
            line(lines, "point", c.segment(), c.steps(), c.tokens(), c.seconds(), c.phase());
            line(
                    lines,
                    "  losses",
                    c.bin().logTokens(),
                    c.bin().mean(),
                    c.bin().lowest(),
                    c.bin().highest());
            line(lines, "  level", c.meanLossNats(), c.currentLossNats());
            line(lines, "  slope", slope(c.slope()));
        }
        for (ValidationPoint point : monitor.validationCurve()) {
            line(lines, "validation point", point.tokens(), point.lossNats());
        }
        return String.join("\n", lines) + "\n";
    }

    private static void line(List<String> lines, String name, Object... values) {
        lines.add(name + " " + Arrays.stream(values).map(GoldenStateTest::word).collect(Collectors.joining(" ")));
    }

    private static long whole(double count) {
        return Double.isNaN(count) ? -1 : (long) count;
    }

    private static String slope(Slope b) {
        return Stream.of(b.perEFold(), b.lower(), b.upper(), b.threshold())
                .map(GoldenStateTest::word)
                .collect(Collectors.joining(" "));
    }

    /** Ten digits: the last ones of a logarithm are the machine's. A thousand stories have most numbers in common. */
    private static String word(Object value) {
        return value instanceof Double number
                ? WORDS.computeIfAbsent(number, unseen -> String.format(Locale.ROOT, "%.10g", unseen))
                : String.valueOf(value);
    }

    private static byte[] resource(String name) {
        try (InputStream in = GoldenStateTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(String name) {
        return new String(resource(name), StandardCharsets.UTF_8);
    }
}
