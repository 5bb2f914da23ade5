package org.etascope.core;

import java.util.function.DoubleUnaryOperator;

/**
 * What a forecast stands on: a run at one moment, and the places it may go to. Immutable.
 *
 * @param bins closed bins of the training curve
 * @param rates the learning rates
 * @param tokens D
 * @param steps steps taken
 * @param plan planned end and schedule
 * @param unit what D counts
 */
record ForecastBasis(
        ForecastBins.View bins,
        LearningRates.Now rates,
        double tokens,
        double steps,
        TrainingPlan plan,
        TokenUnit unit) {
    /** A run without a step. */
    static final ForecastBasis NONE = new ForecastBasis(
            new ForecastBins().view(), new LearningRates().now(), 0, 0, TrainingPlan.UNKNOWN, TokenUnit.TOKEN);

    private static final int MIDPOINTS = 1_000;
    private static final double RISE_TO_REFUSE = 0.05;
    /** The loss at an end is the mean over the last 1/32 e-fold: it stands for the middle of it. */
    private static final double MIDDLE_OF_LAST_BIN = Math.exp(-LogBins.WIDTH / 2);

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
        return schedule == null ? Double.NaN : schedule.shareAt(at / endTokens() * endSteps, endSteps, rates.peak());
    }

    LossLaw.Place place() {
        return new LossLaw.Place(Math.log(tokens), Math.log(rates.sum()), share());
    }

    /** Where the run is at later tokens if its rate stays that of now. */
    LossLaw.Place placeAtThisRate(double later) {
        double sum = rates.sum() + rates.rate() * (later - tokens);
        return new LossLaw.Place(Math.log(later), Math.log(sum), share());
    }

    /** h by a function of the tokens, at the middles of {@link #MIDPOINTS} equal parts of the way to an end. */
    double[] shares(DoubleUnaryOperator share, double end) {
        double[] shares = new double[MIDPOINTS];
        for (int i = 0; i < MIDPOINTS; i++) {
            shares[i] = share.applyAsDouble(tokens + (end - tokens) * (i + 0.5) / MIDPOINTS);
        }
        return shares;
    }

    /** Where the run is at an end if its rate goes by such shares, h being the last one: S' = S + peak·∫h dD. */
    LossLaw.Place placeBy(double[] shares, double last, double end) {
        double integral = 0;
        for (double share : shares) {
            integral += share;
        }
        double sum = rates.sum() + rates.peak() * integral * (end - tokens) / MIDPOINTS;
        return new LossLaw.Place(Math.log(end), Math.log(sum), last);
    }

    /** Where an end is asked about: the middle of its last bin, or now if that is past. */
    double within(double end) {
        return Math.max(tokens, end * MIDDLE_OF_LAST_BIN);
    }

    /** Whether the rate climbs on its way: restarts and cycles are not in the law. */
    boolean rises(double[] shares) {
        double lowest = share();
        for (double share : shares) {
            if (share > lowest + RISE_TO_REFUSE) {
                return true;
            }
            lowest = Math.min(lowest, share);
        }
        return false;
    }
}
