package org.etascope.cli.log;

/** Small searches in a line's bytes; patterns are ASCII. */
final class Bytes {
    private Bytes() {}

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
        while (i < to && !isSpace(text[i]) && text[i] != ',') {
            i++;
        }
        return i;
    }

    static int digitsEnd(byte[] text, int from, int to) {
        int i = from;
        while (i < to && text[i] >= '0' && text[i] <= '9') {
            i++;
        }
        return i;
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
