package org.etascope.core;

import java.util.ArrayList;
import java.util.List;
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
 *
 * <p>The metrics, which are read all the time, show the first forecast that was asked for since a bin closed, until the next
 * bin closes or the plan changes: it is behind by less than a bin, 1/32 e-fold of the tokens (3 %). JSON and {@code replay}
 * show the one of now.
 */
public final class Forecast {
    /** How the sentence of {@link #decayNow()} begins; {@code {units}} is what the run counts, and a gain in nats follows. */
    public static final String DECAY_NOW_WOULD_GIVE = "A decay to zero over the next 20 % of the {units} would give";

    private final @Nullable ForecastBasis basis;
    private final @Nullable Answers recorded;
    private final @Nullable Forecast ofBin;
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

    /**
     * What a recording keeps of a forecast.
     *
     * @param plannedEnd see {@link Forecast#plannedEnd()}
     * @param nextDoubling see {@link Forecast#nextDoubling()}
     * @param decayNow see {@link Forecast#decayNow()}
     * @param nextHundredth see {@link Forecast#nextHundredth()}
     */
    public record Answers(Answer plannedEnd, Answer nextDoubling, Answer decayNow, Crossing nextHundredth) {
        /**
         * What was recorded before there was a next hundredth has none.
         *
         * @param plannedEnd at the planned end
         * @param nextDoubling at twice the tokens
         * @param decayNow after a decay
         * @param nextHundredth 0.01 nats on
         */
        public Answers {
            nextHundredth =
                    Objects.requireNonNullElseGet(nextHundredth, () -> Forecaster.noCrossing("it was not recorded"));
        }
    }

    Forecast(ForecastBasis basis) {
        this(basis, null);
    }

    /**
     * @param ofBin the one that the metrics show meanwhile, null for this one
     */
    Forecast(ForecastBasis basis, @Nullable Forecast ofBin) {
        this.basis = basis;
        this.recorded = null;
        this.ofBin = ofBin;
    }

    private Forecast(Answers recorded) {
        this.basis = null;
        this.recorded = recorded;
        this.ofBin = null;
    }

    /**
     * {@return a forecast as it was recorded; it no longer answers what depends on the law itself}
     *
     * @param answers what was recorded
     */
    public static Forecast recorded(Answers answers) {
        return new Forecast(answers);
    }

    /** {@return the forecast of a run of which nothing is known: all is refused} */
    public static Forecast unknown() {
        return new Forecast(ForecastBasis.NONE);
    }

    /** {@return the one that the metrics show, made from the same closed bins} */
    Forecast ofBin() {
        return ofBin == null ? this : ofBin;
    }

    /** Nothing of the law is left in a recording. */
    private synchronized @Nullable Forecaster made() {
        if (made == null && basis != null) {
            made = new Forecaster(basis);
        }
        return made;
    }

    /** {@return the three answers, to be recorded} */
    public Answers answers() {
        Forecaster forecaster = made();
        return forecaster == null ? Objects.requireNonNull(recorded) : forecaster.answers();
    }

    /** {@return the loss at the planned end, by the planned learning rate} */
    public Answer plannedEnd() {
        return answers().plannedEnd();
    }

    /** {@return the loss at twice the tokens, at the learning rate of now} */
    public Answer nextDoubling() {
        return answers().nextDoubling();
    }

    /** {@return the loss at 1.2 times the tokens, if the learning rate goes down to zero on the way, straight} */
    public Answer decayNow() {
        return answers().decayNow();
    }

    /** {@return the loss of now by the fitted law, nats per token; NaN where everything is refused, and in a recording} */
    public double currentLossNats() {
        Forecaster forecaster = made();
        return forecaster == null ? Double.NaN : forecaster.currentLossNats();
    }

    /** {@return why there is no forecast at all, null where there is one} */
    public @Nullable String refused() {
        Forecaster forecaster = made();
        return forecaster == null ? decayNow().refused() : forecaster.refused();
    }

    /** {@return the answers for people: one line where all are refused, none of an end where nothing is planned} */
    public List<String> sentences() {
        String why = refused();
        if (why != null) {
            return List.of("No forecast: " + why + ".");
        }
        List<String> sentences = new ArrayList<>();
        if (!Forecaster.NO_PLAN.equals(plannedEnd().refused())) {
            sentences.add(plannedEnd().sentence());
        }
        sentences.add(nextDoubling().sentence());
        sentences.add(decayNow().sentence());
        return sentences;
    }

    /**
     * Looks for the tokens at which the loss comes to a target: on D·2^(j/8), j = 0…53, straight in ln D between.
     *
     * @param lossNats the target, nats per token
     * @return the crossing
     */
    public Crossing tokensAt(double lossNats) {
        Arguments.finite("target loss in nats", lossNats);
        Forecaster forecaster = made();
        return forecaster == null ? Forecaster.noCrossing("the law was not recorded") : forecaster.tokensAt(lossNats);
    }

    /** {@return the tokens at which the loss is 0.01 nats below that of now} */
    public Crossing nextHundredth() {
        return answers().nextHundredth();
    }

    /**
     * {@return the tokens from which a doubling at the learning rate of now buys less than a gain: today's if it does
     * already, ∞ if not within 100 times today's, NaN where refused}
     *
     * @param nats the gain, nats per token
     */
    public double tokensUntilDoublingBuys(double nats) {
        Arguments.finite("worth of a doubling in nats", nats);
        Forecaster forecaster = made();
        return forecaster == null ? Double.NaN : forecaster.tokensUntilDoublingBuys(nats);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Forecast that && answers().equals(that.answers());
    }

    @Override
    public int hashCode() {
        return answers().hashCode();
    }

    @Override
    public String toString() {
        return plannedEnd().sentence() + " " + nextDoubling().sentence() + " "
                + decayNow().sentence();
    }
}
