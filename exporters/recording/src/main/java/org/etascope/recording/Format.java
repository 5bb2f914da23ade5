package org.etascope.recording;

import java.util.Locale;

/**
 * Numbers for people, the same in every program: their width says how much is meant, and what is unknown is a dash,
 * never 0.
 */
public final class Format {
    private static final String[] PREFIXES = {"", " k", " M", " G", " T", " P", " E"};

    private Format() {}

    /**
     * {@return three digits and a prefix, ready for a unit: "1.73 M"; counts below 1000 as they are}
     *
     * @param value any number
     */
    public static String si(double value) {
        if (!Double.isFinite(value)) {
            return "-";
        }
        int prefix = 0;
        double scaled = value;
        // 999.5 and more would round to four digits.
        while (Math.abs(scaled) >= 999.5 && prefix < PREFIXES.length - 1) {
            scaled /= 1000;
            prefix++;
        }
        boolean count = prefix == 0 && scaled == Math.rint(scaled);
        return (count ? fixed(scaled, 0) : significant(scaled)) + PREFIXES[prefix];
    }

    /**
     * {@return three digits, at most five decimals}
     *
     * @param value any number
     */
    public static String significant(double value) {
        double size = Math.abs(value);
        int decimals = size == 0 ? 2 : 2 - (int) Math.floor(Math.log10(size * 1.005));
        return fixed(value, Math.max(0, Math.min(5, decimals)));
    }

    /**
     * {@return the value with so many decimals}
     *
     * @param value any number
     * @param decimals at least 0
     */
    public static String fixed(double value, int decimals) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%." + decimals + "f", value) : "-";
    }

    /**
     * {@return a whole number with its thousands set apart: "1,081"}
     *
     * @param value any number
     */
    public static String whole(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /**
     * {@return three digits of a value that spans decades: "1.16e-14"}
     *
     * @param value any number
     */
    public static String scientific(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3g", value) : "-";
    }

    /**
     * {@return the value with its error, "0.87 ± 0.01", with as many decimals as the error needs}
     *
     * @param value any number
     * @param error its standard error; left out where it is not above 0
     */
    public static String withError(double value, double error) {
        if (!(error > 0) || !Double.isFinite(value)) {
            return significant(value);
        }
        int decimals = Math.min(6, Math.max(0, (int) Math.ceil(-Math.log10(error))));
        return fixed(value, decimals) + " ± " + fixed(error, decimals);
    }

    /**
     * {@return a bar of characters: "███░░"}
     *
     * @param share how much of it is filled, 0 to 1
     * @param width its characters
     */
    public static String bar(double share, int width) {
        int full = (int) Math.round(width * share);
        return "█".repeat(full) + "░".repeat(width - full);
    }

    /**
     * {@return minutes and seconds: "1:05"}
     *
     * @param seconds a time; a negative one counts as 0
     */
    public static String clock(double seconds) {
        long whole = Math.max(0, (long) seconds);
        return String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }
}
