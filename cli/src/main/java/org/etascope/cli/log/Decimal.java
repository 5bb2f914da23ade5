package org.etascope.cli.log;

import com.fasterxml.jackson.core.io.NumberInput;

/**
 * Reads an unsigned decimal number, with or without a fraction and an exponent, from where it begins to where it ends;
 * correctly rounded. One object reads one number after the other.
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

    /** Where the number just read ended. */
    int end;

    private final char[] characters = new char[LONGEST];
    private byte[] text = {};
    private int from;
    private int point;
    private int fraction;
    private int exponent;
    /** All digits in a row; good if they are few enough. */
    private long mantissa;

    /** {@return whether a number begins there; what follows it is not looked at} */
    boolean read(byte[] line, int start, int to) {
        long digits = 0;
        int i = start;
        for (; i < to && Bytes.isDigit(line[i]); i++) {
            digits = 10 * digits + (line[i] - '0');
        }
        point = i;
        fraction = 0;
        if (i < to && line[i] == '.') {
            for (i++; i < to && Bytes.isDigit(line[i]); i++) {
                digits = 10 * digits + (line[i] - '0');
            }
            fraction = i - point - 1;
        }
        text = line;
        from = start;
        mantissa = digits;
        end = i;
        exponent = i < to && (line[i] | 0x20) == 'e' ? exponent(line, i + 1, to) : 0;
        return point - start + fraction > 0 && end - start <= LONGEST;
    }

    /** {@return the number just read, correctly rounded; to be asked before the text changes} */
    double value() {
        int power = exponent - fraction;
        if (point - from + fraction <= DIGITS_OF_A_LONG
                && mantissa <= LARGEST_EXACT
                && Math.abs(power) < POWERS_OF_TEN.length) {
            // Both factors are exact, so that the one operation rounds correctly.
            return power < 0 ? mantissa / POWERS_OF_TEN[-power] : mantissa * POWERS_OF_TEN[power];
        }
        for (int i = from; i < end; i++) {
            characters[i - from] = (char) text[i];
        }
        return NumberInput.parseDouble(characters, 0, end - from, true);
    }

    /** {@return whether JSON allows the number: no needless zero before it, a digit on both sides of its point} */
    boolean asInJson() {
        int whole = point - from;
        boolean bareBegin = whole == 0 || (whole > 1 && text[from] == '0');
        boolean bareEnd = fraction == 0 && point < end && text[point] == '.';
        return !bareBegin && !bareEnd;
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
        while (i < to && Bytes.isDigit(text[i])) {
            exponent = Math.min(LARGEST_EXPONENT, 10 * exponent + (text[i++] - '0'));
        }
        end = i == first ? end : i;
        return negative ? -exponent : exponent;
    }
}
