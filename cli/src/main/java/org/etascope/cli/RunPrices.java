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
 * @param forecast null without a run
 * @param unit what the run counts
 * @param atTarget tokens at a loss, null if none was asked for
 * @param untilWorth tokens from which a doubling buys less than was asked for, NaN if nothing was
 * @param worth that gain
 */
record RunPrices(
        @Nullable Forecast forecast,
        TokenUnit unit,
        Forecast.@Nullable Crossing atTarget,
        double untilWorth,
        double worth) {
    static final RunPrices NONE = new RunPrices(null, TokenUnit.TOKEN, null, Double.NaN, Double.NaN);

    static RunPrices of(RunSnapshot run, @Nullable Double target, @Nullable Double worth) {
        Forecast forecast = run.forecast();
        return new RunPrices(
                forecast,
                run.info().unit(),
                target == null ? null : forecast.tokensAt(target),
                worth == null ? Double.NaN : forecast.tokensUntilDoublingBuys(worth),
                worth == null ? Double.NaN : worth);
    }

    /** {@return what people read of it} */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (forecast == null) {
            return lines;
        }
        lines.addAll(forecast.sentences());
        boolean unanswered =
                (atTarget != null && Double.isNaN(atTarget.tokens())) || (!Double.isNaN(worth) && Double.isNaN(untilWorth));
        if (unanswered && forecast.refused() == null) {
            lines.add("No prices: a recording keeps what was foretold, not the law behind it; name the log instead.");
        }
        if (atTarget != null && !Double.isNaN(atTarget.tokens())) {
            lines.add(atTarget.sentence());
        }
        if (!Double.isNaN(untilWorth)) {
            lines.add("A doubling buys less than " + Format.significant(worth) + " nats "
                    + (Double.isInfinite(untilWorth)
                            ? "only beyond 100 times the " + unit.plural() + "."
                            : "from " + Format.si(untilWorth) + " " + unit.plural() + " on."));
        }
        return lines;
    }

    /** {@return the same by its keys in JSON, null where nothing was asked} */
    Map<String, @Nullable Object> results() {
        Map<String, @Nullable Object> results = new LinkedHashMap<>();
        results.put("forecast", forecast == null ? null : RunJson.forecast(forecast));
        results.put(
                "tokens_at_target",
                atTarget == null
                        ? null
                        : Map.of(
                                "tokens", atTarget.tokens(),
                                "earliest", atTarget.earliest(),
                                "latest", atTarget.latest()));
        results.put("tokens_until_worth", untilWorth);
        return results;
    }
}
