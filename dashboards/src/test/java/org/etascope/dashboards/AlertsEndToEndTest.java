package org.etascope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A night of nine runs: scrape, rules, Alertmanager, and whoever is told. One scrape a second stands for one a minute. One run
 * goes flat, one fails and its process goes a scrape later, one blows up, one is lost and goes on elsewhere, one finishes and
 * goes at once, one just trains. Three are logs that {@code watch} follows and that say nothing more: one has done its planned
 * steps, one has ended after ten "minutes", one is given longer. In between Prometheus is stopped and started again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AlertsEndToEndTest {
    private final List<AutoCloseable> started = new ArrayList<>();

    @TempDir
    static Path directory;

    private Webhook webhook;
    private Set<String> toldBeforeTheRestart;

    @BeforeAll
    void night() throws Exception {
        Exporter flat = started(new Exporter(0, "flat"));
        Exporter failing = started(new Exporter(0, "failing"));
        Exporter blowing = started(new Exporter(0, "blowing"));
        Exporter lost = started(new Exporter(0, "resumed"));
        Exporter finishing = started(new Exporter(0, "finishing"));
        Exporter healthy = started(new Exporter(0, "healthy"));
        int elsewhere = Programs.freePort();
        log("logs/done.log", 4, 4);
        log("logs/stopped.log", 4, 9);
        log("hanging.log", 4, 9);
        Watch watched = started(new Watch(directory, directory.resolve("logs"), "10s"));
        Watch patient = started(new Watch(directory, directory.resolve("hanging.log"), "1h"));
        webhook = started(new Webhook());
        Server alertmanager =
                started(Server.alertmanager(directory, QuickCopy.ofAlertmanager(directory, webhook.address())));
        List<String> targets = new ArrayList<>(List.of("127.0.0.1:" + elsewhere, watched.address(), patient.address()));
        for (Exporter one : List.of(flat, failing, blowing, lost, finishing, healthy)) {
            targets.add(one.address());
        }
        Path configuration = QuickCopy.ofPrometheus(directory, targets, alertmanager.address());
        Server prometheus = started(Server.prometheus(directory, configuration));
        scraped(flat, failing, blowing, lost, finishing, healthy);

        flat.set("etascope_phase{phase=\"training\"}", 0).set("etascope_phase{phase=\"saturated\"}", 1);
        flat.set("etascope_saturation_timestamp_seconds", 1_800_000_000);
        flat.set("etascope_saturation_cause{cause=\"data_repeat\"}", 1);
        blowing.set("etascope_condition{condition=\"blow_up\"}", 1)
                .set("etascope_loss_above_lowest_nats", 2.51)
                .set("etascope_loss_above_lowest_standard_error_nats", 0.031)
                .set("etascope_loss_above_lowest_since_tokens", 1_900_000);
        lost.close();
        end(failing, "failed");
        end(finishing, "finished");
        for (Map.Entry<String, String> told : Map.of(
                        "EtascopeEtaPlateau", "flat",
                        "EtascopeRunFailed", "failing",
                        "EtascopeLossBlowUp", "blowing",
                        "EtascopeRunFinished", "finishing",
                        "EtascopeRunLost", "resumed",
                        "EtascopeTrainingStalled", "hanging")
                .entrySet()) {
            await(told.toString())
                    .atMost(Duration.ofSeconds(40))
                    .until(() -> webhook.message(told.getKey(), told.getValue()).isPresent());
        }

        toldBeforeTheRestart = told("firing");
        prometheus.close();
        long restart = System.nanoTime();
        Server again = started(Server.prometheus(directory, configuration));
        await("the alerts after the restart")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(firing(again))
                        .contains("EtascopeEtaPlateau flat", "EtascopeRunFailed failing", "EtascopeRunLost resumed"));
        int atRestart = healthy.scrapes();
        await("scrapes for as long as Alertmanager keeps an alert that nobody repeats")
                .atMost(Duration.ofMinutes(2))
                .until(() -> healthy.scrapes() - atRestart > Server.ALERT_KEPT.toSeconds());
        assertThat(told("resolved")).isEmpty();
        // And each evaluation since then has the alert: a pause that is outlived here might not be where seconds are
        // minutes.
        String since = "[" + Duration.ofNanos(System.nanoTime() - restart).toSeconds() + "s]";
        assertThat(evaluations(again, "all:etascope_rules_evaluated:since" + since))
                .isGreaterThan(Server.ALERT_KEPT.toSeconds() / 2.0)
                .isCloseTo(
                        evaluations(again, "ALERTS{alertname='EtascopeRunLost',alertstate='firing'}" + since),
                        within(2.0));

        started(new Exporter(elsewhere, "resumed"));
        await("the lost run is found")
                .atMost(Duration.ofSeconds(30))
                .until(() -> told("resolved").contains("EtascopeRunLost resumed"));
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

    /** Writes the log of a training that has come so far. */
    private static void log(String name, int steps, int planned) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int step = 1; step <= steps; step++) {
            text.append("step:%d/%d train_loss:%.1f%n".formatted(step, planned, 11.0 - step));
        }
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void scraped(Exporter... all) {
        for (Exporter one : all) {
            await("two scrapes").atMost(Duration.ofSeconds(30)).until(() -> one.scrapes() >= 2);
        }
    }

    /** Ends a run; one scrape sees it, and the process goes. */
    private static void end(Exporter run, String outcome) {
        double now = Math.floor(System.currentTimeMillis() / 1e3);
        run.set("etascope_run_start_timestamp_seconds", now - 11_520);
        run.set("etascope_run_end_timestamp_seconds", now).set("etascope_run_outcome{outcome=\"" + outcome + "\"}", 1);
        int scrapes = run.scrapes();
        await("a scrape of the end").atMost(Duration.ofSeconds(30)).until(() -> run.scrapes() > scrapes);
        run.close();
    }

    private static Set<String> firing(Server prometheus) {
        Set<String> firing = new HashSet<>();
        prometheus
                .query("ALERTS{alertstate=\"firing\"}")
                .forEach(series -> firing.add(
                        series.labels().get("alertname") + " " + series.labels().get("run")));
        return firing;
    }

    private static double evaluations(Server prometheus, String range) {
        List<Server.Series> counts = prometheus.query("count_over_time(" + range + ")");
        assertThat(counts).hasSize(1);
        return counts.get(0).values().get(0);
    }

    /** Alert and run of every message of a kind. */
    private Set<String> told(String status) {
        Set<String> told = new HashSet<>();
        for (String message : webhook.messages()) {
            for (JsonNode alert : Shipped.object(message).path("alerts")) {
                if (alert.path("status").asText().equals(status)) {
                    told.add(alert.at("/labels/alertname").asText() + " "
                            + alert.at("/labels/run").asText());
                }
            }
        }
        return told;
    }

    @Test
    void night_everyRun_isToldOfOnceAndNothingElse() {
        assertThat(toldBeforeTheRestart)
                .containsExactlyInAnyOrder(
                        "EtascopeEtaPlateau flat",
                        "EtascopeRunFailed failing",
                        "EtascopeLossBlowUp blowing",
                        "EtascopeRunFinished finishing",
                        "EtascopeRunFinished done",
                        "EtascopeTrainingStalled hanging",
                        "EtascopeRunLost resumed");
        assertThat(told("firing")).isEqualTo(toldBeforeTheRestart);
        assertThat(told("resolved")).containsExactly("EtascopeRunLost resumed");
    }

    @Test
    void texts_asTheyArrive_areWhatAPersonReads() throws IOException {
        assertThat(text("EtascopeEtaPlateau", "flat"))
                .startsWith("""
                    [info] flat: η plateau.
                    Flat under the current learning rate and data: 0.38 ± 0.03 nats per doubling\
                    """)
                .contains("(threshold 0.05), since 2027-01-15 08:00:00 +0000 UTC, after 1.94M tokens, η 1.31.\n")
                .contains("Likely cause: the data has been repeated more than four times.")
                .contains("What to do: http://localhost:3000/d/etascope-runbook?viewPanel=")
                .contains("Look at it: http://localhost:3000/d/etascope-run?var-job=etascope&var-run=flat&from=1");
        assertThat(text("EtascopeRunFailed", "failing"))
                .startsWith("[critical] failing failed after 3h 12m 0s, 1.94M tokens.");
        assertThat(text("EtascopeLossBlowUp", "blowing"))
                .startsWith("[critical] blowing: blow-up. Loss is 2.51 ± 0.03 nats above its lowest level, since 1.9M"
                        + " tokens.");
        assertThat(text("EtascopeRunFinished", "finishing"))
                .startsWith("[info] finishing finished after 3h 12m 0s: 1.44 nats, η 1.31.\n")
                .contains("It saw 1.94M tokens. Its verdict: learning: 0.38 ± 0.03 nats per doubling");
        assertThat(text("EtascopeRunLost", "resumed")).startsWith("[critical] resumed: the run is lost.");
    }

    @Test
    void receivers_critical_isUrgent() {
        for (Map.Entry<String, String> critical : Map.of(
                        "EtascopeRunFailed", "failing", "EtascopeLossBlowUp", "blowing", "EtascopeRunLost", "resumed")
                .entrySet()) {
            assertThat(Shipped.object(webhook.message(critical.getKey(), critical.getValue())
                                    .orElseThrow())
                            .path("receiver")
                            .asText())
                    .isEqualTo("training-urgent");
        }
    }

    /** What the shipped templates make of a message. */
    private String text(String alert, String run) throws IOException {
        String message = webhook.message(alert, run).orElseThrow();
        Path data = Files.writeString(Files.createTempFile(directory, "message", ".json"), message);
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
}
