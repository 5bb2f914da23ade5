package org.etascope.cli.log;

import java.nio.charset.StandardCharsets;

/**
 * Reads an unsigned decimal number, with or without a fraction and an exponent, from where it begins to where it ends;
 * correctly rounded. One object reads one number after the other: {@link #read}, then the fields.
 */
final class Decimal {
    /** Longest number that is read. */
    static final int LONGEST = 400;
    /** The largest whole number up to which a double holds all. */
    static final long LARGEST_EXACT = 1L << 53;

    private static final int DIGITS_OF_A_LONG = 18;
    private static final int LARGEST_EXPONENT = 1_000_000;
    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    /** The number just read. */
    double value;
    /** Where it ended. */
    int end;
    /** All digits in a row; the highest ones are lost if they are too many. */
    private long mantissa;
    /** Whether JSON allows it: no needless zero before it, a digit on both sides of its point. */
    boolean asInJson;

    /** {@return whether a number begins there; what follows it is not looked at} */
    boolean read(byte[] text, int from, int to) {
        mantissa = 0;
        int i = digits(text, from, to);
        int digits = i - from;
        asInJson = digits == 1 || (digits > 0 && text[from] != '0');
        int fraction = 0;
        if (i < to && text[i] == '.') {
            int first = i + 1;
            i = digits(text, first, to);
            fraction = i - first;
            asInJson &= fraction > 0;
        }
        digits += fraction;
        end = i;
        int power = i < to && (text[i] | 0x20) == 'e' ? exponent(text, i + 1, to) - fraction : -fraction;
        if (digits == 0 || end - from > LONGEST) {
            return false;
        }
        boolean exact =
                digits <= DIGITS_OF_A_LONG && mantissa <= LARGEST_EXACT && Math.abs(power) < POWERS_OF_TEN.length;
        // Both factors are exact then, so that the one operation rounds correctly.
        value = !exact
                ? Double.parseDouble(new String(text, from, end - from, StandardCharsets.US_ASCII))
                : power < 0 ? mantissa / POWERS_OF_TEN[-power] : mantissa * POWERS_OF_TEN[power];
        return true;
    }

    /** {@return where the digits end that begin there; they join the mantissa} */
    private int digits(byte[] text, int from, int to) {
        int i = from;
        long sum = mantissa;
        for (; i < to && isDigit(text[i]); i++) {
            sum = 10 * sum + (text[i] - '0');
        }
        mantissa = sum;
        return i;
    }

    /** Goes on behind the exponent; without digits it is none, and the number ends before it. */
    private int exponent(byte[] text, int from, int to) {
        int i = from;
        boolean negative = i < to && text[i] == '-';
        if (i < to && (text[i] == '-' || text[i] == '+')) {
            i++;
        }
        int first = i;
        int exponent = 0;
        while (i < to && isDigit(text[i])) {
            exponent = Math.min(LARGEST_EXPONENT, 10 * exponent + (text[i++] - '0'));
        }
        end = i == first ? end : i;
        return negative ? -exponent : exponent;
    }

    private static boolean isDigit(byte c) {
        return (char) (c - '0') < 10;
    }
}
