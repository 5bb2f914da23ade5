package org.etascope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.etascope.dashboards.Panel.Draw;
import org.etascope.dashboards.Panel.Kind;
import org.etascope.dashboards.Panel.Line;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of drawing, for every dashboard of the model and the JSON that is made of it. */
class BoardsTest {
    static List<Board> boards() {
        return Shipped.boards();
    }

    static List<Board> boardsWithQueries() {
        return boards().stream().filter(board -> !board.variables().isEmpty()).toList();
    }

    private static List<String> expressions(Board board) {
        return Stream.concat(
                        board.panels().stream()
                                .flatMap(panel -> panel.lines().stream())
                                .map(Line::expression),
                        board.marks().stream().map(Board.Mark::expression))
                .toList();
    }

    @Test
    void boards_areTheseFour_andTheRunbook() {
        assertThat(boards()).extracting(Board::title).containsExactly("Run", "Compare", "Fleet", "Health", "Runbook");
    }

    @ParameterizedTest
    @MethodSource("boardsWithQueries")
    void queries_everySeries_isNarrowedByWhatIsChosen(Board board) {
        assertThat(expressions(board))
                .allSatisfy(expression -> assertThat(unnarrowed(expression)).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "etascope_eta_ratio",
                "etascope_eta_ratio{job=~\"$job\",run=~\"$run\"}",
                "job_run:etascope_run_tokens:sum{job=~\"$job\"}",
                "up{job=~\"$job\"}"
            })
    void queries_seriesThatAreNotNarrowed_areSeen(String expression) {
        assertThat(unnarrowed(expression)).isNotEmpty();
    }

    /** Series of an expression that some variable does not narrow. */
    private static Set<String> unnarrowed(String expression) {
        Set<String> wrong = new TreeSet<>(Expressions.names(expression));
        for (Expressions.Selector selector : Expressions.selectors(expression)) {
            boolean ours = selector.metric().startsWith("etascope_")
                    || selector.metric().equals("ALERTS");
            boolean narrowed = selector.matchers().contains("job=~\"$job\"")
                    && (selector.metric().startsWith("job_run:")
                            || selector.matchers().contains("instance=~\"$instance\""))
                    && (!(ours || selector.metric().startsWith("job_run:"))
                            || selector.matchers().contains("run=~\"")
                            || selector.metric().matches("etascope_(build|endpoint|energy)_.*")
                            || selector.metric().equals("etascope_run_info"));
            if (narrowed) {
                wrong.remove(selector.metric());
            } else {
                wrong.add(selector.metric());
            }
        }
        return wrong;
    }

    @ParameterizedTest
    @MethodSource("boards")
    void rates_everyOne_followsScrapeAndZoom(Board board) {
        assertThat(expressions(board))
                .allSatisfy(expression -> assertThat(
                                Pattern.compile("\\b(?:i?rate|increase|changes|resets|delta|deriv)\\(.*?\\[([^]]*)]")
                                        .matcher(expression)
                                        .results()
                                        .map(range -> range.group(1)))
                        .allMatch("$__rate_interval"::equals));
    }

    @Test
    void names_everySeries_isExported() {
        Set<String> known = new TreeSet<>(Shipped.meters());
        Shipped.rules().rules().forEach(rule -> known.add(rule.record()));
        for (Board board : boards()) {
            assertThat(known)
                    .containsAll(expressions(board).stream()
                            .flatMap(expression -> Expressions.names(expression).stream())
                            .collect(Collectors.toSet()));
        }
    }

    @Test
    void meters_everyOne_hasAReader() {
        Set<String> unread = new TreeSet<>(Shipped.meters());
        Shipped.rules().rules().forEach(rule -> unread.add(rule.record()));
        boards().forEach(board -> expressions(board).forEach(asked -> unread.removeAll(Expressions.names(asked))));
        Stream.of(Shipped.rules(), Shipped.alerts())
                .flatMap(file -> file.rules().stream())
                .forEach(rule -> unread.removeAll(Expressions.names(
                        rule.expression() + String.join(" ", rule.annotations().values()))));
        assertThat(unread).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("boards")
    void page_whenItOpens_asksAtMost25Queries(Board board) {
        long asked = board.marks().size()
                + board.sections().stream()
                        .filter(Board.Section::open)
                        .flatMap(section -> section.panels().stream())
                        .mapToLong(panel -> panel.lines().size())
                        .sum();
        assertThat(asked).isLessThanOrEqualTo(25);
    }

    @ParameterizedTest
    @MethodSource("boards")
    void lines_everyOne_canBeTold(Board board) {
        for (Panel panel : board.panels()) {
            List<String> names = panel.lines().stream().map(Line::name).toList();
            assertThat(names).as(panel.title()).doesNotHaveDuplicates();
            for (int i = 0; i < panel.lines().size(); i++) {
                Line line = panel.lines().get(i);
                boolean bandEnd = line.draw() == Draw.UPPER;
                assertThat(!bandEnd || panel.lines().get(i - 1).draw() == Draw.LOWER)
                        .as(panel.title())
                        .isTrue();
                assertThat(panel.kind() != Kind.CHART
                                || line.color() != null
                                || line.name().contains("{{"))
                        .as("%s: %s has a colour, or one for each run", panel.title(), line.name())
                        .isTrue();
            }
            assertThat(panel.kind() == Kind.TEXT || !panel.description().isBlank())
                    .as(panel.title())
                    .isTrue();
        }
    }

    /** A panel that turns red does so at the number of the alert that its description names; of a count, at the first. */
    @ParameterizedTest
    @MethodSource("boards")
    void thresholds_everyOne_isAnAlertsNumber(Board board) {
        for (Panel panel : board.panels()) {
            Set<Double> numbers = new HashSet<>();
            Pattern.compile("Etascope[A-Z]\\w+")
                    .matcher(panel.description())
                    .results()
                    .map(named -> Shipped.alerts().rule(named.group()).expression())
                    .forEach(expression -> numbers.addAll(Expressions.numbers(expression)));
            if (numbers.contains(0.0)) {
                numbers.add(1.0);
            }
            if (panel.judged()) {
                assertThat(numbers).as(panel.title()).contains(panel.redFrom());
            }
        }
    }

    // ---- the JSON ----

    private static List<JsonNode> panels(ObjectNode json) {
        List<JsonNode> panels = new ArrayList<>();
        json.path("panels").forEach(panel -> {
            panels.add(panel);
            panel.path("panels").forEach(panels::add);
        });
        return panels;
    }

    @ParameterizedTest
    @MethodSource("boards")
    void json_identity_isImportableAndFixed(Board board) {
        ObjectNode json = Shipped.dashboard(board.uid());
        assertThat(json.path("id").isNull()).isTrue();
        assertThat(json.path("uid").asText()).isEqualTo(board.uid());
        assertThat(json.path("title").asText()).startsWith("Etascope / ");
        assertThat(json.path("schemaVersion").asInt()).isGreaterThanOrEqualTo(39);
        assertThat(json.path("editable").asBoolean(true)).isFalse();
        assertThat(json.path("graphTooltip").asInt()).isEqualTo(1);
        assertThat(json.path("links")).hasSize(boards().size() - 1).allSatisfy(link -> {
            assertThat(link.path("includeVars").asBoolean()).isTrue();
            assertThat(link.path("keepTime").asBoolean()).isTrue();
            assertThat(Shipped.dashboardUids())
                    .contains(link.path("url").asText().substring(3));
        });
    }

    @ParameterizedTest
    @MethodSource("boards")
    void json_panels_haveIdsOfTheirOwn_noDecimals_andSourcesByReference(Board board) {
        List<JsonNode> panels = panels(Shipped.dashboard(board.uid()));
        assertThat(panels).extracting(panel -> panel.path("id").asInt()).doesNotHaveDuplicates();
        for (JsonNode panel : panels) {
            boolean scientific = panel.at("/fieldConfig/defaults/unit").asText().equals("sci");
            assertThat(panel.path("fieldConfig").findValues("decimals"))
                    .as("three significant digits are Grafana's own way, but for this unit")
                    .hasSize(scientific ? 1 : 0)
                    .allMatch(decimals -> decimals.asInt() == 2);
            for (JsonNode source : panel.findValues("datasource")) {
                assertThat(source.path("uid").asText()).isEqualTo("${datasource}");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("boards")
    void json_grid_nothingLiesOverAnother(Board board) {
        Set<String> cells = new HashSet<>();
        for (JsonNode panel : Shipped.dashboard(board.uid()).path("panels")) {
            JsonNode grid = panel.path("gridPos");
            assertThat(grid.path("x").asInt() + grid.path("w").asInt()).isLessThanOrEqualTo(24);
            for (int x = 0; x < grid.path("w").asInt(); x++) {
                for (int y = 0; y < grid.path("h").asInt(); y++) {
                    assertThat(cells.add((grid.path("x").asInt() + x) + " "
                                    + (grid.path("y").asInt() + y)))
                            .as(panel.path("title").asText())
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("boards")
    void json_bands_endAtALineOfThePanel(Board board) {
        for (JsonNode panel : panels(Shipped.dashboard(board.uid()))) {
            List<String> names = panel.path("targets").findValuesAsText("legendFormat");
            for (JsonNode property : panel.at("/fieldConfig/overrides").findValues("properties")) {
                for (JsonNode one : property) {
                    if (one.path("id").asText().equals("custom.fillBelowTo")) {
                        assertThat(names).contains(one.path("value").asText());
                    }
                }
            }
        }
    }

    @Test
    void json_marks_areDrawnAtTheirOwnTime() {
        assertThat(Shipped.dashboard("etascope-run").at("/annotations/list"))
                .filteredOn(mark -> mark.path("expr").asText().contains("_timestamp_seconds"))
                .hasSize(3)
                .allSatisfy(mark -> {
                    assertThat(mark.path("useValueForTime").asBoolean()).isTrue();
                    assertThat(mark.path("expr").asText()).startsWith("1000 * ");
                });
    }
}
