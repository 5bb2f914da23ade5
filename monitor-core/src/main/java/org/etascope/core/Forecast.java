package org.etascope.core;

import java.util.List;

/**
 * What more data would buy, if the run goes on as it does.
 *
 * <p>At k times the tokens the loss lies between a log-linear continuation and a frozen one, [L − max(b, 0)·ln k, L]; in
 * trials that bracket always held the true loss. The centre is a {@link PowerLaw} fitted to the bins, without an
 * interval. Immutable.
 *
 * @param now the moment it starts from
 * @param law the fitted law, {@link PowerLaw#NONE} without enough bins
 */
public record Forecast(RunSnapshot now, PowerLaw law) {
    private static final double LARGEST_FACTOR = 1e12;
    private static final int BISECTIONS = 200;

    /**
     * Two losses between which a later one lies.
     *
     * @param lowerNats the slope goes on per log-token
     * @param upperNats nothing more is learnt
     */
    public record Bracket(double lowerNats, double upperNats) {}

    /**
     * {@return a forecast from a run's present}
     *
     * @param now its snapshot
     * @param curve its binned curve
     */
    public static Forecast of(RunSnapshot now, List<CurvePoint> curve) {
        return new Forecast(now, PowerLaw.fit(curve));
    }

    /**
     * {@return the bracket of the loss at k times the tokens}
     *
     * @param factor k, at least 1
     */
    public Bracket bracket(double factor) {
        return bracket(now.losses().current(), now.verdict().slope(), factor);
    }

    /**
     * {@return [L − max(b, 0)·ln k, L]}
     *
     * @param lossNats L
     * @param slope b, nats per e-fold
     * @param factor k, at least 1
     */
    public static Bracket bracket(double lossNats, double slope, double factor) {
        Arguments.within("factor", factor, 1, Double.MAX_VALUE);
        return new Bracket(lossNats - Math.max(slope, 0) * Math.log(factor), lossNats);
    }

    /**
     * {@return the fitted law's loss at k times the tokens, kept within the bracket; NaN without a fit}
     *
     * @param factor k, at least 1
     */
    public double lossNats(double factor) {
        Bracket bracket = bracket(factor);
        double centre = law.lossNats(factor * now.progress().tokens());
        return Math.min(bracket.upperNats(), Math.max(bracket.lowerNats(), centre));
    }

    /**
     * The tokens at which the headline η would reach a target: bisection on S + ∫(H − L), L by the fitted law.
     *
     * @param eta the target
     * @return tokens; NaN without a fit, or if the target lies beyond 1e12 times today's tokens
     */
    public double tokensUntilEta(double eta) {
        double tokens = now.progress().tokens();
        if (!law.known() || !(etaAt(LARGEST_FACTOR * tokens) >= eta)) {
            return Double.NaN;
        }
        double low = tokens;
        double high = LARGEST_FACTOR * tokens;
        for (int i = 0; i < BISECTIONS && high - low > 0.5; i++) {
            double middle = Math.sqrt(low * high);
            if (etaAt(middle) >= eta) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }

    /**
     * {@return the headline η at a later count of tokens, by the fitted law}
     *
     * @param tokens D then, at least today's
     */
    public double etaAt(double tokens) {
        Ledger ledger = now.ledger();
        double fresh = tokens - ledger.tokens();
        double gainNats = fresh * now.baseline().nats() - law.codeLengthNats(ledger.tokens(), tokens);
        return ledger.eta() + gainNats * now.info().convention().informationPerNat() / ledger.modelSizeBits();
    }
}
