package org.etascope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.etascope.core.EnergyReport;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.prometheus.OpenMetricsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that nobody scraped, written as OpenMetrics and turned into blocks by promtool, is on the dashboards like any. */
class BackfilledRunTest {
    private static final Duration PAST = Duration.ofMinutes(20);
    private static final int STEPS = 1_200;

    /** What this run does not have, and alerts, which no rule was there to raise. */
    private static final Set<String> NOT_IN_THE_FILE = Set.of(
            "A layer leaves",
            "Alerts firing",
            "Forecast of the loss",
            "Generalisation gap",
            "Learning rate",
            "Likely cause",
            "More would cost",
            "Prediction residual of each layer",
            "Time left",
            "Time of a step",
            "Would gain");

    private final Instant start = Instant.now().minus(PAST);

    private List<RunSnapshot> moments() {
        RunMonitor monitor = RunMonitor.builder("backfilled")
                .modelSize(new ModelSize(2_500_000, 16))
                .vocabularySize(50_257)
                .build();
        List<RunSnapshot> moments = new ArrayList<>();
        for (int t = 0; t < STEPS; t++) {
            long now = start.toEpochMilli() + t * PAST.toMillis() / STEPS;
            monitor.step(1_600, 2.6 + 8.2 * Math.pow(1 + t / 5.0, -0.4), now);
            monitor.energy(new EnergyReport(
                    150, PAST.toSeconds() / (double) STEPS, true, false, List.of("CPU package"), null));
            if (t % 10 == 0) {
                moments.add(monitor.snapshot());
            }
        }
        return moments;
    }

    @Test
    void runDashboard_everyVariableOnAll_showsTheRun(@TempDir Path directory) throws IOException {
        Path samples = directory.resolve("run.om");
        try (Writer out = Files.newBufferedWriter(samples)) {
            OpenMetricsFile.write(out, moments());
        }
        Programs.Outcome blocks = Programs.run(
                "promtool", "tsdb", "create-blocks-from", "openmetrics", samples, directory.resolve("data"));
        assertThat(blocks.exit()).as(blocks.output()).isZero();
        Path configuration = Files.writeString(directory.resolve("none.yml"), "scrape_configs: []\n");

        try (Server prometheus = Server.prometheus(directory, configuration)) {
            double from = start.getEpochSecond() + 60;
            double to = Instant.now().getEpochSecond();
            Set<String> shown = new TreeSet<>();
            Set<String> all = new TreeSet<>();
            for (Panel panel : Shipped.boards().get(0).panels()) {
                all.add(panel.title());
                if (panel.lines().stream()
                        .map(line -> Expressions.substituted(line.expression(), "1m", "30m"))
                        .anyMatch(expression -> prometheus.queryRange(expression, from, to, 30).stream()
                                .anyMatch(Server.Series::hasNumber))) {
                    shown.add(panel.title());
                }
            }
            all.removeAll(NOT_IN_THE_FILE);
            assertThat(shown).isEqualTo(all);
            assertThat(prometheus.queryRange(
                            "etascope_run_info{job=~\".+\",instance=~\".+\",run=\"backfilled\"}", from, to, 30))
                    .hasSize(1);
        }
    }
}
