package org.etascope.benchmarks.characteristic;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import org.etascope.benchmarks.characteristic.Scenario.Kind;

/** The results as Markdown. */
final class Table {
    private static final List<ToIntFunction<Trial>> DETECTORS = List.of(Trial::etascope, Trial::patience, Trial::slope);

    private Table() {}

    static String of(List<Result> results, int runs, long seed) {
        return String.format(Locale.ROOT, "%,d runs of each scenario, seed %d.%n%n", runs, seed)
                        .replace(System.lineSeparator(), "\n")
                + healthy(results)
                + "\n"
                + stopping(results);
    }

    private static String healthy(List<Result> results) {
        StringBuilder text = new StringBuilder("### Runs that are still learning: false alarms\n\n");
        text.append("| scenario | steps | least true R | Etascope | patience | slope not significant |\n");
        text.append("|---|---:|---:|---:|---:|---:|\n");
        List<Result> healthy = of(results, Kind.HEALTHY);
        healthy.forEach(result -> text.append(healthyRow(result)));
        text.append("| **all healthy runs together** | | ≥ 0.10 |");
        for (ToIntFunction<Trial> detector : DETECTORS) {
            Proportion all = Result.together(healthy, detector);
            text.append(String.format(
                    Locale.ROOT,
                    " **%d of %,d** (%s, at most %s) |",
                    all.hits(),
                    all.trials(),
                    percent(all.share()),
                    percent(all.upperLimit())));
        }
        text.append("\n");
        of(results, Kind.SLOW).forEach(result -> text.append(healthyRow(result)));
        return text.toString();
    }

    private static String healthyRow(Result result) {
        StringBuilder row = new StringBuilder(String.format(
                Locale.ROOT,
                "| %s | %,d | %.3f |",
                result.scenario().name(),
                result.scenario().steps(),
                result.scenario().smallestTrueR()));
        for (ToIntFunction<Trial> detector : DETECTORS) {
            row.append(healthyCell(result, detector));
        }
        return row.append("\n").toString();
    }

    private static String healthyCell(Result result, ToIntFunction<Trial> detector) {
        String share = percent(result.alarms(detector).share());
        if (result.scenario().kind() == Kind.HEALTHY || result.alarms(detector).hits() == 0) {
            return " " + share + " |";
        }
        double typical = result.scenario().trueR(result.medianAlarm(detector));
        return String.format(Locale.ROOT, " %s, typically at R = %.3f |", share, typical);
    }

    private static String stopping(List<Result> results) {
        StringBuilder text =
                new StringBuilder("### Runs that stop learning: how late, how often, how often too early\n\n");
        text.append("| scenario | stop (R < 0.10) | flat (R < 0.02) | Etascope | patience | slope not significant |\n");
        text.append("|---|---:|---:|---:|---:|---:|\n");
        for (Result result : results) {
            if (result.scenario().stops()) {
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %,d | %,d |",
                        result.scenario().name(),
                        result.scenario().stop(),
                        result.scenario().flat()));
                DETECTORS.forEach(detector -> text.append(stoppingCell(result, detector)));
                text.append("\n");
            }
        }
        return text.toString();
    }

    private static String stoppingCell(Result result, ToIntFunction<Trial> detector) {
        if (result.alarms(detector).hits() == 0) {
            return " never |";
        }
        return String.format(
                Locale.ROOT,
                " %s (%.2f to %.2f), found %s, early %s |",
                times(result.delay(detector, 0.5)),
                result.delayWhereDetected(detector, 0.05),
                result.delayWhereDetected(detector, 0.95),
                percent(result.detected(detector).share()),
                percent(result.early(detector).share()));
    }

    private static String times(double delay) {
        return Double.isInfinite(delay) ? "seldom" : String.format(Locale.ROOT, "**%.2f×**", delay);
    }

    private static String percent(double share) {
        double percent = 100 * share;
        return percent == 0 ? "0 %" : String.format(Locale.ROOT, percent < 1 ? "%.3f %%" : "%.1f %%", percent);
    }

    private static List<Result> of(List<Result> results, Kind kind) {
        List<Result> some = new ArrayList<>(results);
        some.removeIf(result -> result.scenario().kind() != kind);
        return some;
    }
}
