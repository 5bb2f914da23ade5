package org.etascope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.etascope.core.EnergyMeter;
import org.etascope.core.EnergySource;
import org.etascope.core.Outcome;
import org.etascope.core.Phase;
import org.etascope.core.RunMonitor;
import org.etascope.prometheus.PrometheusEndpoint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Deeplearning4j training run on the real endpoint, scraped by a real Prometheus with the shipped rules: it learns,
 * saturates, breaks and ends. Every expression that ships must have shown something of it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveTrainingTest {
    /** An expression, and where it stands. */
    private record Query(String place, String expression) {}

    /** It tells no schedule, so that nothing is forecast, never rises, and has no layers to look at. */
    private static final Pattern NOT_OF_THIS_RUN = Pattern.compile(
            "etascope_forecast_|etascope_loss_above_lowest_since_tokens|etascope_layer_|etascope_next_hundredth_nat|etascope_planned_end");

    private Server prometheus;
    private double start;
    private double end;

    @BeforeAll
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void train(@TempDir Path directory) {
        RunMonitor monitor = RunMonitor.builder("markov \"8\"")
                .model("softmax regression")
                .dataset("Markov source")
                .plannedTokens(50_000_000)
                .build();
        Training training = new Training(monitor);
        start = now();
        try (EnergyMeter wall = EnergyMeter.of(EnergySource.custom("wall", () -> System.nanoTime() / 1e7));
                PrometheusEndpoint endpoint = PrometheusEndpoint.builder()
                        .port(0)
                        .energy(wall)
                        .monitor(monitor)
                        .start()) {
            prometheus = Server.prometheus(
                    directory,
                    QuickCopy.ofPrometheus(directory, List.of(endpoint.uri().getAuthority()), "127.0.0.1:9"));
            // The ratio to the floor is unknown until nearly all tokens were trained while energy was measured.
            BooleanSupplier shown = () -> monitor.snapshot().verdict().phase() == Phase.SATURATED
                    && firing("EtascopeEtaPlateau")
                    && !prometheus.query("etascope_log10_energy_ratio > 0").isEmpty();
            training.epochsUntil(shown);
            training.breakIt();
            System.gc();
            await("three steps that are not finite")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> firing("EtascopeLossNotFinite"));
            monitor.end(Outcome.FINISHED);
        }
        await("the end")
                .atMost(Duration.ofSeconds(10))
                .until(() -> !prometheus
                        .query("last_over_time(etascope_run_end_timestamp_seconds[5m]) > 0")
                        .isEmpty());
        // The step after the last scrape has to lie within the range.
        end = now() + 1;
    }

    @AfterAll
    void stop() {
        if (prometheus != null) {
            prometheus.close();
        }
    }

    private static double now() {
        return System.currentTimeMillis() / 1e3;
    }

    private boolean firing(String alert) {
        return !prometheus
                .query("ALERTS{alertstate=\"firing\",alertname=\"" + alert + "\"}")
                .isEmpty();
    }

    private Set<String> silent(List<Query> queries) {
        Set<String> silent = new TreeSet<>();
        for (Query query : queries) {
            String expression = Expressions.substituted(query.expression(), "5s", "5m");
            boolean shown =
                    prometheus.queryRange(expression, start, end, 0.2).stream().anyMatch(Server.Series::hasNumber);
            if (!shown) {
                silent.add(query.place() + ": " + expression);
            }
        }
        return silent;
    }

    @Test
    void dashboards_everyExpression_isReadAndReturnsNumbers() {
        for (Board board : Shipped.boards()) {
            List<Query> queries = board.panels().stream()
                    .flatMap(panel -> panel.lines().stream()
                            .map(line -> new Query(board.title() + ", " + panel.title(), line.expression())))
                    .toList();
            assertThat(queries)
                    .allSatisfy(query -> assertThat(
                                    prometheus.parses(Expressions.substituted(query.expression(), "5s", "5m")))
                            .as(query.toString())
                            .isTrue());
            assertThat(silent(queries))
                    .as(board.uid())
                    .allMatch(query -> NOT_OF_THIS_RUN.matcher(query).find());
        }
    }

    @Test
    void dashboards_brokenExpressions_areSeen() {
        assertThat(prometheus.parses("rate(etascope_tokens_total{run=~\".+\"}[5s]"))
                .isFalse();
        Query other = new Query("a panel", "etascope_eta_ratio{run=~\"$run\",job=\"another\"}");
        assertThat(silent(List.of(other))).hasSize(1);
    }

    @Test
    void recordingRules_everyOne_returnsNumbers() {
        List<Query> rules = Shipped.rules().rules().stream()
                .map(rule -> new Query(rule.name(), rule.record()))
                .toList();
        assertThat(rules).isNotEmpty();
        assertThat(silent(rules)).isEmpty();
    }

    @Test
    void recomputedEta_oneProcess_isTheExportersOwn() {
        List<Server.Series> own = prometheus.query("last_over_time(etascope_eta_ratio[5m])");
        List<Server.Series> recomputed = prometheus.query("last_over_time(job_run:etascope_eta_ratio:recomputed[5m])");
        assertThat(own).hasSize(1);
        assertThat(recomputed).hasSize(1);
        assertThat(recomputed.get(0).labels()).containsOnlyKeys("job", "run");
        assertThat(recomputed.get(0).values().get(0))
                .isCloseTo(own.get(0).values().get(0), withinPercentage(1e-7));
    }

    @Test
    void alerts_ofARunThatSaturatesAndBreaks_areTheseAndNoOthers() {
        List<Server.Series> fired = prometheus.queryRange("ALERTS{alertstate=\"firing\"}", start, end, 0.2);
        assertThat(fired)
                .extracting(series -> series.labels().getOrDefault("alertname", ""))
                .contains("EtascopeEtaPlateau", "EtascopeLossNotFinite")
                .doesNotContain(
                        "EtascopeRunLost", "EtascopeTrainingStalled", "EtascopeNotLearning", "EtascopeBaselineSuspect");
        assertThat(fired)
                .extracting(series -> series.labels().getOrDefault("run", ""))
                .containsOnly("markov \"8\"");
    }
}
