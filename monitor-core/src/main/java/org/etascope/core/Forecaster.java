package org.etascope.core;

import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes the answers of a {@link Forecast}, whose Javadoc is the specification. Immutable.
 */
final class Forecaster {
    static final String NO_PLAN = "unknown schedule or end";
    private static final double FACTOR_OF_WARMUP = 2;
    private static final double MISS_TO_REFUSE = 4;
    private static final double LARGEST_FACTOR = 6;
    private static final double LEAST_SHARE_OF_PEAK = 0.02;
    private static final double DECAY = 1.2;
    private static final int STEPS_A_DOUBLING = 8;
    private static final int FARTHEST = 53; // 2^(53/8) = 98.7 times the tokens

    private final ForecastBasis now;
    private final @Nullable LossLaw law;
    private final @Nullable String refused;
    private final double currentLoss;
    private final Forecast.Answer plannedEnd;
    private final Forecast.Answer nextDoubling;
    private final Forecast.Answer decayNow;
    private final Forecast.Crossing nextHundredth;

    Forecaster(ForecastBasis now) {
        this.now = now;
        String atOnce = refusalAtOnce(now);
        LearningRates.Now rates = now.rates();
        BackTests past = atOnce == null ? BackTests.of(now.bins(), Math.log(now.tokens()), rates) : BackTests.NONE;
        LossLaw fitted = past.exist()
                ? LossLaw.fit(now.bins(), now.place(), rates.warmupEnd(), rates.peak(), past.driftVariance())
                : null;
        String byRate = atOnce != null
                ? atOnce
                : fitted == null
                        ? "too few points since the warm-up"
                        : rates.rose() ? "the learning rate rose again" : null;
        this.refused = byRate == null && fitted != null ? refusalByCurve(fitted, past, now.unit()) : byRate;
        this.law = refused == null ? fitted : null;
        this.currentLoss = law == null ? Double.NaN : law.at(now.place()).shownMean();
        this.plannedEnd = endOfRun(byRate);
        this.nextDoubling = doubling(
                refused == null && now.share() < LEAST_SHARE_OF_PEAK ? "the learning rate is nearly zero" : refused);
        this.decayNow = decay();
        this.nextHundredth = tokensAt(currentLoss - 0.01);
    }

    /** What is refused before anything is fitted. */
    private static @Nullable String refusalAtOnce(ForecastBasis now) {
        if (!now.rates().known()) {
            return "the learning rate is not known";
        }
        return now.tokens() < FACTOR_OF_WARMUP * now.rates().warmupEnd() ? "still in the warm-up" : null;
    }

    private static @Nullable String refusalByCurve(LossLaw fitted, BackTests past, TokenUnit unit) {
        if (fitted.rising()) {
            return "the loss is rising";
        }
        return past.worstMiss() > MISS_TO_REFUSE
                ? "a forecast made at half the " + unit.plural() + " would have missed by far"
                : null;
    }

    private @Nullable String refusalByPlan() {
        double end = now.endTokens();
        if (Double.isNaN(now.plannedShare(end))) {
            return NO_PLAN;
        }
        if (end > LARGEST_FACTOR * now.tokens()) {
            return "too early: less than a sixth of the run";
        }
        return now.tokens() >= end ? "the planned end is reached" : null;
    }

    /** Q1. A learning rate that will rise is told after what is known of the rate so far, before what the curve says. */
    private Forecast.Answer endOfRun(@Nullable String byRate) {
        double end = now.endTokens();
        double within = now.within(end);
        String byPlan = refusalByPlan();
        boolean ahead = byRate == null && now.tokens() < end;
        double[] shares = ahead ? now.shares(now::plannedShare, within) : new double[0];
        String why = byRate != null
                ? byRate
                : now.rises(shares) ? "the learning rate will rise again" : refused != null ? refused : byPlan;
        if (law == null || why != null) {
            return refused("the planned end", why);
        }
        LossLaw.Prediction told = law.at(now.placeBy(shares, now.plannedShare(within), within));
        return answer(end, told, ForecastSentences.plannedEnd(told, end / now.tokens()));
    }

    /** Q2. */
    Forecast.Answer doubling(@Nullable String why) {
        if (law == null || why != null) {
            return refused("the next doubling", why);
        }
        double end = 2 * now.tokens();
        LossLaw.Prediction told = law.at(now.placeAtThisRate(end));
        return answer(end, told, ForecastSentences.nextDoubling(currentLoss, told));
    }

    /** Q3. */
    private Forecast.Answer decay() {
        if (law == null) {
            return refused("a decay from now", refused);
        }
        double end = DECAY * now.tokens();
        double within = now.within(end);
        DoubleUnaryOperator share = at -> now.share() * (end - at) / (end - now.tokens());
        LossLaw.Prediction told = law.at(now.placeBy(now.shares(share, within), share.applyAsDouble(within), within));
        double byTokens = currentLoss - law.at(now.placeAtThisRate(within)).shownMean();
        return answer(end, told, ForecastSentences.decayNow(currentLoss, told, Math.max(0, byTokens), now.unit()));
    }

    private static Forecast.Answer refused(String what, @Nullable String why) {
        double none = Double.NaN;
        return new Forecast.Answer(none, none, none, none, none, none, none, why, ForecastSentences.refused(what, why));
    }

    private Forecast.Answer answer(double end, LossLaw.Prediction told, String sentence) {
        return new Forecast.Answer(
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

    Forecast.Answers answers() {
        return new Forecast.Answers(plannedEnd, nextDoubling, decayNow, nextHundredth);
    }

    /** Tokens at a loss, by the centre and by both ends of the interval. */
    Forecast.Crossing tokensAt(double lossNats) {
        LossLaw known = law;
        if (known == null) {
            return noCrossing(refused);
        }
        double at = firstBelow(lossNats, j -> along(known, j).shownMean());
        double earliest = firstBelow(lossNats, j -> along(known, j).shownLower());
        double latest = firstBelow(lossNats, j -> along(known, j).shownUpper());
        String sentence = ForecastSentences.crossing(lossNats, now.tokens(), at, earliest, latest, now.unit());
        return new Forecast.Crossing(at, earliest, latest, sentence);
    }

    double currentLossNats() {
        return currentLoss;
    }

    @Nullable
    String refused() {
        return refused;
    }

    static Forecast.Crossing noCrossing(@Nullable String why) {
        return new Forecast.Crossing(
                Double.NaN, Double.NaN, Double.NaN, ForecastSentences.refused("when a loss is reached", why));
    }

    double tokensUntilDoublingBuys(double nats) {
        LossLaw known = law;
        return known == null
                ? Double.NaN
                : firstBelow(
                        nats,
                        j -> along(known, j).shownMean()
                                - along(known, j + STEPS_A_DOUBLING).shownMean());
    }

    private interface Along {
        double at(int j);
    }

    private double tokensAlong(double j) {
        return now.tokens() * Math.pow(2, j / STEPS_A_DOUBLING);
    }

    /** At the learning rate of now. */
    private LossLaw.Prediction along(LossLaw known, int j) {
        return known.at(now.placeAtThisRate(tokensAlong(j)));
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
