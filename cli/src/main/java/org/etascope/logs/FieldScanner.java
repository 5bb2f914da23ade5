package org.etascope.logs;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the numbers in a line of text, and what stands before each: {@code step 12/500 | loss: 3.1 (24ms)} has "step" 12
 * of 500, "loss" 3.1 and one of milliseconds without a name. The name of a number reaches back to the number before it or
 * to a sign that parts fields. A value may be quoted, in brackets, NaN or infinite, have a multiplier (1.5M) or commas
 * between its thousands; dates, times of day, version numbers and percentages are no values. One pass, no regular
 * expression.
 */
final class FieldScanner {
    /** Name of a fraction (12/500) that nothing stands before, as in progress bars. */
    static final String FRACTION = "#of#";
    /** Name of a number that a line begins with. */
    static final String FIRST = "#";

    private static final int MOST_FIELDS = 64;
    private static final byte PARTS = 1;
    private static final byte AROUND = 2;
    private static final byte IN_WORDS = 4;
    private static final byte LETTER = 8;
    /** What each ASCII sign is. */
    private static final byte[] KINDS = new byte[128];

    static {
        mark("|,;()[]{}<>\t", PARTS);
        mark(" :='\"*->|[", AROUND);
        mark("_/.@#%", IN_WORDS);
        mark("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", LETTER);
    }

    private static final String TENSOR = "tensor(";
    /** Words whose number may stand in brackets right behind. */
    private static final String[] COUNTERS = {"iter", "iteration", "step", "epoch", "batch"};

    private String line = "";
    private int nameFrom;
    private List<Field> fields = List.of();

    /**
     * A named value.
     *
     * @param at where its name begins
     * @param name as it stands there, or {@link #FRACTION} or {@link #FIRST} where none does
     * @param value the number; NaN where it is none
     * @param total what the value is a part of, as 500 in 12/500; NaN if of nothing
     * @param rounded whether the value was written with a multiplier, to a few digits
     * @param text of a value that is no number; null of one that is
     */
    record Field(
            int at,
            String name,
            double value,
            double total,
            boolean rounded,
            @Nullable String text) {}

    private static void mark(String signs, byte kind) {
        signs.chars().forEach(sign -> KINDS[sign] |= kind);
    }

    private static boolean is(char sign, byte kind) {
        return sign < KINDS.length && (KINDS[sign] & kind) != 0;
    }

    /** {@return the fields of a line} */
    List<Field> scan(String text) {
        line = text;
        fields = new ArrayList<>();
        nameFrom = 0;
        int length = text.length();
        int i = 0;
        while (i < length && fields.size() < MOST_FIELDS) {
            char c = text.charAt(i);
            if (is(c, PARTS)) {
                nameFrom = opensAValue(i) ? nameFrom : i + 1;
                i++;
            } else if (isLetter(c) || c == '_') {
                i = word(i);
            } else if (startsNumber(i)) {
                i = number(i);
            } else {
                i++;
            }
        }
        return fields;
    }

    /** {@return whether a bracket there is only around a value: lr=[0.0001], Iter[10], loss: tensor(3.1)} */
    private boolean opensAValue(int i) {
        char before = lastSignBefore(i);
        boolean list = line.charAt(i) == '[' && (before == '=' || before == ':' || endsInACounter(i));
        return list || (line.charAt(i) == '(' && line.startsWith(TENSOR, i - TENSOR.length() + 1));
    }

    private boolean endsInACounter(int end) {
        for (String counter : COUNTERS) {
            int from = end - counter.length();
            if (line.regionMatches(true, from, counter, 0, counter.length())) {
                return from == 0 || !isLetter(line.charAt(from - 1));
            }
        }
        return false;
    }

    // ---- words ----

    /** A word is part of a name, or stands for a number that is not finite, or is a value that is none. */
    private int word(int from) {
        int end = wordEnd(from);
        double odd = Numbers.notFinite(line.substring(from > 0 && line.charAt(from - 1) == '-' ? from - 1 : from, end));
        char before = lastSignBefore(from);
        boolean isValue = before == ':' || before == '=';
        if (odd != 0 && (isValue || !wordFollows(end)) && hasName(from)) {
            int close = line.startsWith("(ind)", end) ? end + 5 : line.startsWith("(snan)", end) ? end + 6 : end;
            return add(from, close, odd, Double.NaN, false);
        }
        if (isValue && line.charAt(from - 1) != ' ' && hasName(from)) {
            textFrom(from, end);
        }
        return end;
    }

    private int wordEnd(int from) {
        int i = from;
        while (i < line.length() && (isLetter(line.charAt(i)) || isWordSign(i))) {
            i++;
        }
        return i;
    }

    private boolean isWordSign(int i) {
        char c = line.charAt(i);
        if (Numbers.isDigit(c) || is(c, IN_WORDS)) {
            return true;
        }
        // A dash within a word; before a number it is a sign.
        return c == '-' && i + 1 < line.length() && isLetter(line.charAt(i + 1));
    }

    private boolean wordFollows(int end) {
        return end + 1 < line.length() && line.charAt(end) == ' ' && isLetter(line.charAt(end + 1));
    }

    private void textFrom(int from, int end) {
        int to = end;
        while (to < line.length() && line.charAt(to) != ' ' && !is(line.charAt(to), PARTS)) {
            to++;
        }
        addText(from, to);
    }

    // ---- numbers ----

    private boolean startsNumber(int i) {
        char c = line.charAt(i);
        if (Numbers.isDigit(c)) {
            return true;
        }
        boolean sign = c == '-' || c == '+' || c == '.';
        if (!sign || i + 1 == line.length()) {
            return false;
        }
        char next = line.charAt(i + 1);
        return Numbers.isDigit(next)
                || (c != '.' && next == '.' && i + 2 < line.length() && Numbers.isDigit(line.charAt(i + 2)));
    }

    /** {@return where to go on} */
    private int number(int from) {
        int end = Numbers.decimalEnd(line, from);
        if (isComposite(from, end)) {
            return composite(from);
        }
        if (line.startsWith("#", end)) {
            // 1.#QNAN, 1.#INF: Windows.
            int close = wordEnd(end);
            double odd = Numbers.notFinite(line.substring(from, close));
            if (odd != 0) {
                return add(from, close, odd, Double.NaN, false);
            }
            nameFrom = close;
            return close;
        }
        int thousands = thousandsEnd(from, end);
        double found = thousands > end
                ? Numbers.decimal(line.substring(from, thousands).replace(",", ""))
                : Numbers.decimal(line.substring(from, end));
        end = thousands;
        int slash = spacesEnd(end);
        double of = Double.NaN;
        if (slash < line.length() && line.charAt(slash) == '/') {
            int start = spacesEnd(slash + 1);
            int totalEnd = Numbers.digitsEnd(line, start);
            if (totalEnd > start && !continues(totalEnd)) {
                of = Numbers.decimal(line.substring(start, totalEnd));
                end = totalEnd;
            }
        }
        return unit(from, end, found, of);
    }

    private int unit(int from, int end, double found, double of) {
        char next = end < line.length() ? line.charAt(end) : ' ';
        if (next == '%' || next == '°') {
            nameFrom = end + 1;
            return end + 1;
        }
        if (!isLetter(next)) {
            return add(from, end, found, of, false);
        }
        int close = wordEnd(end);
        double multiplier = close == end + 1 ? multiplier(next) : 0;
        if (multiplier > 0) {
            return add(from, close, found * multiplier, of, true);
        }
        if (line.startsWith("ms", end) && close == end + 2) {
            return add(from, close, found, of, false);
        }
        if (hasSeparator(from)) {
            // 24s, 85GB, 1.2.3abc: a number of something, or none.
            addText(from, close);
        }
        nameFrom = close;
        return close;
    }

    private static double multiplier(char sign) {
        return switch (sign) {
            case 'k', 'K' -> 1e3;
            case 'M' -> 1e6;
            case 'G', 'B' -> 1e9;
            case 'T' -> 1e12;
            default -> 0;
        };
    }

    /** A date, a time of day, an address, a version. */
    private boolean isComposite(int from, int end) {
        if (end >= line.length()) {
            return false;
        }
        char next = line.charAt(end);
        boolean digitFollows = end + 1 < line.length() && Numbers.isDigit(line.charAt(end + 1));
        return digitFollows && (next == ':' || next == '.' || (next == '-' && Numbers.digitsEnd(line, from) == end));
    }

    private int composite(int from) {
        int i = from;
        while (i < line.length() && (Numbers.isDigit(line.charAt(i)) || ":.-+,TZ".indexOf(line.charAt(i)) >= 0)) {
            i++;
        }
        // A comma or a sign at its end belongs to what follows.
        while (i > from + 1 && ",:+-".indexOf(line.charAt(i - 1)) >= 0) {
            i--;
        }
        if (hasSeparator(from)) {
            textFrom(from, i);
        }
        nameFrom = i;
        return i;
    }

    /** Three digits after each comma, and a digit before the first: 10,255,073,280. */
    private int thousandsEnd(int from, int end) {
        int i = end;
        boolean plain = Numbers.digitsEnd(line, from) == end && end - from <= 3;
        while (plain && i < line.length() && line.charAt(i) == ',' && Numbers.digitsEnd(line, i + 1) == i + 4) {
            i += 4;
        }
        return i;
    }

    private boolean continues(int end) {
        return end + 1 < line.length()
                && (line.charAt(end) == '/' || line.charAt(end) == '.')
                && Numbers.isDigit(line.charAt(end + 1));
    }

    // ---- names ----

    /** {@return where the value ends, and the next name may begin} */
    private int add(int from, int end, double number, double of, boolean rounded) {
        add(from, number, of, rounded, null);
        nameFrom = end;
        return end;
    }

    private void addText(int from, int to) {
        add(from, Double.NaN, Double.NaN, false, line.substring(from, to));
    }

    private void add(int valueFrom, double number, double of, boolean rounded, @Nullable String text) {
        int from = nameFrom;
        int to = line.startsWith(TENSOR, valueFrom - TENSOR.length()) ? valueFrom - TENSOR.length() : valueFrom;
        while (to > from && isAround(line.charAt(to - 1))) {
            to--;
        }
        while (from < to && isAround(line.charAt(from))) {
            from++;
        }
        String name = line.substring(from, to);
        if (name.isEmpty()) {
            name = !Double.isNaN(of) ? FRACTION : lastSignBefore(valueFrom) == 0 ? FIRST : "";
        }
        fields.add(new Field(from, name, number, of, rounded, text));
    }

    private boolean hasName(int valueFrom) {
        for (int i = nameFrom; i < valueFrom; i++) {
            if (!isAround(line.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private boolean hasSeparator(int valueFrom) {
        char before = lastSignBefore(valueFrom);
        return (before == ':' || before == '=') && hasName(valueFrom);
    }

    /** {@return the sign before a place, spaces, quotes and an opening bracket passed over; 0 if there is none} */
    private char lastSignBefore(int place) {
        for (int i = place - 1; i >= 0; i--) {
            char c = line.charAt(i);
            if (c != ' ' && c != '\'' && c != '"' && c != '-' && c != '+') {
                return c;
            }
        }
        return 0;
    }

    private int spacesEnd(int from) {
        int i = from;
        while (i < line.length() && line.charAt(i) == ' ') {
            i++;
        }
        return i;
    }

    private static boolean isAround(char c) {
        return is(c, AROUND) || c == '•';
    }

    private static boolean isLetter(char c) {
        return is(c, LETTER) || (c >= KINDS.length && Character.isLetter(c));
    }
}
