package org.etascope.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LossDetectorTest {
    private static final double LN_V = Math.log(50_257);
    private static final double LOG_FIRST = Math.log(1_000);

    /** A detector with a log of its events, in the form of the golden file. */
    private static final class Watched {
        final List<String> events = new ArrayList<>();
        private int points;
        private long tokens;
        LossDetector detector = new LossDetector(4, this::note);

        private void note(RunEvent.Kind event) {
            events.add(points + ":" + tokens + ":" + event);
        }

        Watched add(long pointTokens, double loss, double rate, double ceiling, double logFirst) {
            points += Double.isFinite(loss) ? 1 : 0;
            tokens = pointTokens;
            detector.add(pointTokens, loss, rate, ceiling, logFirst);
            return this;
        }

        Watched add(long step, double loss) {
            return add(1_000 * step, loss, Double.NaN, LN_V, LOG_FIRST);
        }

        void saveAndLoad() {
            byte[] saved = bytes();
            LossDetector restored = new LossDetector(4, this::note);
            try {
                restored.load(new DataInputStream(new ByteArrayInputStream(saved)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            detector = restored;
            assertThat(bytes()).isEqualTo(saved);
        }

        byte[] bytes() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try {
                detector.save(new DataOutputStream(bytes));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }
    }

    private static final List<GoldenVerdict> GOLDEN = GoldenVerdict.all();
    private static final Map<GoldenVerdict, Watched> UNCUT = new HashMap<>();

    static List<GoldenVerdict> golden() {
        return GOLDEN;
    }

    /** {@return the series run in one go: what two tests look at and none changes} */
    private static Watched uncut(GoldenVerdict golden) {
        return UNCUT.computeIfAbsent(golden, series -> run(series, 0));
    }

    private static Watched run(GoldenVerdict golden, long seedOfCuts) {
        List<GoldenVerdict.Point> points = golden.points();
        double ceiling = golden.ceilingNats(points);
        double logFirst = golden.logFirstTokens(points);
        Random random = new Random(seedOfCuts);
        Watched watched = new Watched();
        for (GoldenVerdict.Point point : points) {
            watched.add(point.tokens(), point.loss(), point.learningRate(), ceiling, logFirst);
            if (seedOfCuts != 0 && random.nextInt(50) == 0) {
                watched.saveAndLoad();
            }
        }
        return watched;
    }

    @ParameterizedTest
    @MethodSource("golden")
    void add_goldenSeries_givesItsEventsAndFigures(GoldenVerdict golden) {
        Watched watched = uncut(golden);
        LossDetector detector = watched.detector;
        assertThat(String.join(";", watched.events)).isEqualTo(golden.text("events"));
        assertThat(detector.phase().name()).isEqualTo(golden.text("phase"));
        assertThat(conditions(detector)).isEqualTo(golden.text("conditions"));
        Slope slope = detector.slope();
        same(golden, "rate", slope.perEFold());
        same(golden, "rate_lo", slope.lower());
        same(golden, "rate_hi", slope.upper());
        same(golden, "window", detector.window());
        same(golden, "kappa", slope.threshold() / detector.scale().nats());
        same(golden, "scale", detector.scale().nats());
        same(golden, "noise_variance", detector.noise().variance());
        same(golden, "sd32", detector.noise().sd32());
        same(golden, "level", detector.bins().current());
        same(golden, "lowest", detector.rise().lowest());
        same(golden, "excess", detector.rise().excess());
        same(golden, "fall", detector.fall().size());
        same(golden, "fall_se", detector.fall().standardError());
        same(golden, "fall_since", Math.exp(detector.fall().onset()));
    }

    private static String conditions(LossDetector detector) {
        List<String> conditions = new ArrayList<>();
        if (detector.warmingUp()) {
            conditions.add("warming_up");
        }
        if (detector.notLearning()) {
            conditions.add("not_learning");
        }
        if (detector.inconclusive()) {
            conditions.add("inconclusive");
        }
        if (detector.rising()) {
            conditions.add("rising");
        }
        if (detector.rise().risen()) {
            conditions.add(detector.rise().blownUp() ? "blow_up" : "risen");
        }
        return String.join(";", conditions);
    }

    private static void same(GoldenVerdict golden, String column, double value) {
        double expected = golden.number(column);
        if (Double.isNaN(expected)) {
            assertThat(value).as(column).isNaN();
        } else {
            double tolerance = Math.abs(expected) < 1e-3 ? 1e-9 : 1e-9 * Math.abs(expected);
            assertThat(value).as(column).isCloseTo(expected, within(tolerance));
        }
    }

    @ParameterizedTest
    @MethodSource("golden")
    void load_atManyCuts_goesOnBitForBit(GoldenVerdict golden) {
        Watched uncut = uncut(golden);
        Watched cut = run(golden, 7);
        assertThat(cut.events).isEqualTo(uncut.events);
        assertThat(cut.bytes()).isEqualTo(uncut.bytes());
    }

    @Test
    void read_beforeAnyPoint_isUnknown() {
        LossDetector detector = new Watched().detector;
        assertThat(detector.phase()).isEqualTo(Phase.INITIAL);
        assertThat(detector.bins().current()).isNaN();
        assertThat(detector.noise().variance()).isNaN();
        assertThat(detector.slope().perEFold()).isNaN();
        assertThat(detector.fall().size()).isNaN();
        assertThat(detector.rise().excess()).isNaN();
        assertThat(detector.tokensUntilConclusive()).isNaN();
        assertThat(conditions(detector)).isEqualTo("warming_up");
    }

    @Test
    void save_beforeAnyPoint_isRead() {
        Watched watched = new Watched();
        watched.saveAndLoad();
        watched.add(1, 10).saveAndLoad();
        assertThat(watched.detector.bins().open().points()).isEqualTo(1);
    }

    @Test
    void add_valuesThatAreNoPoints_changeNothing() {
        Watched watched = new Watched();
        for (long t = 1; t <= 500; t++) {
            watched.add(t, 3 + 7 / Math.sqrt(t));
        }
        byte[] before = watched.bytes();
        watched.add(501, Double.NaN)
                .add(501, Double.POSITIVE_INFINITY)
                .add(501, Double.NEGATIVE_INFINITY)
                .add(500, 1)
                .add(3, 1);
        assertThat(watched.bytes()).isEqualTo(before);
    }

    @Test
    void add_lossesThatNeverChange_areNotLearning() {
        Watched watched = new Watched();
        for (long t = 1; t <= 5_000; t++) {
            watched.add(t, 4.5);
        }
        assertThat(watched.events).isEmpty();
        assertThat(watched.detector.phase()).isEqualTo(Phase.INITIAL);
        assertThat(watched.detector.notLearning()).isTrue();
        assertThat(watched.detector.noise().variance()).isZero();
        assertThat(watched.detector.tokensUntilConclusive()).isNaN();
    }

    @Test
    void add_noiselessStop_isFoundAndStays() {
        Watched watched = new Watched();
        for (long t = 1; t <= 20_000; t++) {
            watched.add(t, 3 + 7 / Math.sqrt(Math.min(t, 2_000)));
        }
        assertThat(watched.events).hasSize(2).last().asString().endsWith("SATURATED");
        assertThat(watched.detector.fall().size()).isNaN();
    }

    @Test
    void add_oneLossBeyondSquares_isOutlived() {
        for (double huge : new double[] {1e200, -1e200, Double.MAX_VALUE}) {
            Watched watched = new Watched();
            Random random = new Random(5);
            for (long t = 1; t <= 40_000; t++) {
                double loss = 3 + 7 / Math.sqrt(Math.min(t, 8_000)) + 0.05 * random.nextGaussian();
                watched.add(t, t == 1_000 ? huge : loss);
            }
            assertThat(watched.detector.phase()).as("%s", huge).isEqualTo(Phase.SATURATED);
            assertThat(watched.detector.slope().perEFold()).isBetween(-0.1, 0.1);
        }
    }

    @Test
    void add_oneHugeLoss_widensEveryIntervalButNeverGivesNaN() {
        Watched watched = new Watched();
        for (long t = 1; t <= 40_000; t++) {
            watched.add(t, t == 1_000 ? 1e9 : 3 + 7 / Math.sqrt(t));
        }
        assertThat(watched.detector.phase()).isEqualTo(Phase.TRAINING);
        assertThat(watched.detector.slope().perEFold()).isBetween(0.0, 0.1);
        assertThat(watched.detector.noise().sd32()).isFinite();
    }

    @Test
    void add_learningRateThatClimbs_keepsWindowsBehindIt() {
        Watched watched = new Watched();
        for (long t = 1; t <= 20_000; t++) {
            double rate = 1e-5 * (1 + t / 200);
            watched.add(1_000 * t, 3 + 7 / Math.sqrt(Math.min(t, 2_000)), rate, LN_V, LOG_FIRST);
        }
        assertThat(watched.events).noneMatch(event -> event.endsWith("SATURATED"));
    }

    @Test
    void add_unknownCeiling_stillTellsARise() {
        Watched watched = new Watched();
        Random random = new Random(1);
        for (long t = 1; t <= 3_000; t++) {
            double loss = 3 + 7 / Math.sqrt(t) + (t > 2_000 ? 2 : 0) + 0.05 * random.nextGaussian();
            watched.add(1_000 * t, loss, Double.NaN, Double.NaN, LOG_FIRST);
        }
        assertThat(watched.events.get(0)).endsWith("RISEN");
        assertThat(watched.events.get(1)).endsWith("BLOW_UP");
    }

    @Test
    void add_onePointABin_judgesToo() {
        LossDetector detector = new LossDetector(1, event -> {});
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            long tokens = (long) (1e6 * Math.exp(i / 30.0));
            detector.add(tokens, 3 + 0.5 * Math.min(i, 60) / -30.0 + 0.001 * random.nextGaussian(), Double.NaN, 5, 12);
        }
        assertThat(detector.phase()).isEqualTo(Phase.SATURATED);
    }

    @Test
    void save_afterManyPoints_staysSmall() {
        Watched watched = new Watched();
        Random random = new Random(9);
        for (long t = 1; t <= 300_000; t++) {
            watched.add(t, 3 + 7 / Math.sqrt(t) + 0.05 * random.nextGaussian());
        }
        assertThat(watched.bytes().length).isLessThan(24_000);
    }
}
