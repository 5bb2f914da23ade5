package org.etascope.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.etascope.core.Forecast;
import org.etascope.core.RunSnapshot;
import org.etascope.core.TokenUnit;
import org.etascope.recording.Format;
import org.etascope.recording.RunJson;
import org.jspecify.annotations.Nullable;

/**
 * A run's forecast and what it was asked for, at the learning rate of now.
 *
 * @param run null without a run
 * @param tokensPerSecond its speed, NaN where no times are known
 * @param atTarget tokens at a loss, null if none was asked for
 * @param untilWorth tokens from which a doubling buys less than was asked for, NaN if nothing was, or it is not known
 * @param worth that gain, NaN if nothing was asked
 */
record RunPrices(
        @Nullable RunSnapshot run,
        double tokensPerSecond,
        Forecast.@Nullable Crossing atTarget,
        double untilWorth,
        double worth) {
    static final RunPrices NONE = new RunPrices(null, Double.NaN, null, Double.NaN, Double.NaN);

    static RunPrices of(RunSnapshot run, double tokensPerSecond, @Nullable Double target, @Nullable Double worth) {
        Forecast forecast = run.forecast();
        return new RunPrices(
                run,
                tokensPerSecond,
                target == null ? null : forecast.tokensAt(target),
                worth == null ? Double.NaN : forecast.tokensUntilDoublingBuys(worth),
                worth == null ? Double.NaN : worth);
    }

    /** {@return what the run counts; tokens without a run} */
    TokenUnit unit() {
        return run == null ? TokenUnit.TOKEN : run.info().unit();
    }

    /** {@return what people read of it} */
    List<String> lines() {
        if (run == null) {
            return List.of();
        }
        List<String> lines = new ArrayList<>(run.forecast().sentences());
        if (atTarget != null) {
            lines.add(atTarget.sentence() + cost(run, atTarget.tokens()));
        }
        if (!Double.isNaN(worth)) {
            lines.add(doubling(run));
        }
        return lines;
    }

    private String doubling(RunSnapshot asked) {
        if (Double.isNaN(untilWorth)) {
            String why = asked.forecast().refused();
            return "No forecast of what a doubling buys: " + (why == null ? "the law was not recorded" : why) + ".";
        }
        String units = asked.info().unit().plural();
        return "A doubling buys less than " + Format.significant(worth) + " nats "
                + (Double.isInfinite(untilWorth)
                        ? "only beyond 100 times the " + units + "."
                        : "from " + Format.si(untilWorth) + " " + units + " on." + cost(asked, untilWorth));
    }

    /** What it takes from here, as far as it is known. */
    private String cost(RunSnapshot asked, double tokens) {
        List<String> costs = new ArrayList<>();
        if (Double.isFinite(seconds(asked, tokens)) && seconds(asked, tokens) > 0) {
            costs.add(duration(seconds(asked, tokens)) + " at " + Format.si(tokensPerSecond) + " "
                    + asked.info().unit().plural() + " a second");
        }
        if (Double.isFinite(joules(asked, tokens)) && joules(asked, tokens) > 0) {
            costs.add(Format.si(joules(asked, tokens)) + "J");
        }
        return costs.isEmpty() ? "" : " From here: " + String.join(", ", costs) + ".";
    }

    private double seconds(RunSnapshot asked, double tokens) {
        return Math.max(0, tokens - asked.progress().tokens()) / tokensPerSecond;
    }

    private static double joules(RunSnapshot asked, double tokens) {
        return asked.energy().joulesUntil(tokens, asked.progress().tokens());
    }

    /** {@return the same by its keys in JSON, null where nothing was asked} */
    Map<String, @Nullable Object> results() {
        Map<String, @Nullable Object> results = new LinkedHashMap<>();
        results.put("forecast", run == null ? null : RunJson.forecast(run.forecast()));
        results.put("tokens_at_target", run == null || atTarget == null ? null : atTarget(run, atTarget));
        results.put("tokens_until_worth", untilWorth);
        return results;
    }

    private Map<String, Object> atTarget(RunSnapshot asked, Forecast.Crossing crossing) {
        Map<String, Object> numbers = new LinkedHashMap<>();
        numbers.put("tokens", crossing.tokens());
        numbers.put("earliest", crossing.earliest());
        numbers.put("latest", crossing.latest());
        numbers.put("seconds", seconds(asked, crossing.tokens()));
        numbers.put("joules", joules(asked, crossing.tokens()));
        return numbers;
    }

    private static String duration(double seconds) {
        long minutes = Math.round(seconds / 60);
        return minutes < 60 ? minutes + " min" : minutes / 60 + " h " + minutes % 60 + " min";
    }
}
