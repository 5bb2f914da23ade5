package org.etascope.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.etascope.core.Forecast;
import org.etascope.recording.Format;
import org.jspecify.annotations.Nullable;

/**
 * A run's forecast and what it was asked for, at the learning rate of now.
 *
 * @param forecast null without a run
 * @param atTarget tokens at a loss, null if none was asked for
 * @param untilWorth tokens from which a doubling buys less than was asked for, NaN if nothing was
 * @param worth that gain
 */
record RunPrices(@Nullable Forecast forecast, Forecast.@Nullable Crossing atTarget, double untilWorth, double worth) {
    static final RunPrices NONE = new RunPrices(null, null, Double.NaN, Double.NaN);

    static RunPrices of(Forecast forecast, @Nullable Double target, @Nullable Double worth) {
        return new RunPrices(
                forecast,
                target == null ? null : forecast.tokensAt(target),
                worth == null ? Double.NaN : forecast.tokensUntilDoublingBuys(worth),
                worth == null ? Double.NaN : worth);
    }

    /** {@return what people read of it} */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (forecast != null) {
            lines.addAll(forecast.sentences());
        }
        if (atTarget != null && !Double.isNaN(atTarget.tokens())) {
            lines.add(atTarget.sentence());
        }
        if (!Double.isNaN(untilWorth)) {
            lines.add("A doubling buys less than " + Format.significant(worth) + " nats "
                    + (Double.isInfinite(untilWorth)
                            ? "only beyond 100 times the tokens."
                            : "from " + Format.si(untilWorth) + " tokens on."));
        }
        return lines;
    }

    void write(JsonGenerator json) throws IOException {
        if (forecast == null) {
            json.writeNullField("forecast");
        } else {
            json.writeObjectFieldStart("forecast");
            write(json, "planned_end", forecast.plannedEnd());
            write(json, "next_doubling", forecast.nextDoubling());
            write(json, "decay_now", forecast.decayNow());
            json.writeEndObject();
        }
        if (atTarget == null) {
            json.writeNullField("tokens_at_target");
        } else {
            json.writeObjectFieldStart("tokens_at_target");
            PlanCommand.number(json, "tokens", atTarget.tokens());
            PlanCommand.number(json, "earliest", atTarget.earliest());
            PlanCommand.number(json, "latest", atTarget.latest());
            json.writeEndObject();
        }
        PlanCommand.number(json, "tokens_until_worth", untilWorth);
    }

    private static void write(JsonGenerator json, String question, Forecast.Answer answer) throws IOException {
        json.writeObjectFieldStart(question);
        PlanCommand.number(json, "tokens", answer.tokens());
        PlanCommand.number(json, "loss_nats", answer.lossNats());
        PlanCommand.number(json, "loss_lower_nats", answer.lowerNats());
        PlanCommand.number(json, "loss_upper_nats", answer.upperNats());
        PlanCommand.number(json, "gain_nats", answer.gainNats());
        PlanCommand.number(json, "gain_lower_nats", answer.gainLowerNats());
        PlanCommand.number(json, "gain_upper_nats", answer.gainUpperNats());
        json.writeStringField("refused", answer.refused());
        json.writeEndObject();
    }
}
