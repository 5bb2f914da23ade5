package org.etascope.core;

import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether more data still buys anything, with its error bars.
 *
 * <p>Slopes are nats per e-fold of the tokens, b = −dL/d ln D, positive while learning; ×ln 2 gives nats per doubling.
 * They describe the window behind, not the future. All slopes are NaN before 16 bins are closed. See {@code
 * SaturationDetector} for the test.
 *
 * @param phase where the run stands
 * @param conditions what else holds
 * @param cause the likeliest reason while saturated, otherwise null
 * @param slope b, median of all pairwise slopes of the window
 * @param slopeLower lower end of its interval
 * @param slopeUpper upper end of its interval
 * @param averageSlope b̄, the run's average learning per e-fold so far
 * @param z half-width of that interval in standard deviations of Kendall's statistic: 2 covers 95 % where the noise of the
 *     bins is independent
 * @param kappa κ, the fraction of b̄ that counts as flat, 0.02 to 0.10
 * @param window bins in the window these figures come from: 32, 16, or 0 while there is none
 * @param bins closed bins of the deciding series
 * @param saturatedAtTokens D at the first entry into {@link Phase#SATURATED}, empty if never
 * @param saturatedEvaluations evaluations in a row, the latest included, that found the run saturated
 * @param forecast what the loss comes to; made when first asked
 */
public record Verdict(
        Phase phase,
        Set<Condition> conditions,
        @Nullable SaturationCause cause,
        double slope,
        double slopeLower,
        double slopeUpper,
        double averageSlope,
        double z,
        double kappa,
        int window,
        int bins,
        OptionalLong saturatedAtTokens,
        long saturatedEvaluations,
        Forecast forecast) {

    /** {@return R = b/b̄, today's learning per log-token over the run's average; no unit} */
    public double progressRatio() {
        return slope / averageSlope;
    }

    /** {@return κ·b̄, below which a slope counts as flat; nats per e-fold} */
    public double threshold() {
        return kappa * averageSlope;
    }

    /** {@return b·ln 2, nats gained per doubling of the tokens over the window} */
    public double natsPerDoubling() {
        return slope * InformationCapacity.LN2;
    }

    /** {@return lower end of the interval of {@link #natsPerDoubling()}} */
    public double natsPerDoublingLower() {
        return slopeLower * InformationCapacity.LN2;
    }

    /** {@return upper end of the interval of {@link #natsPerDoubling()}} */
    public double natsPerDoublingUpper() {
        return slopeUpper * InformationCapacity.LN2;
    }

    /** {@return half the width of the interval of {@link #natsPerDoubling()}, the figure after "±"} */
    public double natsPerDoublingError() {
        return (natsPerDoublingUpper() - natsPerDoublingLower()) / 2;
    }

    /** {@return the threshold in nats per doubling} */
    public double thresholdNatsPerDoubling() {
        return threshold() * InformationCapacity.LN2;
    }

    /**
     * {@return the verdict as a person reads it, the same words on terminal, page, report and in alerts: "learning:
     * 0.38 ± 0.03 nats per doubling over the last e-fold (threshold 0.05)"}
     */
    public String sentence() {
        return VerdictSentence.of(this);
    }
}
