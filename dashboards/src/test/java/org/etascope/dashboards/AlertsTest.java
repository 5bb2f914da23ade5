package org.etascope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.etascope.core.SaturationCause;
import org.etascope.core.VerdictSentence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AlertsTest {
    static List<Alert> alerts() {
        return Alerts.all();
    }

    @Test
    void alerts_areTheTwelve() {
        assertThat(alerts())
                .extracting(Alert::name)
                .containsExactlyInAnyOrder(
                        "EtascopeEtaPlateau",
                        "EtascopeLossNotFinite",
                        "EtascopeLossRising",
                        "EtascopeLossBlowUp",
                        "EtascopeOverfitting",
                        "EtascopeTrainingStalled",
                        "EtascopeRunLost",
                        "EtascopeRunFailed",
                        "EtascopeRunFinished",
                        "EtascopeNotLearning",
                        "EtascopeBaselineSuspect",
                        "EtascopeMonitorUnhealthy");
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void alert_time_survivesARestartOfPrometheus(Alert alert) {
        assertThat(alert.hold()).isIn("0s", "10m");
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void alert_everySeries_isReadOverARange(Alert alert) {
        String expression = alert.expression();
        assertThat(Pattern.compile("\\b(?:etascope_\\w+|up|process_start_time_seconds)\\b(?:\\{[^}]*})?(.?)")
                        .matcher(expression.replaceAll("\\b(?:run|all):etascope_\\w+:\\w+", "recorded"))
                        .results()
                        .map(series -> series.group(1)))
                .allMatch("["::equals);
        assertThat(expression.replaceAll("\\{[^}]*}", "")).containsPattern("==|<|>");
    }

    /** Labels and texts of a run end up in another program's language: no label is left out that tells runs apart. */
    @ParameterizedTest
    @MethodSource("alerts")
    void alert_matching_isByWholeIdentity(Alert alert) {
        assertThat(Pattern.compile("\\b(?:on|by) \\(([^)]*)\\)")
                        .matcher(alert.expression())
                        .results())
                .allSatisfy(matching ->
                        assertThat(matching.group(1)).isIn("<series>", "<worker>", "<run>", "job, instance", ""));
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void runbookUrl_everyAlert_opensItsChapterOfTheDashboard(Alert alert) {
        String url = rule(alert).annotations().getOrDefault("runbook_url", "");
        assertThat(url)
                .matches("http://localhost:3000/d/etascope-runbook\\?viewPanel=\\d+#"
                        + alert.name().toLowerCase(Locale.ROOT));
        int panel = Integer.parseInt(url.replaceAll(".*viewPanel=(\\d+)#.*", "$1"));
        assertThat(Shipped.dashboard("etascope-runbook").path("panels"))
                .filteredOn(shown -> shown.path("id").asInt() == panel)
                .singleElement()
                .satisfies(shown -> {
                    assertThat(shown.path("title").asText()).isEqualTo(alert.name());
                    assertThat(shown.at("/options/content").asText()).contains("**Fires**", "**Means**", "**Do**");
                });
        assertThat(Shipped.read(Shipped.DOCS.resolve("alerts.md"))).contains("\n## " + alert.name() + "\n");
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void dashboardUrl_everyAlert_hasRunAndTimeRange(Alert alert) {
        assertThat(rule(alert).annotations().getOrDefault("dashboard_url", ""))
                .contains("http://localhost:3000/d/" + alert.board() + "?var-job=", "&var-run=", "&from=", "&to=");
        assertThat(Shipped.dashboardUids()).contains(alert.board());
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void texts_everyNumber_isOfExactlyOneSeries(Alert alert) {
        String texts = String.join(" ", rule(alert).annotations().values());
        int asked = texts.split("\\{\\{ with query", -1).length;
        assertThat(texts.split("eq \\(len \\.\\) 1", -1)).hasSize(asked);
        assertThat(rule(alert).labels()).containsOnlyKeys("severity");
    }

    private static RuleFile.Rule rule(Alert alert) {
        return Shipped.alerts().rule(alert.name());
    }

    @Test
    void names_ofEverySeries_areExported() {
        Set<String> known = new TreeSet<>(Shipped.meters());
        Stream.of(Shipped.rules(), Shipped.alerts())
                .flatMap(file -> file.rules().stream())
                .forEach(rule -> known.add(rule.record()));
        for (RuleFile.Rule rule : Stream.concat(Shipped.rules().rules().stream(), Shipped.alerts().rules().stream())
                .toList()) {
            assertThat(known)
                    .as(rule.name())
                    .containsAll(Expressions.names(rule.expression()
                            + String.join(" ", rule.annotations().values())));
        }
    }

    @Test
    void words_ofVerdictsAndCauses_areTheCores() {
        String texts = Shipped.alerts().rules().stream()
                .flatMap(rule -> rule.annotations().values().stream())
                .collect(Collectors.joining());
        for (VerdictSentence verdict : VerdictSentence.values()) {
            assertThat(texts).contains(verdict.pattern().replaceAll(" \\(?\\{.*", ""));
        }
        for (SaturationCause cause : SaturationCause.values()) {
            assertThat(texts).contains("Likely cause: " + cause.sentence());
        }
    }
}
