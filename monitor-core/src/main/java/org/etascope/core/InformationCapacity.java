package org.etascope.core;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/**
 * The law of information capacity and what follows from it, as pure functions.
 *
 * <p>IC-1 (the paper, Eq. 8): η·N = D·(H − L), with N in bits, D in tokens, H and L in nats per token. Each function
 * solves it for one of them under a {@link UnitConvention}; IC-2 (Eq. 9) turns the information into energy. A NaN
 * argument gives NaN, a division by zero gives what IEEE 754 says (an infinity, or NaN for 0/0). Constant cost, no
 * state, any thread.
 */
public final class InformationCapacity {
    /** ln 2: nats in a bit. */
    public static final double LN2 = 0.6931471805599453;

    /** Boltzmann's constant k_B in J/K, exact since the SI of 2019. */
    public static final double BOLTZMANN = 1.380649e-23;

    /** The temperature that is assumed when none is given, in kelvin. */
    public static final double DEFAULT_TEMPERATURE_KELVIN = 300;

    /** Bits per parameter that language models hold at least once they are full: Allen-Zhu and Li 2024. */
    static final double HELD_BITS_PER_PARAMETER = 2;

    /** The most that was found: Morris et al. 2025. */
    static final double MOST_BITS_PER_PARAMETER = 3.6;

    /** Fresh-token worth of repeats: R* of Muennighoff et al. 2023, Eq. 5 with Table 1. */
    private static final double REPEAT_DECAY = 15.387756;

    private InformationCapacity() {}

    /**
     * Information saved by coding tokens at one loss instead of another: tokens·(from − to).
     *
     * @param tokens number of tokens
     * @param fromNats code length per token before, nats
     * @param toNats code length per token after, nats
     * @param convention how nats are counted
     * @return bits; negative when {@code toNats} is the larger one
     */
    public static double information(double tokens, double fromNats, double toNats, UnitConvention convention) {
        return tokens * (fromNats - toNats) * convention.informationPerNat();
    }

    /**
     * η of IC-1.
     *
     * @param tokens D
     * @param baselineNats H
     * @param lossNats L, or the running mean for the transmitted reading
     * @param modelSizeBits N
     * @param convention how nats are counted
     * @return D(H − L)/N, no unit; may be negative or above 1
     */
    public static double eta(
            double tokens, double baselineNats, double lossNats, double modelSizeBits, UnitConvention convention) {
        return information(tokens, baselineNats, lossNats, convention) / modelSizeBits;
    }

    /**
     * D of IC-1: the tokens at which a capacity is reached.
     *
     * @param eta η
     * @param modelSizeBits N
     * @param baselineNats H
     * @param lossNats L
     * @param convention how nats are counted
     * @return tokens
     */
    public static double tokens(
            double eta, double modelSizeBits, double baselineNats, double lossNats, UnitConvention convention) {
        return eta * modelSizeBits / ((baselineNats - lossNats) * convention.informationPerNat());
    }

    /**
     * N of IC-1: the model that holds the information at a given capacity.
     *
     * @param eta η
     * @param tokens D
     * @param baselineNats H
     * @param lossNats L
     * @param convention how nats are counted
     * @return bits
     */
    public static double modelSizeBits(
            double eta, double tokens, double baselineNats, double lossNats, UnitConvention convention) {
        return information(tokens, baselineNats, lossNats, convention) / eta;
    }

    /**
     * L of IC-1.
     *
     * @param eta η
     * @param modelSizeBits N
     * @param tokens D
     * @param baselineNats H
     * @param convention how nats are counted
     * @return nats per token
     */
    public static double lossNats(
            double eta, double modelSizeBits, double tokens, double baselineNats, UnitConvention convention) {
        return baselineNats - eta * modelSizeBits / (tokens * convention.informationPerNat());
    }

    /**
     * Landauer's cost of one bit: k_B·T·ln 2.
     *
     * @param temperatureKelvin T
     * @return joules per bit; 2.870979e-21 at 300 K
     */
    public static double joulesPerBit(double temperatureKelvin) {
        return BOLTZMANN * temperatureKelvin * LN2;
    }

    /**
     * The energy floor E₀ of IC-2 (Eq. 9): what overwriting that much information costs at least.
     *
     * @param informationBits η·N
     * @param temperatureKelvin T
     * @return joules; 0 for negative information
     */
    public static double landauerFloorJoules(double informationBits, double temperatureKelvin) {
        return informationBits <= 0 ? 0 : informationBits * joulesPerBit(temperatureKelvin);
    }

    /**
     * {@return the floor for people: "Landauer floor 1.16e-14 J at 300 K", a dash for a number that is not finite}
     *
     * @param joules E₀
     * @param temperatureKelvin T
     */
    public static String landauerFloorWords(double joules, double temperatureKelvin) {
        String floor = Double.isFinite(joules) ? String.format(Locale.ROOT, "%.3g", joules) : "-";
        return "Landauer floor " + floor + " J at "
                + new DecimalFormat("0.###", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(temperatureKelvin)
                + " K";
    }

    /**
     * {@return the ratio of a measured energy to the floor for people: "10^18.7 times the Landauer floor"}
     *
     * @param log10Ratio as of {@link #log10EnergyRatio}, finite
     */
    public static String energyRatioWords(double log10Ratio) {
        return String.format(Locale.ROOT, "10^%.1f times the Landauer floor", log10Ratio);
    }

    /**
     * How far a measured energy lies above the floor, in powers of ten: the two never share a linear axis.
     *
     * @param measuredJoules what the training took
     * @param floorJoules E₀
     * @return log10(measured/E₀); infinite for a floor of 0
     */
    public static double log10EnergyRatio(double measuredJoules, double floorJoules) {
        return Math.log10(measuredJoules / floorJoules);
    }

    /**
     * What repeated tokens are worth in fresh ones: U + U·R*(1 − e^{−(D/U − 1)/R*}), R* = 15.387756 (Muennighoff et al.
     * 2023).
     *
     * @param tokens D
     * @param uniqueTokens U; NaN while unknown
     * @return effective tokens: D while D ≤ U or U is unknown, then less than D and never above U(1 + R*)
     */
    public static double effectiveTokens(double tokens, double uniqueTokens) {
        if (!(tokens > uniqueTokens)) {
            return tokens;
        }
        double repeats = tokens / uniqueTokens - 1;
        return uniqueTokens - uniqueTokens * REPEAT_DECAY * Math.expm1(-repeats / REPEAT_DECAY);
    }

    /**
     * Bits per byte of text.
     *
     * @param lossNats nats per token
     * @param bytesPerToken mean length of a token in bytes
     * @return L/(ln 2 · bytes per token)
     */
    public static double bitsPerByte(double lossNats, double bytesPerToken) {
        return lossNats / (LN2 * bytesPerToken);
    }
}
