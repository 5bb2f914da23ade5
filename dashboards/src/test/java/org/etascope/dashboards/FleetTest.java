package org.etascope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.etascope.core.Outcome;
import org.etascope.core.RunMonitor;
import org.etascope.prometheus.PrometheusEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand runs in one process, scraped by a Prometheus that writes all of it on to another one. */
class FleetTest {
    private static final int RUNS = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    @SuppressWarnings("try") // closing is what the test is about
    void shortJobs_endingTogether_allEndsArriveAtTheFarEnd(@TempDir Path directory) throws IOException {
        Path far = Files.createDirectory(directory.resolve("far"));
        Path near = Files.createDirectory(directory.resolve("near"));
        List<RunMonitor> runs = new ArrayList<>();
        PrometheusEndpoint.Builder builder = PrometheusEndpoint.builder().port(0);
        for (int i = 0; i < RUNS; i++) {
            RunMonitor run = RunMonitor.builder("run-" + i).build();
            run.step(100, 4.5);
            runs.add(run);
            builder.monitor(run);
        }
        try (PrometheusEndpoint endpoint = builder.start();
                Server receiver = Server.receiver(
                        far, Files.writeString(far.resolve("prometheus.yml"), "global: {scrape_interval: 1h}\n"));
                Server writer = Server.prometheus(
                        near, configuration(near, endpoint.uri().getAuthority(), receiver.address()))) {
            // A scraper that came once only is not waited for: it may never come again.
            await("all of them twice")
                    .atMost(PATIENCE)
                    .until(() -> count(receiver, "count_over_time(etascope_run_tokens[1m]) >= 2") == RUNS);

            // A short job's last steps come between two scrapes, and then it goes.
            for (int i = 0; i < RUNS; i++) {
                for (int step = 0; step <= i % 7; step++) {
                    runs.get(i).step(100, 4);
                }
                runs.get(i).end(i % 10 == 0 ? Outcome.FAILED : Outcome.FINISHED);
            }
            endpoint.close();

            await("the ends").atMost(PATIENCE).untilAsserted(() -> {
                assertThat(tokens(receiver)).isEqualTo(tokens(runs));
                assertThat(count(receiver, "last_over_time(etascope_run_outcome{outcome=\"failed\"}[10m]) == 1"))
                        .isEqualTo(RUNS / 10);
                assertThat(count(receiver, "last_over_time(etascope_run_outcome{outcome=\"finished\"}[10m]) == 1"))
                        .isEqualTo(RUNS - RUNS / 10);
            });
            assertThat(count(writer, "prometheus_remote_storage_samples_failed_total > 0"))
                    .isZero();
        }
    }

    private static Path configuration(Path directory, String target, String receiver) throws IOException {
        return Files.writeString(directory.resolve("prometheus.yml"), """
            global: {scrape_interval: 5s}
            remote_write:
              - url: http://%s/api/v1/write
                queue_config: {batch_send_deadline: 500ms}
            scrape_configs:
              - job_name: etascope
                honor_labels: true
                static_configs: [{targets: ['%s']}]
            """.formatted(receiver, target));
    }

    private static double count(Server prometheus, String expression) {
        List<Server.Series> series = prometheus.query("count(" + expression + ")");
        return series.isEmpty() ? 0 : series.get(0).values().get(0);
    }

    private static Map<String, Double> tokens(Server prometheus) {
        Map<String, Double> tokens = new TreeMap<>();
        prometheus
                .query("last_over_time(etascope_run_tokens[10m])")
                .forEach(one -> tokens.put(one.labels().get("run"), one.values().get(0)));
        return tokens;
    }

    private static Map<String, Double> tokens(List<RunMonitor> runs) {
        Map<String, Double> tokens = new TreeMap<>();
        runs.forEach(
                run -> tokens.put(run.name(), (double) run.snapshot().progress().tokens()));
        return tokens;
    }
}
