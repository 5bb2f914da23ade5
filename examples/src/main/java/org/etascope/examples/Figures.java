package org.etascope.examples;

import java.util.Locale;

/** Numbers as people read them. A value that is not known is a dash, never 0. */
final class Figures {
    private static final String[] PREFIXES = {"", " k", " M", " G", " T", " P", " E"};

    private Figures() {}

    /** {@return three significant digits with a prefix: 1234567 is "1.23 M"} */
    static String si(double value) {
        if (!Double.isFinite(value)) {
            return "-";
        }
        double scaled = value;
        int prefix = 0;
        // 999.5 and more would round to four digits.
        while (Math.abs(scaled) >= 999.5 && prefix < PREFIXES.length - 1) {
            scaled /= 1000;
            prefix++;
        }
        boolean whole = prefix == 0 && scaled == Math.rint(scaled);
        return (whole ? fixed(scaled, 0) : significant(scaled)) + PREFIXES[prefix];
    }

    private static String significant(double value) {
        double size = Math.abs(value);
        return fixed(value, size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
    }

    /** {@return the value with so many decimals} */
    static String fixed(double value, int decimals) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%." + decimals + "f", value) : "-";
    }

    /** {@return a whole number with thousands set apart: 1,081} */
    static String whole(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** {@return for values that span decades: 1.16e-14} */
    static String scientific(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.2e", value) : "-";
    }

    /** {@return minutes and seconds: 1:05} */
    static String clock(double seconds) {
        long whole = Math.max(0, (long) seconds);
        return String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }
}
