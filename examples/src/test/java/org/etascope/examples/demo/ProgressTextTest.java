package org.etascope.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Test;

class ProgressTextTest {
    private static final Screen ASCII =
            new Screen(new PrintStream(System.out, true, StandardCharsets.UTF_8), 0, false, false);

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

    private static ProgressText text(int steps) {
        return new ProgressText(monitor(steps).snapshot(), Duration.ofSeconds(72), Duration.ofMinutes(2), 14_400);
    }

    @Test
    void lines_wideTerminal_showEverything() {
        List<String> lines = text(648).lines(200);

        assertThat(lines.get(0))
                .startsWith(" 1:12  ███████████████░░░░░░░░░░   60 %   step 648   1.04 M tokens   14.4 k/s");
        assertThat(lines.get(1))
                .matches(
                        "       loss 1\\.\\d\\d nats \\(2\\.\\d\\d bits/char\\)   η \\d\\.\\d{3} ± 0\\.0\\d\\d   learning: .*");
    }

    @Test
    void lines_anyWidth_areTwoThatFit() {
        for (int columns = 10; columns < 200; columns++) {
            assertThat(text(648).lines(columns)).hasSize(2);
            for (String line : text(648).lines(columns)) {
                assertThat(line.length()).isLessThanOrEqualTo(columns);
            }
        }
    }

    @Test
    void keyValues_anyMoment_areAsciiPairs() {
        for (int steps : new int[] {1, 5, 648}) {
            assertThat(text(steps).keyValues())
                    .matches("([a-z_]+=[-a-z0-9.]+ ?)+")
                    .contains("step=" + steps + " ");
        }
        assertThat(text(1).keyValues()).contains("nats_per_doubling=nan").doesNotContain("NaN");
    }

    @Test
    void model_afterTheFirstStep_tellsSizeAndBaseline() {
        assertThat(ProgressText.model(monitor(1).snapshot()))
                .isEqualTo("model   96,816 parameters × 32 bit = 3.10 Mbit      baseline H 4."
                        + ProgressText.model(monitor(1).snapshot()).replaceAll("(?s).*H 4\\.(\\d+).*", "$1")
                        + " nats (first step; ln V = 4.554)");
    }

    @Test
    void finalTable_trainedRun_hasAllReadings() {
        List<String> lines =
                new FinalTable(monitor(1081).snapshot(), Duration.ofMinutes(2), 1.2, Path.of("runs", "text")).lines();

        assertThat(String.join("\n", lines))
                .contains("run text ended after 2:00, 1.73 M tokens, 1,081 steps      state and report in runs/text/")
                .containsPattern("  transmitted +D, mean loss +2\\.\\d\\d +\\d\\.\\d\\d M +\\d\\d\\.\\d +what coding")
                .containsPattern("  absorbed +area above L +")
                .containsPattern("  dataset +D, loss now +")
                .containsPattern(
                        "true entropy rate 1\\.200 nats \\(1\\.73 bits\\); the loss is 0\\.\\d{3} nats above it")
                .containsPattern("  verdict  learning: 0\\.\\d+ ± ")
                .containsPattern("Landauer floor \\d\\.\\d\\de-1\\d J at 300 K")
                .contains("0 faults, 0 non-finite steps");
    }

    @Test
    void finalTable_noStep_saysSo() {
        assertThat(String.join(
                        "\n",
                        new FinalTable(monitor(0).snapshot(), Duration.ZERO, Double.NaN, Path.of("runs", "text"))
                                .lines()))
                .contains("no step was completed")
                .doesNotContain("NaN");
    }

    @Test
    void shown_asciiTerminal_hasNoOtherCharacter() {
        for (String line : text(648).lines(200)) {
            assertThat(ASCII.shown(line)).matches("\\p{ASCII}*");
        }
        assertThat(ASCII.shown("η 1.00 ± 0.01")).isEqualTo("eta 1.00 +- 0.01");
    }
}
