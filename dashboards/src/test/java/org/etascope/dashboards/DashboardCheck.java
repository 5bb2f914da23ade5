package org.etascope.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.etascope.dashboards.Expressions.Selector;

/**
 * What must be true of a dashboard. Each check brings ways to break one: a copy that was broken so must be refused by
 * it.
 */
@SuppressWarnings("ImmutableEnumChecker") // functions of this file, without state
enum DashboardCheck {
    /** Importable by uid, not editable in place, recognisable. */
    IDENTITY(
            (dashboard, found) -> {
                JsonNode json = dashboard.json();
                found.unless(json.path("id").isNull(), "id must be null");
                found.unless(json.path("uid").asText().equals(dashboard.uid()), "uid must be the file's name");
                found.unless(json.path("title").asText().startsWith("Etascope / "), "title lacks its prefix");
                found.unless(
                        Dashboard.list(json.path("tags"))
                                .anyMatch(tag -> tag.asText().equals("etascope")),
                        "tag etascope is missing");
                found.unless(json.path("schemaVersion").asInt() >= 39, "schemaVersion must be 39 or later");
                found.unless(!json.path("editable").asBoolean(true), "editable must be false");
                found.unless(json.path("graphTooltip").asInt() == 1, "graphTooltip must be 1");
                found.unless(!json.path("description").asText().isBlank(), "description is missing");
            },
            json -> json.put("id", 7),
            json -> json.put("uid", "another"),
            json -> json.put("title", "Run"),
            json -> json.putArray("tags"),
            json -> json.put("schemaVersion", 16),
            json -> json.put("editable", true),
            json -> json.put("graphTooltip", 0),
            json -> json.remove("description")),

    /** Links lead to every other dashboard and keep variables and time. */
    LINKS(
            (dashboard, found) -> {
                Set<String> others = new HashSet<>(Shipped.dashboardUids());
                others.remove(dashboard.uid());
                for (JsonNode link : dashboard.json().path("links")) {
                    String url = link.path("url").asText();
                    found.unless(others.remove(url.replaceFirst("^/d/", "")), "link to nowhere: " + url);
                    found.unless(link.path("includeVars").asBoolean(), url + " drops the variables");
                    found.unless(link.path("keepTime").asBoolean(), url + " drops the time");
                }
                found.unless(others.isEmpty(), "no link to " + others);
            },
            json -> at(json, "/links/0").put("url", "/d/etascope-elsewhere"),
            json -> at(json, "/links/0").put("includeVars", false),
            json -> at(json, "/links/0").put("keepTime", false),
            json -> ((ArrayNode) json.path("links")).remove(0)),

    /** Data source, job, instance, run: in this order, each narrowing the next. */
    VARIABLES(
            (dashboard, found) -> {
                List<String> names = dashboard.variables().stream()
                        .map(v -> v.path("name").asText())
                        .toList();
                found.unless(names.equals(List.of("datasource", "job", "instance", "run")), "variables are " + names);
                String narrowed = "";
                for (JsonNode variable : dashboard.variables()) {
                    String name = variable.path("name").asText();
                    if (name.equals("datasource")) {
                        found.unless(variable.path("query").asText().equals("prometheus"), "datasource of which kind?");
                        continue;
                    }
                    String series = "etascope_run_info" + (narrowed.isEmpty() ? "" : "{" + narrowed + "}");
                    found.unless(
                            variable.path("query")
                                    .path("query")
                                    .asText()
                                    .equals("label_values(" + series + ", " + name + ")"),
                            name + " is not chained");
                    found.unless(variable.path("refresh").asInt() == 2, name + " must refresh with the time range");
                    found.unless(variable.path("multi").asBoolean(), name + " must allow several");
                    found.unless(variable.path("includeAll").asBoolean(), name + " must have All");
                    found.unless(variable.path("allValue").asText().equals(".+"), name + " must take .+ for All");
                    narrowed += (narrowed.isEmpty() ? "" : ",") + name + "=~\"$" + name + "\"";
                }
            },
            json -> at(json, "/templating/list/1").put("name", "run"),
            json -> at(json, "/templating/list/0").put("query", "loki"),
            json -> at(json, "/templating/list/3/query").put("query", "label_values(etascope_run_info, run)"),
            json -> at(json, "/templating/list/2").put("refresh", 1),
            json -> at(json, "/templating/list/2").put("multi", false),
            json -> at(json, "/templating/list/2").put("includeAll", false),
            json -> at(json, "/templating/list/3").put("allValue", ".*")),

    /** Every variable is used and every used one exists. */
    VARIABLES_USED(
            (dashboard, found) -> {
                Set<String> used = new HashSet<>();
                Matcher variable = Pattern.compile("\\$\\{?(\\w+)")
                        .matcher(dashboard.json().path("panels")
                                + dashboard.json().path("annotations").toString());
                while (variable.find()) {
                    if (!variable.group(1).startsWith("__")) {
                        used.add(variable.group(1));
                    }
                }
                Set<String> defined = dashboard.variables().stream()
                        .map(v -> v.path("name").asText())
                        .collect(Collectors.toSet());
                found.unless(used.equals(defined), "variables " + defined + " but used are " + used);
            },
            json -> firstTarget(json).put("expr", "etascope_eta_ratio{job=~\"$cluster\"}"),
            json -> ((ArrayNode) json.at("/templating/list"))
                    .addObject()
                    .put("name", "cluster")
                    .put("type", "query")),

    /** Panel ids are there once. */
    UNIQUE_IDS(
            (dashboard, found) -> {
                Set<Integer> ids = new HashSet<>();
                for (JsonNode panel : dashboard.json().path("panels")) {
                    found.unless(ids.add(panel.path("id").asInt()), "panel id twice: " + panel.path("id"));
                }
            },
            json -> at(json, "/panels/2").put("id", json.at("/panels/1/id").asInt())),

    /** 24 columns, nothing outside, nothing over something else, and no empty dashboard. */
    GRID(
            (dashboard, found) -> {
                Set<String> cells = new HashSet<>();
                for (JsonNode panel : dashboard.json().path("panels")) {
                    JsonNode grid = panel.path("gridPos");
                    int right = grid.path("x").asInt() + grid.path("w").asInt();
                    String title = panel.path("title").asText();
                    found.unless(grid.path("x").asInt(-1) >= 0 && right <= 24, title + " lies outside the 24 columns");
                    found.unless(grid.path("w").asInt() > 0 && grid.path("h").asInt() > 0, title + " has no size");
                    for (int x = grid.path("x").asInt(); x < right; x++) {
                        for (int dy = 0; dy < grid.path("h").asInt(); dy++) {
                            String cell = x + "," + (grid.path("y").asInt() + dy);
                            found.unless(cells.add(cell), title + " overlaps another panel");
                        }
                    }
                }
                found.unless(!cells.isEmpty(), "no panel");
            },
            json -> gridOf(json, 2).put("x", gridOf(json, 1).path("x").asInt()),
            json -> gridOf(json, 1).put("x", 20).put("w", 8),
            json -> gridOf(json, 1).put("h", 0)),

    /** Every panel says what it shows. */
    WORDS(
            (dashboard, found) -> {
                for (ObjectNode panel : dashboard.panels()) {
                    String title = panel.path("title").asText();
                    found.unless(!title.isBlank(), "a panel has no title");
                    String description = panel.path("description").asText();
                    found.unless(description.length() > 40 && description.endsWith("."), title + " is not described");
                }
            },
            json -> panel(json).put("title", " "),
            json -> panel(json).remove("description")),

    /** Every number has a known unit and as many decimals as make sense. */
    UNITS(
            (dashboard, found) -> {
                for (ObjectNode panel : dashboard.panels()) {
                    String title = panel.path("title").asText();
                    List<JsonNode> units = panel.findValues("unit").stream()
                            .filter(JsonNode::isTextual)
                            .collect(Collectors.toCollection(ArrayList::new));
                    for (JsonNode property : panel.findParents("id")) {
                        if (property.path("id").asText().equals("unit")) {
                            units.add(property.path("value"));
                        }
                    }
                    found.unless(panel.at("/fieldConfig/defaults").has("unit"), title + " has no unit");
                    units.forEach(unit -> found.unless(
                            known(unit.asText()), title + " has a unit that Grafana does not know: " + unit));
                    boolean table = panel.path("type").asText().equals("table");
                    found.unless(
                            table
                                    ? panel.findValuesAsText("id").contains("decimals")
                                    : panel.at("/fieldConfig/defaults/decimals").isInt(),
                            title + " does not say how many decimals");
                }
            },
            json -> at(panel(json), "/fieldConfig/defaults").remove("unit"),
            json -> at(panel(json), "/fieldConfig/defaults").put("unit", "furlongs"),
            json -> at(panel(json), "/fieldConfig/defaults").remove("decimals")),

    /** Every line can be told from the others. */
    LEGENDS(
            (dashboard, found) -> {
                for (ObjectNode panel : dashboard.panels()) {
                    String title = panel.path("title").asText();
                    boolean drawn =
                            !Set.of("stat", "table").contains(panel.path("type").asText());
                    found.unless(!drawn || panel.at("/options/legend").isObject(), title + " has no legend setting");
                    Set<String> legends = new HashSet<>();
                    for (JsonNode target : panel.path("targets")) {
                        String legend = target.path("legendFormat").asText();
                        found.unless(!legend.isBlank() && legends.add(legend), title + ": legend \"" + legend + "\"");
                    }
                }
            },
            json -> firstTarget(json).put("legendFormat", ""),
            json -> at(titled(json, "Loss"), "/options").remove("legend")),

    /** Data sources by reference, so that the file can be provisioned anywhere; queries by their letters. */
    TARGETS(
            (dashboard, found) -> {
                for (ObjectNode panel : dashboard.panels()) {
                    String title = panel.path("title").asText();
                    found.unless(chosen(panel), title + " names a data source of its own");
                    Set<String> letters = new HashSet<>();
                    for (JsonNode target : panel.path("targets")) {
                        found.unless(chosen(target), title + " asks a data source of its own");
                        found.unless(letters.add(target.path("refId").asText()), title + " has a refId twice");
                        found.unless(!target.path("expr").asText().isBlank(), title + " asks nothing");
                    }
                    found.unless(!letters.isEmpty(), title + " has no query");
                }
            },
            json -> panel(json).put("datasource", "Prometheus"),
            json -> firstTarget(json).remove("datasource"),
            json -> firstTarget(json).put("expr", ""),
            json -> panel(json).putArray("targets"),
            json -> {
                ArrayNode targets = (ArrayNode) panel(json).path("targets");
                targets.add(targets.get(0).deepCopy());
            }),

    /** Every series is narrowed by what the variables choose. */
    SELECTORS(
            (dashboard, found) -> {
                for (Dashboard.Query query : dashboard.queries()) {
                    List<Selector> selectors = Expressions.selectors(query.expression());
                    for (Selector selector : selectors) {
                        for (String label : labels(selector.metric())) {
                            found.unless(
                                    selector.matchers().contains(label + "=~\"$" + label + "\""),
                                    query.place() + ": " + selector.metric() + " ignores $" + label);
                        }
                    }
                    Set<String> bare = new HashSet<>(Expressions.names(query.expression()));
                    selectors.forEach(selector -> bare.remove(selector.metric()));
                    found.unless(bare.isEmpty() && !selectors.isEmpty(), query.place() + " does not narrow " + bare);
                }
            },
            json -> edit(firstTarget(json), "expr", "run=~\"$run\"", "run=\"char-lm\""),
            json -> edit(firstTarget(json), "expr", "job=~\"$job\",", ""),
            json -> firstTarget(json).put("expr", "etascope_eta_ratio")),

    /** Rates follow the scrape interval and the zoom. */
    RATES(
            (dashboard, found) -> {
                Pattern rate = Pattern.compile("\\b(?:i?rate|increase|changes|resets|delta|deriv)\\(.*?\\[([^]]*)]");
                for (Dashboard.Query query : dashboard.queries()) {
                    Matcher range = rate.matcher(query.expression());
                    while (range.find()) {
                        found.unless(
                                range.group(1).equals("$__rate_interval"),
                                query.place() + " takes a rate over " + range.group(1));
                    }
                }
            },
            json -> edit(at(titled(json, "Tokens per second"), "/targets/0"), "expr", "$__rate_interval", "5m")),

    /** Only series that exist. */
    NAMES(
            (dashboard, found) -> {
                Set<String> known = new HashSet<>(Shipped.meters());
                Shipped.rules().rules().forEach(rule -> known.add(rule.name()));
                known.addAll(foreign());
                for (Dashboard.Query query : dashboard.queries()) {
                    for (Selector selector : Expressions.selectors(query.expression())) {
                        found.unless(
                                known.contains(selector.metric()),
                                query.place() + " asks for " + selector.metric() + ", which nobody exports");
                    }
                }
            },
            json -> edit(firstTarget(json), "expr", "etascope_phase", "etascope_phases"),
            json -> edit(
                    at(titled(json, "η, three readings"), "/targets/3"),
                    "expr",
                    "job_run:etascope_eta_ratio:recomputed",
                    "job_run:etascope_eta_ratio:sum")),

    /** A panel that turns red does so at the number of the alert that its description names. */
    THRESHOLDS(
            (dashboard, found) -> {
                for (ObjectNode panel : dashboard.panels()) {
                    String title = panel.path("title").asText();
                    Set<Double> alarming = numbersOfNamedAlerts(panel, found);
                    for (JsonNode step : panel.at("/fieldConfig/defaults/thresholds/steps")) {
                        found.unless(
                                step.path("value").isNull()
                                        || alarming.contains(step.path("value").asDouble()),
                                title + " turns at " + step.path("value") + ", its alert does not");
                    }
                }
            },
            json -> at(titled(json, "Since the last step"), "/fieldConfig/defaults/thresholds/steps/1")
                    .put("value", 300),
            json -> edit(titled(json, "Faults"), "description", "EtascopeLossNotFinite", "EtascopeLossNaN"),
            json -> titled(json, "Loss spike").put("description", "How far the last loss lies above the current.")),

    /** Values that span decades have a logarithmic axis, and joules are written with their power of ten. */
    AXES(
            (dashboard, found) -> {
                for (ObjectNode panel : dashboard.panels()) {
                    String title = panel.path("title").asText();
                    JsonNode defaults = panel.at("/fieldConfig/defaults");
                    String asked = panel.findValuesAsText("expr").get(0);
                    boolean plain = !asked.contains("rate");
                    if (panel.path("type").asText().equals("timeseries")
                            && plain
                            && Pattern.compile("_(?:tokens|bits|joules|perplexity|learning_rate)\\b")
                                    .matcher(asked)
                                    .find()) {
                        found.unless(
                                defaults.at("/custom/scaleDistribution/type")
                                        .asText()
                                        .contains("log"),
                                title + " spans decades on a linear axis");
                    }
                    if (asked.contains("_joules")) {
                        found.unless(defaults.path("unit").asText().equals("sci"), title + " would show 0 joules");
                        found.unless(title.contains("(J)"), title + " does not say joules");
                    }
                }
            },
            json -> at(titled(json, "Tokens"), "/fieldConfig/defaults/custom/scaleDistribution")
                    .put("type", "linear"),
            json -> at(titled(json, "Landauer floor (J)"), "/fieldConfig/defaults")
                    .put("unit", "joule"),
            json -> titled(json, "Landauer floor (J)").put("title", "Landauer floor")),

    /** Moments that are metrics are drawn at their own time, in milliseconds. */
    ANNOTATIONS(
            (dashboard, found) -> {
                for (JsonNode annotation : dashboard.annotations()) {
                    String name = annotation.path("name").asText();
                    boolean moment = annotation.path("expr").asText().contains("_timestamp_seconds");
                    found.unless(
                            moment == annotation.path("useValueForTime").asBoolean(),
                            name + " is drawn at another time than its own");
                    found.unless(
                            !moment || annotation.path("expr").asText().endsWith("* 1000"),
                            name + " is not in milliseconds");
                    found.unless(annotation.path("datasource").isObject(), name + " has no data source reference");
                }
            },
            json -> at(json, "/annotations/list/1").put("useValueForTime", false),
            json -> edit(at(json, "/annotations/list/1"), "expr", " * 1000", ""),
            json -> at(json, "/annotations/list/2").put("datasource", "Prometheus"));

    /** Series of Prometheus itself and of Micrometer's JVM meters. */
    private static Set<String> foreign() {
        return Set.of(
                "up",
                "scrape_duration_seconds",
                "scrape_samples_scraped",
                "ALERTS",
                "jvm_memory_used_bytes",
                "jvm_memory_max_bytes",
                "jvm_gc_pause_seconds_sum",
                "jvm_threads_live_threads",
                "process_cpu_seconds_total");
    }

    private static final Set<String> UNITS_OF_GRAFANA =
            Set.of("none", "short", "s", "percentunit", "sci", "bytes", "dateTimeAsIso");

    /** A way to break a dashboard. */
    private interface Break {
        void in(ObjectNode dashboard);
    }

    private final BiConsumer<Dashboard, Problems> check;
    private final List<Break> breaks;

    DashboardCheck(BiConsumer<Dashboard, Problems> check, Break... breaks) {
        this.check = check;
        this.breaks = List.of(breaks);
    }

    /** {@return what is wrong with a dashboard, empty if nothing is} */
    List<String> problems(Dashboard dashboard) {
        Problems found = new Problems();
        check.accept(dashboard, found);
        return found.found();
    }

    /** {@return copies of a dashboard, each broken in a way that this check must see} */
    List<Dashboard> brokenCopies(Dashboard dashboard) {
        return breaks.stream()
                .map(broken -> {
                    Dashboard copy = dashboard.copy();
                    broken.in(copy.json());
                    return copy;
                })
                .toList();
    }

    // ---- what the checks ask ----

    private static boolean known(String unit) {
        return UNITS_OF_GRAFANA.contains(unit) || unit.matches("(?:si|suffix):.*");
    }

    private static boolean chosen(JsonNode node) {
        return node.at("/datasource/uid").asText().equals("${datasource}")
                && node.at("/datasource/type").asText().equals("prometheus");
    }

    private static List<String> labels(String metric) {
        if (metric.startsWith("job_run:")) {
            return List.of("job", "run");
        }
        boolean perRun = metric.startsWith("etascope_") || metric.equals("ALERTS");
        return perRun ? List.of("job", "instance", "run") : List.of("job", "instance");
    }

    /** The numbers of the alerts that a panel's description names; "above 0" of a count begins at 1. */
    private static Set<Double> numbersOfNamedAlerts(ObjectNode panel, Problems found) {
        Set<Double> numbers = new HashSet<>();
        RuleFile alerts = Shipped.alerts();
        Matcher named = Pattern.compile("Etascope[A-Z]\\w+")
                .matcher(panel.path("description").asText());
        while (named.find()) {
            Set<Double> ofAlert = alerts.rules().stream()
                    .filter(rule -> rule.alert().equals(named.group()))
                    .flatMap(rule -> Expressions.numbers(rule.expression()).stream())
                    .collect(Collectors.toSet());
            found.unless(!ofAlert.isEmpty(), panel.path("title").asText() + " names no alert: " + named.group());
            if (ofAlert.contains(0.0)) {
                numbers.add(1.0);
            }
            numbers.addAll(ofAlert);
        }
        return numbers;
    }

    // ---- how copies are broken ----

    private static ObjectNode at(JsonNode json, String pointer) {
        return (ObjectNode) json.at(pointer);
    }

    private static ObjectNode panel(ObjectNode dashboard) {
        return at(dashboard, "/panels/1");
    }

    private static ObjectNode firstTarget(ObjectNode dashboard) {
        return at(dashboard, "/panels/1/targets/0");
    }

    private static ObjectNode gridOf(ObjectNode dashboard, int panel) {
        return at(dashboard, "/panels/" + panel + "/gridPos");
    }

    private static ObjectNode titled(ObjectNode dashboard, String title) {
        return new Dashboard("", dashboard).panel(title);
    }

    private static void edit(ObjectNode node, String field, String from, String to) {
        String before = node.path(field).asText();
        if (!before.contains(from)) {
            throw new AssertionError(field + " has no " + from + " to break: " + before);
        }
        node.put(field, before.replace(from, to));
    }
}
