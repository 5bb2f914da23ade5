package org.etascope.cli.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the lines of a log look like: texts that stay the same, with numbers between them. A line of a known shape is
 * read without its format's parser, whatever the format. One that has none of the shapes, or needs a second thought, is
 * left to the parser.
 *
 * <p>A parser tells which numbers of a line it took ({@link #took}) and where it does not care what they are ({@link
 * #passedOver}); all else in the line is text, which must be the same for the numbers to mean the same. It confirms with
 * {@link #complete} that the line has told it nothing else.
 */
final class LineShapes {
    private static final int MOST_SHAPES = 4;
    private static final int MOST_FIELDS = 32;
    private static final int LONGEST_LINE = 1 << 12;
    /** Once there are enough shapes, one of so many strange lines becomes a new one: learning makes garbage. */
    private static final int STRANGERS = 1 << 10;

    private final List<Shape> shapes = new ArrayList<>();
    private int latest;
    private int oldest;
    private int strangers;

    private boolean learning;
    private final List<Field> learnt = new ArrayList<>();
    private final Decimal number = new Decimal();
    private byte[] line = {};
    private int at;

    /** Some text and the number behind it. */
    private static final class Field {
        private final Word before;
        /** What the number is, null if nobody cares. */
        private final @Nullable Role role;

        private final Decimal number = new Decimal();

        Field(Word before, @Nullable Role role) {
            this.before = before;
            this.role = role;
        }
    }

    private static final class Shape {
        private final Field[] fields;
        private final Word after;

        Shape(List<Field> fields, Word after) {
            this.fields = fields.toArray(Field[]::new);
            this.after = after;
        }

        boolean read(byte[] text, int from, int to, LossPoint point) throws NotANumberException {
            int i = from;
            for (Field field : fields) {
                Decimal number = field.number;
                if (!field.before.isAt(text, i, to) || !number.readAlike(text, i + field.before.length(), to)) {
                    return false;
                }
                i = number.end;
                if (field.role != null && !take(field.role, number, point)) {
                    return false;
                }
            }
            return to - i == after.length() && after.isAt(text, i, to);
        }

        /** The strictest of the formats decides what needs no second thought. */
        private static boolean take(Role role, Decimal number, LossPoint point) throws NotANumberException {
            if (!number.asInJson() || (role == Role.STEP && !number.isWhole())) {
                return false;
            }
            point.set(role, number.value());
            return true;
        }
    }

    /** {@return whether the line was read; if not, the point may hold some of it} */
    boolean read(byte[] text, int from, int to, LossPoint point) {
        for (int i = 0; i < shapes.size(); i++) {
            int next = latest + i < shapes.size() ? latest + i : latest + i - shapes.size();
            try {
                if (shapes.get(next).read(text, from, to, point)) {
                    latest = next;
                    return true;
                }
            } catch (NotANumberException e) {
                // The parser will say what is wrong.
            }
            point.clear();
        }
        return false;
    }

    /** The parser begins with a line. */
    void begin(byte[] text, int from, int to) {
        learning = to - from <= LONGEST_LINE && (shapes.size() < MOST_SHAPES || ++strangers % STRANGERS == 0);
        learnt.clear();
        line = text;
        at = from;
    }

    /** The parser took a number. */
    void took(Role role, int from, int to) {
        if (learning) {
            field(role, from, to);
        }
    }

    /** The parser passed over something, and numbers within it do not matter. */
    void passedOver(int from, int to) {
        for (int i = from; learning && i < to; i++) {
            if (number.read(line, i, to)) {
                int end = number.end;
                field(null, i, end);
                // What follows a number is none.
                i = end;
            }
        }
    }

    private void field(@Nullable Role role, int from, int to) {
        learning = learnt.size() < MOST_FIELDS && number.read(line, from, to) && number.end == to;
        learnt.add(new Field(new Word(Arrays.copyOfRange(line, at, from)), role));
        at = to;
    }

    /** The line held nothing but what the parser told. */
    void complete(int to) {
        if (!learning || learnt.isEmpty()) {
            return;
        }
        Shape shape = new Shape(learnt, new Word(Arrays.copyOfRange(line, at, to)));
        if (shapes.size() < MOST_SHAPES) {
            shapes.add(shape);
        } else {
            shapes.set(oldest, shape);
            oldest = (oldest + 1) % MOST_SHAPES;
        }
    }
}
