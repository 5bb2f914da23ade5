package org.etascope.cli;

import java.util.ArrayList;
import java.util.List;
import org.etascope.cli.StreamOptions.Series;
import org.etascope.logs.LossPoint;
import org.etascope.logs.LossSink;

/**
 * Reads a log once before it counts, to find where its steps go back.
 *
 * <p>A step that goes back to k is a restart: all points from step k on that came before it count no longer. Back to the
 * run's beginning with a loss near the first one is a new run. Where steps go back more often than one line in twenty,
 * several processes print into one log: then a step counts the first time it is seen.
 */
final class Restarts implements LossSink {
    /** A loss at least this share of the first one is that of a model which has not been trained. */
    static final double NEAR_THE_FIRST = 0.85;

    static final int POINTS_PER_RESTART = 20;
    private static final int MOST_PIECES = 100_000;

    /** Points in a row, by their place among all points of the log. */
    private static final class Piece {
        private final long from;
        private final boolean newRun;
        private final boolean renumbered;
        private long keepBelow = Long.MAX_VALUE;

        private Piece(long from, boolean newRun, boolean renumbered) {
            this.from = from;
            this.newRun = newRun;
            this.renumbered = renumbered;
        }
    }

    private final Series series;
    private final List<Piece> pieces = new ArrayList<>();
    private long points;
    private long numbered;
    private long firstStep = -1;
    private long lastStep = -1;
    private double firstLoss = Double.NaN;

    // While the log is read for the second time.
    private boolean interleaved;
    private int current;
    private long read;
    private long mostSteps = -1;

    Restarts(Series series) {
        this.series = series;
    }

    /** What a point begins. */
    enum Begin {
        /** Nothing. */
        NONE,
        /** The log goes on from a point that is not the one before this. */
        SEGMENT,
        /** A new run. */
        RUN
    }

    @Override
    public void point(LossPoint point) {
        long place = points++;
        if (!series.isIn(point) || point.step < 0) {
            return;
        }
        numbered++;
        double loss = series.loss(point);
        if (pieces.isEmpty()) {
            begin(new Piece(place, false, false), point.step, loss);
        } else if (point.step < lastStep && pieces.size() < MOST_PIECES) {
            boolean toTheBeginning = point.step <= Math.max(1, firstStep);
            if (toTheBeginning && loss >= NEAR_THE_FIRST * firstLoss) {
                begin(new Piece(place, true, false), point.step, loss);
            } else if (toTheBeginning && point.step <= 1) {
                pieces.add(new Piece(place, false, true));
            } else {
                cut(point.step);
                pieces.add(new Piece(place, false, false));
            }
        }
        lastStep = point.step;
    }

    private void begin(Piece piece, long step, double loss) {
        pieces.add(piece);
        firstStep = step;
        firstLoss = loss;
    }

    /** Earlier cuts reach no lower than later ones, or they would have been replaced. */
    private void cut(long step) {
        for (int i = pieces.size() - 1; i >= 0; i--) {
            Piece piece = pieces.get(i);
            if (piece.keepBelow <= step) {
                return;
            }
            piece.keepBelow = step;
            if (piece.newRun || piece.renumbered) {
                return;
            }
        }
    }

    /** The log is read again from its beginning. */
    void again() {
        interleaved = pieces.size() > 2 && (long) pieces.size() * POINTS_PER_RESTART > numbered;
        current = 0;
        read = 0;
    }

    /** {@return what the next point begins} */
    Begin next() {
        long place = read++;
        Begin begin = Begin.NONE;
        while (!interleaved && current + 1 < pieces.size() && pieces.get(current + 1).from <= place) {
            current++;
            begin = pieces.get(current).newRun ? Begin.RUN : Begin.SEGMENT;
        }
        return begin;
    }

    /** {@return whether that point counts: it did not come again later, or before} */
    boolean keeps(LossPoint point) {
        if (interleaved) {
            boolean seen = point.step >= 0 && point.hasLoss && point.step <= mostSteps;
            mostSteps = point.hasLoss ? Math.max(mostSteps, point.step) : mostSteps;
            return !seen;
        }
        return current >= pieces.size() || point.step < pieces.get(current).keepBelow;
    }
}
