package org.etascope.core;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a run's loss comes to: at its planned end, after the next doubling of its tokens, after a decay of its learning
 * rate; and the tokens that a loss or a gain needs (theory, section 7).
 *
 * <p>A law of the loss with the learning rate in it is fitted to the run's own closed bins. Each answer has a centre and
 * an interval meant to hold 90 % of the cases. Two forecasts made in the past, at 1/√2 and at half of the tokens, widen
 * it or refuse it. It is an extrapolation; where it failed the loss mostly came lower.
 *
 * <p><b>Refused</b>, in the order told: the learning rate is not known · still in the warm-up (D below twice D_w) · too few
 * points since the warm-up (10 bins now and at D/√2) · the learning rate rose again, or will by the schedule (of the
 * planned end only) · the loss is rising · a forecast made at half the tokens would have missed by far. Then of the planned
 * end: unknown schedule or end · too early (more than six times today's tokens) · the planned end is reached. Of the next
 * doubling: the learning rate is nearly zero (below 2 % of its peak). A refused answer has no number.
 *
 * <p>Losses are nats per token and never below 0; tokens are D, counted from the run's start. Immutable, for any
 * thread. Made when first asked, in less than 2 ms, from closed bins and from D, S and learning rate of now: whoever asks
 * pays for it, never the training thread. Two are equal if their answers are.
 */
public final class Forecast {
    private final ForecastBasis basis;
    private @Nullable Forecaster made; // guarded by this

    /**
     * The loss at one point to come.
     *
     * @param tokens D there; NaN where refused, as all numbers then are
     * @param lossNats the centre, nats per token
     * @param lowerNats lower end of the interval
     * @param upperNats upper end of the interval
     * @param gainNats how far the centre lies below the loss of now, at least 0
     * @param gainLowerNats the same for the upper end of the interval
     * @param gainUpperNats the same for the lower end of the interval
     * @param refused why there is no forecast, null where there is one
     * @param sentence the answer, or the refusal, for people
     */
    public record Answer(
            double tokens,
            double lossNats,
            double lowerNats,
            double upperNats,
            double gainNats,
            double gainLowerNats,
            double gainUpperNats,
            @Nullable String refused,
            String sentence) {}

    /**
     * The tokens at which the loss comes to a target, at the learning rate of now.
     *
     * @param tokens D there; today's where it is there already, ∞ if not within 100 times today's, NaN where refused
     * @param earliest the same by the lower end of the interval
     * @param latest the same by the upper end of the interval
     * @param sentence the answer for people
     */
    public record Crossing(double tokens, double earliest, double latest, String sentence) {}

    Forecast(ForecastBasis basis) {
        this.basis = basis;
    }

    private synchronized Forecaster made() {
        if (made == null) {
            made = new Forecaster(basis);
        }
        return made;
    }

    /** {@return the loss at the planned end, by the planned learning rate} */
    public Answer plannedEnd() {
        return made().plannedEnd();
    }

    /** {@return the loss at twice the tokens, at the learning rate of now} */
    public Answer nextDoubling() {
        return made().nextDoubling();
    }

    /** {@return the loss at 1.2 times the tokens, if the learning rate goes down to zero on the way, straight} */
    public Answer decayNow() {
        return made().decayNow();
    }

    /** {@return the loss of now by the fitted law, nats per token; NaN where everything is refused} */
    public double currentLossNats() {
        return made().currentLossNats();
    }

    /** {@return why there is no forecast at all, null where there is one} */
    public @Nullable String refused() {
        return made().refused();
    }

    /**
     * Looks for the tokens at which the loss comes to a target: on D·2^(j/8), j = 0…53, straight in ln D between.
     *
     * @param lossNats the target, nats per token
     * @return the crossing
     */
    public Crossing tokensAt(double lossNats) {
        return made().tokensAt(Arguments.finite("target loss in nats", lossNats));
    }

    /**
     * {@return the tokens from which a doubling at the learning rate of now buys less than a gain: today's if it does
     * already, ∞ if not within 100 times today's, NaN where refused}
     *
     * @param nats the gain, nats per token
     */
    public double tokensUntilDoublingBuys(double nats) {
        return made().tokensUntilDoublingBuys(Arguments.finite("worth of a doubling in nats", nats));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Forecast that
                && plannedEnd().equals(that.plannedEnd())
                && nextDoubling().equals(that.nextDoubling())
                && decayNow().equals(that.decayNow());
    }

    @Override
    public int hashCode() {
        return Objects.hash(plannedEnd(), nextDoubling(), decayNow());
    }

    @Override
    public String toString() {
        return plannedEnd().sentence() + " " + nextDoubling().sentence() + " "
                + decayNow().sentence();
    }
}
