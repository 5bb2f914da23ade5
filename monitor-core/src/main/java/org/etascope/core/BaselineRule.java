package org.etascope.core;

/**
 * How a run is to find its baseline H (theory: {@link Baseline}). Immutable; default {@link #initialLoss()}.
 *
 * <p>With ln V known, an initial loss above ln V + 1 is replaced by ln V and flagged; {@link #trusted()} keeps it. One
 * below 0.8 ln V (a pretrained or resumed model) is kept and flagged.
 */
public final class BaselineRule {
    private final BaselineMethod method;
    private final double nats;
    private final boolean trusted;
    private final boolean assumed;

    private BaselineRule(BaselineMethod method, double nats, boolean trusted, boolean assumed) {
        this.method = method;
        this.nats = nats;
        this.trusted = trusted;
        this.assumed = assumed;
    }

    /** {@return the token-weighted mean loss of the first optimiser step, then frozen} */
    public static BaselineRule initialLoss() {
        return new BaselineRule(BaselineMethod.INITIAL_LOSS, Double.NaN, false, false);
    }

    /** {@return ln V; the vocabulary must be known by the first step} */
    public static BaselineRule uniform() {
        return new BaselineRule(BaselineMethod.UNIFORM, Double.NaN, false, false);
    }

    /**
     * {@return the entropy of a corpus' token counts, −Σ p ln p}
     *
     * @param counts occurrences of each token, each at least 0, not all 0
     */
    public static BaselineRule unigram(long... counts) {
        double total = 0;
        for (long count : counts) {
            total += Arguments.notNegative("token count", count);
        }
        Arguments.positive("sum of the token counts", total);
        CompensatedSum entropy = new CompensatedSum(0, 0);
        for (long count : counts) {
            if (count > 0) {
                double p = count / total;
                entropy.add(-p * Math.log(p));
            }
        }
        return new BaselineRule(BaselineMethod.UNIGRAM, entropy.value(), false, false);
    }

    /**
     * {@return a given value}
     *
     * @param nats H in nats per token, a finite number above 0
     */
    public static BaselineRule fixed(double nats) {
        return new BaselineRule(BaselineMethod.FIXED, Arguments.positive("baseline in nats", nats), false, false);
    }

    /** {@return this rule, keeping a measured loss however far above ln V it lies} */
    public BaselineRule trusted() {
        return new BaselineRule(method, nats, true, assumed);
    }

    /** {@return this rule, its result flagged as assumed: for a stream whose first step was not seen} */
    public BaselineRule assumed() {
        return new BaselineRule(method, nats, trusted, true);
    }

    /** {@return the method} */
    public BaselineMethod method() {
        return method;
    }

    /** {@return H if the rule holds it already, else NaN} */
    double nats() {
        return nats;
    }

    boolean isTrusted() {
        return trusted;
    }

    boolean isAssumed() {
        return assumed;
    }
}
