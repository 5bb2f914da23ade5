package org.etascope.examples.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Tokens per second over the last ten seconds or so. For one thread. */
final class Speed {
    private static final double WINDOW_SECONDS = 10;

    private record Mark(double seconds, long tokens) {}

    private final Deque<Mark> marks = new ArrayDeque<>(List.of(new Mark(0, 0)));

    /**
     * {@return the speed, NaN while no time has passed}
     *
     * @param seconds now, from the start of training
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
