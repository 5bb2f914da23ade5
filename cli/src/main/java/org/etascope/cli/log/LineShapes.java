package org.etascope.cli.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The shapes that the lines of a log have had. Most lines have the shape of one just before, and are then read without
 * their format's parser, whatever the format; any other line is left to the parser.
 *
 * <p>While it reads, a parser tells of each number that it took ({@link #took}) and where digits mean nothing ({@link
 * #passedOver}); all else must stay as it is. It confirms with {@link #complete} that the line told it nothing else.
 */
final class LineShapes {
    private static final int MOST_SHAPES = 4;
    private static final int LONGEST_LINE = 1 << 10;
    /** Once there are enough shapes, one of so many other lines makes a new one: learning makes garbage. */
    private static final int OTHERS = 1 << 5;

    private final List<LineShape> shapes = new ArrayList<>();
    private int latest;
    private int oldest;
    private int others;

    // The line that is learnt from.
    private boolean learning;
    private boolean complete;
    private final boolean[] free = new boolean[LONGEST_LINE];
    private final List<LineShape.Place> places = new ArrayList<>();
    private int start;

    /** {@return whether the next line has a known shape; then it is passed, and the point holds what is in it} */
    boolean read(Lines lines, LossPoint point) {
        for (int i = 0; i < shapes.size(); i++) {
            int at = latest + i < shapes.size() ? latest + i : latest + i - shapes.size();
            LineShape shape = shapes.get(at);
            if (lines.nextHas(shape)) {
                latest = at;
                return read(shape, lines, point);
            }
        }
        return false;
    }

    private static boolean read(LineShape shape, Lines lines, LossPoint point) {
        try {
            shape.read(lines.text(), lines.nextFrom(), point);
        } catch (NotANumberException e) {
            // The parser will say what is wrong.
            point.clear();
            return false;
        }
        lines.pass(shape);
        return true;
    }

    /** A parser begins with a line. */
    void begin(Lines line) {
        complete = false;
        int length = line.nextFrom() - line.from();
        boolean wanted = shapes.size() < MOST_SHAPES || ++others % OTHERS == 0;
        learning = wanted && line.terminated() && length <= LONGEST_LINE;
        if (learning) {
            start = line.from();
            places.clear();
            Arrays.fill(free, 0, length, false);
        }
    }

    /** The parser took a number by its role, as {@link LossPoint#set(Role, byte[], int, int)} does. */
    void took(Role role, int from, int to) {
        if (learning) {
            passedOver(from, to);
            places.add(new LineShape.Place(role, from - start, to - start));
        }
    }

    /** Other digits there would have changed nothing. */
    void passedOver(int from, int to) {
        if (learning) {
            Arrays.fill(free, from - start, to - start, true);
        }
    }

    /** The parser has told of all that it took. */
    void complete() {
        complete = true;
    }

    /** The line held a point. */
    void learn(Lines line) {
        if (!learning || !complete) {
            return;
        }
        byte[] copy = Arrays.copyOfRange(line.text(), line.from(), line.nextFrom());
        LineShape shape = new LineShape(copy, free, places);
        if (shapes.size() < MOST_SHAPES) {
            shapes.add(shape);
        } else {
            shapes.set(oldest, shape);
            oldest = (oldest + 1) % MOST_SHAPES;
        }
    }
}
