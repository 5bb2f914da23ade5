package org.etascope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shipped Alertmanager configuration, read by Alertmanager's own tool. */
class AlertmanagerTest {
    @Test
    void configuration_templatesIncluded_isValid() {
        Programs.Outcome outcome = Programs.run("amtool", "check-config", Shipped.ALERTMANAGER);
        assertThat(outcome.output()).contains("2 inhibit rules", "1 templates").doesNotContain("FAILED");
        assertThat(outcome.exit()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"critical, training-urgent", "warning, training", "info, training"})
    void routes_severity_reachesItsReceiver(String severity, String receiver) {
        assertThat(route(receiver, severity).exit()).isZero();
        assertThat(route("nobody", severity).exit()).as("another receiver").isNotZero();
    }

    private static Programs.Outcome route(String receiver, String severity) {
        return Programs.run(
                "amtool",
                "config",
                "routes",
                "test",
                "--config.file=" + Shipped.ALERTMANAGER,
                "--verify.receivers=" + receiver,
                "alertname=EtascopeEtaPlateau",
                "run=char-lm",
                "severity=" + severity);
    }

    @Test
    void grouping_isByAlertAndRun_andNothingRepeatsLaterThanIsRemembered() {
        Map<String, Object> configuration = RuleFile.loadYaml(Shipped.read(Shipped.ALERTMANAGER));
        assertThat(configuration)
                .extractingByKey("route")
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("group_by", List.of("alertname", "job", "run", "exported_run"));
        // Alertmanager forgets after 120 hours what it has told.
        assertThat(Pattern.compile("repeat_interval: (\\d+)([hd])")
                        .matcher(Shipped.read(Shipped.ALERTMANAGER))
                        .results()
                        .map(found -> Integer.parseInt(found.group(1))
                                * (found.group(2).equals("d") ? 24 : 1)))
                .hasSize(4)
                .allMatch(hours -> hours < 120);
    }

    /** Two jobs with a run of one name; a run of which one process is lost and another rises; one that fails and rises. */
    @Test
    void inhibition_isByJobAndRun_andALostProcessSilencesOnlyItself(@TempDir Path directory) throws Exception {
        try (Webhook nobody = new Webhook();
                Server alertmanager =
                        Server.alertmanager(directory, QuickCopy.ofAlertmanager(directory, nobody.address()))) {
            alertmanager.post(
                    "/api/v2/alerts",
                    "[" + alert("EtascopeRunLost", "critical", "char-lm", "team-a", "a:1") + ","
                            + alert("EtascopeLossRising", "warning", "char-lm", "team-b", "b:1") + ","
                            + alert("EtascopeLossRising", "warning", "char-lm", "team-a", "c:1") + ","
                            + alert("EtascopeLossRising", "warning", "char-lm", "team-a", "a:1") + ","
                            + alert("EtascopeLossBlowUp", "critical", "other", "team-a", "d:1") + ","
                            + alert("EtascopeLossRising", "warning", "other", "team-a", "e:1") + "]");
            await("all six").atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                Map<String, String> states = new TreeMap<>();
                for (JsonNode one : alertmanager.get("/api/v2/alerts")) {
                    states.put(
                            one.at("/labels/instance").asText() + " "
                                    + one.at("/labels/alertname").asText(),
                            one.at("/status/state").asText());
                }
                assertThat(states)
                        .isEqualTo(Map.of(
                                "a:1 EtascopeRunLost", "active",
                                "b:1 EtascopeLossRising", "active",
                                "c:1 EtascopeLossRising", "active",
                                "a:1 EtascopeLossRising", "suppressed",
                                "d:1 EtascopeLossBlowUp", "active",
                                "e:1 EtascopeLossRising", "suppressed"));
            });
        }
    }

    private static String alert(String name, String severity, String run, String job, String instance) {
        return """
                {"labels": {"alertname": "%s", "severity": "%s", "run": "%s", "job": "%s", "instance": "%s"}}""".formatted(name, severity, run, job, instance);
    }
}
