package org.etascope.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.etascope.core.RunState;
import org.etascope.logs.LossPoint;
import org.etascope.recording.Format;

/**
 * Takes a followed run back where its log goes back: to step k, so that what came from there on counts no longer; to the
 * beginning with a loss near H it is a new run. Of a log that always goes back, since several processes print into it, a
 * step counts the first time it is seen. The rules are those of {@link Restarts}, without knowing what comes.
 *
 * <p>At least the last 5,000 points are kept, and the state before them. From a step before those on the steps that come
 * again are passed over.
 */
final class Rewind {
    private static final int POINTS = 5_000;

    /** What is to be done with a point. */
    enum Turn {
        /** It counts. */
        COUNT,
        /** It came before. */
        DROP,
        /** It is the first one of a new run. */
        NEW_RUN
    }

    /** A run at some time, and what came since. */
    private record Mark(RunState state, RunFeed.Position position, List<LossPoint> since) {}

    private final List<Mark> marks = new ArrayList<>();
    private boolean fileIsNew = true;
    private long numbered;
    private long backs;
    private long lastStep = -1;
    private long countedUpTo = -1;

    /** Another file has come in the place of the one before. */
    void newFile() {
        fileIsNew = true;
    }

    /**
     * {@return what is to be done with the log's next point; the run has gone back by then, if it must}
     *
     * @param counts whether it holds a loss of the run's series
     * @param say told for people what was done
     */
    Turn turn(LossPoint point, RunFeed feed, boolean counts, Consumer<String> say) {
        if (point.step < 0 || feed.monitor() == null || !counts) {
            return point.step >= 0 && point.step <= countedUpTo && !counts ? Turn.DROP : Turn.COUNT;
        }
        long before = lastStep < 0 ? feed.position().step() : lastStep;
        boolean first = fileIsNew;
        fileIsNew = false;
        lastStep = point.step;
        numbered++;
        if (point.step >= before) {
            return point.step <= countedUpTo ? Turn.DROP : Turn.COUNT;
        }
        backs++;
        boolean begins = point.step <= Math.max(1, feed.position().interval());
        if (!first && backs * Restarts.POINTS_PER_RESTART > numbered) {
            countedUpTo = Math.max(countedUpTo, before);
            return Turn.DROP;
        }
        if (begins) {
            return feed.isNearTheBaseline(point) ? Turn.NEW_RUN : Turn.COUNT;
        }
        goBack(point.step, feed);
        say.accept("the log goes back from step " + Format.whole(before) + " to step " + Format.whole(point.step)
                + (countedUpTo < point.step
                        ? ": what came in between counts no longer"
                        : ", further than is kept: what comes again up to step " + Format.whole(countedUpTo)
                                + " is passed over"));
        return point.step <= countedUpTo ? Turn.DROP : Turn.COUNT;
    }

    private void goBack(long step, RunFeed feed) {
        while (marks.size() > 1 && marks.get(marks.size() - 1).position.step() >= step) {
            marks.remove(marks.size() - 1);
        }
        if (marks.isEmpty()) {
            return;
        }
        Mark mark = marks.get(marks.size() - 1);
        List<LossPoint> again =
                mark.since.stream().filter(point -> point.step < step).toList();
        mark.since.clear();
        mark.since.addAll(again);
        feed.goBack(mark.state, mark.position, again);
        countedUpTo = feed.position().step();
    }

    /** Keeps a point that the run has taken, and when that was. */
    void taken(LossPoint point, RunFeed feed, long epochMillis) {
        Mark last = marks.isEmpty() ? null : marks.get(marks.size() - 1);
        if (last != null && last.since.size() < POINTS) {
            LossPoint copy = point.copy();
            copy.epochMillis = epochMillis;
            last.since.add(copy);
        } else if (feed.monitor() != null) {
            marks.add(new Mark(feed.monitor().state(), feed.position(), new ArrayList<>()));
            if (marks.size() > 2) {
                marks.remove(0);
            }
        }
    }
}
