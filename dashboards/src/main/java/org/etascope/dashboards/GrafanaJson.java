package org.etascope.dashboards;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.etascope.dashboards.Board.Mark;
import org.etascope.dashboards.Board.Section;
import org.etascope.dashboards.Board.Variable;
import org.etascope.dashboards.Panel.Draw;
import org.etascope.dashboards.Panel.Kind;
import org.etascope.dashboards.Panel.Line;
import org.etascope.dashboards.Panel.Word;

/** Dashboards as Grafana's classic JSON, for provisioning from files and for importing by hand. */
final class GrafanaJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int COLUMNS = 24;

    private final List<Board> all;
    private int panelId;

    private GrafanaJson(List<Board> all) {
        this.all = all;
    }

    /**
     * {@return a dashboard's file}
     *
     * @param board which
     * @param all it and those that it links to
     */
    static String of(Board board, List<Board> all) {
        return text(new GrafanaJson(all).board(board));
    }

    /** {@return JSON as it is committed: two spaces, one entry a line} */
    static String text(ObjectNode json) {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter()
                .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                .withArrayIndenter(new DefaultIndenter("  ", "\n"));
        try {
            return JSON.writer(printer).writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    private ObjectNode board(Board board) {
        ObjectNode json = JSON.createObjectNode();
        json.putNull("id");
        json.put("uid", board.uid());
        json.put("title", "Etascope / " + board.title());
        json.put("description", board.description());
        json.putArray("tags").add("etascope");
        json.put("schemaVersion", 39).put("version", 1).put("editable", false).put("graphTooltip", 1);
        json.put("timezone", "browser").put("refresh", "30s");
        json.putObject("time").put("from", "now-6h").put("to", "now");
        json.putObject("timepicker");
        json.put("fiscalYearStartMonth", 0)
                .put("weekStart", "")
                .put("liveNow", false)
                .put("preload", false);
        links(json.putArray("links"), board);
        annotations(json.putObject("annotations").putArray("list"), board);
        variables(json.putObject("templating").putArray("list"), board);
        ArrayNode panels = json.putArray("panels");
        int top = 0;
        for (Section section : board.sections()) {
            top = section(panels, section, top);
        }
        return json;
    }

    private void links(ArrayNode links, Board board) {
        for (Board other : all) {
            if (!other.uid().equals(board.uid())) {
                links.addObject()
                        .put("type", "link")
                        .put("title", other.title())
                        .put("url", "/d/" + other.uid())
                        .put("icon", "dashboard")
                        .put("tooltip", other.description())
                        .put("asDropdown", false)
                        .put("includeVars", true)
                        .put("keepTime", true)
                        .put("targetBlank", false)
                        .putArray("tags");
            }
        }
    }

    private static void annotations(ArrayNode list, Board board) {
        ObjectNode own = list.addObject()
                .put("builtIn", 1)
                .put("name", "Annotations & Alerts")
                .put("type", "dashboard")
                .put("enable", true)
                .put("hide", true)
                .put("iconColor", Color.NEUTRAL.hex());
        own.putObject("datasource").put("type", "grafana").put("uid", "-- Grafana --");
        for (Mark mark : board.marks()) {
            ObjectNode annotation = list.addObject()
                    .put("name", mark.name())
                    .put("enable", true)
                    .put("hide", false)
                    .put("iconColor", mark.color().hex())
                    .put("expr", mark.expression())
                    .put("step", "60s")
                    .put("titleFormat", mark.name())
                    .put("textFormat", "{{run}}")
                    .put("tagKeys", "run")
                    .put("useValueForTime", mark.timestamp());
            annotation.set("datasource", prometheus());
        }
    }

    private static ObjectNode prometheus() {
        return JSON.createObjectNode().put("type", "prometheus").put("uid", "${datasource}");
    }

    private static void variables(ArrayNode list, Board board) {
        if (board.variables().isEmpty()) {
            return;
        }
        ObjectNode source = list.addObject()
                .put("type", "datasource")
                .put("name", "datasource")
                .put("label", "Data source")
                .put("query", "prometheus")
                .put("refresh", 1)
                .put("multi", false)
                .put("includeAll", false)
                .put("hide", 0)
                .put("regex", "");
        source.putObject("current");
        source.putArray("options");
        for (Variable variable : board.variables()) {
            ObjectNode node = list.addObject();
            boolean typed = variable.query().isEmpty();
            node.put("type", typed ? "textbox" : "query")
                    .put("name", variable.name())
                    .put("label", variable.label())
                    .put("hide", variable.label().isEmpty() ? 2 : 0);
            node.putArray("options");
            if (typed) {
                node.put("query", "");
                node.putObject("current").put("selected", false).put("text", "").put("value", "");
                continue;
            }
            node.set("datasource", prometheus());
            node.put("definition", variable.query());
            node.putObject("query").put("query", variable.query()).put("refId", "StandardVariableQuery");
            // Sorted by name, or as they come where the query sorts them.
            node.put("refresh", 2)
                    .put("sort", variable.pattern().isEmpty() ? 1 : 0)
                    .put("multi", variable.several())
                    .put("includeAll", variable.several())
                    .put("regex", variable.pattern());
            if (!variable.all().isEmpty()) {
                node.put("allValue", variable.all());
            }
            ObjectNode current = node.putObject("current");
            if (variable.several()) {
                current.put("selected", true);
                current.putArray("text").add("All");
                current.putArray("value").add("$__all");
            }
        }
    }

    // ---- panels ----

    private int section(ArrayNode panels, Section section, int top) {
        ArrayNode into = panels;
        int y = top;
        if (!section.title().isEmpty()) {
            ObjectNode row = panels.addObject()
                    .put("id", ++panelId)
                    .put("type", "row")
                    .put("title", section.title())
                    .put("collapsed", !section.open());
            place(row, 0, y, COLUMNS, 1);
            into = row.putArray("panels");
            if (section.open()) {
                into = panels;
            }
            y++;
        }
        int x = 0;
        int height = 0;
        for (Panel panel : section.panels()) {
            if (x + panel.width() > COLUMNS) {
                x = 0;
                y += height;
                height = 0;
            }
            ObjectNode json = into.addObject().put("id", ++panelId);
            place(json, x, y, panel.width(), panel.height());
            panel(json, panel);
            x += panel.width();
            height = Math.max(height, panel.height());
        }
        return section.open() ? y + height : top + 1;
    }

    private static void place(ObjectNode panel, int x, int y, int width, int height) {
        panel.putObject("gridPos").put("x", x).put("y", y).put("w", width).put("h", height);
    }

    private static void panel(ObjectNode json, Panel panel) {
        json.put("type", type(panel.kind())).put("title", panel.title()).put("description", panel.description());
        if (panel.kind() == Kind.TEXT) {
            json.putObject("options").put("mode", "markdown").put("content", panel.markdown());
            return;
        }
        json.set("datasource", prometheus());
        ObjectNode field = json.putObject("fieldConfig");
        defaults(field.putObject("defaults"), panel);
        overrides(field.putArray("overrides"), panel);
        options(json.putObject("options"), panel);
        targets(json.putArray("targets"), panel);
        transformations(json, panel);
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

    private static void defaults(ObjectNode defaults, Panel panel) {
        defaults.put("unit", panel.unit()).put("noValue", "–");
        if (panel.unit().equals("sci")) {
            defaults.put("decimals", 2); // Left to itself this unit shows all sixteen digits.
        }
        boolean judged = !panel.thresholds().isEmpty();
        ObjectNode color = defaults.putObject("color");
        if (panel.kind() == Kind.STAT && judged) {
            color.put("mode", "thresholds");
        } else {
            color.put(
                    "mode",
                    panel.kind() == Kind.CHART || panel.kind() == Kind.COMPARISON ? "palette-classic" : "fixed");
            color.put("fixedColor", "text");
        }
        ArrayNode steps =
                defaults.putObject("thresholds").put("mode", "absolute").putArray("steps");
        steps.addObject().put("color", "text").putNull("value");
        panel.thresholds()
                .forEach(threshold ->
                        steps.addObject().put("color", threshold.color().hex()).put("value", threshold.from()));
        mappings(defaults, panel.words().getOrDefault("", List.of()));
        if (panel.kind() == Kind.TABLE) {
            // A cell would say NaN.
            defaults.withArray("mappings")
                    .addObject()
                    .put("type", "special")
                    .putObject("options")
                    .put("match", "nan")
                    .putObject("result")
                    .put("text", "–");
        }
        if (panel.kind() == Kind.CHART
                && panel.lines().stream().anyMatch(line -> line.name().equals("{{run}}"))) {
            link(defaults, Boards.runPath("${__field.labels.run}", "${__field.labels.job}"), "Open the run");
        }
        ObjectNode custom = defaults.putObject("custom");
        switch (panel.kind()) {
            case CHART, TREND -> {
                custom.put("drawStyle", "line")
                        .put("lineInterpolation", "linear")
                        .put("lineWidth", 2)
                        .put("fillOpacity", 0)
                        .put("showPoints", "never")
                        .put("spanNulls", false)
                        .put("axisPlacement", "auto")
                        .put("axisBorderShow", false);
                distribution(custom, panel.isLogarithmic());
                custom.putObject("thresholdsStyle").put("mode", judged ? "dashed" : "off");
                // What a figure is judged by is in sight, also where all of them are 0.
                panel.thresholds().stream()
                        .mapToDouble(Panel.Threshold::from)
                        .max()
                        .ifPresent(most -> custom.put("axisSoftMax", most));
                if (panel.isFromZero()) {
                    custom.put("axisSoftMin", 0);
                }
            }
            case COMPARISON -> {
                custom.put("show", "lines").put("lineWidth", 2).put("axisPlacement", "auto");
                distribution(custom, panel.isLogarithmic());
            }
            case TABLE -> {
                custom.put("align", "auto").put("filterable", false);
                custom.putObject("cellOptions").put("type", "auto");
            }
            case STATES -> custom.put("fillOpacity", 80).put("lineWidth", 0);
            default -> {}
        }
    }

    private static void distribution(ObjectNode custom, boolean logarithmic) {
        ObjectNode scale = custom.putObject("scaleDistribution");
        if (logarithmic) {
            scale.put("type", "log").put("log", 10);
        } else {
            scale.put("type", "linear");
        }
    }

    private static void mappings(ObjectNode into, List<Word> words) {
        ArrayNode mappings = into.putArray("mappings");
        if (!words.isEmpty()) {
            words(mappings, words);
        }
    }

    private static void words(ArrayNode mappings, List<Word> words) {
        ObjectNode options = mappings.addObject().put("type", "value").putObject("options");
        for (Word word : words) {
            options.putObject(Integer.toString(word.value()))
                    .put("index", words.indexOf(word))
                    .put("text", word.text())
                    .put("color", word.color().hex());
        }
    }

    private static void link(ObjectNode into, String url, String title) {
        into.putArray("links").addObject().put("title", title).put("url", url).put("targetBlank", false);
    }

    private static void overrides(ArrayNode overrides, Panel panel) {
        List<Line> lines = panel.lines();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            ArrayNode properties = JSON.createArrayNode();
            if (line.color() != null && panel.thresholds().isEmpty()) {
                property(properties, "color")
                        .putObject("value")
                        .put("mode", "fixed")
                        .put("fixedColor", line.color().hex());
            }
            if (!line.unit().isEmpty()) {
                property(properties, "unit").put("value", line.unit());
            }
            if (i == 0 && (panel.kind() == Kind.TREND || panel.kind() == Kind.COMPARISON)) {
                property(properties, "unit").put("value", "short");
                property(properties, "custom.scaleDistribution")
                        .putObject("value")
                        .put("type", "log")
                        .put("log", 10);
                property(properties, "custom.axisLabel").put("value", line.name());
            }
            draw(properties, lines, i);
            List<Word> words = panel.words().getOrDefault(line.name(), List.of());
            if (!words.isEmpty()) {
                words(property(properties, "mappings").putArray("value"), words);
            }
            if (!properties.isEmpty()) {
                override(overrides, line.name(), properties);
            }
        }
        if (panel.kind() == Kind.TABLE && !panel.link().isEmpty()) {
            boolean run = panel.link().equals("run");
            ArrayNode properties = JSON.createArrayNode();
            property(properties, "links")
                    .putArray("value")
                    .addObject()
                    .put("title", run ? "Open the run" : "What to do")
                    .put("url", run ? Boards.runPath("${__data.fields.run}", "${__data.fields.job}") : panel.link())
                    .put("targetBlank", false);
            override(overrides, run ? "run" : "alertname", properties);
        }
    }

    private static void draw(ArrayNode properties, List<Line> lines, int index) {
        Draw draw = lines.get(index).draw();
        if (draw == Draw.THIN) {
            property(properties, "custom.lineWidth").put("value", 1);
        } else if (draw == Draw.LIMIT) {
            ObjectNode style =
                    property(properties, "custom.lineStyle").putObject("value").put("fill", "dash");
            style.putArray("dash").add(10).add(10);
        } else if (draw == Draw.LOWER || draw == Draw.UPPER) {
            property(properties, "custom.lineWidth").put("value", 0);
            property(properties, "custom.hideFrom")
                    .putObject("value")
                    .put("legend", true)
                    .put("tooltip", false)
                    .put("viz", false);
            if (draw == Draw.UPPER) {
                property(properties, "custom.fillBelowTo")
                        .put("value", lines.get(index - 1).name());
                property(properties, "custom.fillOpacity").put("value", 20);
            }
        }
    }

    private static ObjectNode property(ArrayNode properties, String id) {
        return properties.addObject().put("id", id);
    }

    private static void override(ArrayNode overrides, String name, ArrayNode properties) {
        ObjectNode override = overrides.addObject();
        override.putObject("matcher").put("id", "byName").put("options", name);
        override.set("properties", properties);
    }

    private static void options(ObjectNode options, Panel panel) {
        switch (panel.kind()) {
            case STAT -> {
                ObjectNode reduce =
                        options.putObject("reduceOptions").put("fields", "").put("values", false);
                reduce.putArray("calcs").add("lastNotNull");
                options.put("orientation", "auto")
                        .put(
                                "textMode",
                                panel.lines().size() > 1
                                                || panel.lines().get(0).name().contains("{{")
                                        ? "value_and_name"
                                        : "value")
                        .put("colorMode", "value")
                        .put("graphMode", "none")
                        .put("justifyMode", "auto")
                        .put("wideLayout", true);
            }
            case TABLE -> {
                options.put("showHeader", true).put("cellHeight", "sm");
                ObjectNode footer =
                        options.putObject("footer").put("show", false).put("fields", "");
                footer.putArray("reducer").add("sum");
                if (panel.lines().size() == 1) {
                    options.putArray("sortBy")
                            .addObject()
                            .put("displayName", panel.lines().get(0).name())
                            .put("desc", panel.lines().get(0).expression().startsWith("topk"));
                }
            }
            case STATES -> {
                options.put("mergeValues", true)
                        .put("showValue", "never")
                        .put("alignValue", "left")
                        .put("rowHeight", 0.85);
                legend(options, false);
            }
            case TREND -> {
                options.put("xField", panel.lines().get(0).name());
                legend(options, true);
            }
            case COMPARISON -> {
                options.put("mapping", "auto");
                ObjectNode series = options.putArray("series").addObject();
                series.putObject("x")
                        .putObject("matcher")
                        .put("id", "byName")
                        .put("options", panel.lines().get(0).name());
                legend(options, true);
            }
            default -> legend(options, true);
        }
        if (panel.kind() != Kind.STAT && panel.kind() != Kind.TABLE) {
            boolean single = panel.kind() == Kind.STATES || panel.kind() == Kind.COMPARISON;
            options.putObject("tooltip")
                    .put("mode", single ? "single" : "multi")
                    .put("sort", "none");
        }
    }

    private static void legend(ObjectNode options, boolean shown) {
        options.putObject("legend")
                .put("showLegend", shown)
                .put("displayMode", "table")
                .put("placement", "bottom")
                .putArray("calcs")
                .add("lastNotNull");
    }

    private static void targets(ArrayNode targets, Panel panel) {
        boolean instant = panel.kind() == Kind.STAT || panel.kind() == Kind.TABLE;
        boolean table = panel.kind() == Kind.TABLE || panel.kind() == Kind.COMPARISON;
        char letter = 'A';
        for (Line line : panel.lines()) {
            ObjectNode target = targets.addObject().put("refId", String.valueOf(letter++));
            target.set("datasource", prometheus());
            target.put("editorMode", "code")
                    .put("expr", line.expression())
                    .put("legendFormat", line.name())
                    .put("instant", instant)
                    .put("range", !instant)
                    .put("format", table ? "table" : "time_series");
        }
    }

    private static void transformations(ObjectNode json, Panel panel) {
        switch (panel.kind()) {
            case TREND -> {
                ArrayNode steps = json.putArray("transformations");
                transformation(steps, "joinByField").put("byField", "Time").put("mode", "outer");
                ObjectNode sort =
                        transformation(steps, "sortBy").putArray("sort").addObject();
                sort.put("field", panel.lines().get(0).name()).put("desc", false);
            }
            case TABLE -> {
                ArrayNode steps = json.putArray("transformations");
                exclude(steps, "^(Time|__name__)$");
                transformation(steps, "merge");
                organize(steps, panel);
            }
            case COMPARISON -> {
                ArrayNode steps = json.putArray("transformations");
                transformation(steps, "merge");
                organize(steps, panel);
                ObjectNode options = transformation(steps, "partitionByValues").put("keepFields", false);
                options.putArray("fields").add("run");
                options.putObject("naming").put("asLabels", true);
            }
            default -> {}
        }
    }

    private static ObjectNode transformation(ArrayNode steps, String id) {
        return steps.addObject().put("id", id).putObject("options");
    }

    private static void exclude(ArrayNode steps, String pattern) {
        transformation(steps, "filterFieldsByName").putObject("exclude").put("pattern", pattern);
    }

    /** One query gives a column "Value", several "Value #A" and so on. */
    private static void organize(ArrayNode steps, Panel panel) {
        ObjectNode options = transformation(steps, "organize");
        ObjectNode hidden = options.putObject("excludeByName");
        ObjectNode order = options.putObject("indexByName");
        ObjectNode names = options.putObject("renameByName");
        boolean compared = panel.kind() == Kind.COMPARISON;
        if (compared) {
            hidden.put("Time", true).put("job", true);
        }
        List<String> first = new ArrayList<>(
                List.of("alertname", "severity", "run", "job", "instance", "worker", "model", "dataset"));
        first.forEach(name -> order.put(name, first.indexOf(name)));
        char letter = 'A';
        for (Line line : panel.lines()) {
            String column = panel.lines().size() == 1 ? "Value" : "Value #" + letter;
            if (line.name().isEmpty() || line.name().equals("firing")) {
                hidden.put(column, true);
            } else {
                names.put(column, line.name());
            }
            order.put(column, 10 + letter - 'A');
            letter++;
        }
    }
}
