package org.etascope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shipped Alertmanager configuration, read by Alertmanager's own tool. */
class AlertmanagerTest {
    @Test
    void configuration_templatesIncluded_isValid() {
        Programs.Outcome outcome = Programs.run("amtool", "check-config", Shipped.ALERTMANAGER);
        assertThat(outcome.output()).contains("1 inhibit rules", "1 templates").doesNotContain("FAILED");
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
    void grouping_isByAlertAndRun_andCriticalSilencesWarningsOfTheSameRun() {
        Map<String, Object> configuration = RuleFile.loadYaml(Shipped.read(Shipped.ALERTMANAGER));
        assertThat(configuration)
                .extractingByKey("route")
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("group_by", List.of("alertname", "run"));
        assertThat(RuleFile.listOfMaps(configuration.get("inhibit_rules")))
                .containsExactly(Map.of(
                        "source_matchers",
                        List.of("severity=\"critical\""),
                        "target_matchers",
                        List.of("severity=\"warning\""),
                        "equal",
                        List.of("run")));
    }
}
