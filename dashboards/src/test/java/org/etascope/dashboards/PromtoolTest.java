package org.etascope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** The unit tests of the rules, run by Prometheus's own tool, and what every alert's tests must have. */
class PromtoolTest {
    @TempDir
    Path directory;

    static List<Path> testFiles() {
        return Shipped.files(Shipped.PROMETHEUS_TESTS, ".test.yml");
    }

    static List<Alert> alerts() {
        return Alerts.all();
    }

    @Test
    void configuration_rulesIncluded_isValid() {
        assertThat(Programs.run("promtool", "check", "config", Shipped.PROMETHEUS)
                        .output())
                .contains("SUCCESS: 2 rule files found")
                .contains("is valid prometheus config file syntax")
                .doesNotContain("FAILED");
    }

    @Test
    void unitTests_shippedRules_pass() {
        assertThat(promtool(testFiles()))
                .hasSize(Alerts.all().size() + 2)
                .allSatisfy(said -> assertThat(said).contains("SUCCESS").doesNotContain("FAILED"));
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void unitTests_everyAlert_hasTheFourCases(Alert alert) {
        Path file = Shipped.PROMETHEUS_TESTS.resolve(alert.name() + ".test.yml");
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
                assertThat(fires).as(name).containsSubsequence(false, true);
            }
            if (name.startsWith("must not fire") || name.startsWith("stale")) {
                assertThat(fires).as(name).containsOnly(false);
            }
        });
    }

    @Test
    void unitTests_alertsTwoMinutesLater_allFail() throws IOException {
        assertThat(withAlerts("just before for", rule -> {
                    String hold = rule.get("for").toString();
                    rule.put("for", Integer.parseInt(hold.replaceAll("[sm]", "")) + 2 + "m");
                }))
                .allSatisfy(said -> assertThat(said).contains("FAILED", "just before for, and just after"));
    }

    @Test
    void unitTests_alertsThatAlwaysFire_allFail() throws IOException {
        assertThat(withAlerts("must not fire", rule -> rule.put("expr", "absent(nothing) == 1")))
                .allSatisfy(said -> assertThat(said)
                        .contains("FAILED", "must not fire", "exp:[],")
                        .doesNotContain("parse error"));
    }

    /**
     * {@return what promtool says of one kind of each alert's cases, against another alert than the shipped one}
     *
     * @param kind how the names of the cases begin
     * @param change what becomes of an alert
     */
    private List<String> withAlerts(String kind, Consumer<Map<String, Object>> change) throws IOException {
        List<Path> copies = new ArrayList<>();
        for (Alert alert : Alerts.all()) {
            // Without the other alerts, whose texts would take most of the time.
            Map<String, Object> rules = RuleFile.loadYaml(Shipped.read(Shipped.ALERTS));
            for (Map<String, Object> group : RuleFile.listOfMaps(rules.get("groups"))) {
                List<Map<String, Object>> kept = RuleFile.listOfMaps(group.get("rules")).stream()
                        .filter(rule -> rule.getOrDefault("alert", alert.name()).equals(alert.name()))
                        .toList();
                kept.stream().filter(rule -> rule.containsKey("alert")).forEach(change);
                group.put("rules", kept);
            }
            Path changed = Files.writeString(directory.resolve(alert.name() + ".yml"), new Yaml().dump(rules));
            String file = alert.name() + ".test.yml";
            Map<String, Object> unitTests = RuleFile.loadYaml(Shipped.read(Shipped.PROMETHEUS_TESTS.resolve(file)));
            unitTests.put("rule_files", List.of(changed.toString()));
            unitTests.put(
                    "tests",
                    RuleFile.listOfMaps(unitTests.get("tests")).stream()
                            .filter(test ->
                                    test.getOrDefault("name", "").toString().startsWith(kind))
                            .limit(1)
                            .toList());
            copies.add(Files.writeString(directory.resolve(file), new Yaml().dump(unitTests)));
        }
        return promtool(copies);
    }

    /** {@return what promtool says of each test file} */
    private static List<String> promtool(List<Path> files) {
        return files.parallelStream()
                .map(file -> Programs.run("promtool", "test", "rules", file).output())
                .toList();
    }
}
