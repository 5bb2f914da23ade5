package org.etascope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The unit tests of the rules, run by Prometheus's own tool, and what every alert's tests must have. */
class PromtoolTest {
    @TempDir
    Path directory;

    static List<Path> testFiles() {
        return Shipped.files(Shipped.PROMETHEUS_TESTS, ".test.yml");
    }

    static List<RuleFile.Rule> alerts() {
        return Shipped.alerts().rules();
    }

    @Test
    void configuration_rulesIncluded_isValid() {
        assertThat(Programs.run("promtool", "check", "config", Shipped.PROMETHEUS)
                        .output())
                .contains("SUCCESS: 2 rule files found")
                .contains("is valid prometheus config file syntax")
                .doesNotContain("FAILED");
    }

    @ParameterizedTest
    @MethodSource("testFiles")
    void unitTests_shippedRules_pass(Path file) {
        Programs.Outcome outcome = Programs.run("promtool", "test", "rules", file);
        assertThat(outcome.output()).contains("SUCCESS");
        assertThat(outcome.exit()).isZero();
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void unitTests_everyAlert_hasTheFourCases(RuleFile.Rule alert) {
        Path file = Shipped.PROMETHEUS_TESTS.resolve(alert + ".test.yml");
        List<Map<String, Object>> cases =
                RuleFile.listOfMaps(RuleFile.loadYaml(Shipped.read(file)).get("tests"));
        for (String kind : List.of("just before for, and just after", "must not fire", "NaN", "stale")) {
            assertThat(cases)
                    .as(kind)
                    .anySatisfy(test ->
                            assertThat(test.getOrDefault("name", "").toString()).contains(kind));
        }
        assertThat(cases).allSatisfy(test -> {
            String name = test.getOrDefault("name", "").toString();
            List<Boolean> fires = RuleFile.listOfMaps(test.get("alert_rule_test")).stream()
                    .map(evaluation ->
                            !RuleFile.listOfMaps(evaluation.get("exp_alerts")).isEmpty())
                    .toList();
            assertThat(fires).as(name).isNotEmpty();
            if (name.contains("just before for, and just after")) {
                assertThat(fires).as(name).endsWith(false, true);
            }
            if (name.startsWith("must not fire") || name.startsWith("stale")) {
                assertThat(fires).as(name).containsOnly(false);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void unitTests_alertAMinuteLaterOrEarlier_fail(RuleFile.Rule alert) throws IOException {
        for (int minutes : new int[] {1, -1}) {
            String alerts = Pattern.compile("for: (\\d+)m")
                    .matcher(Shipped.read(Shipped.ALERTS))
                    .replaceAll(found -> "for: " + (Integer.parseInt(found.group(1)) + minutes) + "m");
            Programs.Outcome outcome = withAlerts(alert, alerts);
            assertThat(outcome.output()).contains("exp:[").contains("just before for, and just after");
            assertThat(outcome.exit()).isNotZero();
        }
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void unitTests_alertThatAlwaysFires_fail(RuleFile.Rule alert) throws IOException {
        String always = "expr: absent(nothing) == 1";
        String alerts = Shipped.read(Shipped.ALERTS)
                .replaceAll("(?m)^        expr:(?: [^|].*| \\|2-\n(?:            .*\n)+)", "        " + always + "\n");
        Programs.Outcome outcome = withAlerts(alert, alerts);
        assertThat(outcome.output())
                .contains("must not fire")
                .contains("exp:[],")
                .doesNotContain("parse error");
        assertThat(outcome.exit()).isNotZero();
    }

    /** Runs an alert's unit tests against other alerts than the shipped ones. */
    private Programs.Outcome withAlerts(RuleFile.Rule alert, String alerts) throws IOException {
        Files.writeString(directory.resolve("etascope-alerts.yml"), alerts);
        Path tests = Files.createDirectories(directory.resolve("tests"));
        Path copy = Files.copy(
                Shipped.PROMETHEUS_TESTS.resolve(alert + ".test.yml"),
                tests.resolve(alert + ".test.yml"),
                StandardCopyOption.REPLACE_EXISTING);
        return Programs.run("promtool", "test", "rules", copy);
    }
}
