package org.etascope.core;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether more data still buys anything, with its error bars.
 *
 * <p>Slopes describe the window behind, not the future; they are NaN before 16 bins are closed. See {@code
 * SaturationDetector} for the test.
 *
 * @param phase where the run stands
 * @param conditions what else holds
 * @param saturation when and why it was found flat
 * @param slope b with its interval and the threshold κ·b̄ it is held against
 * @param averageSlope b̄, the run's average learning per e-fold so far
 * @param window bins in the window these figures come from: 32, 16, or 0 while there is none
 * @param bins closed bins of the deciding series
 * @param forecast what the loss comes to; made when first asked
 */
public record Verdict(
        Phase phase,
        Set<Condition> conditions,
        Saturation saturation,
        Slope slope,
        double averageSlope,
        int window,
        int bins,
        Forecast forecast) {
    /**
     * When and why a run was found flat.
     *
     * @param cause the likeliest reason while saturated, otherwise null
     * @param atTokens D at the first entry into {@link Phase#SATURATED}, NaN if never
     * @param evaluations evaluations in a row, the latest included, that found the run saturated
     */
    public record Saturation(@Nullable SaturationCause cause, double atTokens, long evaluations) {}

    /** {@return R = b/b̄, today's learning per log-token over the run's average; no unit} */
    public double progressRatio() {
        return slope.perEFold() / averageSlope;
    }

    /** {@return κ, the fraction of b̄ that counts as flat; no unit} */
    public double thresholdRatio() {
        return slope.threshold() / averageSlope;
    }

    /**
     * {@return the verdict as a person reads it, the same words on terminal, page, report and in alerts: "learning:
     * 0.38 ± 0.03 nats per doubling over the last e-fold (threshold 0.05)"}
     */
    public String sentence() {
        return VerdictSentence.of(this);
    }
}
