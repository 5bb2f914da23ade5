package org.etascope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.etascope.core.ModelSize;
import org.etascope.core.Phase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every expression of every dashboard at the start of a run, in its middle, when it is flat, when it has ended, and with 200
 * runs: read, answered without an error, and the state of the run is the right one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatesOfRunsTest {
    private static final int RUNS = 200;
    private static final Duration SPAN = Duration.ofMinutes(40);

    private final Instant begin =
            Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(SPAN).minusSeconds(600);

    @TempDir
    static Path directory;

    private Server prometheus;

    @BeforeAll
    void start() throws IOException {
        Replay run = new Replay(
                "run-000",
                begin,
                builder -> builder.modelSize(new ModelSize(2_500_000, 16)).vocabularySize(50_257));
        int intervals = (int) SPAN.dividedBy(Replay.SCRAPE_INTERVAL);
        StringBuilder samples = new StringBuilder();
        for (int i = 0; i < intervals; i++) {
            int from = i == 0 ? 0 : 4000 * i / intervals;
            int to = i == 0 ? 1 : 4000 * (i + 1) / intervals;
            boolean last = i == intervals - 1;
            run.interval(monitor -> {
                for (int t = from + 1; t <= to; t++) {
                    monitor.learningRate(3e-4);
                    double noise = (t * 7919L % 1000) / 1000.0 - 0.4995;
                    monitor.step(1600, 2.6 + 8.2 * Math.pow(1 + Math.min(t, 1200) / 5.0, -0.4) + 0.1 * noise);
                }
                if (last) {
                    monitor.close();
                }
            });
            if (i == intervals / 2) {
                assertThat(run.monitor().snapshot().verdict().phase()).isEqualTo(Phase.SATURATED);
            }
        }
        String one = run.samples();
        // 200 runs of one process stand in for a fleet: only the last minutes, or the file would be huge.
        String tail = one.lines()
                .filter(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1))
                        > begin.plus(SPAN).minusSeconds(60).getEpochSecond())
                .collect(Collectors.joining("\n", "", "\n"));
        samples.append(one);
        IntStream.range(1, RUNS).forEach(i -> samples.append(tail.replace("run-000", String.format("run-%03d", i))));
        Path file = Files.writeString(directory.resolve("runs.om"), samples + "# EOF\n");
        Programs.Outcome blocks =
                Programs.run("promtool", "tsdb", "create-blocks-from", "openmetrics", file, directory.resolve("data"));
        assertThat(blocks.exit()).as(blocks.output()).isZero();
        prometheus =
                Server.prometheus(directory, Files.writeString(directory.resolve("none.yml"), "scrape_configs: []\n"));
    }

    @AfterAll
    void stop() {
        if (prometheus != null) {
            prometheus.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"start, 20", "middle, 300", "flat, 1500", "ended, 2700", "200 runs, 2390"})
    void expressions_everyOne_isAnsweredInEveryState(String state, long seconds) {
        String runs = state.equals("200 runs") ? ".+" : "run-000";
        double at = begin.plusSeconds(seconds).getEpochSecond();
        for (Board board : Shipped.boards()) {
            for (Panel panel : board.panels()) {
                for (Panel.Line line : panel.lines()) {
                    String expression =
                            Expressions.substituted(line.expression().replace("$run", runs), "1m", "30m");
                    List<Server.Series> answer = prometheus.queryAt(expression, at);
                    assertThat(answer)
                            .as("%s, %s: %s", board.title(), panel.title(), expression)
                            .hasSizeLessThanOrEqualTo(RUNS * 12);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"20, 0", "300, 1", "1500, 2", "2700, 6"})
    void state_atEachStage_isTheOneThatTheRunIsIn(long seconds, double state) {
        List<Server.Series> answer = prometheus.queryAt(
                Expressions.substituted(Asked.state().replace("$run", "run-000"), "1m", "30m"),
                begin.plusSeconds(seconds).getEpochSecond());
        assertThat(answer)
                .singleElement()
                .satisfies(series -> assertThat(series.values()).containsExactly(state));
    }

    @Test
    void fleet_of200Runs_isCounted() {
        Panel phases = Shipped.boards().stream()
                .filter(board -> board.uid().equals("etascope-fleet"))
                .flatMap(board -> board.panels().stream())
                .filter(panel -> panel.title().equals("Phase"))
                .findFirst()
                .orElseThrow();
        List<Server.Series> counted = prometheus.queryAt(
                Expressions.substituted(phases.lines().get(0).expression(), "1m", "30m"),
                begin.plusSeconds(2390).getEpochSecond());
        assertThat(counted.stream()
                        .mapToDouble(series -> series.values().get(0))
                        .sum())
                .isEqualTo(RUNS);
    }

    /**
     * Grafana takes a rule for one without data, which never fires, as soon as one of its queries returns nothing; and it
     * finds the value of a run where the labels are the run's and no more.
     */
    @ParameterizedTest
    @CsvSource({"before, -86400", "flat, 1500", "200 runs, 2390"})
    void grafanaAlerts_everyFigureAndQuestion_isAnsweredWithTheLabelsOfTheRunOrNone(String state, long seconds) {
        double at = begin.plusSeconds(seconds).getEpochSecond();
        int asked = 0;
        for (Map<String, Object> rule : grafanaAlerts()) {
            for (Map<String, Object> query : RuleFile.listOfMaps(rule.get("data"))) {
                String expression = String.valueOf(((Map<?, ?>) query.get("model")).get("expr"));
                if (!query.get("datasourceUid").equals(GrafanaAlerts.DATA_SOURCE)
                        || query.get("refId").equals("fires")) {
                    continue;
                }
                asked++;
                assertThat(prometheus.queryAt(expression, at))
                        .as("%s, %s, %s: %s", state, rule.get("title"), query.get("refId"), expression)
                        .isNotEmpty()
                        .allSatisfy(series ->
                                assertThat(series.labels().keySet()).isIn(Set.of(), Set.of("job", "instance", "run")));
            }
        }
        assertThat(asked).isGreaterThan(50);
    }

    @Test
    void grafanaAlerts_everyValueOfAText_isAQueryOfTheRule() {
        for (Map<String, Object> rule : grafanaAlerts()) {
            Set<String> asked = RuleFile.listOfMaps(rule.get("data")).stream()
                    .map(query -> String.valueOf(query.get("refId")))
                    .collect(Collectors.toSet());
            assertThat(Pattern.compile("\\$values\\.([^ .]+)")
                            .matcher(String.valueOf(rule.get("annotations")))
                            .results()
                            .map(value -> value.group(1)))
                    .as(String.valueOf(rule.get("title")))
                    .isSubsetOf(asked);
        }
    }

    private static List<Map<String, Object>> grafanaAlerts() {
        return RuleFile.listOfMaps(RuleFile.loadYaml(Shipped.read(Shipped.GRAFANA.resolve("alerting/etascope.yml")))
                        .get("groups"))
                .stream()
                .flatMap(group -> RuleFile.listOfMaps(group.get("rules")).stream())
                .toList();
    }
}
