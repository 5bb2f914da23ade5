package org.etascope.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every point of every tool's log is found, whole or damaged, and nothing else. */
class CorpusTest {
    /** Tools whose losses stand without a step. */
    private static final List<String> WITHOUT_STEPS = List.of("hf-stdout");
    /** Tools that count from 0. */
    private static final List<String> FROM_ZERO = List.of("lightning-csv");

    static Collection<String> tools() {
        return Shapes.logs().keySet();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = CorpusTest.class.getResourceAsStream("/logs/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
        }
    }

    /** What a reader tells. */
    private static final class Told implements LossSink {
        private final List<String> points = new ArrayList<>();
        private final Map<Role, Double> facts = new EnumMap<>(Role.class);
        private final List<String> notes = new ArrayList<>();
        private int unreadable;

        @Override
        public void point(LossPoint point) {
            if (point.hasLoss) {
                points.add(point.step + "," + point.loss);
            }
        }

        @Override
        public void text(long count) {}

        @Override
        public void unreadable(String where, String problem) {
            unreadable++;
        }

        @Override
        public void fact(Role role, double value) {
            facts.put(role, value);
        }

        @Override
        public void note(String sentence) {
            notes.add(sentence);
        }
    }

    private static Told read(String log) throws IOException {
        return read(log.getBytes(UTF_8));
    }

    private static Told read(byte[] log) throws IOException {
        Told told = new Told();
        OpenLog open =
                OpenLog.of(LogStreams.open(new ByteArrayInputStream(log)), new OpenLog.Wish(null, Map.of(), null));
        assertThat(open).isNotNull();
        Objects.requireNonNull(open).read(told);
        return told;
    }

    private static List<String> expected(String tool) throws IOException {
        int shift = FROM_ZERO.contains(tool) ? -1 : 0;
        return resource(tool + ".points.csv")
                .lines()
                .skip(1)
                .map(line -> line.split(","))
                .map(cells -> (WITHOUT_STEPS.contains(tool) ? -1 : Long.parseLong(cells[0]) + shift) + ","
                        + Double.parseDouble(cells[1]))
                .toList();
    }

    @Test
    void corpus_isWhatTheProgramMakes() throws IOException {
        Map<String, String> logs = Shapes.logs();
        Map<String, String> points = Shapes.points();
        assertThat(logs).hasSizeGreaterThan(25);
        for (String tool : logs.keySet()) {
            assertThat(resource(tool + ".log")).as(tool).isEqualTo(logs.get(tool));
            assertThat(resource(tool + ".points.csv")).as(tool).isEqualTo(points.get(tool));
        }
    }

    @ParameterizedTest
    @MethodSource("tools")
    void read_wholeLog_findsExactlyItsPoints(String tool) throws IOException {
        Told told = read(resource(tool + ".log"));
        assertPoints(told, tool);
        assertThat(told.unreadable).isZero();
    }

    private static void assertSame(String tool, UnaryOperator<String> damage) throws IOException {
        assertPoints(read(damage.apply(resource(tool + ".log"))), tool);
    }

    /** Says what is not the same, rather than all. */
    private static void assertPoints(Told told, String tool) throws IOException {
        List<String> expected = expected(tool);
        for (int i = 0; i < Math.min(told.points.size(), expected.size()); i++) {
            assertThat(told.points.get(i)).as("%s, point %d", tool, i).isEqualTo(expected.get(i));
        }
        assertThat(told.points).as(tool).hasSameSizeAs(expected);
    }

    @ParameterizedTest
    @MethodSource("tools")
    void read_otherLineEndsMarkAndHole_changesNothing(String tool) throws IOException {
        assertSame(tool, log -> log.replace("\n", "\r\n"));
        assertSame(tool, log -> "\uFEFF" + log);
        assertSame(tool, log -> "\0".repeat(4096) + log);
    }

    @ParameterizedTest
    @MethodSource("tools")
    void read_colours_changesNothing(String tool) throws IOException {
        assertSame(
                tool,
                log -> log.lines()
                        .map(line -> line.indexOf('\033') >= 0
                                ? line
                                : "\033[1;32m" + line.replaceAll("(\\d+)", "\033[33m$1\033[0m") + "\033[0m")
                        .collect(Collectors.joining("\n")));
    }

    @ParameterizedTest
    @MethodSource("tools")
    void read_sourceCodeBeforeIt_changesNothing(String tool) throws IOException {
        String source = """
                import torch, math
                step, loss = start, float("nan")  # step, loss, lr
                x, loss = model(x, y)
                print(f"step:{step}/{n} train_loss:{loss:.4f} lr:{lr}")
                """.repeat(100);
        assertSame(tool, log -> source + log);
    }

    @ParameterizedTest
    @MethodSource("tools")
    void read_cutAnywhere_givesTheFirstPoints(String tool) throws IOException {
        Random random = new Random(3);
        byte[] log = resource(tool + ".log").getBytes(UTF_8);
        List<String> all = expected(tool);
        for (int i = 0; i < 20; i++) {
            int length = log.length / 2 + random.nextInt(log.length / 2);
            List<String> points = read(java.util.Arrays.copyOf(log, length)).points;
            // What is cut within a number may be another one.
            int whole = Math.max(0, points.size() - 1);
            assertThat(points.size()).as(tool).isBetween(all.size() * length / log.length - 3, all.size());
            assertThat(points.subList(0, whole)).as(tool).isEqualTo(all.subList(0, whole));
        }
    }
}
