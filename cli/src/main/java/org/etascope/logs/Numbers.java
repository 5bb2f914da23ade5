package org.etascope.logs;

import com.fasterxml.jackson.core.io.NumberInput;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Numbers as logs write them: decimal, with or without a fraction and an exponent, and all the ways to write what is not
 * finite: NaN, -nan, inf, Infinity, and Windows' -nan(ind), 1.#QNAN, -1.#IND, 1.#INF, 1.#J. Nothing else: no
 * hexadecimal, no type suffix, no thousands separator.
 */
final class Numbers {
    /** The largest whole number up to which a double holds all. */
    private static final long LARGEST_EXACT = 1L << 53;

    private static final int LONGEST = 400;
    private static final int LONGEST_WORD = 16;
    private static final Pattern INFINITE = Pattern.compile("inf(inity)?|1\\.#inf\\d*");
    /** Windows rounds 1.#INF and 1.#IND as if they were digits, to 1.#J: which of them it was is not to be told. */
    private static final Pattern NOT_A_NUMBER = Pattern.compile("nan(\\((s?nan|ind)\\))?|1\\.#\\w+");

    private Numbers() {}

    /**
     * {@return the number, correctly rounded}
     *
     * @param name what it is, for the message
     * @throws NotANumberException if the text is anything else
     */
    static double parse(String name, String text) throws NotANumberException {
        int length = text.length();
        if (length > 0 && length <= LONGEST && decimalEnd(text, 0) == length) {
            return decimal(text);
        }
        double odd = notFinite(text);
        if (odd != 0) {
            return odd;
        }
        throw NotANumberException.of(name, text, "a number");
    }

    /** {@return NaN or an infinity where a text says so, otherwise 0} */
    static double notFinite(String text) {
        int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        if (text.length() <= sign || text.length() >= LONGEST_WORD || "nNiI1".indexOf(text.charAt(sign)) < 0) {
            return 0;
        }
        String word = text.substring(sign).toLowerCase(Locale.ROOT);
        double infinity = text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        return INFINITE.matcher(word).matches()
                ? infinity
                : NOT_A_NUMBER.matcher(word).matches() ? Double.NaN : 0;
    }

    /** {@return the value of a text that {@link #decimalEnd} has found whole} */
    static double decimal(String text) {
        return NumberInput.parseDouble(text, true);
    }

    /**
     * {@return where the decimal number ends that begins there, its sign included; the beginning itself where there is
     * none}
     */
    static int decimalEnd(String text, int from) {
        int length = text.length();
        int i = from;
        if (i < length && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
            i++;
        }
        int digits = digitsEnd(text, i);
        int found = digits - i;
        i = digits;
        if (i < length && text.charAt(i) == '.') {
            digits = digitsEnd(text, i + 1);
            found += digits - i - 1;
            i = digits;
        }
        return found == 0 ? from : exponentEnd(text, i);
    }

    private static int exponentEnd(String text, int from) {
        int length = text.length();
        if (from < length && (text.charAt(from) | 0x20) == 'e') {
            int i = from + 1;
            if (i < length && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
                i++;
            }
            int end = digitsEnd(text, i);
            return end > i ? end : from;
        }
        return from;
    }

    static int digitsEnd(String text, int from) {
        int i = from;
        while (i < text.length() && isDigit(text.charAt(i))) {
            i++;
        }
        return i;
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** {@return a count: a whole number from 0 to 2^53} */
    static long count(String name, double value) throws NotANumberException {
        if (value >= 0 && value <= LARGEST_EXACT && value == Math.rint(value)) {
            return (long) value;
        }
        throw NotANumberException.of(name, Double.toString(value), "a whole number from 0 to 2^53");
    }
}
