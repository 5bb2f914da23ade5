package org.etascope.dashboards;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The alerts as Grafana manages them, provisioned from a file. Its templates cannot ask Prometheus: each figure of a text is a
 * query of the rule, and Grafana finds the value with the alert's own labels. It takes a rule for one without data as soon as
 * one of its queries returns nothing, so that whatever has no answer is answered with NaN.
 */
final class GrafanaAlerts {
    /** The data source of dashboards/grafana/provisioning. */
    static final String DATA_SOURCE = "etascope-prometheus";

    private final PrometheusFiles prometheus;

    GrafanaAlerts(Times times) {
        this.prometheus = new PrometheusFiles(times);
    }

    /** {@return the content of grafana/alerting/etascope.yml} */
    String file() {
        Map<String, Object> group = new LinkedHashMap<>();
        group.put("orgId", 1);
        group.put("name", "etascope");
        group.put("folder", "Etascope");
        group.put("interval", "1m");
        group.put("rules", Alerts.all().stream().map(this::rule).toList());
        Map<String, Object> file = new LinkedHashMap<>();
        file.put(
                "#1",
                "The alerts, for whoever lets Grafana manage them; written by the model in dashboards/src"
                        + " (docs/dashboards.md says how). Instead of Alertmanager, not beside it: each would tell.");
        file.put(
                "#2",
                "Prometheus must still evaluate etascope-alerts.yml: the series run:etascope_… of EtascopeRunLost,"
                        + " EtascopeRunFailed and EtascopeRunFinished are recorded there.");
        file.put("apiVersion", 1);
        file.put("groups", List.of(group));
        return Yaml.of(file);
    }

    private Map<String, Object> rule(Alert alert) {
        List<Map<String, Object>> data = new ArrayList<>();
        data.add(query("fires", "max without () (\n" + prometheus.in(alert.expression()) + "\n)"));
        Map<String, Object> condition = new LinkedHashMap<>();
        condition.put("refId", "condition");
        condition.put("datasourceUid", "__expr__");
        condition.put("model", model("refId", "condition", "type", "math", "expression", "0 * $fires + 1"));
        data.add(condition);
        Sentence texts = Sentence.join(alert.summary(), alert.description());
        texts.figures().forEach(figure -> data.add(query(figure.key(), asked(alert, figure.expression()))));
        Figure.decimalsOf(texts.figures())
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
        Map<String, Object> rule = new LinkedHashMap<>();
        rule.put("uid", alert.anchor());
        rule.put("title", alert.name());
        rule.put("condition", "condition");
        rule.put("for", alert.hold());
        rule.put("noDataState", "OK");
        rule.put("execErrState", "Error");
        rule.put("data", data);
        Map<String, Object> annotations = new LinkedHashMap<>();
        annotations.put("summary", PrometheusFiles.WHO + text(alert.summary(), questions));
        annotations.put("description", text(alert.description(), questions));
        annotations.put("runbook_url", PrometheusFiles.GRAFANA + Boards.runbookPath(alert));
        annotations.put(
                "dashboard_url",
                PrometheusFiles.GRAFANA + "/d/" + alert.board()
                        + "?var-job={{ $labels.job | urlquery }}&var-run={{ $labels.run | urlquery }}&from={{ "
                        + ifKnown("from") + "{{ printf \"%.0f\" $values.from.Value }}{{ else }}now-6h{{ end }}&to=now");
        annotations.put("__dashboardUid__", alert.board());
        rule.put("annotations", annotations);
        rule.put("labels", Map.of("severity", alert.severity().label()));
        return rule;
    }

    /** The alert's own series cannot be named here: all are asked, and Grafana takes the one with exactly its labels. */
    private String asked(Alert alert, String expression) {
        String all =
                expression.replace("<back>", alert.back()).replace(",$}", "}").replace("{$}", "");
        return "max without (at, cause, condition, phase) (" + prometheus.in(all) + ") or vector(NaN)";
    }

    /** What begins a text that stands only where a query had an answer. */
    private static String ifKnown(String refId) {
        return "if eq $values.%1$s.Value $values.%1$s.Value }}".formatted(refId);
    }

    private static Map<String, Object> query(String refId, String expression) {
        Map<String, Object> query = new LinkedHashMap<>();
        query.put("refId", refId);
        Map<String, Object> range = new LinkedHashMap<>();
        range.put("from", 600);
        range.put("to", 0);
        query.put("relativeTimeRange", range);
        query.put("datasourceUid", DATA_SOURCE);
        query.put("model", model("refId", refId, "expr", expression, "instant", true));
        return query;
    }

    private static Map<String, Object> model(Object... keysAndValues) {
        Map<String, Object> model = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            model.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return model;
    }

    private static String text(Sentence sentence, List<String> questions) {
        StringBuilder decimals = new StringBuilder();
        for (Figure figure : Figure.decimalsOf(sentence.figures())) {
            decimals.append("{{ $")
                    .append(figure.key())
                    .append(" := \"%.2f\" }}{{ ")
                    .append(ifKnown(figure.key()))
                    .append("{{ $")
                    .append(figure.key())
                    .append(" = printf \"%%.%.0ff\" $values.")
                    .append(figure.key())
                    .append(".Value }}{{ end }}");
        }
        return decimals + parts(sentence, questions);
    }

    private static String parts(Sentence sentence, List<String> questions) {
        StringBuilder out = new StringBuilder();
        for (Sentence.Part part : sentence.parts()) {
            if (part instanceof Sentence.Words words) {
                out.append(words.text());
            } else if (part instanceof Sentence.Quote quote) {
                out.append("{{ ")
                        .append(ifKnown(quote.figure().key()))
                        .append("{{ $values.")
                        .append(quote.figure().key())
                        .append(".Value | ")
                        .append(quote.figure().style().function())
                        .append(" }}{{ else }}–{{ end }}");
            } else if (part instanceof Sentence.Choice choice) {
                String open = "{{ ";
                for (Sentence.Case one : choice.cases()) {
                    out.append(open)
                            .append(ifKnown("q" + questions.indexOf(one.question())))
                            .append(parts(one.text(), questions));
                    open = "{{ else ";
                }
                out.append("{{ end }}");
            }
        }
        return out.toString();
    }
}
