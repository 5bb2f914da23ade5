package org.etascope.dashboards;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        int number = 0;
        for (Section section : board.sections()) {
            List<Object> items = new ArrayList<>();
            int x = 0;
            int y = 0;
            int height = 0;
            for (Panel panel : section.panels()) {
                if (x + panel.width() > 24) {
                    x = 0;
                    y += height;
                    height = 0;
                }
                String key = "panel" + ++number;
                panels.put(key, panel(panel));
                items.add(map(
                        "x",
                        x,
                        "y",
                        y,
                        "width",
                        panel.width(),
                        "height",
                        panel.height(),
                        "content",
                        map("$ref", "#/spec/panels/" + key)));
                x += panel.width();
                height = Math.max(height, panel.height());
            }
            layouts.add(map(
                    "kind",
                    "Grid",
                    "spec",
                    map(
                            "display",
                            map("title", section.title(), "collapse", map("open", section.open())),
                            "items",
                            items)));
        }
        return Yaml.of(map(
                "#",
                "Written by the model in dashboards/src; docs/dashboards.md says how.",
                "kind",
                "Dashboard",
                "metadata",
                map("name", board.uid(), "project", "etascope"),
                "spec",
                map(
                        "display",
                        map("name", "Etascope / " + board.title(), "description", board.description()),
                        "duration",
                        "6h",
                        "refreshInterval",
                        "30s",
                        "variables",
                        board.variables().stream().map(PersesYaml::variable).toList(),
                        "panels",
                        panels,
                        "layouts",
                        layouts)));
    }

    private static Map<String, Object> variable(Variable variable) {
        if (variable.query().isEmpty()) {
            return map(
                    "kind",
                    "TextVariable",
                    "spec",
                    map("name", variable.name(), "display", map("name", variable.label()), "value", ""));
        }
        Map<String, Object> plugin = variable.pattern().isEmpty()
                ? map(
                        "kind",
                        "PrometheusLabelValuesVariable",
                        "spec",
                        map(
                                "labelName", variable.name(),
                                "matchers", List.of(selector(variable.query()))))
                : map(
                        "kind",
                        "PrometheusPromQLVariable",
                        "spec",
                        map(
                                "expr",
                                query(variable.query().replaceAll("^query_result\\((.*)\\)$", "$1")),
                                "labelName",
                                variable.name()));
        Map<String, Object> spec = map(
                "name", variable.name(),
                "display", variable.label().isEmpty() ? map("hidden", true) : map("name", variable.label()),
                "allowMultiple", variable.several(),
                "allowAllValue", variable.several());
        if (!variable.all().isEmpty()) {
            spec.put("customAllValue", variable.all());
        }
        if (variable.several()) {
            spec.put("defaultValue", List.of("$__all"));
        }
        spec.put("plugin", plugin);
        return map("kind", "ListVariable", "spec", spec);
    }

    private static String selector(String query) {
        return query.replaceAll("^label_values\\((.*), \\w+\\)$", "$1");
    }

    private static Map<String, Object> panel(Panel panel) {
        Map<String, Object> spec =
                map("display", map("name", panel.title(), "description", panel.description()), "plugin", plugin(panel));
        if (panel.kind() != Kind.TEXT) {
            spec.put(
                    "queries",
                    panel.lines().stream().map(line -> line(panel, line)).toList());
        }
        return map("kind", "Panel", "spec", spec);
    }

    private static Map<String, Object> plugin(Panel panel) {
        return switch (panel.kind()) {
            case TEXT -> map("kind", "Markdown", "spec", map("text", panel.markdown()));
            case STAT -> map("kind", "StatChart", "spec", stat(panel));
            case TABLE -> map("kind", "TimeSeriesTable", "spec", map());
            case CHART, TREND, COMPARISON, STATES ->
                map(
                        "kind",
                        "TimeSeriesChart",
                        "spec",
                        map(
                                "legend", map("position", "bottom", "mode", "table", "values", List.of("last")),
                                "yAxis", map("format", format(panel.unit())),
                                "querySettings", settings(panel)));
        };
    }

    private static Map<String, Object> stat(Panel panel) {
        Map<String, Object> stat = map("calculation", "last-number", "format", format(panel.unit()));
        List<Object> words = panel.words().values().stream()
                .flatMap(List::stream)
                .<Object>map(word -> map(
                        "kind",
                        "Value",
                        "spec",
                        map(
                                "value",
                                Integer.toString(word.value()),
                                "result",
                                map("value", word.text(), "color", word.color().hex()))))
                .toList();
        if (!words.isEmpty()) {
            stat.put("mappings", words);
        }
        if (!panel.thresholds().isEmpty()) {
            stat.put(
                    "thresholds",
                    map(
                            "steps",
                            panel.thresholds().stream()
                                    .map(threshold -> map(
                                            "value",
                                            threshold.from(),
                                            "color",
                                            threshold.color().hex()))
                                    .toList()));
        }
        return stat;
    }

    /** Perses knows fewer units; nats and bits are named in the titles and descriptions. */
    private static Map<String, Object> format(String unit) {
        return switch (unit) {
            case "s" -> map("unit", "seconds");
            case "percentunit" -> map("unit", "percent-decimal");
            case "bytes" -> map("unit", "bytes");
            case "short" -> map("unit", "decimal", "shortValues", true);
            default -> map("unit", "decimal");
        };
    }

    private static List<Object> settings(Panel panel) {
        List<Object> settings = new ArrayList<>();
        for (int i = 0; i < panel.lines().size(); i++) {
            Line line = panel.lines().get(i);
            if (line.color() != null) {
                Map<String, Object> setting = map(
                        "queryIndex",
                        i,
                        "colorMode",
                        "fixed",
                        "colorValue",
                        line.color().hex());
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
        return map(
                "kind",
                "TimeSeriesQuery",
                "spec",
                map(
                        "plugin",
                        map(
                                "kind",
                                "PrometheusTimeSeriesQuery",
                                "spec",
                                map(
                                        "query",
                                        query(line.expression()),
                                        "seriesNameFormat",
                                        byRun ? "{{run}} " + line.name() : line.name()))));
    }

    private static String query(String expression) {
        return expression;
    }

    private static Map<String, Object> map(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
