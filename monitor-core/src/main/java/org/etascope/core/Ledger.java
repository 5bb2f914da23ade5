package org.etascope.core;

import java.util.Objects;

/**
 * What the tokens have bought: the three readings of η, their information and errors, and the energy floor.
 *
 * <table>
 * <caption>Readings</caption>
 * <tr><th>reading</th><th>bits</th><th>meaning</th></tr>
 * <tr><td>transmitted (the headline η)</td><td>S = D(H − L̄)/ln 2</td><td>saved by coding the data online: the area
 * between H and the loss curve (the paper, Eq. 8, in its dynamic form of §2.3)</td></tr>
 * <tr><td>absorbed</td><td>M = D(L̄ − L)/ln 2</td><td>area of the loss curve above the current loss: what the model
 * took up; needs no H</td></tr>
 * <tr><td>dataset</td><td>G = min(D, U)(H − L)/ln 2</td><td>the saving if the data were coded with today's model (Eq.
 * 8, static form)</td></tr>
 * </table>
 *
 * <p>While D ≤ U the ledger is exact: G = S + M. A reading may be negative and is not bounded by 1. Before any token all
 * bits are 0; a ratio without its divisor is NaN, as is everything that needs H while H is unknown. Under {@link
 * UnitConvention#PAPER_LITERAL} the "bits" are the paper's. η·N equals the bits, and E₀ the transmitted bits times k_B T
 * ln 2, within a rounding.
 *
 * @param tokens D
 * @param codeLengthNats C = Σ n·ℓ, the code length paid so far, nats
 * @param effectiveTokens fresh tokens that the D tokens are worth
 * @param transmitted S, S/N, and D·SE_H/(N ln 2): L̄ is paid exactly and has no sampling error
 * @param absorbed M, M/N, and D·SE_L/(N ln 2)
 * @param dataset G, G/N, and min(D, U)·√(SE_H² + SE_L²)/(N ln 2)
 * @param landauerFloorJoules E₀ = max(0, S)·k_B·T·ln 2
 * @param energy what was measured meanwhile
 * @param etaLogLogSlope d ln η_G/d ln D = 1 + b/(H − L) while D ≤ U, b/(H − L) beyond; NaN when H ≤ L
 */
public record Ledger(
        long tokens,
        double codeLengthNats,
        double effectiveTokens,
        Reading transmitted,
        Reading absorbed,
        Reading dataset,
        double landauerFloorJoules,
        RunEnergy energy,
        double etaLogLogSlope) {
    /**
     * What was recorded before energy was measured has none.
     *
     * @param tokens D
     * @param codeLengthNats C
     * @param effectiveTokens fresh tokens
     * @param transmitted S
     * @param absorbed M
     * @param dataset G
     * @param landauerFloorJoules E₀
     * @param energy measured
     * @param etaLogLogSlope slope of G
     */
    public Ledger {
        energy = Objects.requireNonNullElse(energy, RunEnergy.NONE);
    }

    /**
     * Computes the ledger of one moment.
     *
     * @param info N, T and the convention
     * @param tokens D
     * @param codeLengthNats C
     * @param uniqueTokens U, NaN while unknown
     * @param baseline H with its error
     * @param losses ℓ, L̄, L with its error
     * @param trainingSlope b of the training losses, nats per e-fold, NaN while unknown
     * @param energy what was measured
     * @return the ledger
     */
    public static Ledger of(
            RunInfo info,
            long tokens,
            double codeLengthNats,
            double uniqueTokens,
            Baseline baseline,
            Losses losses,
            double trainingSlope,
            RunEnergy energy) {
        double size = info.size().bits();
        double perNat = info.convention().informationPerNat();
        double fresh = tokens > uniqueTokens ? uniqueTokens : tokens;
        double h = baseline.nats();
        double transmitted = bits(tokens, (tokens * h - codeLengthNats) * perNat);
        double absorbed = bits(tokens, (codeLengthNats - tokens * losses.current()) * perNat);
        double dataset = bits(tokens, fresh * (h - losses.current()) * perNat);
        double scale = perNat / size;
        double exposure = h - losses.current();
        double growth = tokens > uniqueTokens ? 0 : 1;
        double bothErrors = Math.hypot(baseline.standardError(), losses.currentStandardError());
        return new Ledger(
                tokens,
                codeLengthNats,
                InformationCapacity.effectiveTokens(tokens, uniqueTokens),
                new Reading(transmitted, transmitted / size, tokens * baseline.standardError() * scale),
                new Reading(absorbed, absorbed / size, tokens * losses.currentStandardError() * scale),
                new Reading(dataset, dataset / size, fresh * bothErrors * scale),
                InformationCapacity.landauerFloorJoules(transmitted, info.temperatureKelvin()),
                energy,
                exposure > 0 ? growth + trainingSlope / exposure : Double.NaN);
    }

    /** Before any token nothing is transmitted, whatever is still unknown. */
    private static double bits(long tokens, double bits) {
        return tokens == 0 ? 0 : bits;
    }

    /** {@return the headline η: the transmitted reading S/N} */
    public double eta() {
        return transmitted.eta();
    }

    /** {@return C in bits} */
    public double codeLengthBits() {
        return codeLengthNats / InformationCapacity.LN2;
    }

    /**
     * {@return the energy floor for people, see {@link InformationCapacity#landauerFloorWords}}
     *
     * @param temperatureKelvin T, as in the run's description
     */
    public String floorWords(double temperatureKelvin) {
        return InformationCapacity.landauerFloorWords(landauerFloorJoules, temperatureKelvin);
    }
}
