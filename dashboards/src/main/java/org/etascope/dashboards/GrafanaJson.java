package org.etascope.dashboards;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import org.etascope.dashboards.Panel.Scale;
import org.etascope.dashboards.Panel.Word;

/** Dashboards as Grafana's classic JSON, for provisioning from files and for importing by hand. */
final class GrafanaJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Object> PROMETHEUS = Tree.of("{type: 'prometheus', uid: '${datasource}'}");
    private static final Map<String, Object> LOGARITHMIC = Tree.of("{type: 'log', log: 10}");

    private final List<Board> all;
    private int panelId;

    private GrafanaJson(List<Board> all) {
        this.all = all;
    }

    /**
     * {@return a dashboard's file: two spaces, one entry a line}
     *
     * @param board which
     * @param all it and those that it links to
     */
    static String of(Board board, List<Board> all) {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter()
                .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                .withArrayIndenter(new DefaultIndenter("  ", "\n"));
        try {
            return JSON.writer(printer).writeValueAsString(new GrafanaJson(all).board(board)) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    private Map<String, Object> board(Board board) {
        List<Object> panels = new ArrayList<>();
        int top = 0;
        for (Section section : board.sections()) {
            top = section(panels, section, top);
        }
        return Tree.of(
                """
                {id: null, uid: %s, title: %s, description: %s, tags: ['etascope'],
                 schemaVersion: 39, version: 1, editable: false, graphTooltip: 1, timezone: 'browser', refresh: '30s',
                 time: {from: 'now-6h', to: 'now'}, timepicker: {},
                 fiscalYearStartMonth: 0, weekStart: '', liveNow: false, preload: false,
                 links: %s, annotations: {list: %s}, templating: {list: %s}, panels: %s}""",
                board.uid(),
                "Etascope / " + board.title(),
                board.description(),
                links(board),
                annotations(board),
                variables(board),
                panels);
    }

    private List<?> links(Board board) {
        return all.stream()
                .filter(other -> !other.uid().equals(board.uid()))
                .map(other -> Tree.of("""
                        {type: 'link', title: %s, url: %s, icon: 'dashboard', tooltip: %s,
                         asDropdown: false, includeVars: true, keepTime: true, targetBlank: false, tags: []}""", other.title(), "/d/" + other.uid(), other.description()))
                .toList();
    }

    private static List<?> annotations(Board board) {
        List<Object> list = new ArrayList<>();
        list.add(Tree.of("""
                {builtIn: 1, name: 'Annotations & Alerts', type: 'dashboard', enable: true, hide: true, iconColor: %s,
                 datasource: {type: 'grafana', uid: '-- Grafana --'}}""", Color.NEUTRAL));
        board.marks()
                .forEach(mark -> list.add(Tree.of(
                        """
                        {name: %s, enable: true, hide: false, iconColor: %s, expr: %s, step: '60s',
                         titleFormat: %s, textFormat: '{{run}}', tagKeys: 'run', useValueForTime: %s, datasource: %s}""", mark.name(), mark.color(), mark.expression(), mark.name(), mark.timestamp(), PROMETHEUS)));
        return list;
    }

    private static List<?> variables(Board board) {
        List<Object> list = new ArrayList<>();
        if (!board.variables().isEmpty()) {
            list.add(Tree.of("""
                    {type: 'datasource', name: 'datasource', label: 'Data source', query: 'prometheus', refresh: 1,
                     multi: false, includeAll: false, hide: 0, regex: '', current: {}, options: []}"""));
        }
        board.variables().forEach(variable -> list.add(variable(variable)));
        return list;
    }

    private static Map<String, Object> variable(Variable variable) {
        boolean typed = variable.query().isEmpty();
        Map<String, Object> json = Tree.of(
                "{type: %s, name: %s, label: %s, hide: %s, options: []}",
                typed ? "textbox" : "query",
                variable.name(),
                variable.label(),
                variable.label().isEmpty() ? 2 : 0);
        if (typed) {
            json.putAll(Tree.of("{query: '', current: {selected: false, text: '', value: ''}}"));
            return json;
        }
        // Sorted by name, or as they come where the query sorts them.
        json.putAll(Tree.of(
                """
                {datasource: %s, definition: %s, query: {query: %s, refId: 'StandardVariableQuery'},
                 refresh: 2, sort: %s, multi: %s, includeAll: %s, regex: %s}""",
                PROMETHEUS,
                variable.query(),
                variable.query(),
                variable.pattern().isEmpty() ? 1 : 0,
                variable.several(),
                variable.several(),
                variable.pattern()));
        if (!variable.all().isEmpty()) {
            json.put("allValue", variable.all());
        }
        json.put("current", Tree.of(variable.several() ? "{selected: true, text: ['All'], value: ['$__all']}" : "{}"));
        return json;
    }

    // ---- panels ----

    /** Adds a section's panels and gives the height at which the next one begins. */
    private int section(List<Object> panels, Section section, int top) {
        boolean titled = !section.title().isEmpty();
        int rowId = titled ? ++panelId : 0;
        int begin = titled ? top + 1 : top;
        int end = begin;
        List<Object> inside = new ArrayList<>();
        for (Place place : section.places()) {
            inside.add(panel(place, begin));
            end = Math.max(end, begin + place.y() + place.panel().height());
        }
        if (titled) {
            panels.add(Tree.of("""
                    {id: %s, type: 'row', title: %s, collapsed: %s, gridPos: {x: 0, y: %s, w: 24, h: 1}, panels: %s}""", rowId, section.title(), !section.open(), top, section.open() ? List.of() : inside));
        }
        if (section.open()) {
            panels.addAll(inside);
        }
        return section.open() ? end : begin;
    }

    private Map<String, Object> panel(Place place, int top) {
        Panel panel = place.panel();
        boolean text = panel.kind() == Kind.TEXT;
        Map<String, Object> json = Tree.of(
                "{id: %s, gridPos: {x: %s, y: %s, w: %s, h: %s}, type: %s, title: %s, description: %s}",
                ++panelId,
                place.x(),
                top + place.y(),
                panel.width(),
                panel.height(),
                type(panel.kind()),
                panel.title(),
                text ? "" : panel.description());
        if (text) {
            json.put("options", Tree.of("{mode: 'markdown', content: %s}", panel.description()));
            return json;
        }
        json.putAll(Tree.of(
                "{datasource: %s, fieldConfig: {defaults: %s, overrides: %s}, options: %s, targets: %s}",
                PROMETHEUS, defaults(panel), overrides(panel), options(panel), targets(panel)));
        json.putAll(transformations(panel));
        return json;
    }

    private static String type(Kind kind) {
        return switch (kind) {
            case STAT -> "stat";
            case CHART -> "timeseries";
            case TREND -> "trend";
            case COMPARISON -> "xychart";
            case TABLE -> "table";
            case STATES -> "state-timeline";
            case TEXT -> "text";
        };
    }

    private static Map<String, Object> defaults(Panel panel) {
        Map<String, Object> defaults = Tree.of("{unit: %s, noValue: '–'}", panel.unit());
        if (panel.unit().equals("sci")) {
            defaults.put("decimals", 2); // Left to itself this unit shows all sixteen digits.
        }
        boolean manyColors = panel.kind() == Kind.CHART || panel.kind() == Kind.COMPARISON;
        defaults.put(
                "color",
                panel.kind() == Kind.STAT && panel.judged()
                        ? Tree.of("{mode: 'thresholds'}")
                        : Tree.of("{mode: %s, fixedColor: 'text'}", manyColors ? "palette-classic" : "fixed"));
        List<Object> steps = new ArrayList<>(List.of(Tree.of("{color: 'text', value: null}")));
        if (panel.judged()) {
            steps.add(Tree.of("{color: %s, value: %s}", Color.BAD, panel.redFrom()));
        }
        defaults.put("thresholds", Tree.of("{mode: 'absolute', steps: %s}", steps));
        List<Object> mappings = words(panel, "");
        if (panel.kind() == Kind.TABLE) {
            // A cell would say NaN.
            mappings.add(Tree.of("{type: 'special', options: {match: 'nan', result: {text: '–'}}}"));
        }
        defaults.put("mappings", mappings);
        if (panel.kind() == Kind.CHART
                && panel.lines().stream().anyMatch(line -> line.name().equals("{{run}}"))) {
            defaults.put(
                    "links", link(Boards.runPath("${__field.labels.run}", "${__field.labels.job}"), "Open the run"));
        }
        defaults.put("custom", custom(panel));
        return defaults;
    }

    private static Map<String, Object> custom(Panel panel) {
        Map<String, Object> scale = panel.scale() == Scale.LOGARITHMIC ? LOGARITHMIC : Tree.of("{type: 'linear'}");
        return switch (panel.kind()) {
            case CHART, TREND -> {
                Map<String, Object> custom = Tree.of("""
                        {drawStyle: 'line', lineInterpolation: 'linear', lineWidth: 2, fillOpacity: 0,
                         showPoints: 'never', spanNulls: false, axisPlacement: 'auto', axisBorderShow: false,
                         scaleDistribution: %s, thresholdsStyle: {mode: %s}}""", scale, panel.judged() ? "dashed" : "off");
                // What a figure is judged by is in sight, also where all of them are 0.
                if (panel.judged()) {
                    custom.put("axisSoftMax", panel.redFrom());
                }
                if (panel.scale() == Scale.FROM_ZERO) {
                    custom.put("axisSoftMin", 0);
                }
                yield custom;
            }
            case COMPARISON ->
                Tree.of("{show: 'lines', lineWidth: 2, axisPlacement: 'auto', scaleDistribution: %s}", scale);
            case TABLE -> Tree.of("{align: 'auto', filterable: false, cellOptions: {type: 'auto'}}");
            case STATES -> Tree.of("{fillOpacity: 80, lineWidth: 0}");
            default -> Map.of();
        };
    }

    private static List<Object> words(Panel panel, String line) {
        Map<String, Object> options = new LinkedHashMap<>();
        for (Word word : panel.words().getOrDefault(line, List.of())) {
            options.put(
                    Integer.toString(word.value()),
                    Tree.of("{index: %s, text: %s, color: %s}", options.size(), word.text(), word.color()));
        }
        List<Object> mappings = new ArrayList<>();
        if (!options.isEmpty()) {
            mappings.add(Tree.of("{type: 'value', options: %s}", options));
        }
        return mappings;
    }

    private static List<?> link(String url, String title) {
        return List.of(Tree.of("{title: %s, url: %s, targetBlank: false}", title, url));
    }

    private static List<?> overrides(Panel panel) {
        List<Object> overrides = new ArrayList<>();
        for (int i = 0; i < panel.lines().size(); i++) {
            override(overrides, panel.lines().get(i).name(), properties(panel, i));
        }
        if (panel.kind() == Kind.TABLE && panel.link().equals("run")) {
            List<?> link = link(Boards.runPath("${__data.fields.run}", "${__data.fields.job}"), "Open the run");
            override(overrides, "run", Map.of("links", link));
        } else if (panel.kind() == Kind.TABLE && !panel.link().isEmpty()) {
            override(overrides, "alertname", Map.of("links", link(panel.link(), "What to do")));
        }
        return overrides;
    }

    private static void override(List<Object> overrides, String name, Map<String, Object> properties) {
        List<?> list = properties.entrySet().stream()
                .map(property -> Tree.of("{id: %s, value: %s}", property.getKey(), property.getValue()))
                .toList();
        if (!list.isEmpty()) {
            overrides.add(Tree.of("{matcher: {id: 'byName', options: %s}, properties: %s}", name, list));
        }
    }

    private static Map<String, Object> properties(Panel panel, int index) {
        Line line = panel.lines().get(index);
        Map<String, Object> properties = new LinkedHashMap<>();
        if (line.color() != null && !panel.judged()) {
            properties.put("color", Tree.of("{mode: 'fixed', fixedColor: %s}", line.color()));
        }
        if (!line.unit().isEmpty()) {
            properties.put("unit", line.unit());
        }
        if (index == 0 && (panel.kind() == Kind.TREND || panel.kind() == Kind.COMPARISON)) {
            properties.put("unit", "short");
            properties.put("custom.scaleDistribution", LOGARITHMIC);
            properties.put("custom.axisLabel", line.name());
        }
        if (line.draw() == Draw.THIN) {
            properties.put("custom.lineWidth", 1);
        } else if (line.draw() == Draw.LIMIT) {
            properties.put("custom.lineStyle", Tree.of("{fill: 'dash', dash: [10, 10]}"));
        } else if (line.draw() != Draw.LINE) {
            properties.put("custom.lineWidth", 0);
            properties.put("custom.hideFrom", Tree.of("{legend: true, tooltip: false, viz: false}"));
        }
        if (line.draw() == Draw.UPPER) {
            properties.put("custom.fillBelowTo", panel.lines().get(index - 1).name());
            properties.put("custom.fillOpacity", 20);
        }
        List<Object> words = words(panel, line.name());
        if (!words.isEmpty()) {
            properties.put("mappings", words);
        }
        return properties;
    }

    private static Map<String, Object> options(Panel panel) {
        Line first = panel.lines().get(0);
        boolean single = panel.lines().size() == 1;
        Map<String, Object> options = switch (panel.kind()) {
            case STAT -> Tree.of("""
                                {reduceOptions: {fields: '', values: false, calcs: ['lastNotNull']},
                                 orientation: 'auto', textMode: %s, colorMode: 'value', graphMode: 'none',
                                 justifyMode: 'auto', wideLayout: true}""", single && !first.name().contains("{{") ? "value" : "value_and_name");
            case TABLE -> Tree.of("""
                            {showHeader: true, cellHeight: 'sm', footer: {show: false, fields: '', reducer: ['sum']}}""");
            case STATES -> Tree.of("{mergeValues: true, showValue: 'never', alignValue: 'left', rowHeight: 0.85}");
            case TREND -> Tree.of("{xField: %s}", first.name());
            case COMPARISON ->
                Tree.of("{mapping: 'auto', series: [{x: {matcher: {id: 'byName', options: %s}}}]}", first.name());
            default -> Tree.of("{}");
        };
        if (panel.kind() == Kind.TABLE && single) {
            options.putAll(Tree.of(
                    "{sortBy: [{displayName: %s, desc: %s}]}",
                    first.name(), first.expression().startsWith("topk")));
        }
        if (panel.kind() != Kind.STAT && panel.kind() != Kind.TABLE) {
            options.putAll(Tree.of(
                    """
                    {legend: {showLegend: %s, displayMode: 'table', placement: 'bottom', calcs: ['lastNotNull']},
                     tooltip: {mode: %s, sort: 'none'}}""",
                    panel.kind() != Kind.STATES,
                    panel.kind() == Kind.STATES || panel.kind() == Kind.COMPARISON ? "single" : "multi"));
        }
        return options;
    }

    private static List<?> targets(Panel panel) {
        boolean instant = panel.kind() == Kind.STAT || panel.kind() == Kind.TABLE;
        boolean table = panel.kind() == Kind.TABLE || panel.kind() == Kind.COMPARISON;
        List<Object> targets = new ArrayList<>();
        for (Line line : panel.lines()) {
            targets.add(Tree.of(
                    """
                    {refId: %s, datasource: %s, editorMode: 'code', expr: %s, legendFormat: %s,
                     instant: %s, range: %s, format: %s}""",
                    letter(targets.size()),
                    PROMETHEUS,
                    line.expression(),
                    line.name(),
                    instant,
                    !instant,
                    table ? "table" : "time_series"));
        }
        return targets;
    }

    private static String letter(int query) {
        return Character.toString('A' + query);
    }

    private static Map<String, Object> transformations(Panel panel) {
        return switch (panel.kind()) {
            case TREND -> Tree.of("""
                        {transformations: [
                          {id: 'joinByField', options: {byField: 'Time', mode: 'outer'}},
                          {id: 'sortBy', options: {sort: [{field: %s, desc: false}]}}]}""", panel.lines().get(0).name());
            case TABLE -> Tree.of("""
                    {transformations: [
                      {id: 'filterFieldsByName', options: {exclude: {pattern: '^(Time|__name__)$'}}},
                      {id: 'merge', options: {}},
                      {id: 'organize', options: %s}]}""", columns(panel));
            case COMPARISON -> Tree.of("""
                    {transformations: [
                      {id: 'merge', options: {}},
                      {id: 'organize', options: %s},
                      {id: 'partitionByValues',
                       options: {keepFields: false, fields: ['run'], naming: {asLabels: true}}}]}""", columns(panel));
            default -> Map.of();
        };
    }

    /** One query gives a column "Value", several "Value #A" and so on. */
    private static Map<String, Object> columns(Panel panel) {
        Map<String, Object> hidden = Tree.of(panel.kind() == Kind.COMPARISON ? "{Time: true, job: true}" : "{}");
        Map<String, Object> order = Tree.of("""
                {alertname: 0, severity: 1, run: 2, job: 3, instance: 4, worker: 5, model: 6, dataset: 7}""");
        Map<String, Object> names = new LinkedHashMap<>();
        for (int i = 0; i < panel.lines().size(); i++) {
            String name = panel.lines().get(i).name();
            String column = panel.lines().size() == 1 ? "Value" : "Value #" + letter(i);
            if (name.isEmpty() || name.equals("firing")) {
                hidden.put(column, true);
            } else {
                names.put(column, name);
            }
            order.put(column, 10 + i);
        }
        return Tree.of("{excludeByName: %s, indexByName: %s, renameByName: %s}", hidden, order, names);
    }
}
