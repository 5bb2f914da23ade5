package org.etascope.core;

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
 * @param uniqueTokens U, NaN while unknown
 * @param effectiveTokens fresh tokens that the D tokens are worth
 * @param modelSizeBits N, NaN while unknown
 * @param transmittedBits S
 * @param absorbedBits M
 * @param datasetBits G
 * @param eta S/N
 * @param etaAbsorbed M/N
 * @param etaDataset G/N
 * @param etaStandardError D·SE_H/(N ln 2): L̄ is paid exactly and has no sampling error
 * @param etaAbsorbedStandardError D·SE_L/(N ln 2)
 * @param etaDatasetStandardError min(D, U)·√(SE_H² + SE_L²)/(N ln 2)
 * @param bitsPerParameter storage bits of one parameter, b
 * @param landauerFloorJoules E₀ = max(0, S)·k_B·T·ln 2
 * @param etaLogLogSlope d ln η_G/d ln D = 1 + b/(H − L) while D ≤ U, b/(H − L) beyond; NaN when H ≤ L
 * @param headlineLogLogSlope d ln S/d ln D = (H − ℓ)/(H − L̄); NaN when H ≤ L̄
 */
public record Ledger(
        long tokens,
        double codeLengthNats,
        double uniqueTokens,
        double effectiveTokens,
        double modelSizeBits,
        double transmittedBits,
        double absorbedBits,
        double datasetBits,
        double eta,
        double etaAbsorbed,
        double etaDataset,
        double etaStandardError,
        double etaAbsorbedStandardError,
        double etaDatasetStandardError,
        double bitsPerParameter,
        double landauerFloorJoules,
        double etaLogLogSlope,
        double headlineLogLogSlope) {

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
     * @return the ledger
     */
    public static Ledger of(
            RunInfo info,
            long tokens,
            double codeLengthNats,
            double uniqueTokens,
            Baseline baseline,
            Losses losses,
            double trainingSlope) {
        double size = info.size().known() ? info.size().bits() : Double.NaN;
        double perNat = info.convention().informationPerNat();
        double fresh = tokens > uniqueTokens ? uniqueTokens : tokens;
        double h = baseline.nats();
        double transmitted = bits(tokens, (tokens * h - codeLengthNats) * perNat);
        double absorbed = bits(tokens, (codeLengthNats - tokens * losses.current()) * perNat);
        double dataset = bits(tokens, fresh * (h - losses.current()) * perNat);
        double scale = perNat / size;
        double exposure = h - losses.current();
        double growth = tokens > uniqueTokens ? 0 : 1;
        return new Ledger(
                tokens,
                codeLengthNats,
                uniqueTokens,
                InformationCapacity.effectiveTokens(tokens, uniqueTokens),
                size,
                transmitted,
                absorbed,
                dataset,
                transmitted / size,
                absorbed / size,
                dataset / size,
                tokens * baseline.standardError() * scale,
                tokens * losses.currentStandardError() * scale,
                fresh * Math.hypot(baseline.standardError(), losses.currentStandardError()) * scale,
                info.size().bitsPerParameter(),
                InformationCapacity.landauerFloorJoules(transmitted, info.temperatureKelvin()),
                exposure > 0 ? growth + trainingSlope / exposure : Double.NaN,
                h > losses.mean() ? (h - losses.last()) / (h - losses.mean()) : Double.NaN);
    }

    /** Before any token nothing is transmitted, whatever is still unknown. */
    private static double bits(long tokens, double bits) {
        return tokens == 0 ? 0 : bits;
    }

    /** {@return η·b, transmitted bits per parameter} */
    public double transmittedBitsPerParameter() {
        return eta * bitsPerParameter;
    }

    /** {@return η_M·b, absorbed bits per parameter} */
    public double absorbedBitsPerParameter() {
        return etaAbsorbed * bitsPerParameter;
    }

    /** {@return η_G·b, dataset bits per parameter} */
    public double datasetBitsPerParameter() {
        return etaDataset * bitsPerParameter;
    }

    /** {@return C in bits} */
    public double codeLengthBits() {
        return codeLengthNats / InformationCapacity.LN2;
    }
}
