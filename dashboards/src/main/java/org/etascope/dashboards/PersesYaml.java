package org.etascope.dashboards;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.etascope.dashboards.Board.Place;
import org.etascope.dashboards.Board.Section;
import org.etascope.dashboards.Board.Variable;
import org.etascope.dashboards.Panel.Draw;
import org.etascope.dashboards.Panel.Kind;
import org.etascope.dashboards.Panel.Line;

/**
 * Dashboards as Perses reads them. What it has no panel for is drawn over time: loss over tokens, comparisons, states. Its
 * default data source for Prometheus is asked.
 */
final class PersesYaml {
    private PersesYaml() {}

    static String of(Board board) {
        Map<String, Object> panels = new LinkedHashMap<>();
        List<Object> layouts = new ArrayList<>();
        for (Section section : board.sections()) {
            List<Object> items = new ArrayList<>();
            for (Place place : section.places()) {
                Panel panel = place.panel();
                String key = "panel" + (panels.size() + 1);
                panels.put(key, panel(panel));
                items.add(Tree.of(
                        "{x: %s, y: %s, width: %s, height: %s, content: {$ref: %s}}",
                        place.x(), place.y(), panel.width(), panel.height(), "#/spec/panels/" + key));
            }
            layouts.add(Tree.of(
                    "{kind: 'Grid', spec: {display: {title: %s, collapse: {open: %s}}, items: %s}}",
                    section.title(), section.open(), items));
        }
        return Yaml.of(Tree.of(
                """
                {'#': 'Written by the model in dashboards/src; docs/dashboards.md says how.',
                 kind: 'Dashboard', metadata: {name: %s, project: 'etascope'},
                 spec: {
                   display: {name: %s, description: %s}, duration: '6h', refreshInterval: '30s',
                   variables: %s, panels: %s, layouts: %s}}""",
                board.uid(),
                "Etascope / " + board.title(),
                board.description(),
                board.variables().stream().map(PersesYaml::variable).toList(),
                panels,
                layouts));
    }

    private static Map<String, Object> variable(Variable variable) {
        if (variable.query().isEmpty()) {
            return Tree.of(
                    "{kind: 'TextVariable', spec: {name: %s, display: {name: %s}, value: ''}}",
                    variable.name(), variable.label());
        }
        Map<String, Object> plugin = variable.pattern().isEmpty()
                ? Tree.of(
                        "{kind: 'PrometheusLabelValuesVariable', spec: {labelName: %s, matchers: [%s]}}",
                        variable.name(), variable.query().replaceAll("^label_values\\((.*), \\w+\\)$", "$1"))
                : Tree.of(
                        "{kind: 'PrometheusPromQLVariable', spec: {expr: %s, labelName: %s}}",
                        variable.query().replaceAll("^query_result\\((.*)\\)$", "$1"), variable.name());
        Map<String, Object> spec = Tree.of(
                "{name: %s, display: %s, allowMultiple: %s, allowAllValue: %s}",
                variable.name(),
                variable.label().isEmpty() ? Map.of("hidden", true) : Map.of("name", variable.label()),
                variable.several(),
                variable.several());
        if (!variable.all().isEmpty()) {
            spec.put("customAllValue", variable.all());
        }
        if (variable.several()) {
            spec.put("defaultValue", List.of("$__all"));
        }
        spec.put("plugin", plugin);
        return Tree.of("{kind: 'ListVariable', spec: %s}", spec);
    }

    private static Map<String, Object> panel(Panel panel) {
        boolean text = panel.kind() == Kind.TEXT;
        Map<String, Object> spec = Tree.of(
                "{display: {name: %s, description: %s}, plugin: %s}",
                panel.title(), text ? "" : panel.description(), plugin(panel));
        if (!text) {
            spec.put(
                    "queries",
                    panel.lines().stream().map(line -> line(panel, line)).toList());
        }
        return Tree.of("{kind: 'Panel', spec: %s}", spec);
    }

    private static Map<String, Object> plugin(Panel panel) {
        return switch (panel.kind()) {
            case TEXT -> Tree.of("{kind: 'Markdown', spec: {text: %s}}", panel.description());
            case STAT -> Tree.of("{kind: 'StatChart', spec: %s}", stat(panel));
            case TABLE -> Tree.of("{kind: 'TimeSeriesTable', spec: {}}");
            case CHART, TREND, COMPARISON, STATES -> Tree.of("""
                        {kind: 'TimeSeriesChart',
                         spec: {legend: {position: 'bottom', mode: 'table', values: ['last']},
                                yAxis: {format: %s}, querySettings: %s}}""", format(panel.unit()), settings(panel));
        };
    }

    private static Map<String, Object> stat(Panel panel) {
        Map<String, Object> stat = Tree.of("{calculation: 'last-number', format: %s}", format(panel.unit()));
        List<?> words = panel.words().values().stream()
                .flatMap(List::stream)
                .map(word -> Tree.of(
                        "{kind: 'Value', spec: {value: %s, result: {value: %s, color: %s}}}",
                        Integer.toString(word.value()), word.text(), word.color()))
                .toList();
        if (!words.isEmpty()) {
            stat.put("mappings", words);
        }
        if (panel.judged()) {
            stat.put("thresholds", Tree.of("{steps: [{value: %s, color: %s}]}", panel.redFrom(), Color.BAD));
        }
        return stat;
    }

    /** Perses knows fewer units; nats and bits are named in the titles and descriptions. */
    private static Map<String, Object> format(String unit) {
        return Tree.of(
                switch (unit) {
                    case "s" -> "{unit: 'seconds'}";
                    case "percentunit" -> "{unit: 'percent-decimal'}";
                    case "bytes" -> "{unit: 'bytes'}";
                    case "short" -> "{unit: 'decimal', shortValues: true}";
                    default -> "{unit: 'decimal'}";
                });
    }

    private static List<Object> settings(Panel panel) {
        List<Object> settings = new ArrayList<>();
        for (int i = 0; i < panel.lines().size(); i++) {
            Line line = panel.lines().get(i);
            if (line.color() != null) {
                Map<String, Object> setting =
                        Tree.of("{queryIndex: %s, colorMode: 'fixed', colorValue: %s}", i, line.color());
                if (line.draw() == Draw.LIMIT || line.draw() == Draw.LOWER || line.draw() == Draw.UPPER) {
                    setting.put("lineStyle", line.draw() == Draw.LIMIT ? "dashed" : "dotted");
                }
                settings.add(setting);
            }
        }
        return settings;
    }

    private static Map<String, Object> line(Panel panel, Line line) {
        boolean byRun = panel.kind() == Kind.COMPARISON || panel.kind() == Kind.TABLE;
        return Tree.of("""
                {kind: 'TimeSeriesQuery', spec: {plugin: {kind: 'PrometheusTimeSeriesQuery',
                 spec: {query: %s, seriesNameFormat: %s}}}}""", line.expression(), (byRun ? "{{run}} " : "") + line.name());
    }
}
