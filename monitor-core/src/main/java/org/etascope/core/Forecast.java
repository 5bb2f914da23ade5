package org.etascope.core;

import java.util.function.DoubleUnaryOperator;
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
 * <p>Losses are nats per token and never below 0; tokens are D, counted from the run's start. Immutable, for any thread.
 * Made when somebody asks, in less than 2 ms, from closed bins and from D, S and learning rate of now; never by the
 * training thread.
 */
public final class Forecast {
    private static final double FACTOR_OF_WARMUP = 2;
    private static final double MISS_TO_REFUSE = 4;
    private static final double LARGEST_FACTOR = 6;
    private static final double LEAST_SHARE_OF_PEAK = 0.02;
    private static final double RISE_TO_REFUSE = 0.05;
    private static final double DECAY = 1.2;
    /** The loss at an end is the mean over the last 1/32 e-fold: it stands for the middle of it. */
    private static final double MIDDLE_OF_LAST_BIN = Math.exp(-LogBins.WIDTH / 2);

    private static final int MIDPOINTS = 1_000;
    private static final int STEPS_A_DOUBLING = 8;
    private static final int FARTHEST = 53; // 2^(53/8) = 98.7 times the tokens

    private final Basis now;
    private final @Nullable LossLaw law;
    private final @Nullable String refused;
    private final double currentLoss;
    private final Answer plannedEnd;
    private final Answer nextDoubling;
    private final Answer decayNow;

    /**
     * What the forecast stands on: a run at one moment.
     *
     * @param bins closed bins of the training curve
     * @param rates the learning rates
     * @param tokens D
     * @param steps steps taken
     * @param plan planned end and schedule
     */
    record Basis(ForecastBins.View bins, LearningRates.Now rates, double tokens, double steps, TrainingPlan plan) {
        /** h of now. */
        double share() {
            return rates.rate() / rates.peak();
        }

        /** D_end, NaN while unknown. */
        double endTokens() {
            return plan.endTokens(tokens, steps);
        }

        /** h that the schedule gives at some tokens; NaN without schedule or end. */
        double plannedShare(double at) {
            LearningRateSchedule schedule = plan.schedule();
            double endSteps = plan.endSteps(tokens, steps);
            return schedule == null
                    ? Double.NaN
                    : schedule.shareAt(at / endTokens() * endSteps, endSteps, rates.peak());
        }

        LossLaw.Place place() {
            return new LossLaw.Place(Math.log(tokens), Math.log(rates.sum()), share());
        }

        /** Where the run is at later tokens if its rate stays that of now. */
        LossLaw.Place placeAtThisRate(double later) {
            double sum = rates.sum() + rates.rate() * (later - tokens);
            return new LossLaw.Place(Math.log(later), Math.log(sum), share());
        }

        /** Where it is if its rate goes by a function h of the tokens: S' = S + peak·∫h dD. */
        LossLaw.Place placeBy(DoubleUnaryOperator share, double later) {
            double integral = 0;
            for (int i = 0; i < MIDPOINTS; i++) {
                integral += share.applyAsDouble(midpoint(later, i));
            }
            double sum = rates.sum() + rates.peak() * integral * (later - tokens) / MIDPOINTS;
            return new LossLaw.Place(Math.log(later), Math.log(sum), share.applyAsDouble(later));
        }

        /** Where an end is asked about: the middle of its last bin, or now if that is past. */
        double within(double end) {
            return Math.max(tokens, end * MIDDLE_OF_LAST_BIN);
        }

        /** Whether the rate climbs on the way to the planned end: restarts and cycles are not in the law. */
        boolean rateWillRise() {
            double end = within(endTokens());
            double lowest = share();
            for (int i = 0; i < MIDPOINTS; i++) {
                double share = plannedShare(midpoint(end, i));
                if (share > lowest + RISE_TO_REFUSE) {
                    return true;
                }
                lowest = Math.min(lowest, share);
            }
            return false;
        }

        private double midpoint(double end, int i) {
            return tokens + (end - tokens) * (i + 0.5) / MIDPOINTS;
        }
    }

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

    private Forecast(Basis now) {
        this.now = now;
        LearningRates.Now rates = now.rates();
        BackTests past = BackTests.of(now.bins(), Math.log(now.tokens()), rates);
        LossLaw fitted = LossLaw.fit(now.bins(), now.place(), rates.warmupEnd(), rates.peak(), past.driftVariance());
        String byRate = refusalByRate(now, fitted != null && past.exist());
        String byCurve = fitted != null && fitted.rising()
                ? "the loss is rising"
                : past.worstMiss() > MISS_TO_REFUSE
                        ? "a forecast made at half the tokens would have missed by far"
                        : null;
        this.refused = byRate == null ? byCurve : byRate;
        this.law = refused == null ? fitted : null;
        this.currentLoss = law == null ? Double.NaN : law.at(now.place()).shownMean();
        this.plannedEnd =
                endOfRun(byRate == null && now.rateWillRise() ? "the learning rate will rise again" : refused);
        this.nextDoubling = doubling(
                refused == null && now.share() < LEAST_SHARE_OF_PEAK ? "the learning rate is nearly zero" : refused);
        this.decayNow = decay();
    }

    static Forecast of(Basis now) {
        return new Forecast(now);
    }

    /** What is refused before the curve is looked at. */
    private static @Nullable String refusalByRate(Basis now, boolean enoughBins) {
        if (!now.rates().known()) {
            return "the learning rate is not known";
        }
        if (now.tokens() < FACTOR_OF_WARMUP * now.rates().warmupEnd()) {
            return "still in the warm-up";
        }
        if (!enoughBins) {
            return "too few points since the warm-up";
        }
        return now.rates().rose() ? "the learning rate rose again" : null;
    }

    private @Nullable String refusalByPlan() {
        double end = now.endTokens();
        if (Double.isNaN(now.plannedShare(end))) {
            return "unknown schedule or end";
        }
        if (end > LARGEST_FACTOR * now.tokens()) {
            return "too early: less than a sixth of the run";
        }
        return now.tokens() >= end ? "the planned end is reached" : null;
    }

    /** Q1; why is a refusal, null if there is none so far. */
    private Answer endOfRun(@Nullable String why) {
        String reason = why == null ? refusalByPlan() : why;
        if (law == null || reason != null) {
            return refused("the planned end", reason);
        }
        double end = now.endTokens();
        LossLaw.Prediction told = law.at(now.placeBy(now::plannedShare, now.within(end)));
        return answer(end, told, ForecastSentences.plannedEnd(told, end / now.tokens()));
    }

    /** Q2. */
    Answer doubling(@Nullable String why) {
        if (law == null || why != null) {
            return refused("the next doubling", why);
        }
        double end = 2 * now.tokens();
        LossLaw.Prediction told = law.at(now.placeAtThisRate(end));
        return answer(end, told, ForecastSentences.nextDoubling(currentLoss, told));
    }

    /** Q3. */
    private Answer decay() {
        if (law == null) {
            return refused("a decay from now", refused);
        }
        double end = DECAY * now.tokens();
        double within = now.within(end);
        LossLaw.Prediction told = law.at(now.placeBy(at -> now.share() * (end - at) / (end - now.tokens()), within));
        double byTokens = currentLoss - law.at(now.placeAtThisRate(within)).shownMean();
        return answer(end, told, ForecastSentences.decayNow(currentLoss, told, Math.max(0, byTokens)));
    }

    private static Answer refused(String what, @Nullable String why) {
        double none = Double.NaN;
        return new Answer(none, none, none, none, none, none, none, why, ForecastSentences.refused(what, why));
    }

    private Answer answer(double end, LossLaw.Prediction told, String sentence) {
        return new Answer(
                end,
                told.shownMean(),
                told.shownLower(),
                told.shownUpper(),
                Math.max(0, currentLoss - told.shownMean()),
                Math.max(0, currentLoss - told.shownUpper()),
                Math.max(0, currentLoss - told.shownLower()),
                null,
                sentence);
    }

    /** {@return the loss at the planned end, by the planned learning rate} */
    public Answer plannedEnd() {
        return plannedEnd;
    }

    /** {@return the loss at twice the tokens, at the learning rate of now} */
    public Answer nextDoubling() {
        return nextDoubling;
    }

    /** {@return the loss at 1.2 times the tokens, if the learning rate goes down to zero on the way, straight} */
    public Answer decayNow() {
        return decayNow;
    }

    /** {@return the loss of now by the fitted law, nats per token; NaN where everything is refused} */
    public double currentLossNats() {
        return currentLoss;
    }

    /** {@return why there is no forecast at all, null where there is one} */
    public @Nullable String refused() {
        return refused;
    }

    /**
     * Looks for the tokens at which the loss comes to a target, on D·2^(j/8), j = 0…53, straight in ln D between.
     *
     * @param lossNats the target, nats per token
     * @return the crossing
     */
    public Crossing tokensAt(double lossNats) {
        Arguments.finite("target loss in nats", lossNats);
        if (law == null) {
            return new Crossing(Double.NaN, Double.NaN, Double.NaN, ForecastSentences.refused("that loss", refused));
        }
        double at = firstBelow(lossNats, j -> predictedAt(j).shownMean());
        double earliest = firstBelow(lossNats, j -> predictedAt(j).shownLower());
        double latest = firstBelow(lossNats, j -> predictedAt(j).shownUpper());
        return new Crossing(
                at, earliest, latest, ForecastSentences.crossing(lossNats, now.tokens(), at, earliest, latest));
    }

    /**
     * {@return the tokens from which a doubling at the learning rate of now buys less than a gain: today's if it does
     * already, ∞ if not within 100 times today's, NaN where refused}
     *
     * @param nats the gain, nats per token
     */
    public double tokensUntilDoublingBuys(double nats) {
        Arguments.finite("worth of a doubling in nats", nats);
        return law == null
                ? Double.NaN
                : firstBelow(
                        nats,
                        j -> predictedAt(j).shownMean()
                                - predictedAt(j + STEPS_A_DOUBLING).shownMean());
    }

    private interface Along {
        double at(int j);
    }

    private double tokensAlong(double j) {
        return now.tokens() * Math.pow(2, j / STEPS_A_DOUBLING);
    }

    private LossLaw.Prediction predictedAt(int j) {
        if (law == null) {
            throw new IllegalStateException("no forecast: " + refused);
        }
        return law.at(now.placeAtThisRate(tokensAlong(j)));
    }

    private double firstBelow(double target, Along value) {
        double before = value.at(0);
        if (before <= target) {
            return now.tokens();
        }
        for (int j = 1; j <= FARTHEST; j++) {
            double here = value.at(j);
            if (here <= target) {
                return tokensAlong(j - 1 + (before - target) / (before - here));
            }
            before = here;
        }
        return Double.POSITIVE_INFINITY;
    }
}
