package org.etascope.core;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether more data still buys anything, with its error bars (docs/theory.md, section 6).
 *
 * <p>Slopes describe the window behind, not the future; they are NaN without a window.
 *
 * @param phase where the run stands
 * @param conditions what else holds
 * @param saturation when and why it was found flat
 * @param slope b with its interval and the threshold κ·b̄ it is held against
 * @param scale b̄, what the run has learnt per e-fold of its tokens so far; 1e-9 while it has shown no progress
 * @param evidence what it stands on
 * @param aboveLowest how far the loss stands above its lowest level
 * @param forecast what the loss comes to; made when first asked
 */
public record Verdict(
        Phase phase,
        Set<Condition> conditions,
        Saturation saturation,
        Slope slope,
        double scale,
        Evidence evidence,
        AboveLowest aboveLowest,
        Forecast forecast) {
    /**
     * When and why a run was found flat.
     *
     * @param cause the likeliest reason while saturated, otherwise null
     * @param atTokens D at the first entry into {@link Phase#SATURATED}, NaN if never
     * @param evaluations evaluations in a row, the latest included, that found the run saturated
     */
    public record Saturation(@Nullable SaturationCause cause, double atTokens, long evaluations) {}

    /**
     * What a verdict stands on.
     *
     * @param window how far the window of the slope reaches back, e-folds
     * @param bins closed bins of the deciding series
     * @param tokensUntilConclusive about how many more tokens the verdict needs while it is open, else 0; NaN without
     *     progress or a window
     * @param unit what D counts
     */
    public record Evidence(double window, int bins, double tokensUntilConclusive, TokenUnit unit) {}

    /**
     * How far the training loss stands above its lowest level: the median of its last 32 points less the lowest such level.
     *
     * @param nats the distance, negative below it; NaN before there is a level
     * @param standardError how far the mean of 32 points strays; while risen, when the rise was found
     * @param sinceTokens D since when, NaN unless {@link Condition#RISEN} or {@link Condition#BLOW_UP} holds
     */
    public record AboveLowest(double nats, double standardError, double sinceTokens) {}

    /** {@return how far the window of the slope reaches back, e-folds} */
    public double window() {
        return evidence.window();
    }

    /** {@return closed bins of the deciding series} */
    public int bins() {
        return evidence.bins();
    }

    /** {@return about how many more tokens an open verdict needs, see {@link Evidence}} */
    public double tokensUntilConclusive() {
        return evidence.tokensUntilConclusive();
    }

    /** {@return R = b/b̄, today's learning per log-token over the run's average; no unit} */
    public double progressRatio() {
        return slope.perEFold() / scale;
    }

    /** {@return κ, the fraction of b̄ that counts as flat; no unit} */
    public double thresholdRatio() {
        return slope.threshold() / scale;
    }

    /**
     * {@return the verdict as a person reads it, the same words on terminal, page, report and in alerts: "learning:
     * 0.38 ± 0.03 nats per doubling over the window behind (threshold 0.05)"}
     */
    public String sentence() {
        return VerdictSentence.of(this);
    }
}
