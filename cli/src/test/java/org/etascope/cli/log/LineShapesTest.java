package org.etascope.cli.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lines that are alike, nearly alike and damaged are read as if none had been read before. */
class LineShapesTest {
    private static final int LINES = 200_000;
    private static final List<String> ODD_NUMBERS = List.of(
            "NaN",
            "nan",
            "-inf",
            "Infinity",
            "-1.5",
            "+2",
            "007",
            "00.5",
            ".5",
            "5.",
            "1e5",
            "1E-05",
            "2.5e+10",
            "1e400",
            "1e",
            "1.2.3",
            "0x10",
            "1_000",
            "12a",
            "--1",
            "null",
            "",
            "9007199254740993",
            "123456789012345678901234567890",
            "0.12345678901234567890",
            "1700000000.5",
            "1700000000123");
    private static final String SIGNS = "0123456789012345678901234567890123456789.,:;|/\"'\\{}[]eE+-_ \tnaNsxü";

    /** Reads a line by itself. */
    private interface Parser {
        void parse(byte[] line, int from, int to, LossPoint point) throws NotANumberException;
    }

    private enum Log {
        LLMC(LogFormat.LLMC, " "),
        MODDED_NANOGPT(LogFormat.MODDED_NANOGPT, " "),
        CSV(LogFormat.CSV, ","),
        JSONL(LogFormat.JSONL, ", "),
        NANOGPT(LogFormat.NANOGPT, ", "),
        MEGATRON(LogFormat.MEGATRON, " | ");

        private final LogFormat format;
        private final String between;

        Log(LogFormat format, String between) {
            this.format = format;
            this.between = between;
        }

        /** The parts of an undamaged line. */
        List<String> fields(int step, String loss, String rate, String other) {
            return switch (this) {
                case LLMC -> List.of("s:" + step, "trl:" + loss, "lr:" + rate, "norm:" + other);
                case MODDED_NANOGPT ->
                    List.of(
                            "step:" + step + "/99999",
                            "train_loss:" + loss,
                            "train_time:" + step + "ms",
                            "avg:" + other);
                case CSV -> List.of("" + step, loss, "run 1", rate, other);
                case JSONL ->
                    List.of(
                            "{\"step\": " + step,
                            "\"loss\": " + loss,
                            "\"lr\": " + rate,
                            "\"note\": \"at 12:" + other + "\"",
                            "\"norm\": " + other + "}");
                case NANOGPT ->
                    step % 10 == 0
                            ? List.of("step " + step + ": train loss " + rate, "val loss " + loss)
                            : List.of("iter " + step + ": loss " + loss, "time " + other + "ms", "mfu " + rate + "%");
                case MEGATRON ->
                    List.of(
                            " iteration " + step + "/ 99999",
                            "consumed samples: " + 512L * step,
                            "learning rate: " + rate,
                            "lm loss: " + loss,
                            "number of skipped iterations: 0",
                            "number of nan iterations: 0 |");
            };
        }

        /** The log's beginning, undamaged. */
        String head() {
            String first = String.join(between, fields(1, "9.5", "0.1", "1")) + "\n";
            return switch (this) {
                case CSV -> "step,loss,name,lr,other\n";
                case NANOGPT -> "tokens per iteration will be: 9\n";
                default -> first + first;
            };
        }
    }

    private final Random random = new Random(7);
    private int step = 100_000;

    @ParameterizedTest
    @EnumSource(Log.class)
    void read_seededLines_equalsReadingEachByItself(Log log) throws IOException {
        byte[] text = text(log);
        LineLog alone = (LineLog) log.format.reader(Map.of());
        assertSame(events(log, text), eachByItself(text, alone, alone::parse), text);
    }

    @ParameterizedTest
    @EnumSource(
            value = Log.class,
            names = {"LLMC", "CSV", "JSONL"})
    void read_seededLines_manyHaveAKnownShape(Log log) throws IOException {
        byte[] text = text(log);
        LineLog reader = (LineLog) log.format.reader(Map.of());
        Lines lines = new Lines(new ByteArrayInputStream(text));
        int known = 0;
        int others = 0;
        while (true) {
            LossPoint point = new LossPoint();
            if (reader.shapes.read(lines, point)) {
                known++;
                continue;
            }
            if (!lines.next()) {
                break;
            }
            others++;
            reader.shapes.begin(lines);
            try {
                reader.parse(lines.text(), lines.from(), lines.to(), point);
                reader.shapes.learn(lines);
            } catch (NotANumberException e) {
                // A damaged line, of which there are many.
            }
        }
        assertThat(known).isBetween(LINES / 20, LINES * 9 / 10);
        assertThat(known + others)
                .isEqualTo((int) new String(text, UTF_8).lines().count());
    }

    @ParameterizedTest
    @EnumSource(value = Log.class, names = "CSV")
    void read_seededRows_equalsFastCsv(Log log) throws IOException {
        byte[] text = text(log);
        Role[] roles = {Role.STEP, Role.LOSS, null, Role.LEARNING_RATE, null};
        Parser fastCsv = (line, from, to, point) -> {
            List<String> cells = CsvLog.cells(new String(line, from, to - from, UTF_8), ',');
            for (int i = 0; i < Math.min(roles.length, cells.size()); i++) {
                if (roles[i] != null) {
                    byte[] cell = cells.get(i).strip().getBytes(UTF_8);
                    point.set(roles[i], cell, 0, cell.length);
                }
            }
        };
        assertSame(events(log, text), eachByItself(text, (LineLog) log.format.reader(Map.of()), fastCsv), text);
    }

    /** What a reader tells, each thing as one line. */
    private static final class Events implements LossSink {
        private final List<String> told = new ArrayList<>();

        @Override
        public void point(LossPoint point) {
            told.add(FlatJsonTest.fields(point).toString());
        }

        @Override
        public void text(long count) {
            told.add("text " + count);
        }

        @Override
        public void unreadable(String where, String problem) {
            told.add(where + " " + problem);
        }
    }

    /** Says what is not the same, rather than all. */
    private static void assertSame(List<String> actual, List<String> expected, byte[] text) {
        for (int i = 0; i < Math.min(actual.size(), expected.size()); i++) {
            if (!actual.get(i).equals(expected.get(i))) {
                List<String> lines = new String(text, UTF_8).lines().toList();
                assertThat(actual.get(i))
                        .as("about line " + i + ": " + lines.subList(Math.max(0, i - 2), i + 3))
                        .isEqualTo(expected.get(i));
            }
        }
        assertThat(actual).hasSameSizeAs(expected);
    }

    private static List<String> events(Log log, byte[] text) throws IOException {
        Events events = new Events();
        log.format.reader(Map.of()).read(new ByteArrayInputStream(text), events);
        return events.told;
    }

    private static List<String> eachByItself(byte[] text, LineLog log, Parser parser) throws IOException {
        Events events = new Events();
        Parser head = log::parse;
        Lines lines = new Lines(new ByteArrayInputStream(text));
        while (lines.next()) {
            LossPoint point = new LossPoint();
            if (lines.from() < lines.to()) {
                boolean first = lines.number() == 1;
                try {
                    (first ? head : parser).parse(lines.text(), lines.from(), lines.to(), point);
                    if (point.holdsData()) {
                        events.point(point);
                    } else if (!(first && log.isHeader())) {
                        events.text(1);
                    }
                } catch (NotANumberException e) {
                    events.unreadable(":" + lines.number(), String.valueOf(e.getMessage()));
                }
            }
        }
        return events.told;
    }

    private byte[] text(Log log) {
        StringBuilder text = new StringBuilder(log.head());
        for (int i = 0; i < LINES; i++) {
            text.append(line(log)).append(random.nextInt(8) == 0 ? "\r\n" : "\n");
        }
        return text.toString().getBytes(UTF_8);
    }

    private String line(Log log) {
        step++;
        int number = random.nextInt(16) == 0 ? random.nextInt(1 << random.nextInt(31)) : step;
        boolean odd = random.nextInt(16) == 0;
        String loss = odd ? any(ODD_NUMBERS) : String.format(Locale.ROOT, "%.4f", 12 * random.nextDouble());
        String rate =
                odd ? any(ODD_NUMBERS) : random.nextInt(32) == 0 ? "1.5e-05" : "0.000" + (100 + random.nextInt(900));
        String other = random.nextInt(32) == 0 ? any(ODD_NUMBERS) : String.format("%02d", random.nextInt(100));
        List<String> fields = new ArrayList<>(log.fields(number, loss, rate, other));
        switch (random.nextInt(16)) {
            case 0 -> Collections.swap(fields, random.nextInt(fields.size()), random.nextInt(fields.size()));
            case 1 -> fields.remove(random.nextInt(fields.size()));
            case 2 -> fields.add(random.nextInt(fields.size()), any(fields));
            case 3 -> fields.replaceAll(field -> '"' + field + '"');
            case 4 -> fields.replaceAll(field -> " " + field + "\t");
            case 5 -> fields.set(0, "[12:" + other + " ü9] " + fields.get(0));
            default -> {}
        }
        StringBuilder line = new StringBuilder(String.join(log.between, fields));
        if (random.nextInt(4) == 0 && line.length() > 0) {
            line.setCharAt(random.nextInt(line.length()), SIGNS.charAt(random.nextInt(SIGNS.length())));
        }
        return line.toString();
    }

    private String any(List<String> texts) {
        return texts.get(random.nextInt(texts.size()));
    }
}
