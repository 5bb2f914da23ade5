package org.etascope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etascope.core.ModelSize;
import org.etascope.core.Phase;
import org.etascope.core.RunSnapshot;
import org.etascope.core.SaturationCause;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two runs, one real and healthy, one that saturates and then breaks, replayed into the last half hour of a Prometheus:
 * from there the shipped rules and Alertmanager take them to whoever is to be told. Only times are shortened.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AlertsEndToEndTest {
    private static final Duration PAST = Duration.ofMinutes(30);
    /**
     * The blocks end a little after now, so that making them does not use up the time in which their runs look alive. Until
     * then Prometheus keeps nothing new, its ALERTS series included.
     */
    private static final Duration FUTURE = Duration.ofSeconds(15);

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final List<AutoCloseable> started = new ArrayList<>();

    @TempDir
    static Path directory;

    private Server prometheus;
    private Webhook webhook;
    private RunSnapshot saturated;

    @BeforeAll
    void start() throws IOException {
        Replay healthy = healthy();
        Replay saturating = saturating();
        saturated = saturating.monitor().snapshot();
        Path samples =
                Files.writeString(directory.resolve("runs.om"), healthy.samples() + saturating.samples() + "# EOF\n");
        Programs.Outcome blocks = Programs.run(
                "promtool", "tsdb", "create-blocks-from", "openmetrics", samples, directory.resolve("data"));
        assertThat(blocks.exit()).as(blocks.output()).isZero();

        webhook = started(new Webhook());
        Server alertmanager =
                started(Server.alertmanager(directory, QuickCopy.ofAlertmanager(directory, webhook.address())));
        // Nothing has to be scraped: Alertmanager's own metrics stand in for a target.
        prometheus = started(Server.prometheus(
                directory, QuickCopy.ofPrometheus(directory, List.of(alertmanager.address()), alertmanager.address())));
    }

    private <T extends AutoCloseable> T started(T server) {
        started.add(0, server);
        return server;
    }

    @AfterAll
    void stop() throws Exception {
        for (AutoCloseable server : started) {
            server.close();
        }
    }

    /** GPT-2 124M on ten billion tokens, still learning at its end. */
    private Replay healthy() {
        Path log = Path.of(
                System.getenv().getOrDefault("ETASCOPE_TEST_DATA", "../../shared/data"),
                "losslogs",
                "llmc_gpt2_124M_10B_main.log");
        assumeTrue(Files.exists(log), "NEEDS test data: " + log.getFileName() + " in ETASCOPE_TEST_DATA");
        List<Matcher> steps = Shipped.read(log)
                .lines()
                .map(Pattern.compile("s:\\d+ trl:(\\S+) lr:(\\S+) .*")::matcher)
                .filter(Matcher::matches)
                .toList();
        assertThat(steps).hasSize(19_560);
        Replay replay = new Replay(
                "healthy",
                now.minus(PAST),
                builder -> builder.modelSize(new ModelSize(124_475_904, 16)).vocabularySize(50_257));
        int intervals = (int) PAST.plus(FUTURE).dividedBy(Replay.SCRAPE_INTERVAL);
        for (int i = 0; i < intervals; i++) {
            List<Matcher> during = steps.subList(steps.size() * i / intervals, steps.size() * (i + 1) / intervals);
            replay.interval(monitor -> during.forEach(step -> {
                monitor.learningRate(Double.parseDouble(step.group(2)));
                monitor.step(524_288, Double.parseDouble(step.group(1)));
            }));
        }
        assertThat(replay.monitor().snapshot().verdict().phase()).isEqualTo(Phase.TRAINING);
        return replay;
    }

    /** A power law that stops at step 1200 of 4000, with a little noise; three NaN losses in the last minute. */
    private Replay saturating() {
        Replay replay = new Replay(
                "saturating",
                now.minus(PAST),
                builder -> builder.modelSize(new ModelSize(2_500_000, 16)).vocabularySize(50_257));
        int intervals = (int) PAST.minusMinutes(1).dividedBy(Replay.SCRAPE_INTERVAL);
        for (int i = 0; i < intervals; i++) {
            int from = 4000 * i / intervals;
            int to = 4000 * (i + 1) / intervals;
            replay.interval(monitor -> {
                for (int t = from + 1; t <= to; t++) {
                    monitor.learningRate(3e-4);
                    double noise = (t * 7919L % 1000) / 1000.0 - 0.4995;
                    monitor.step(
                            1600,
                            2.6 + 8.2 * Math.pow(1 + Math.min(t, 1200) / 5.0, -0.4) + 0.03 * Math.sqrt(12) * noise);
                }
            });
        }
        replay.interval(monitor -> {
            for (int i = 0; i < 3; i++) {
                monitor.step(1600, Double.NaN);
            }
        });
        for (int i = 0; i < FUTURE.plusMinutes(1).dividedBy(Replay.SCRAPE_INTERVAL); i++) {
            replay.interval(monitor -> {});
        }
        RunSnapshot last = replay.monitor().snapshot();
        assertThat(last.verdict().phase()).isEqualTo(Phase.SATURATED);
        assertThat(last.verdict().saturation().cause()).isEqualTo(SaturationCause.FLAT_AT_CURRENT_LEARNING_RATE);
        return replay;
    }

    @Test
    void plateau_ofTheSaturatingRun_arrivesAsAPersonReadsIt() throws IOException {
        String since = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss '+0000 UTC'", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(Instant.ofEpochSecond((long) saturated.timeline().saturationSeconds()));
        assertThat(text(arrived("EtascopeEtaPlateau")))
                .isEqualTo(String.format(
                        Locale.ROOT,
                        """
                [info] saturating: η plateau. Flat under the current learning rate and data.
                %.3f ± %.3f nats per doubling over the last e-fold (threshold %.3f), η %s after 6.4M tokens, flat since %s.
                Likely cause: %s.
                What to do: docs/alerts.md#etascopeetaplateau
                Look at it: http://localhost:3000/d/etascope-run?var-run=saturating""",
                        saturated.verdict().slope().natsPerDoubling(),
                        saturated.verdict().slope().natsPerDoublingError(),
                        saturated.verdict().slope().thresholdNatsPerDoubling(),
                        BigDecimal.valueOf(saturated.ledger().eta())
                                .round(new MathContext(4))
                                .stripTrailingZeros()
                                .toPlainString(),
                        since,
                        SaturationCause.FLAT_AT_CURRENT_LEARNING_RATE.sentence()));
    }

    @Test
    void lossNotFinite_ofTheSaturatingRun_arrivesAsAPersonReadsIt() throws IOException {
        String message = arrived("EtascopeLossNotFinite");
        assertThat(Shipped.object(message).path("receiver").asText()).isEqualTo("training-urgent");
        assertThat(text(message))
                .isEqualTo(String.format(Locale.ROOT, """
                [critical] saturating: the loss is not finite.
                3 steps of this process had a NaN or infinite loss; the last finite loss was %.3f nats per token. \
                Such steps are counted and left out of every reading; what they did to the parameters is done.
                What to do: docs/alerts.md#etascopelossnotfinite
                Look at it: http://localhost:3000/d/etascope-run?var-run=saturating""", saturated.losses().last()));
    }

    @Test
    void healthyRun_beforeAndNow_firesNothing() {
        awaitBothFiring();
        assertThat(prometheus.query("etascope_run_tokens{run=\"healthy\"}")).hasSize(1);
        assertThat(prometheus.query("ALERTS{run=\"healthy\"}")).isEmpty();
        assertThat(webhook.messages()).noneMatch(message -> message.contains("healthy"));
        for (RuleFile.Rule alert : Shipped.alerts().rules()) {
            assertThat(longestStretch(alert, "healthy")).as(alert.name()).isLessThan(duration(alert));
            assertThat(longestStretch(alert, "nobody")).isZero();
        }
        RuleFile.Rule plateau = Shipped.alerts().rule("EtascopeEtaPlateau");
        assertThat(longestStretch(plateau, "saturating")).as("the other run").isGreaterThan(duration(plateau));
    }

    @Test
    void saturatingRun_otherAlerts_stayAway() {
        awaitBothFiring();
        assertThat(webhook.messages())
                .allMatch(
                        message -> message.contains("EtascopeEtaPlateau") || message.contains("EtascopeLossNotFinite"));
    }

    private void awaitBothFiring() {
        await("both alerts")
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(prometheus.query("ALERTS{run=\"saturating\",alertstate=\"firing\"}"))
                        .extracting(series -> series.labels().getOrDefault("alertname", ""))
                        .containsExactlyInAnyOrder("EtascopeEtaPlateau", "EtascopeLossNotFinite"));
    }

    /** The longest time that an alert's expression held for a run without a break, over the whole half hour. */
    private Duration longestStretch(RuleFile.Rule alert, String run) {
        double step = Replay.SCRAPE_INTERVAL.toSeconds();
        List<Server.Series> held = prometheus.queryRange(
                "(" + alert.expression() + ") * 0", now.minus(PAST).getEpochSecond(), now.getEpochSecond(), step);
        return held.stream()
                .filter(series -> run.equals(series.labels().get("run")))
                .map(series -> Duration.ofSeconds(longest(series.times(), step)))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private static long longest(List<Double> times, double step) {
        double longest = 0;
        double first = 0;
        double before = Double.NEGATIVE_INFINITY;
        for (double time : times) {
            first = time - before > step * 1.5 ? time : first;
            before = time;
            longest = Math.max(longest, time - first);
        }
        return Math.round(longest);
    }

    private static Duration duration(RuleFile.Rule alert) {
        return Duration.parse("PT" + alert.duration().toUpperCase(Locale.ROOT));
    }

    private String arrived(String alert) {
        return await(alert)
                .atMost(Duration.ofSeconds(40))
                .until(() -> webhook.message(alert, "saturating"), Optional::isPresent)
                .orElseThrow();
    }

    /** What the shipped templates make of a message. */
    private String text(String message) throws IOException {
        Path data = Files.writeString(Files.createTempFile(directory, "message", ".json"), message);
        JsonNode alerts = Shipped.object(message).path("alerts");
        assertThat(alerts).hasSize(1);
        Programs.Outcome rendered = Programs.run(
                "amtool",
                "template",
                "render",
                "--template.glob=" + Shipped.ALERTMANAGER_TEMPLATES,
                "--template.data=" + data,
                "--template.text={{ template \"etascope.title\" . }}\n{{ template \"etascope.text\" . }}");
        assertThat(rendered.exit()).as(rendered.output()).isZero();
        return rendered.output().strip();
    }

    @Test
    void webhook_annotations_areThoseOfTheRules() {
        JsonNode alert =
                Shipped.object(arrived("EtascopeEtaPlateau")).path("alerts").path(0);
        assertThat(alert.path("status").asText()).isEqualTo("firing");
        Map<String, String> labels = new TreeMap<>();
        alert.path("labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        assertThat(labels)
                .isEqualTo(Map.of(
                        "alertname", "EtascopeEtaPlateau",
                        "job", "etascope",
                        "instance", "saturating:9464",
                        "run", "saturating",
                        "severity", "info"));
    }
}
