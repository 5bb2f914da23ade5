package org.etascope.core;

import java.util.List;
import java.util.Locale;

/** Figures as people read them. */
final class Words {
    private static final String UNITS = " kMGTPE";

    private Words() {}

    /** {@return "a, b and c"} */
    static String list(List<String> words) {
        int last = words.size() - 1;
        return last < 1
                ? String.join("", words)
                : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
    }

    /** Two significant digits or three, with a unit: "950", "1.2 M", "14.1 M", "203 M". */
    static String tokens(double tokens) {
        if (Double.isNaN(tokens)) {
            return "–";
        }
        int unit = (int) Math.min(UNITS.length() - 1, Math.max(0, Math.log10(tokens) / 3));
        double value = tokens / Math.pow(1000, unit);
        String digits = String.format(Locale.ROOT, unit == 0 || value >= 100 ? "%.0f" : "%.1f", value);
        return unit == 0 ? digits : digits + " " + UNITS.charAt(unit);
    }

    /** Two significant digits, for what is known no better: "1.2 M", "14 M". */
    static String about(double tokens) {
        if (!(tokens > 0)) {
            return tokens == 0 ? "0" : "–";
        }
        double step = Math.pow(10, Math.floor(Math.log10(tokens)) - 1);
        double rounded = Math.rint(tokens / step) * step;
        return tokens(rounded).replace(".0 ", " ");
    }
}
