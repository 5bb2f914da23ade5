package org.etascope.dashboards;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules and alerts as Prometheus reads them, plain or inside a manifest. */
final class PrometheusFiles {
    /** Where Grafana is, in every link; the one thing to change in the written files. */
    static final String GRAFANA = "http://localhost:3000";

    private static final String MATCHERS = "{{ $s := \"\" }}{{ range $k, $v := $labels }}"
            + "{{ if ne $k \"__name__\" }}{{ $s = printf \"%s%s=%q,\" $s $k $v }}{{ end }}{{ end }}";

    /** The run by name, and the worker where there are several: the beginning of each summary. */
    static final String WHO =
            "{{ with $labels.exported_run }}{{ . }} (honor_labels is not set: dashboards take it for a part of"
                    + " {{ $labels.run }}){{ else }}{{ $labels.run }}{{ end }}"
                    + "{{ with $labels.worker }}, worker {{ . }}{{ end }}";

    private final Times times;

    PrometheusFiles(Times times) {
        this.times = times;
    }

    /** {@return the content of etascope-rules.yml} */
    String rules() {
        return Yaml.of(Tree.of(
                "{'#': %s, groups: [%s]}",
                "Recording rules, written by the model in dashboards/src (docs/dashboards.md says how). Names say"
                        + " level:metric:operations; `without` keeps every label that a user has added to the targets.",
                ruleGroup()));
    }

    /** {@return the content of etascope-alerts.yml} */
    String alerts() {
        return Yaml.of(Tree.of(
                "{'#1': %s, '#2': %s, '#3': %s, groups: [%s]}",
                "Alerts, written by the model in dashboards/src (docs/dashboards.md says how). What each means, and what to do:"
                        + " docs/alerts.md.",
                "For one scrape in " + times.of(1) + "; one in " + times.of(3)
                        + " works too, and any faster one. Windows are"
                        + " multiples of that: a state is looked for in the last " + times.of(10)
                        + ", a series counts as gone after "
                        + times.of(7) + ". What is not known yet is NaN, compares false and fires nothing.",
                "Texts ask for their numbers with all labels of the alert; where not exactly one series answers, they say –."
                        + " What to change: the address of Grafana in runbook_url and dashboard_url, with sed:"
                        + " s|" + GRAFANA + "|https://grafana.example.org|",
                alertGroup()));
    }

    /** {@return both groups, as they also stand in a PrometheusRule} */
    List<Map<String, Object>> groups() {
        return List.of(ruleGroup(), alertGroup());
    }

    private Map<String, Object> ruleGroup() {
        return Tree.of(
                "{name: 'etascope-run', rules: %s}",
                Rules.all().stream().map(this::recording).toList());
    }

    private Map<String, Object> alertGroup() {
        return Tree.of(
                "{name: 'etascope-alerts', rules: %s}",
                Stream.concat(
                                Alerts.memory().stream().map(this::recording),
                                Alerts.all().stream().map(this::alert))
                        .toList());
    }

    private Map<String, Object> recording(Recording recording) {
        return Tree.of(
                "{'#': %s, record: %s, expr: %s}", recording.comment(), recording.name(), in(recording.expression()));
    }

    private Map<String, Object> alert(Alert alert) {
        return Tree.of(
                """
                {'#': %s, alert: %s, expr: %s, for: %s, labels: {severity: %s},
                 annotations: {summary: %s, description: %s, runbook_url: %s, dashboard_url: %s}}""",
                alert.comment(),
                alert.name(),
                in(alert.expression()),
                alert.hold(),
                alert.severity().label(),
                prologue(alert.summary()) + WHO + template(alert, alert.summary()),
                prologue(alert.description()) + template(alert, alert.description()),
                GRAFANA + Boards.runbookPath(alert),
                MATCHERS + GRAFANA + "/d/" + alert.board()
                        + "?var-job={{ $labels.job | urlquery }}&var-run={{ $labels.run | urlquery }}&from={{ printf `("
                        + "max(ALERTS_FOR_STATE{alertname=\"" + alert.name()
                        + "\",%s}) or vector(time())) * 1000 - 3600000` $s"
                        + " | query | first | value | printf \"%.0f\" }}&to=now");
    }

    /**
     * {@return an expression with windows and labels put in} {@code <series>} stands for what tells series of one process
     * apart, {@code <worker>} for a worker of a run in whatever process (a run in one process is a worker without a name).
     * Where a target has a label {@code run} of its own and Prometheus was not told to honour the exposed one, the run is
     * called {@code exported_run}; so that name is always compared too.
     */
    String in(String expression) {
        return times.in(expression
                .replace("<series>", "job, instance, run, exported_run, worker")
                .replace("<worker>", "job, run, exported_run, worker")
                .replace("<run>", "job, run, exported_run"));
    }

    /** What a text needs before it begins: the matchers of its series, and the digits of its slope. */
    private static String prologue(Sentence sentence) {
        boolean asks = !sentence.figures().isEmpty() || !sentence.questions().isEmpty();
        return asks ? MATCHERS : "";
    }

    private String template(Alert alert, Sentence sentence) {
        String decimals = Figure.decimalsOf(sentence.figures()).stream()
                .map(figure -> "{{ $" + figure.key() + " := " + ask(alert, figure.expression())
                        + " | first | value | printf \"%%.%.0ff\" }}")
                .collect(Collectors.joining());
        return decimals
                + sentence.written(
                        figure -> "{{ with " + ask(alert, figure.expression())
                                + " }}{{ $v := . | first | value }}{{ if and (eq (len .) 1) (eq $v $v) }}{{ $v | "
                                + figure.function() + " }}{{ else }}–{{ end }}{{ else }}–{{ end }}",
                        question -> ask(alert, question));
    }

    /** A query about the alert's own series. */
    private String ask(Alert alert, String expression) {
        String asked = in(expression.replace("<back>", alert.back()));
        int places = asked.split("\\$", -1).length - 1;
        return "query (printf `" + asked.replace("$", "%s") + "`" + " $s".repeat(places) + ")";
    }
}
