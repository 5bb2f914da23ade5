package org.etascope.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The energy that was measured while a run went on, and what it bought. All of the machine's, whatever else ran there;
 * NaN where nothing was measured.
 *
 * <p>The price of an absorbed bit: the tokens' joules e over their bits. A token more adds b/D nats less of loss to all D,
 * so it is worth b nats of {@linkplain Ledger#absorbed() absorbed} information: e·ln 2/b joules a bit.
 *
 * @param joules measured while the run went on, in this process and in those before it whose state it has; goes back with
 *     the ledger on a resume
 * @param coverage when every counter was read
 * @param joulesPerToken mean over the tokens of that time
 * @param joulesPerTokenNow e, the same over about the last fifth of the tokens; NaN where less than 1 % of them are covered
 * @param joulesSincePlateau taken since the run was last found saturated, NaN unless it is
 * @param shared whether other runs went on at the same machine meanwhile, in this process: each has all joules
 * @param parts what of the machine was measured, for people: {@code CPU package}, {@code GPU board}
 * @param reason why not all is measured, null where nothing is missing and where nothing measures
 */
public record RunEnergy(
        double joules,
        Coverage coverage,
        double joulesPerToken,
        double joulesPerTokenNow,
        double joulesSincePlateau,
        boolean shared,
        List<String> parts,
        @Nullable String reason) {
    private static final double LEAST_COVERED = 0.9;

    /** Nothing measures. */
    static final RunEnergy NONE = new RunEnergy(
            Double.NaN,
            new Coverage(Double.NaN, Double.NaN, Double.NaN),
            Double.NaN,
            Double.NaN,
            Double.NaN,
            false,
            List.of(),
            null);

    /**
     * When every counter was read.
     *
     * @param seconds how long
     * @param share of the time in which the run was told what is measured, 0 to 1
     * @param tokens trained then
     */
    public record Coverage(double seconds, double share, double tokens) {}

    /** {@return whether anything was measured, or was to be} */
    public boolean known() {
        return reason != null || !Double.isNaN(joules);
    }

    /**
     * {@return joules per bit absorbed now, e·ln 2/b; ∞ where nothing is learnt (b ≤ 0)}
     *
     * @param natsPerEFold b, or an end of its interval: the upper one gives the lower price
     * @param convention how nats are counted
     */
    public double joulesPerAbsorbedBit(double natsPerEFold, UnitConvention convention) {
        return joulesPerTokenNow / (Math.max(0, natsPerEFold) * convention.informationPerNat());
    }

    /**
     * {@return how far the joules lie above the energy floor E₀ in powers of ten; NaN where less than nine tenths of the
     * tokens were trained while all was measured, since the floor is that of all}
     *
     * @param floorJoules E₀
     * @param tokens D
     */
    public double log10Ratio(double floorJoules, double tokens) {
        return coverage.tokens >= LEAST_COVERED * tokens
                ? InformationCapacity.log10EnergyRatio(joules, floorJoules)
                : Double.NaN;
    }

    /**
     * {@return the joules that tokens to come will take at the price of now}
     *
     * @param tokens where the run is to go, D
     * @param now where it is
     */
    public double joulesUntil(double tokens, double now) {
        return joulesPerTokenNow * Math.max(0, tokens - now);
    }
}
