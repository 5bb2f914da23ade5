package org.etascope.core;

import java.io.IOException;

/**
 * What the learning rates of a run come to, for its forecast (theory, section 7, "Input").
 *
 * <ul>
 *   <li>S = Σ rate·ΔD over all steps. Its unit is that of the rate and cancels.
 *   <li>The <em>peak</em> is the largest rate ever.
 *   <li>The <em>mark</em>, first 0: a rate above 1.01 × mark becomes the mark; D there is D_w, the end of the warm-up, and
 *       <em>rose</em> is cleared.
 *   <li><em>rose</em>: a rate after the mark lies above the lowest since the mark by more than 5 % of the peak.
 * </ul>
 *
 * <p>A step has the rate told last. A rate that is NaN, infinite or negative is not told; 0 is a rate. If the first step
 * has no rate the schedule's is taken for all steps, its peak being 1; where there is none either, the run's rate stays
 * unknown: S would lack a part.
 *
 * <p>Single writer; a step costs a few operations. {@link #save} and {@link #load} are exact inverses.
 */
final class LearningRates extends StateFields.Part {
    private static final double NEW_MARK = 1.01;
    private static final double ROSE = 0.05;

    /** Whose rates they are; settled by the first step. */
    private enum Source {
        OPEN,
        TOLD,
        SCHEDULE,
        NONE
    }

    private Source source = Source.OPEN;
    private double told = Double.NaN;
    private double rate = Double.NaN;
    private double sum;
    private double peak;
    private double mark;
    private double lowestSinceMark;
    private double tokensAtMark = Double.NaN;
    private boolean rose;

    /** The learning rates at one moment: the rate of now, S, the peak, D_w and whether the rate rose again. */
    record Now(double rate, double sum, double peak, double warmupEnd, boolean rose) {
        boolean known() {
            return !Double.isNaN(rate);
        }
    }

    /** Rates of a run whose first steps nobody has seen: unknown for ever, S would lack a part. */
    static LearningRates unknown() {
        LearningRates rates = new LearningRates();
        rates.source = Source.NONE;
        return rates;
    }

    /** Whether the next step takes the schedule's rate, if there is one. */
    boolean scheduled() {
        return source == Source.SCHEDULE || (source == Source.OPEN && !(told >= 0));
    }

    void tell(double newRate) {
        if (newRate >= 0 && newRate < Double.POSITIVE_INFINITY) {
            told = newRate;
        }
    }

    /**
     * A step with tokens of its own.
     *
     * @param tokens D, this step included
     * @param newTokens ΔD
     * @param scheduled what the schedule says for this step, NaN without one
     */
    void step(double tokens, double newTokens, double scheduled) {
        if (source == Source.OPEN) {
            source = told >= 0 ? Source.TOLD : scheduled >= 0 ? Source.SCHEDULE : Source.NONE;
        }
        if (source == Source.NONE) {
            return;
        }
        // A schedule taken away amid a run leaves the last rate it gave.
        double next = source == Source.TOLD ? told : scheduled;
        rate = next >= 0 ? next : rate;
        sum += rate * newTokens;
        peak = Math.max(peak, rate);
        if (rate > NEW_MARK * mark) {
            mark = rate;
            lowestSinceMark = rate;
            tokensAtMark = tokens;
            rose = false;
        } else {
            rose |= rate > lowestSinceMark + ROSE * peak;
            lowestSinceMark = Math.min(lowestSinceMark, rate);
        }
    }

    double rate() {
        return rate;
    }

    double sum() {
        return sum;
    }

    Now now() {
        return new Now(rate, sum, peak, tokensAtMark, rose);
    }

    @Override
    void fields(StateFields state) throws IOException {
        source = state.next(source);
        told = state.next(told);
        rate = state.next(rate);
        sum = state.next(sum);
        peak = state.next(peak);
        mark = state.next(mark);
        lowestSinceMark = state.next(lowestSinceMark);
        tokensAtMark = state.next(tokensAtMark);
        rose = state.next(rose);
    }
}
