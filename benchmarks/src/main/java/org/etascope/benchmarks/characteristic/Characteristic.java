package org.etascope.benchmarks.characteristic;

import static org.etascope.core.RunEvent.Kind.ACCEPTED;
import static org.etascope.core.RunEvent.Kind.BLOW_UP;
import static org.etascope.core.RunEvent.Kind.FELL;
import static org.etascope.core.RunEvent.Kind.LEARNING;
import static org.etascope.core.RunEvent.Kind.RECOVERED;
import static org.etascope.core.RunEvent.Kind.RISEN;
import static org.etascope.core.RunEvent.Kind.RISING;
import static org.etascope.core.RunEvent.Kind.SATURATED;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.etascope.benchmarks.MarkedSection;
import org.etascope.benchmarks.characteristic.Scenario.Kind;
import org.etascope.core.RunEvent;

/**
 * Runs every scenario and writes what came out into {@code docs/operating-characteristic.md}: a table for each kind, the
 * known limits in tables of their own.
 */
public final class Characteristic {
    private static final long SEED = 1;
    private static final int RUNS = 400;

    /** A title, and what stands below it for each scenario. */
    private record Column(String title, Function<Result, String> cell) {}

    private final StringBuilder text = new StringBuilder();
    private final List<Result> results;

    private Characteristic(List<Result> results) {
        this.results = results;
    }

    /**
     * Starts the program.
     *
     * @param args the page to write into (default: standard output), then runs per scenario (default 400)
     * @throws IOException if the page cannot be written
     */
    public static void main(String[] args) throws IOException {
        int runs = args.length > 1 ? Integer.parseInt(args[1]) : RUNS;
        MarkedSection.put(args, "characteristic", table(run(runs, SEED), runs, SEED));
    }

    static List<Result> run(int runs, long seed) {
        return Scenarios.all().stream()
                .map(scenario -> Result.of(scenario, runs, seed))
                .toList();
    }

    private static String table(List<Result> results, int runs, long seed) {
        Characteristic table = new Characteristic(results);
        table.line("%,d scenarios, %,d runs of each, seed %d.", results.size(), runs, seed);
        table.learning(false, "### Runs that learn: false alarms");
        table.add(
                Kind.STOPS, false, "### Runs that stop learning: how late, how often, how often too early", stopping());
        table.add(Kind.CLEARS, false, "### Plateaus that end: how soon", clearing());
        table.add(Kind.RISES, false, "### Losses that rise: how soon, how often", rising());
        table.learning(true, "### Known limits: runs that learn and look as if they did not");
        table.add(Kind.STOPS, true, "### Known limits: stops that are found late or never", stopping());
        table.add(Kind.RISES, true, "### Known limits: rises that are found late or never", rising());
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

    /** Adds a table of the scenarios of a kind, with what its columns say of each. */
    private void add(Kind kind, boolean limit, String title, List<Column> columns) {
        line(
                "%n%s%n%n| scenario | %s |",
                title, columns.stream().map(Column::title).collect(Collectors.joining(" | ")));
        line("|---%s|", "|---:".repeat(columns.size()));
        for (Result result : of(kind, limit)) {
            row(
                    result.scenario().name(),
                    columns.stream().map(column -> column.cell().apply(result)));
        }
    }

    private void row(String name, Stream<String> cells) {
        line("| %s | %s |", name, cells.collect(Collectors.joining(" | ")));
    }

    private void learning(boolean limit, String title) {
        List<Function<Result, Proportion>> alarms = List.of(
                Result::falselySaturated,
                result -> result.falsely(RISEN),
                result -> result.falsely(BLOW_UP),
                result -> result.falsely(Trial::patience),
                result -> result.falsely(Trial::slope));
        List<String> titles = List.of("SATURATED", "RISEN", "BLOW_UP", "patience", "slope not significant");
        List<Column> columns = new ArrayList<>();
        columns.add(
                new Column("least R", result -> text("%.3f", result.scenario().leastR())));
        for (int i = 0; i < titles.size(); i++) {
            columns.add(new Column(titles.get(i), alarms.get(i).andThen(Characteristic::share)));
        }
        add(Kind.LEARNS, limit, title, columns);
        List<Result> learning = of(Kind.LEARNS, limit);
        row(
                "**all together** |",
                alarms.stream()
                        .map(alarm ->
                                Result.together(learning.stream().map(alarm).toList()))
                        .map(all -> text("**%,d of %,d**: %s", all.hits(), all.trials(), share(all))));
    }

    private static List<Column> stopping() {
        return List.of(
                new Column("stop", result -> text("%,d", result.stop())),
                new Column("median", result -> times(result, result::found, 0.5)),
                new Column(
                        "5 % to 95 %",
                        result -> times(result, result::found, 0.05) + " to " + times(result, result::found, 0.95)),
                new Column("found", result -> share(result.told(result::found))),
                new Column("too early", result -> share(result.falselySaturated())),
                new Column("RISEN", result -> share(result.falsely(RISEN))),
                new Column("patience", result -> rival(result, Trial::patience)),
                new Column("slope not significant", result -> rival(result, Trial::slope)));
    }

    private static String rival(Result result, ToIntFunction<Trial> rival) {
        ToIntFunction<Trial> found = trial -> result.foundBy(rival, trial);
        return times(result, found, 0.5) + ", found "
                + percent(result.told(found).share()) + ", early "
                + percent(result.falsely(rival).share());
    }

    private static String times(Result result, ToIntFunction<Trial> step, double quantile) {
        double ratio = result.tokensRatio(result.quantile(step, quantile), result.stop());
        return Double.isInfinite(ratio) ? "∞" : text("%.2f×", ratio);
    }

    private static List<Column> clearing() {
        return List.of(
                new Column("change at", result -> text("%,d", change(result))),
                new Column(
                        "plateau found before",
                        result -> share(result.told(trial -> {
                            int step = trial.first(0, SATURATED);
                            return step <= change(result) ? step : Trial.NEVER;
                        }))),
                new Column("told after the change", result -> share(result.told(left(result)))),
                new Column(
                        "median",
                        result ->
                                text("%.3f×", result.tokensRatio(result.quantile(left(result), 0.5), change(result)))),
                new Column("told as", Characteristic::kinds),
                new Column("size told", result -> {
                    double nats = result.medianSize(FELL);
                    return Double.isNaN(nats) ? "" : text("%.2f nats", nats);
                }));
    }

    private static int change(Result result) {
        return result.scenario().change();
    }

    private static ToIntFunction<Trial> left(Result result) {
        return trial -> trial.first(change(result), FELL, LEARNING, RISING, RISEN);
    }

    /** What the events after the change were, in how many runs. */
    private static String kinds(Result result) {
        return Stream.of(FELL, LEARNING, RISING, RISEN)
                .map(kind -> Map.entry(kind, after(result, kind)))
                .filter(told -> told.getValue().hits() > 0)
                .map(told -> told.getKey() + " " + percent(told.getValue().share()))
                .collect(Collectors.joining(", "));
    }

    private static Proportion after(Result result, RunEvent.Kind kind) {
        return result.told(trial -> trial.first(change(result), kind));
    }

    private static List<Column> rising() {
        return List.of(
                new Column("change at", result -> text("%,d", change(result))),
                new Column("RISEN", result -> share(after(result, RISEN))),
                new Column("median points later", result -> points(result, RISEN)),
                new Column("BLOW_UP", result -> share(after(result, BLOW_UP))),
                new Column("median points later", result -> points(result, BLOW_UP)),
                new Column("RECOVERED", result -> share(after(result, RECOVERED))),
                new Column("ACCEPTED", result -> share(after(result, ACCEPTED))),
                new Column("RISEN before", result -> share(result.falsely(RISEN))));
    }

    private static String points(Result result, RunEvent.Kind kind) {
        int step = result.quantile(trial -> trial.first(change(result), kind), 0.5);
        int points = (step - change(result)) / result.scenario().log().every();
        return step == Trial.NEVER ? "∞" : Integer.toString(points);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private static String share(Proportion share) {
        return percent(share.share()) + " [" + percent(share.lowerLimit()) + ", " + percent(share.upperLimit()) + "]";
    }

    private static String percent(double share) {
        double percent = 100 * share;
        String format = percent == 0 || percent == 100 ? "%.0f" : percent < 1 ? "%.3f" : percent > 99 ? "%.2f" : "%.1f";
        return text(format + " %%", percent);
    }
}
