package org.etascope.cli;

import org.etascope.logs.LossPoint;

/**
 * The times of a log that is read after the fact. Its own come first; where it tells only how long the training has taken,
 * or nothing at all (then a step takes a given time), they count from a given moment.
 */
final class LogTime implements RunClock {
    private final double stepSeconds;
    private final long startMillis;
    private double elapsedMillis;
    private long millis;
    private boolean absolute;

    /** A clock of a log that, where it tells no time, began then and took so long for a step. */
    LogTime(double stepSeconds, long startMillis) {
        this.stepSeconds = stepSeconds;
        this.startMillis = startMillis;
        this.millis = startMillis;
    }

    @Override
    public void at(LossPoint point, long steps) {
        if (point.epochMillis >= 0) {
            absolute = true;
            millis = point.epochMillis;
        } else if (!absolute) {
            elapsedMillis = point.elapsedMillis >= 0 ? point.elapsedMillis : elapsedMillis + 1e3 * stepSeconds * steps;
            // As Math.round does for times that are not negative, in a fraction of its time.
            millis = startMillis + (long) (elapsedMillis + 0.5);
        }
    }

    @Override
    public long getAsLong() {
        return millis;
    }

    /** {@return whether the log has told its times} */
    boolean absolute() {
        return absolute;
    }
}
