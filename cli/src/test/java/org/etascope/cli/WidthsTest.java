package org.etascope.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.etascope.recording.JournalWriter;
import org.etascope.recording.Screen;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What commands say fits the window, whatever its width, and drives nothing. */
class WidthsTest {
    @TempDir
    private static Path directory;

    @BeforeAll
    static void write() throws IOException {
        for (String name : List.of("a.csv", "another-run-with-a-long-name.csv", "c.csv")) {
            Files.write(
                    directory.resolve(name),
                    Stream.concat(
                                    Stream.of("step,loss,lr"),
                                    IntStream.rangeClosed(1, 900)
                                            .mapToObj(t -> t + "," + (2 + 8 * Math.pow(1 + t / 5.0, -0.4)) + ",0.001"))
                            .toList());
        }
        RunMonitor monitor = RunMonitor.builder("recorded")
                .modelSize(new ModelSize(1_000_000, 16))
                .build();
        JournalWriter journal = JournalWriter.start(monitor, directory.resolve("recorded"));
        try (journal) {
            for (int t = 1; t <= 500; t++) {
                monitor.step(1000, 2 + 8 * Math.pow(1 + t / 5.0, -0.4));
            }
            monitor.close();
        }
    }

    private static String at(String name) {
        return directory.resolve(name).toString();
    }

    static Stream<List<String>> commands() {
        return Stream.of(
                List.of("replay", "a.csv", "--params=1M", "--tokens-per-step=1000", "--events", "--planned-steps=2000"),
                List.of(
                        "compare",
                        "a.csv",
                        "another-run-with-a-long-name.csv",
                        "c.csv",
                        "recorded",
                        "--params=1M",
                        "--tokens-per-step=1000"),
                List.of("report", "recorded"),
                List.of("plan", "--params=124M", "--tokens=10B", "--vocab=50257", "--loss=3.28", "--bytes-per-token=4"),
                List.of("plan", "--flops=5.76e23"),
                List.of("plan", "--log=a.csv", "--params=1M", "--tokens-per-step=1000", "--worth=0.1"),
                List.of("--help"),
                List.of("replay", "--help"),
                List.of("watch", "--help"),
                List.of("plan", "--help"),
                List.of("compare", "--help"));
    }

    private static String said(List<String> command, int columns, boolean unicode) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, UTF_8);
        String[] args = command.stream()
                .map(word -> (word.endsWith(".csv") && !word.startsWith("-")) || word.equals("recorded")
                        ? at(word)
                        : word.startsWith("--log=") ? "--log=" + at(word.substring(6)) : word)
                .toArray(String[]::new);
        int code = Main.run(
                args,
                InputStream.nullInputStream(),
                new Terminal(new Screen(print, columns, unicode, true), print, false));
        assertThat(code).as(out.toString(UTF_8)).isZero();
        return out.toString(UTF_8);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void lines_fitTheWindow(List<String> command) {
        for (int columns : new int[] {60, 80, 200}) {
            assertThat(said(command, columns, true).lines())
                    .as("%d columns", columns)
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(columns));
        }
    }

    /** A row that is broken is no row of a table. */
    @ParameterizedTest
    @ValueSource(ints = {60, 80, 200})
    void compare_rowsOfItsTables_areWhole(int columns) {
        List<String> command = commands().skip(1).findFirst().orElseThrow();
        List<String> rows = said(command, columns, true)
                .lines()
                .filter(line -> line.matches(" +[\\d.]+ [kM]? +[\\d.-]+ .*"))
                .toList();
        assertThat(rows).isNotEmpty().allMatch(row -> row.substring(10).matches("(  [ \\d.-]{10} [ \\d.-]{9})+"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void text_forATerminalWithoutUnicodeOrColour_isAscii(List<String> command) {
        String text = said(command, 0, false);
        if (!command.contains("--help")) {
            assertThat(text).matches("[\\x20-\\x7E\\r\\n]*");
        }
        assertThat(text).doesNotContain("\u001b");
    }
}
