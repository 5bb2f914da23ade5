package org.etascope.cli.log;

import java.nio.charset.StandardCharsets;

/**
 * Reads an unsigned decimal number, with or without a fraction and an exponent, from where it begins to where it ends;
 * correctly rounded. One object reads one number after the other. Digits are taken eight at a time.
 *
 * <p>Where a number stands for the same thing as the last one did, {@link #readAlike} expects its point in the same place
 * and takes it as a whole.
 */
final class Decimal {
    /** Longest number that is read. */
    static final int LONGEST = 400;
    /** The largest whole number up to which a double holds all. */
    static final long LARGEST_EXACT = 1L << 53;

    private static final int DIGITS_OF_A_LONG = 18;
    private static final int LARGEST_EXPONENT = 1_000_000;
    /** Longer than any line, and an end of a line plus this is still no negative number. */
    private static final int NO_LENGTH = 1 << 30;

    private static final long[] POWERS_OF_TEN_UP_TO_EIGHT = {
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000
    };
    /** An ASCII digit becomes its value by XOR with this; {@code POINT} is what the point becomes. */
    private static final long ZEROS = 0x3030303030303030L;

    private static final long POINT = '.' ^ '0';
    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    /** Where the number just read ended. */
    int end;

    private byte[] text = {};
    private int from;
    private int point;
    private int fraction;
    private int exponent;
    /** All digits in a row; good if they are few enough. */
    private long mantissa;

    /** How the last number was laid out; none with this length. */
    private int length = NO_LENGTH;

    private long digitsMask;
    private long pointMask;
    private long wholeMask;
    private int shift;

    /** {@return whether a number begins there; what follows it is not looked at} */
    boolean read(byte[] line, int start, int to) {
        text = line;
        from = start;
        mantissa = 0;
        int i = digits(line, start, to);
        point = i;
        fraction = 0;
        if (i < to && line[i] == '.') {
            i = digits(line, i + 1, to);
            fraction = i - point - 1;
        }
        end = i;
        exponent = i < to && isExponentSign(line[i]) ? exponent(line, i + 1, to) : 0;
        return point - start + fraction > 0 && end - start <= LONGEST;
    }

    /** {@return where a row of digits ends; they join the mantissa} */
    private int digits(byte[] line, int start, int to) {
        long sum = mantissa;
        int i = start;
        int count;
        do {
            long eight = Bytes.eight(line, i) ^ ZEROS;
            count = Math.min(Bytes.before(notDigits(eight)), to - i);
            // Two shifts, since one by 64 would do nothing.
            long digits = eight << Byte.SIZE * (Long.BYTES - 1 - count) << Byte.SIZE;
            sum = sum * POWERS_OF_TEN_UP_TO_EIGHT[count] + number(digits);
            i += count;
        } while (count == Long.BYTES);
        mantissa = sum;
        return i;
    }

    /** {@return the top bit of each byte above 9} */
    private static long notDigits(long eight) {
        return (eight + 0x7676767676767676L | eight) & 0x8080808080808080L;
    }

    /** {@return the number of eight digits, the first one lowest} */
    private static long number(long digits) {
        // Neighbours join: two digits in 16 bits, four in 32, eight in 64.
        long pairs = digits * 10 + (digits >>> 8) & 0x00FF00FF00FF00FFL;
        long fours = pairs * 100 + (pairs >>> 16) & 0x0000FFFF0000FFFFL;
        return fours * 10_000 + (fours >>> 32) & 0xFFFFFFFFL;
    }

    /** The same, in less time if the number has as many digits before and behind its point as the last one. */
    boolean readAlike(byte[] line, int start, int to) {
        int next = start + length;
        long eight = Bytes.eight(line, start) ^ ZEROS;
        if (next <= to
                && (notDigits(eight) & digitsMask | (eight ^ POINT * 0x0101010101010101L) & pointMask) == 0
                && (next == to || endsNumber(line[next]))) {
            text = line;
            point += start - from;
            from = start;
            end = next;
            mantissa = number((eight & wholeMask | eight >>> Byte.SIZE & ~wholeMask) << shift);
            return true;
        }
        boolean found = read(line, start, to);
        expectAlike();
        return found;
    }

    private void expectAlike() {
        int whole = point - from;
        boolean hasPoint = point < end && text[point] == '.';
        int digits = whole + fraction;
        int size = digits + (hasPoint ? 1 : 0);
        if (digits == 0 || size > Long.BYTES || size != end - from) {
            length = NO_LENGTH;
            return;
        }
        length = size;
        pointMask = hasPoint ? 0xFFL << Byte.SIZE * whole : 0;
        digitsMask = lowest(size) & ~pointMask;
        wholeMask = hasPoint ? lowest(whole) : -1;
        shift = Byte.SIZE * (Long.BYTES - digits);
    }

    /** {@return a mask of that many bytes, at most eight} */
    private static long lowest(int bytes) {
        return bytes == Long.BYTES ? -1 : (1L << Byte.SIZE * bytes) - 1;
    }

    private static boolean endsNumber(byte c) {
        return !isDigit(c) && c != '.' && !isExponentSign(c);
    }

    private static boolean isExponentSign(byte c) {
        return (c | 0x20) == 'e';
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
        return Double.parseDouble(new String(text, from, end - from, StandardCharsets.US_ASCII));
    }

    /** {@return whether it is written as a whole number} */
    boolean isWhole() {
        return point == end;
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
