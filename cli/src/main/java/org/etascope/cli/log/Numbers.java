package org.etascope.cli.log;

import java.nio.charset.StandardCharsets;

/**
 * Numbers as logs write them: decimal, with or without a fraction and an exponent; NaN, nan, inf, Infinity with or
 * without a sign. Nothing else: no hexadecimal, no type suffix, no thousands separator.
 */
final class Numbers {
    /** The largest count that a double holds exactly; also far beyond any run. */
    private static final double LARGEST_COUNT = 1L << 53;

    private static final int LONGEST = 400;
    private static final int DIGITS_OF_A_LONG = 18;
    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    private Numbers() {}

    /**
     * {@return the number, correctly rounded}
     *
     * @param name what it is, for the message
     * @throws NotANumberException if the text is anything else
     */
    static double parse(String name, byte[] text, int from, int to) throws NotANumberException {
        int i = from;
        boolean negative = i < to && text[i] == '-';
        if (i < to && (text[i] == '-' || text[i] == '+')) {
            i++;
        }
        long mantissa = 0;
        int digits = 0;
        int seen = 0;
        int scale = 0;
        boolean fraction = false;
        for (; i < to; i++) {
            byte c = text[i];
            if (c >= '0' && c <= '9') {
                seen++;
                if (mantissa > 0 || c != '0') {
                    digits++;
                }
                if (digits <= DIGITS_OF_A_LONG) {
                    mantissa = 10 * mantissa + (c - '0');
                }
                scale += fraction ? 1 : 0;
            } else if (c == '.' && !fraction) {
                fraction = true;
            } else {
                break;
            }
        }
        if (seen == 0) {
            return word(name, text, from, to, i, negative);
        }
        int exponent = 0;
        if (i < to) {
            exponent = exponent(name, text, from, to, i);
        }
        int power = exponent - scale;
        // Both factors are exact here, so that the one operation rounds correctly.
        if (digits <= DIGITS_OF_A_LONG && mantissa <= LARGEST_COUNT && Math.abs(power) < POWERS_OF_TEN.length) {
            double value = power < 0 ? mantissa / POWERS_OF_TEN[-power] : mantissa * POWERS_OF_TEN[power];
            return negative ? -value : value;
        }
        if (to - from > LONGEST) {
            throw bad(name, text, from, to, "a number");
        }
        return Double.parseDouble(string(text, from, to));
    }

    private static int exponent(String name, byte[] text, int from, int to, int at) throws NotANumberException {
        int i = at;
        if (text[i] != 'e' && text[i] != 'E') {
            throw bad(name, text, from, to, "a number");
        }
        i++;
        boolean negative = i < to && text[i] == '-';
        if (i < to && (text[i] == '-' || text[i] == '+')) {
            i++;
        }
        int first = i;
        int exponent = 0;
        while (i < to && text[i] >= '0' && text[i] <= '9') {
            exponent = Math.min(1_000_000, 10 * exponent + (text[i] - '0'));
            i++;
        }
        if (i == first || i < to) {
            throw bad(name, text, from, to, "a number");
        }
        return negative ? -exponent : exponent;
    }

    private static double word(String name, byte[] text, int from, int to, int at, boolean negative)
            throws NotANumberException {
        if (Bytes.equalsIgnoreCase(text, at, to, "nan")) {
            return Double.NaN;
        }
        if (Bytes.equalsIgnoreCase(text, at, to, "inf") || Bytes.equalsIgnoreCase(text, at, to, "infinity")) {
            return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        throw bad(name, text, from, to, "a number");
    }

    /** {@return a count: a whole number from 0 to 2^53} */
    static long count(String name, double value) throws NotANumberException {
        if (value >= 0 && value <= LARGEST_COUNT && value == Math.rint(value)) {
            return (long) value;
        }
        throw NotANumberException.of(name, Double.toString(value), "a whole number from 0 to 2^53");
    }

    private static NotANumberException bad(String name, byte[] text, int from, int to, String wanted) {
        return NotANumberException.of(name, string(text, from, Math.min(to, from + LONGEST)), wanted);
    }

    private static String string(byte[] text, int from, int to) {
        return new String(text, from, to - from, StandardCharsets.UTF_8);
    }
}
