package org.etascope.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.exporter.common.TextFormat;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Test;

/** Prometheus's own opinion of what we expose. */
class PromtoolTest {
    /** N is in bits by definition, and so is everything that is compared with it. */
    private static final String WAIVER = "use base unit \"bytes\" instead of \"bits\"";

    @Test
    void checkMetrics_allMetrics_cleanButForBits() throws Exception {
        Programs.need("promtool");
        RunMonitor monitor = TrainedRun.of("char-lm", 200);
        String metrics;
        try (WatchedRuns runs = new WatchedRuns(Exposition.own())) {
            runs.add(monitor);
            metrics = StandardCharsets.UTF_8
                    .decode(runs.scrape(new WatchedRuns.Scrape(TextFormat.CONTENT_TYPE_004, Set.of(), false))
                            .answer()
                            .body())
                    .toString();
        }

        Process promtool = new ProcessBuilder("promtool", "check", "metrics")
                .redirectErrorStream(true)
                .start();
        try (OutputStream in = promtool.getOutputStream()) {
            in.write(metrics.getBytes(StandardCharsets.UTF_8));
        }
        List<String> complaints = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(promtool.waitFor(30, TimeUnit.SECONDS)).isTrue();

        assertThat(metrics).contains("etascope_model_size_bits");
        assertThat(complaints)
                .filteredOn(line -> line.startsWith("etascope"))
                .allMatch(line -> line.contains("_bits") && line.endsWith(WAIVER));
        assertThat(complaints).noneMatch(line -> line.contains("error while linting"));
    }
}
