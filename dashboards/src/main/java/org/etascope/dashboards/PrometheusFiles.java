package org.etascope.dashboards;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
        Map<String, Object> file = new LinkedHashMap<>();
        file.put(
                "#",
                "Recording rules, written by the model in dashboards/src (docs/dashboards.md says how). Names say"
                        + " level:metric:operations; `without` keeps every label that a user has added to the targets.");
        file.put("groups", List.of(ruleGroup()));
        return Yaml.of(file);
    }

    /** {@return the content of etascope-alerts.yml} */
    String alerts() {
        Map<String, Object> file = new LinkedHashMap<>();
        file.put(
                "#1",
                "Alerts, written by the model in dashboards/src (docs/dashboards.md says how). What each means, and what to do:"
                        + " docs/alerts.md.");
        file.put(
                "#2",
                "For one scrape in " + times.of(1) + "; one in " + times.of(3)
                        + " works too, and any faster one. Windows are"
                        + " multiples of that: a state is looked for in the last " + times.of(10)
                        + ", a series counts as gone after "
                        + times.of(7) + ". What is not known yet is NaN, compares false and fires nothing.");
        file.put(
                "#3",
                "Texts ask for their numbers with all labels of the alert; where not exactly one series answers, they say –."
                        + " What to change: the address of Grafana in runbook_url and dashboard_url, with sed:"
                        + " s|" + GRAFANA + "|https://grafana.example.org|");
        file.put("groups", List.of(alertGroup()));
        return Yaml.of(file);
    }

    /** {@return both groups, as they also stand in a PrometheusRule} */
    List<Map<String, Object>> groups() {
        return List.of(ruleGroup(), alertGroup());
    }

    private Map<String, Object> ruleGroup() {
        return group("etascope-run", Rules.all().stream().map(this::recording).toList());
    }

    private Map<String, Object> alertGroup() {
        List<Map<String, Object>> rules = new ArrayList<>();
        Alerts.memory().forEach(rule -> rules.add(recording(rule)));
        Alerts.all().forEach(alert -> rules.add(alert(alert)));
        return group("etascope-alerts", rules);
    }

    private static Map<String, Object> group(String name, List<Map<String, Object>> rules) {
        Map<String, Object> group = new LinkedHashMap<>();
        group.put("name", name);
        group.put("rules", rules);
        return group;
    }

    private Map<String, Object> recording(Recording recording) {
        Map<String, Object> rule = new LinkedHashMap<>();
        if (!recording.comment().isEmpty()) {
            rule.put("#", recording.comment());
        }
        rule.put("record", recording.name());
        rule.put("expr", in(recording.expression()));
        return rule;
    }

    private Map<String, Object> alert(Alert alert) {
        Map<String, Object> rule = new LinkedHashMap<>();
        if (!alert.comment().isEmpty()) {
            rule.put("#", alert.comment());
        }
        rule.put("alert", alert.name());
        rule.put("expr", in(alert.expression()));
        rule.put("for", alert.hold());
        rule.put("labels", Map.of("severity", alert.severity().label()));
        Map<String, Object> annotations = new LinkedHashMap<>();
        annotations.put("summary", prologue(alert.summary()) + WHO + template(alert, alert.summary()));
        annotations.put("description", prologue(alert.description()) + template(alert, alert.description()));
        annotations.put("runbook_url", GRAFANA + Boards.runbookPath(alert));
        annotations.put(
                "dashboard_url",
                MATCHERS + GRAFANA + "/d/" + alert.board()
                        + "?var-job={{ $labels.job | urlquery }}&var-run={{ $labels.run | urlquery }}&from={{ printf `("
                        + "max(ALERTS_FOR_STATE{alertname=\"" + alert.name()
                        + "\",%s}) or vector(time())) * 1000 - 3600000` $s"
                        + " | query | first | value | printf \"%.0f\" }}&to=now");
        rule.put("annotations", annotations);
        return rule;
    }

    /** {@return an expression with windows and labels put in} */
    String in(String expression) {
        return times.in(Labels.in(expression));
    }

    /** What a text needs before it begins: the matchers of its series, and the digits of its slope. */
    private static String prologue(Sentence sentence) {
        boolean asks = !sentence.figures().isEmpty() || !sentence.questions().isEmpty();
        return asks ? MATCHERS : "";
    }

    private String template(Alert alert, Sentence sentence) {
        StringBuilder decimals = new StringBuilder();
        for (Figure figure : Figure.decimalsOf(sentence.figures())) {
            decimals.append("{{ $")
                    .append(figure.key())
                    .append(" := ")
                    .append(ask(alert, figure.expression()))
                    .append(" | first | value | printf \"%%.%.0ff\" }}");
        }
        return decimals + parts(alert, sentence);
    }

    private String parts(Alert alert, Sentence sentence) {
        StringBuilder out = new StringBuilder();
        for (Sentence.Part part : sentence.parts()) {
            if (part instanceof Sentence.Words words) {
                out.append(words.text());
            } else if (part instanceof Sentence.Quote quote) {
                out.append("{{ with ")
                        .append(ask(alert, quote.figure().expression()))
                        .append(" }}{{ $v := . | first | value }}{{ if and (eq (len .) 1) (eq $v $v) }}{{ $v | ")
                        .append(quote.figure().style().function())
                        .append(" }}{{ else }}–{{ end }}{{ else }}–{{ end }}");
            } else if (part instanceof Sentence.Choice choice) {
                String open = "{{ if ";
                for (Sentence.Case one : choice.cases()) {
                    out.append(open)
                            .append(ask(alert, one.question()))
                            .append(" }}")
                            .append(parts(alert, one.text()));
                    open = "{{ else if ";
                }
                out.append("{{ end }}");
            }
        }
        return out.toString();
    }

    /** A query about the alert's own series. */
    private String ask(Alert alert, String expression) {
        String asked = in(expression.replace("<back>", alert.back()));
        int places = asked.split("\\$", -1).length - 1;
        return "query (printf `" + asked.replace("$", "%s") + "`" + " $s".repeat(places) + ")";
    }
}
