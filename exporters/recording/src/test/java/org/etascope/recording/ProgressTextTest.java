package org.etascope.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people read of a run, at the widths of terminals. */
class ProgressTextTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private static RunMonitor monitor(int steps) {
        RunMonitor monitor = RunMonitor.builder("text")
                .modelSize(new ModelSize(96_816, 32))
                .vocabularySize(95)
                .build();
        Random noise = new Random(3);
        for (int t = 0; t < steps; t++) {
            monitor.step(1600, 1.4 + 3.19 * Math.pow(1 + t / 5.0, -0.5) + 0.03 * noise.nextGaussian());
        }
        return monitor;
    }

    private static ProgressText text(int steps, double share) {
        return new ProgressText(Recording.of(monitor(steps)), 72, share);
    }

    private Screen screen(int columns, boolean unicode, boolean colour) {
        return new Screen(new PrintStream(bytes, true, StandardCharsets.UTF_8), columns, unicode, colour);
    }

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void lines_200Columns_showEverything() {
        List<String> lines = text(648, 0.6).lines(screen(200, true, false));
        assertThat(lines.get(0))
                .startsWith(" 1:12  ███████████████░░░░░░░░░░   60 %   step 648   1.04 M tokens   ")
                .endsWith("/s");
        assertThat(lines.get(1))
                .matches("       loss 1\\.\\d{3} nats \\(2\\.\\d\\d bits/token\\)   η \\d\\.\\d+ ± 0\\.\\d+   learning:"
                        + " .*");
    }

    @Test
    void lines_80Columns_haveLossAndEtaBesideThePlace() {
        List<String> lines = text(648, 0.6).lines(screen(80, true, false));
        assertThat(lines.get(0))
                .matches(" 1:12   60 %   step 648   1\\.04 M tokens   loss 1\\.\\d{3} nats   η \\d\\.\\d+ ± 0\\.\\d+");
        assertThat(lines.get(1)).startsWith("       learning: ");
    }

    @Test
    void lines_60Columns_haveEtaWholeAndThePhase() {
        List<String> lines = text(648, 0.6).lines(screen(60, true, false));
        assertThat(lines.get(0)).isEqualTo(" 1:12   60 %   step 648   1.04 M tokens");
        assertThat(lines.get(1)).matches("  loss 1\\.\\d{3} nats   η \\d\\.\\d+ ± 0\\.\\d+   training");
    }

    @Test
    void lines_shareUnknown_haveNoBar() {
        assertThat(String.join("", text(648, Double.NaN).lines(screen(200, true, false))))
                .doesNotContain("░", "█", "%", "NaN");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lines_anyWidth_areTwoThatFit(boolean unicode) {
        ProgressText text = text(648, 0.6);
        for (int columns = 10; columns < 200; columns++) {
            assertThat(text.lines(screen(columns, unicode, false))).hasSize(2);
            for (String line : text.lines(screen(columns, unicode, false))) {
                assertThat(line.length()).isLessThanOrEqualTo(columns);
                assertThat(unicode || line.matches("\\p{ASCII}*")).isTrue();
            }
        }
    }

    @Test
    void keyValues_anyMoment_areAsciiPairs() {
        for (int steps : new int[] {1, 5, 648}) {
            assertThat(text(steps, 0.6).keyValues())
                    .matches("run=text ([a-z_]+=[-a-z0-9.]+ ?)+")
                    .contains("step=" + steps + " ", " eta_standard_error=");
        }
        assertThat(text(1, Double.NaN).keyValues())
                .contains("nats_per_doubling=nan", "progress=nan")
                .doesNotContain("NaN");
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 80, 200})
    void table_onATerminal_breaksNoWord(int columns) {
        Screen screen = screen(columns, true, false);
        SummaryTable.of(monitor(1081).snapshot())
                .baseline()
                .model()
                .fact("log", "word ".repeat(40).strip())
                .lines(columns)
                .forEach(screen::line);
        assertThat(written().lines()).allMatch(line -> line.length() <= columns);
        assertThat(written()).containsPattern("  transmitted .* \\d+\\.\\d+  +\\d\\.\\d\\d M +\\d\\d\\.\\d");
        assertThat(written().split("\\bword\\b")).hasSize(41);
        assertThat(written()).contains(columns < 200 ? "\n           word" : "what coding the data online has saved");
        assertThat(written().contains("D, mean loss")).isEqualTo(columns >= 80);
    }

    @Test
    void line_anAddressLongerThanTheScreen_staysWhole() {
        String address = "http://127.0.0.1:9464/" + "x".repeat(60);
        screen(60, true, false).line("Etascope  run  " + address);
        assertThat(written().lines()).anyMatch(line -> line.strip().equals(address));
    }

    @Test
    void shown_whereUtf8IsMissing_keepsTheColumnsOfTables() {
        Screen ascii = screen(0, false, false);
        assertThat(ascii.shown("reading       η     bits")).isEqualTo("reading     eta     bits");
        assertThat(ascii.shown("  η         0.125, 1 × 2")).isEqualTo("  eta       0.125, 1 x 2");
        assertThat(ascii.shown("  η 5 ± 1   learning ∞")).isEqualTo("  eta 5 +/- 1   learning ?");
    }

    @Test
    void display_onNoTerminal_writesNothingButPairs() {
        RunMonitor monitor = monitor(648);
        LiveDisplay display = LiveDisplay.start(screen(0, true, true), monitor, null);
        display.tell("step 3: said \"so\"");
        display.close();
        assertThat(written().lines()).allMatch(line -> line.startsWith("run=text seconds="));
        assertThat(written())
                .contains(" event=\"step 3: said 'so'\"", " step=648 ")
                .doesNotContain("\u001B");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void display_onATerminal_hasColoursOnlyWhereWelcome(boolean colour) {
        LiveDisplay display = LiveDisplay.start(screen(80, true, colour), monitor(648), null);
        display.tell("what happened");
        display.close();
        assertThat(written())
                .contains("baseline H 4.", "96,816 parameters × 32 bit", "what happened", "step 648 ")
                .doesNotContain("event=");
        assertThat(written().contains("\u001B[32m")).isEqualTo(colour);
    }

    @Test
    void display_noStepYet_writesNothing() {
        LiveDisplay.start(screen(80, true, true), monitor(0), null).close();
        assertThat(written()).isEmpty();
    }
}
