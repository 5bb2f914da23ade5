package org.etascope.cli.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Small searches in a line's bytes; patterns are ASCII. */
final class Bytes {
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOP_BITS = 0x8080808080808080L;

    private Bytes() {}

    /** {@return the eight bytes from there on, the first one lowest} */
    static long eight(byte[] text, int from) {
        return (long) EIGHT_BYTES.get(text, from);
    }

    /** {@return where an ASCII sign first is, -1 if nowhere} */
    static int indexOf(byte[] text, int from, int to, char sign) {
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            // A byte becomes zero where the sign is; the lowest zero byte is the lowest one whose top bit is set below.
            long difference = eight(text, i) ^ (sign * ONES);
            long zeros = (difference - ONES) & ~difference & TOP_BITS;
            if (zeros != 0) {
                return i + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
        }
        for (; i < to; i++) {
            if (text[i] == sign) {
                return i;
            }
        }
        return -1;
    }

    /** {@return whether the text at that place goes on with a pattern} */
    static boolean startsWith(byte[] text, int from, int to, byte[] pattern) {
        int length = pattern.length;
        if (to - from < length) {
            return false;
        }
        int i = 0;
        for (; i <= length - Long.BYTES; i += Long.BYTES) {
            if (eight(text, from + i) != eight(pattern, i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (text[from + i] != pattern[i]) {
                return false;
            }
        }
        return true;
    }

    /** {@return whether the text at that place goes on with a pattern} */
    static boolean startsWith(byte[] text, int from, int to, String pattern) {
        if (to - from < pattern.length()) {
            return false;
        }
        for (int i = 0; i < pattern.length(); i++) {
            if (text[from + i] != pattern.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** {@return where a pattern first begins, -1 if nowhere} */
    static int indexOf(byte[] text, int from, int to, String pattern) {
        char first = pattern.charAt(0);
        for (int i = from; i <= to - pattern.length(); i++) {
            if (text[i] == first && startsWith(text, i, to, pattern)) {
                return i;
            }
        }
        return -1;
    }

    /** {@return where a pattern first begins that is not the tail of a longer word, -1 if nowhere} */
    static int indexOfWord(byte[] text, int from, int to, String pattern) {
        int i = indexOf(text, from, to, pattern);
        while (i > from && !isSpace(text[i - 1])) {
            i = indexOf(text, i + 1, to, pattern);
        }
        return i;
    }

    static int skipSpaces(byte[] text, int from, int to) {
        int i = from;
        while (i < to && isSpace(text[i])) {
            i++;
        }
        return i;
    }

    /** {@return where a word ends: at a space or a comma} */
    static int wordEnd(byte[] text, int from, int to) {
        int i = from;
        while (!isWordEnd(text, i, to)) {
            i++;
        }
        return i;
    }

    static boolean isWordEnd(byte[] text, int at, int to) {
        // Letters, digits and most signs are beyond all three of them.
        return at == to || (text[at] <= ',' && (isSpace(text[at]) || text[at] == ','));
    }

    static int digitsEnd(byte[] text, int from, int to) {
        int i = from;
        while (i < to && isDigit(text[i])) {
            i++;
        }
        return i;
    }

    static boolean isDigit(byte c) {
        return (char) (c - '0') < 10;
    }

    static boolean isSpace(byte c) {
        return c == ' ' || c == '\t';
    }

    static boolean equalsIgnoreCase(byte[] text, int from, int to, String word) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (Character.toLowerCase((char) text[from + i]) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
