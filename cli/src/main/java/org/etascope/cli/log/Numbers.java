package org.etascope.cli.log;

import java.nio.charset.StandardCharsets;

/**
 * Numbers as logs write them: decimal, with or without a fraction and an exponent; NaN, nan, inf, Infinity with or
 * without a sign. Nothing else: no hexadecimal, no type suffix, no thousands separator.
 */
final class Numbers {
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
        Decimal number = new Decimal();
        if (to - from <= Decimal.LONGEST && number.read(text, i, to) && number.end == to) {
            return negative ? -number.value() : number.value();
        }
        return word(name, text, from, to, i, negative);
    }

    private static double word(String name, byte[] text, int from, int to, int at, boolean negative)
            throws NotANumberException {
        if (Bytes.equalsIgnoreCase(text, at, to, "nan")) {
            return Double.NaN;
        }
        if (Bytes.equalsIgnoreCase(text, at, to, "inf") || Bytes.equalsIgnoreCase(text, at, to, "infinity")) {
            return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        throw NotANumberException.of(name, string(text, from, Math.min(to, from + Decimal.LONGEST)), "a number");
    }

    /** {@return a count: a whole number from 0 to 2^53} */
    static long count(String name, double value) throws NotANumberException {
        if (value >= 0 && value <= Decimal.LARGEST_EXACT && value == Math.rint(value)) {
            return (long) value;
        }
        throw NotANumberException.of(name, Double.toString(value), "a whole number from 0 to 2^53");
    }

    private static String string(byte[] text, int from, int to) {
        return new String(text, from, to - from, StandardCharsets.UTF_8);
    }
}
