package org.etascope.examples;

import java.util.ArrayDeque;
import java.util.Deque;

/** Tokens per second over the last ten seconds or so. For one thread. */
final class Speed {
    private static final double WINDOW_SECONDS = 10;

    private record Mark(double seconds, long tokens) {}

    private final Deque<Mark> marks = new ArrayDeque<>();

    /**
     * {@return the speed, NaN until there are two moments}
     *
     * @param seconds now, on any clock
     * @param tokens tokens of this process so far
     */
    double at(double seconds, long tokens) {
        marks.addLast(new Mark(seconds, tokens));
        while (marks.size() > 2 && seconds - marks.getFirst().seconds() > WINDOW_SECONDS) {
            marks.removeFirst();
        }
        Mark first = marks.getFirst();
        double passed = seconds - first.seconds();
        return passed > 0 ? (tokens - first.tokens()) / passed : Double.NaN;
    }
}
