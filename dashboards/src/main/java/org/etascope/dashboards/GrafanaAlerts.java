package org.etascope.dashboards;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The alerts as Grafana manages them, provisioned from a file. Its templates cannot ask Prometheus: each figure of a text is a
 * query of the rule, and Grafana finds the value with the alert's own labels. It takes a rule for one without data as soon as
 * one of its queries returns nothing, so that whatever has no answer is answered with NaN.
 */
final class GrafanaAlerts {
    /** The data source of dashboards/grafana/provisioning. */
    static final String DATA_SOURCE = "etascope-prometheus";

    private final PrometheusFiles prometheus;

    GrafanaAlerts(PrometheusFiles prometheus) {
        this.prometheus = prometheus;
    }

    /** {@return the content of grafana/alerting/etascope.yml} */
    String file() {
        return Yaml.of(Tree.of(
                """
                {'#1': %s, '#2': %s, apiVersion: 1,
                 groups: [{orgId: 1, name: 'etascope', folder: 'Etascope', interval: '1m', rules: %s}]}""",
                "The alerts, for whoever lets Grafana manage them; written by the model in dashboards/src"
                        + " (docs/dashboards.md says how). Instead of Alertmanager, not beside it: each would tell.",
                "Prometheus must still evaluate etascope-alerts.yml: the series run:etascope_… of EtascopeRunLost,"
                        + " EtascopeRunFailed and EtascopeRunFinished are recorded there.",
                Alerts.all().stream().map(this::rule).toList()));
    }

    private Map<String, Object> rule(Alert alert) {
        List<Map<String, Object>> data = new ArrayList<>();
        data.add(query("fires", "max without () (\n" + prometheus.in(alert.expression()) + "\n)"));
        data.add(Tree.of("""
                {refId: 'condition', datasourceUid: '__expr__',
                 model: {refId: 'condition', type: 'math', expression: '0 * $fires + 1'}}"""));
        Sentence texts = Sentence.of("%s%s", alert.summary(), alert.description());
        Stream.concat(texts.figures().stream(), Figure.decimalsOf(texts.figures()).stream())
                .forEach(figure -> data.add(query(figure.key(), asked(alert, figure.expression()))));
        // A template here knows no time of its own: an hour before Prometheus saw the same alert begin.
        data.add(query(
                "from",
                "1000 * max without (alertname, severity) (ALERTS_FOR_STATE{alertname=\"" + alert.name()
                        + "\"}) - 3600000 or vector(NaN)"));
        List<String> questions = texts.questions();
        for (int i = 0; i < questions.size(); i++) {
            data.add(query("q" + i, asked(alert, questions.get(i))));
        }
        return Tree.of(
                """
                {uid: %s, title: %s, condition: 'condition', for: %s, noDataState: 'OK', execErrState: 'Error',
                 data: %s,
                 annotations: {summary: %s, description: %s, runbook_url: %s, dashboard_url: %s, __dashboardUid__: %s},
                 labels: {severity: %s}}""",
                alert.anchor(),
                alert.name(),
                alert.hold(),
                data,
                PrometheusFiles.WHO + text(alert.summary(), questions),
                text(alert.description(), questions),
                PrometheusFiles.GRAFANA + Boards.runbookPath(alert),
                PrometheusFiles.GRAFANA + "/d/" + alert.board()
                        + "?var-job={{ $labels.job | urlquery }}&var-run={{ $labels.run | urlquery }}&from={{ if "
                        + isKnown("from")
                        + " }}{{ printf \"%.0f\" $values.from.Value }}{{ else }}now-6h{{ end }}&to=now",
                alert.board(),
                alert.severity().label());
    }

    /** The alert's own series cannot be named here: all are asked, and Grafana takes the one with exactly its labels. */
    private String asked(Alert alert, String expression) {
        String all =
                expression.replace("<back>", alert.back()).replace(",$}", "}").replace("{$}", "");
        return "max without (at, cause, condition, phase) (" + prometheus.in(all) + ") or vector(NaN)";
    }

    /** Whether a query had an answer. */
    private static String isKnown(String refId) {
        return "eq $values.%1$s.Value $values.%1$s.Value".formatted(refId);
    }

    private static Map<String, Object> query(String refId, String expression) {
        return Tree.of("""
                {refId: %s, relativeTimeRange: {from: 600, to: 0}, datasourceUid: %s,
                 model: {refId: %s, expr: %s, instant: true}}""", refId, DATA_SOURCE, refId, expression);
    }

    private static String text(Sentence sentence, List<String> questions) {
        String decimals = Figure.decimalsOf(sentence.figures()).stream()
                .map(Figure::key)
                .map(key -> "{{ $" + key + " := \"%.2f\" }}{{ if " + isKnown(key) + " }}{{ $" + key
                        + " = printf \"%%.%.0ff\" $values." + key + ".Value }}{{ end }}")
                .collect(Collectors.joining());
        return decimals
                + sentence.written(
                        figure -> "{{ if " + isKnown(figure.key()) + " }}{{ $values." + figure.key() + ".Value | "
                                + figure.function() + " }}{{ else }}–{{ end }}",
                        question -> isKnown("q" + questions.indexOf(question)));
    }
}
