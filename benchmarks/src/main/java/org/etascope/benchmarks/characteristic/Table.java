package org.etascope.benchmarks.characteristic;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.etascope.benchmarks.characteristic.Scenario.Kind;
import org.etascope.core.RunEvent;

/** The results as Markdown: a table for each kind, the known limits in tables of their own. */
final class Table {
    private final StringBuilder text = new StringBuilder();
    private final List<Result> results;

    private Table(List<Result> results) {
        this.results = results;
    }

    static String of(List<Result> results, int runs, long seed) {
        Table table = new Table(results);
        table.line("%,d scenarios, %,d runs of each, seed %d.", results.size(), runs, seed);
        table.learning(false, "### Runs that learn: false alarms");
        table.stopping(false, "### Runs that stop learning: how late, how often, how often too early");
        table.clearing();
        table.rising(false, "### Losses that rise: how soon, how often");
        table.learning(true, "### Known limits: runs that learn and look as if they did not");
        table.stopping(true, "### Known limits: stops that are found late or never");
        table.rising(true, "### Known limits: rises that are found late or never");
        return table.text.toString();
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private List<Result> of(Kind kind, boolean limit) {
        return results.stream()
                .filter(result ->
                        result.scenario().kind() == kind && result.scenario().limit() == limit)
                .toList();
    }

    private void head(String title, String... columns) {
        line("");
        line("%s", title);
        line("");
        line("| %s |", String.join(" | ", columns));
        line("|---%s|", "|---:".repeat(columns.length - 1));
    }

    private void learning(boolean limit, String title) {
        List<Result> learning = of(Kind.LEARNS, limit);
        head(title, "scenario", "least R", "SATURATED", "RISEN", "BLOW_UP", "patience", "slope not significant");
        for (Result result : learning) {
            line(
                    "| %s | %.3f | %s | %s | %s | %s | %s |",
                    result.scenario().name(),
                    result.scenario().leastR(),
                    share(result.falselySaturated()),
                    share(result.falsely(RunEvent.Kind.RISEN)),
                    share(result.falsely(RunEvent.Kind.BLOW_UP)),
                    share(result.falsely(Trial::patience)),
                    share(result.falsely(Trial::slope)));
        }
        line(
                "| **all together** | | %s | %s | %s | %s | %s |",
                all(learning, Result::falselySaturated),
                all(learning, result -> result.falsely(RunEvent.Kind.RISEN)),
                all(learning, result -> result.falsely(RunEvent.Kind.BLOW_UP)),
                all(learning, result -> result.falsely(Trial::patience)),
                all(learning, result -> result.falsely(Trial::slope)));
    }

    private static String all(List<Result> results, Function<Result, Proportion> share) {
        Proportion all = Result.together(results.stream().map(share).toList());
        return String.format(Locale.ROOT, "**%,d of %,d**: %s", all.hits(), all.trials(), share(all));
    }

    private void stopping(boolean limit, String title) {
        head(
                title,
                "scenario",
                "stop",
                "median",
                "5 % to 95 %",
                "found",
                "too early",
                "RISEN",
                "patience",
                "slope not significant");
        for (Result result : of(Kind.STOPS, limit)) {
            int stop = result.stop();
            ToIntFunction<Trial> found = result::found;
            line(
                    "| %s | %,d | %s | %s to %s | %s | %s | %s | %s | %s |",
                    result.scenario().name(),
                    stop,
                    times(result, found, 0.5),
                    times(result, found, 0.05),
                    times(result, found, 0.95),
                    share(result.told(found)),
                    share(result.falselySaturated()),
                    share(result.falsely(RunEvent.Kind.RISEN)),
                    rival(result, Trial::patience),
                    rival(result, Trial::slope));
        }
    }

    private static String rival(Result result, ToIntFunction<Trial> rival) {
        ToIntFunction<Trial> found = trial -> result.foundBy(rival, trial);
        return times(result, found, 0.5) + ", found "
                + percent(result.told(found).share()) + ", early "
                + percent(result.falsely(rival).share());
    }

    private static String times(Result result, ToIntFunction<Trial> step, double quantile) {
        double ratio = result.tokensRatio(result.quantile(step, quantile), result.stop());
        return Double.isInfinite(ratio) ? "∞" : String.format(Locale.ROOT, "%.2f×", ratio);
    }

    private void clearing() {
        head(
                "### Plateaus that end: how soon",
                "scenario",
                "change at",
                "plateau found before",
                "told after the change",
                "median",
                "told as",
                "size told");
        for (Result result : of(Kind.CLEARS, false)) {
            int change = result.scenario().change();
            ToIntFunction<Trial> before = trial -> {
                int step = trial.first(0, RunEvent.Kind.SATURATED);
                return step <= change ? step : Trial.NEVER;
            };
            ToIntFunction<Trial> left = trial -> trial.first(
                    change, RunEvent.Kind.FELL, RunEvent.Kind.LEARNING, RunEvent.Kind.RISING, RunEvent.Kind.RISEN);
            double ratio = result.tokensRatio(result.quantile(left, 0.5), change);
            line(
                    "| %s | %,d | %s | %s | %.3f× | %s | %s |",
                    result.scenario().name(),
                    change,
                    share(result.told(before)),
                    share(result.told(left)),
                    ratio,
                    kinds(result, change),
                    nats(result.medianSize(RunEvent.Kind.FELL)));
        }
    }

    /** What the events after the change were, in how many runs. */
    private static String kinds(Result result, int change) {
        StringBuilder said = new StringBuilder();
        for (RunEvent.Kind kind :
                List.of(RunEvent.Kind.FELL, RunEvent.Kind.LEARNING, RunEvent.Kind.RISING, RunEvent.Kind.RISEN)) {
            Proportion share = result.told(trial -> trial.first(change, kind));
            if (share.hits() > 0) {
                said.append(said.isEmpty() ? "" : ", ").append(kind).append(' ').append(percent(share.share()));
            }
        }
        return said.toString();
    }

    private void rising(boolean limit, String title) {
        head(
                title,
                "scenario",
                "change at",
                "RISEN",
                "median points later",
                "BLOW_UP",
                "median points later",
                "RECOVERED",
                "ACCEPTED",
                "RISEN before");
        for (Result result : of(Kind.RISES, limit)) {
            int change = result.scenario().change();
            line(
                    "| %s | %,d | %s | %s | %s | %s | %s | %s | %s |",
                    result.scenario().name(),
                    change,
                    share(result.told(trial -> trial.first(change, RunEvent.Kind.RISEN))),
                    points(result, RunEvent.Kind.RISEN),
                    share(result.told(trial -> trial.first(change, RunEvent.Kind.BLOW_UP))),
                    points(result, RunEvent.Kind.BLOW_UP),
                    share(result.told(trial -> trial.first(change, RunEvent.Kind.RECOVERED))),
                    share(result.told(trial -> trial.first(change, RunEvent.Kind.ACCEPTED))),
                    share(result.falsely(RunEvent.Kind.RISEN)));
        }
    }

    private static String points(Result result, RunEvent.Kind kind) {
        int change = result.scenario().change();
        int step = result.quantile(trial -> trial.first(change, kind), 0.5);
        return step == Trial.NEVER
                ? "∞"
                : Integer.toString((step - change) / result.scenario().log().every());
    }

    private static String nats(double nats) {
        return Double.isNaN(nats) ? "" : String.format(Locale.ROOT, "%.2f nats", nats);
    }

    private static String share(Proportion share) {
        return percent(share.share()) + " [" + percent(share.lowerLimit()) + ", " + percent(share.upperLimit()) + "]";
    }

    private static String percent(double share) {
        double percent = 100 * share;
        return percent == 0 || percent == 100
                ? String.format(Locale.ROOT, "%.0f %%", percent)
                : String.format(Locale.ROOT, percent < 1 ? "%.3f %%" : percent > 99 ? "%.2f %%" : "%.1f %%", percent);
    }
}
