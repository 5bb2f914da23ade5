package org.etascope.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Test;

class FinalTableTest {
    private static RunMonitor monitor(int steps) {
        RunMonitor monitor = RunMonitor.builder("text")
                .modelSize(new ModelSize(96_816, 32))
                .vocabularySize(95)
                .build();
        for (int t = 0; t < steps; t++) {
            monitor.step(1600, 1.4 + 3.19 / Math.sqrt(1 + t / 5.0) + (t % 2 == 0 ? 0.03 : -0.03));
        }
        return monitor;
    }

    @Test
    void finalTable_trainedRun_hasAllReadings() {
        List<String> lines =
                new FinalTable(monitor(1081).snapshot(), Duration.ofMinutes(2), 1.2, Path.of("runs", "text")).lines(0);

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
                                .lines(0)))
                .contains("no step was completed")
                .doesNotContain("NaN");
    }
}
