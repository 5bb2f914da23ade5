package org.etascope.cli;

import java.util.Locale;

/** Numbers for people: their width says how much is meant, and what is unknown is a dash. */
final class Figures {
    private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P", "E"};

    private Figures() {}

    /** {@return three digits and a prefix, ready for a unit: "1.73 M"; counts below 1000 as they are} */
    static String si(double value) {
        if (!Double.isFinite(value)) {
            return "-";
        }
        int prefix = 0;
        double scaled = value;
        while (Math.abs(scaled) >= 999.5 && prefix < PREFIXES.length - 1) {
            scaled /= 1000;
            prefix++;
        }
        String digits = prefix == 0 && scaled == Math.rint(scaled) ? fixed(scaled, 0) : significant(scaled);
        return prefix == 0 ? digits : digits + " " + PREFIXES[prefix];
    }

    /** {@return three digits, at most five decimals} */
    static String significant(double value) {
        double size = Math.abs(value);
        int decimals = size == 0 ? 2 : 2 - (int) Math.floor(Math.log10(size * 1.005));
        return fixed(value, Math.max(0, Math.min(5, decimals)));
    }

    static String fixed(double value, int decimals) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%." + decimals + "f", value) : "-";
    }

    static String whole(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    static String scientific(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3g", value) : "-";
    }

    /** {@return the value with its error, "0.87 ± 0.01", as many decimals as the error needs} */
    static String withError(double value, double error) {
        if (!(error > 0) || !Double.isFinite(value)) {
            return significant(value);
        }
        int decimals = Math.min(6, Math.max(0, (int) Math.ceil(-Math.log10(error))));
        return fixed(value, decimals) + " ± " + fixed(error, decimals);
    }
}
