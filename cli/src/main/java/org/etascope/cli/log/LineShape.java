package org.etascope.cli.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of which nothing but digits may change: its length, its text and the places of its numbers stay. Eight bytes are
 * compared at a time, the line's end among them, so that a line of this shape is found and checked in one go.
 *
 * <p>A number of two digits or more does not begin with a zero unless it did so before, since not all formats allow that.
 */
final class LineShape {
    private static final long ZEROS = 0x3030303030303030L;
    private static final long TOP_BITS = 0x8080808080808080L;
    private static final long OTHER_BITS = ~TOP_BITS;
    /** Added to a byte above 9 it sets the top bit. */
    private static final long BEYOND_NINE = 0x7676767676767676L;

    private final int length;
    private final Field[] fields;
    // Of each eight bytes: which ones are text, and what text; which ones are digits, and which of those are not 0.
    private final long[] textMask;
    private final long[] text;
    private final long[] digits;
    private final long[] notZero;

    /** A number that means something. */
    private static final class Field {
        private final Role role;
        private final int from;
        private final int to;
        private final @Nullable ShortNumber number;

        Field(Role role, int from, int to, @Nullable ShortNumber number) {
            this.role = role;
            this.from = from;
            this.to = to;
            this.number = number;
        }
    }

    /**
     * A number in a line.
     *
     * @param role what it is
     * @param from where it begins
     * @param to where it ends
     */
    record Place(Role role, int from, int to) {}

    /**
     * The shape of a line.
     *
     * @param line the line and nothing else, with its end
     * @param free the places whose digits may change
     * @param places the numbers that mean something, all of them
     */
    LineShape(byte[] line, boolean[] free, List<Place> places) {
        length = line.length;
        int eights = (length + Long.BYTES - 1) / Long.BYTES;
        textMask = new long[eights];
        text = new long[eights];
        digits = new long[eights];
        notZero = new long[eights];
        for (int i = 0; i < length; i++) {
            int at = i / Long.BYTES;
            int shift = Byte.SIZE * (i % Long.BYTES);
            if (!free[i] || !Bytes.isDigit(line[i])) {
                textMask[at] |= 0xFFL << shift;
                text[at] |= ((line[i] ^ '0') & 0xFFL) << shift;
            } else {
                digits[at] |= 0x80L << shift;
                notZero[at] |= mustNotBeZero(line, i) ? 0x80L << shift : 0;
            }
        }
        fields = places.stream()
                .map(p -> new Field(p.role, p.from, p.to, ShortNumber.of(line, p.from, p.to)))
                .toArray(Field[]::new);
    }

    private static boolean mustNotBeZero(byte[] line, int i) {
        boolean first = i == 0 || !(Bytes.isDigit(line[i - 1]) || line[i - 1] == '.');
        return first && line[i] != '0' && i + 1 < line.length && Bytes.isDigit(line[i + 1]);
    }

    /** {@return bytes, its end included} */
    int length() {
        return length;
    }

    /** {@return whether a line of this shape begins there; eight bytes more than its length can be read} */
    boolean fits(byte[] buffer, int from) {
        for (int i = 0; i < text.length; i++) {
            long eight = Bytes.eight(buffer, from + Long.BYTES * i) ^ ZEROS;
            // Without the top bits no byte carries into the next one.
            long low = eight & OTHER_BITS;
            long wrong = ((eight & textMask[i]) ^ text[i])
                    | (((low + BEYOND_NINE) | eight) & digits[i])
                    | (~(low + OTHER_BITS) & notZero[i]);
            if (wrong != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Takes the numbers of a line that fits.
     *
     * @throws NotANumberException as the format's parser would
     */
    void read(byte[] buffer, int from, LossPoint point) throws NotANumberException {
        for (Field field : fields) {
            ShortNumber number = field.number;
            if (number != null) {
                point.set(field.role, number.read(buffer, from + field.from));
            } else {
                point.set(field.role, buffer, from + field.from, from + field.to);
            }
        }
    }

    /** An unsigned number without an exponent, of eight characters at most, its point at a known place. */
    private static final class ShortNumber {
        private static final double[] POWERS_OF_TEN = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7};

        private final long wholeMask;
        private final int shift;
        private final double scale;

        private ShortNumber(int whole, int fraction) {
            wholeMask = fraction == 0 ? -1 : (1L << (Byte.SIZE * whole)) - 1;
            shift = Byte.SIZE * (Long.BYTES - whole - fraction);
            scale = POWERS_OF_TEN[fraction];
        }

        static @Nullable ShortNumber of(byte[] line, int from, int to) {
            int point = Bytes.digitsEnd(line, from, to);
            boolean hasPoint = point < to && line[point] == '.';
            int end = hasPoint ? Bytes.digitsEnd(line, point + 1, to) : point;
            int whole = point - from;
            int fraction = hasPoint ? end - point - 1 : 0;
            boolean bareEnd = hasPoint && fraction == 0;
            boolean plain = end == to && whole > 0 && !bareEnd;
            return plain && to - from <= Long.BYTES ? new ShortNumber(whole, fraction) : null;
        }

        double read(byte[] buffer, int from) {
            long eight = Bytes.eight(buffer, from) ^ ZEROS;
            // The fraction moves over its point, and all to the top, which leaves zeros before the first digit.
            long row = ((eight & wholeMask) | ((eight >>> Byte.SIZE) & ~wholeMask)) << shift;
            // Neighbours join: two digits in 16 bits, four in 32, eight in 64.
            long pairs = (row * 10 + (row >>> 8)) & 0x00FF00FF00FF00FFL;
            long fours = (pairs * 100 + (pairs >>> 16)) & 0x0000FFFF0000FFFFL;
            long number = (fours * 10_000 + (fours >>> 32)) & 0xFFFFFFFFL;
            // Both are exact, so that the one division rounds correctly.
            return number / scale;
        }
    }
}
