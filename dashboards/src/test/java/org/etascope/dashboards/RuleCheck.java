package org.etascope.dashboards;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etascope.dashboards.RuleFile.Rule;

/**
 * What must be true of the rules and alerts. Each check brings ways to break the file: a copy edited so must be refused by
 * it.
 */
@SuppressWarnings("ImmutableEnumChecker") // functions of this file, without state
enum RuleCheck {
    /** Recorded series say level:metric:operations; alerts are Etascope and what is wrong. */
    NAME(
            (rule, found) -> {
                found.unless(
                        rule.record().isEmpty() || rule.record().matches("[a-z_]+:etascope_[a-z_]+:[a-z0-9_]+"),
                        rule + " is no level:metric:operations");
                found.unless(
                        rule.alert().isEmpty() || rule.alert().matches("Etascope(?:[A-Z][a-z]+)+"),
                        rule + " is no CamelCase name");
            },
            new Edit("record: job_run:etascope_tokens:rate5m", "record: etascope_tokens_rate"),
            new Edit("alert: EtascopeRunLost", "alert: etascope_run_lost")),

    /** Only series that exist. */
    SERIES(
            (rule, found) -> {
                Set<String> known = new HashSet<>(Shipped.meters());
                Shipped.rules().rules().forEach(recorded -> known.add(recorded.record()));
                Set<String> unknown =
                        Expressions.names(rule.expression() + rule.annotations().values());
                unknown.removeAll(known);
                found.unless(unknown.isEmpty(), rule + " reads " + unknown + ", which nobody exports");
            },
            new Edit("sum without (instance, pod) (etascope_run_tokens)", "sum without (instance) (etascope_tokens)"),
            new Edit("min_over_time(etascope_last_loss_nats[2m])", "min_over_time(etascope_loss_nats[2m])"),
            new Edit("last_over_time(etascope_mean_loss_nats%s", "last_over_time(etascope_loss_nats%s")),

    /** Labels that a user has added survive. */
    WITHOUT(
            (rule, found) -> found.unless(
                    !Pattern.compile("\\bby\\s*\\(").matcher(rule.expression()).find(), rule + " uses by"),
            new Edit("sum without (instance, pod) (etascope_run_tokens)", "sum by (job, run) (etascope_run_tokens)")),

    /** No division by what may be 0. */
    DIVISORS(
            (rule, found) -> {
                Matcher divisor = Pattern.compile("/\\s*(\\S.*)").matcher(rule.expression());
                while (divisor.find()) {
                    found.unless(
                            divisor.group(1).matches("[\\d.]+|\\(.*> 0\\)"), rule + " divides by " + divisor.group(1));
                }
            },
            new Edit(
                    "(max without (instance, pod) (etascope_model_size_bits) > 0)",
                    "max without (instance, pod) (etascope_model_size_bits)")),

    /** A comparison, and a time that it must hold. */
    CONDITION(
            (rule, found) -> {
                if (!rule.alert().isEmpty()) {
                    found.unless(
                            Pattern.compile("[=!]=|[<>]")
                                    .matcher(rule.expression().replaceAll("\\{[^}]*}", ""))
                                    .find(),
                            rule + " compares nothing");
                    found.unless(rule.duration().matches("\\d+[sm]"), rule + " has no for");
                }
            },
            new Edit(
                    "[2m])) == 1\n        for: 5m\n        labels:\n          severity: info",
                    "[2m]))\n        for: 5m\n        labels:\n          severity: info"),
            new Edit("        for: 10m\n", "")),

    /** One missed scrape neither fires nor clears: everything is read over a range. */
    RANGES(
            (rule, found) -> {
                if (rule.alert().isEmpty()) {
                    return;
                }
                Matcher series = Pattern.compile("\\b(?:etascope_\\w+|up)\\b(?:\\{[^}]*})?(.?)")
                        .matcher(rule.expression());
                while (series.find()) {
                    found.unless(series.group(1).equals("["), rule + " looks at one moment of " + series.group());
                }
            },
            new Edit("max_over_time(etascope_phase{phase=\"saturated\"}[2m])", "etascope_phase{phase=\"saturated\"}"),
            new Edit("max_over_time(up[1m])", "up")),

    /** A severity and nothing else, above all no value: each new value would be a new alert. */
    LABELS(
            (rule, found) -> {
                if (!rule.alert().isEmpty()) {
                    found.unless(rule.labels().keySet().equals(Set.of("severity")), rule + " adds " + rule.labels());
                    found.unless(
                            Set.of("critical", "warning", "info")
                                    .contains(rule.labels().getOrDefault("severity", "")),
                            rule + " has an unknown severity");
                }
            },
            new Edit("severity: critical", "severity: page"),
            new Edit("severity: critical", "severity: critical\n          value: '{{ $value }}'")),

    /** Words for people: which run, the numbers, what they mean. */
    TEXTS(
            (rule, found) -> {
                if (!rule.alert().isEmpty()) {
                    found.unless(
                            rule.annotations()
                                    .keySet()
                                    .equals(Set.of("summary", "description", "runbook_url", "dashboard_url")),
                            rule + " has annotations " + rule.annotations().keySet());
                    found.unless(
                            rule.annotations().getOrDefault("summary", "").startsWith("{{ $labels.run }}: "),
                            rule + " does not name its run");
                    found.unless(
                            Pattern.compile("humanize|printf \"%\\.")
                                    .matcher(rule.annotations().getOrDefault("description", ""))
                                    .find(),
                            rule + " tells no number");
                }
            },
            new Edit("          summary: '{{ $labels.run }}: overfitting.'\n", ""),
            new Edit("'{{ $labels.run }}: overfitting.'", "overfitting"),
            new Edit("{{ $value | printf \"%.0f\" }}", "unknown")),

    /** The runbook has a chapter for it. */
    RUNBOOK(
            (rule, found) -> {
                if (!rule.alert().isEmpty()) {
                    String url = rule.annotations().getOrDefault("runbook_url", "");
                    found.unless(
                            url.equals("docs/alerts.md#" + rule.alert().toLowerCase(Locale.ROOT)),
                            rule + " leads to " + url);
                    found.unless(
                            Shipped.read(Shipped.DOCS.resolve("alerts.md")).contains("\n## " + rule.alert() + "\n"),
                            "the runbook has no chapter " + rule);
                }
            },
            new Edit("docs/alerts.md#etascoperunlost", "docs/alerts.md#etascoperungone"),
            new Edit("alert: EtascopeRunLost", "alert: EtascopeRunGone")),

    /** The dashboard exists. */
    DASHBOARD(
            (rule, found) -> {
                if (!rule.alert().isEmpty()) {
                    String url = rule.annotations().getOrDefault("dashboard_url", "");
                    Matcher uid = Pattern.compile(
                                    "http://localhost:3000/d/([a-z-]+)\\?var-run=\\{\\{ \\$labels\\.run \\| urlquery }}")
                            .matcher(url);
                    found.unless(
                            uid.matches() && Shipped.dashboardUids().contains(uid.group(1)), rule + " leads to " + url);
                }
            },
            new Edit("/d/etascope-health?", "/d/etascope-ill?"),
            new Edit("?var-run={{ $labels.run | urlquery }}", ""));

    /** A text in one of the files, and what it becomes. */
    private record Edit(String from, String to) {}

    private final BiConsumer<Rule, Problems> check;
    private final List<Edit> breaks;

    RuleCheck(BiConsumer<Rule, Problems> check, Edit... breaks) {
        this.check = check;
        this.breaks = List.of(breaks);
    }

    /** {@return what is wrong, empty if nothing is} */
    List<String> problems(RuleFile file) {
        Problems found = new Problems();
        file.rules().forEach(rule -> check.accept(rule, found));
        return found.found();
    }

    /** {@return copies of the shipped files, each broken in a way that this check must see} */
    List<RuleFile> brokenCopies() {
        return breaks.stream().map(RuleCheck::broken).toList();
    }

    private static RuleFile broken(Edit edit) {
        for (String file : List.of(Shipped.read(Shipped.RULES), Shipped.read(Shipped.ALERTS))) {
            if (file.contains(edit.from())) {
                return RuleFile.parse(file.replace(edit.from(), edit.to()));
            }
        }
        throw new AssertionError("nothing to break: " + edit.from());
    }
}
