package org.etascope.core;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The marks of a run in the order of their beginning. Of each kind it keeps at most 32; one more joins the two nearest of
 * them, so that none is lost and memory stays bounded. Single writer.
 */
final class Marks extends StateFields.Part {
    static final int MOST_OF_A_KIND = 32;

    private static final Mark BLANK = new Mark(Mark.Kind.SAVED, 0, 0, 0, 0, 0, 0, 0, 0);

    private List<Mark> marks = new ArrayList<>();
    /** Steps without a usable loss, which the run's own count leaves out. */
    private long lostSteps;

    /** A report that stands for some steps, behind those that the run has counted. */
    void nonFinite(long stepsMeant, Counts counts, long millis) {
        long first = counts.steps() + lostSteps + 1;
        lostSteps += stepsMeant;
        Mark mark = mark(Mark.Kind.NON_FINITE, first, counts, millis, Double.NaN, Double.NaN);
        // Each report is one loss, however many steps it stands for.
        add(new Mark(
                mark.kind(),
                1,
                first,
                first + stepsMeant - 1,
                mark.tokens(),
                mark.tokens(),
                mark.seconds(),
                Double.NaN,
                Double.NaN));
    }

    void learningRate(double before, double after, Counts counts) {
        long next = counts.steps() + lostSteps + 1;
        add(mark(Mark.Kind.LEARNING_RATE, next, counts, counts.lastStepMillis(), before, after));
    }

    void now(Mark.Kind kind, Counts counts) {
        add(mark(kind, counts.steps() + lostSteps, counts, counts.lastStepMillis(), Double.NaN, Double.NaN));
    }

    private static Mark mark(Mark.Kind kind, long step, Counts counts, long millis, double before, double after) {
        double seconds = Timeline.seconds(millis);
        return new Mark(kind, 1, step, step, counts.tokens(), counts.tokens(), seconds, before, after);
    }

    private void add(Mark mark) {
        int last = lastOf(mark.kind());
        if (last >= 0 && goesOn(marks.get(last), mark)) {
            marks.set(last, marks.get(last).with(mark));
            return;
        }
        marks.add(mark);
        joinNearest(mark.kind());
    }

    private int lastOf(Mark.Kind kind) {
        int i = marks.size() - 1;
        while (i >= 0 && marks.get(i).kind() != kind) {
            i--;
        }
        return i;
    }

    private static boolean goesOn(Mark last, Mark next) {
        return switch (next.kind()) {
            case NON_FINITE -> last.lastStep() + 1 == next.firstStep();
            case LEARNING_RATE ->
                last.after() == next.before()
                        && last.lastStep() + 1 >= next.firstStep()
                        // A dip is a fall and a rise.
                        && (last.after() > last.before()) == (next.after() > next.before());
            default -> false;
        };
    }

    private void joinNearest(Mark.Kind kind) {
        int of = 0;
        int earlier = -1;
        int first = -1;
        int second = -1;
        double nearest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < marks.size(); i++) {
            Mark mark = marks.get(i);
            if (mark.kind() != kind) {
                continue;
            }
            of++;
            double distance = earlier < 0
                    ? Double.POSITIVE_INFINITY
                    : (mark.firstStep() - marks.get(earlier).lastStep()) / Math.max(1.0, mark.firstStep());
            if (distance < nearest) {
                nearest = distance;
                first = earlier;
                second = i;
            }
            earlier = i;
        }
        if (of > MOST_OF_A_KIND) {
            marks.set(first, marks.get(first).with(marks.get(second)));
            marks.remove(second);
        }
    }

    /** {@return a copy} */
    List<Mark> list() {
        return List.copyOf(marks);
    }

    @Override
    void fields(StateFields state) throws IOException {
        lostSteps = state.next(lostSteps);
        marks = state.next(marks, MOST_OF_A_KIND * Mark.Kind.values().length, BLANK, state::next);
    }
}
