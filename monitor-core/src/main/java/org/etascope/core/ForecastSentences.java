package org.etascope.core;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The forecast in words. Decimals grow until the interval shows, so that no figure claims more than is known; what lies
 * beyond five times today's tokens is called extrapolated.
 */
final class ForecastSentences {
    private static final double EXTRAPOLATED_FROM = 5;
    private static final String PREFIXES = " kMGTPE";

    private ForecastSentences() {}

    static String refused(String what, @Nullable String why) {
        return "No forecast of " + what + ": " + why + ".";
    }

    static String plannedEnd(LossLaw.Prediction told, double factor) {
        return "At the planned end: " + nats(told.shownMean(), told) + " nats (" + nats(told.shownLower(), told)
                + " to " + nats(told.shownUpper(), told) + ")" + extrapolated(factor) + ".";
    }

    static String nextDoubling(double now, LossLaw.Prediction told) {
        return "Next doubling at this rate: −" + gain(now, told) + ".";
    }

    static String decayNow(double now, LossLaw.Prediction told, double byTokens, TokenUnit unit) {
        return Forecast.DECAY_NOW_WOULD_GIVE.replace("{units}", unit.plural()) + " " + gain(now, told) + ", of them "
                + nats(byTokens, told) + " by the " + unit.plural() + " alone.";
    }

    static String crossing(double target, double tokensNow, double at, double earliest, double latest, TokenUnit unit) {
        String loss = String.format(Locale.ROOT, "%.2f nats", target);
        if (at == tokensNow) {
            return loss + ": reached.";
        }
        if (at == Double.POSITIVE_INFINITY) {
            return loss + ": not within 100 times the " + unit.plural() + ".";
        }
        // One prefix for all three, that of the centre.
        int power = power(at);
        String range = latest == Double.POSITIVE_INFINITY
                ? " (from " + scaled(earliest, power) + prefix(power) + " on)"
                : " (" + scaled(earliest, power) + " to " + scaled(latest, power) + prefix(power) + ")";
        return loss + " at " + scaled(at, power) + prefix(power) + " " + unit.plural() + range
                + extrapolated(at / tokensNow) + ".";
    }

    private static String gain(double now, LossLaw.Prediction told) {
        return nats(Math.max(0, now - told.shownMean()), told) + " nats ("
                + nats(Math.max(0, now - told.shownUpper()), told) + " to "
                + nats(Math.max(0, now - told.shownLower()), told) + ")";
    }

    private static String nats(double value, LossLaw.Prediction told) {
        int decimals = (int) Math.ceil(-Math.log10(told.shownUpper() - told.shownLower()));
        return String.format(Locale.ROOT, "%." + Math.min(6, Math.max(2, decimals)) + "f", value);
    }

    private static String extrapolated(double factor) {
        return factor > EXTRAPOLATED_FROM ? " (extrapolated)" : "";
    }

    private static int power(double tokens) {
        return (int) Math.min(PREFIXES.length() - 1, Math.max(0, Math.log10(tokens) / 3));
    }

    private static String prefix(int power) {
        return power == 0 ? "" : " " + PREFIXES.charAt(power);
    }

    private static String scaled(double tokens, int power) {
        double value = tokens / Math.pow(1000, power);
        return String.format(Locale.ROOT, power == 0 || value >= 100 ? "%.0f" : "%.1f", value);
    }
}
