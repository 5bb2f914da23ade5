package org.etascope.cli;

import org.etascope.logs.LossPoint;

/**
 * The time of a replayed log. If its points have times, these are it. If they only count time since the start, or none
 * at all (then a step takes a given time), times count from 1970 during the replay, and {@link #shiftSeconds} says how
 * far they are to be moved for the run to end at a given moment.
 */
final class LogTime implements RunClock {
    private final double stepSeconds;
    private double elapsedMillis;
    private long millis;
    private boolean absolute;

    LogTime(double stepSeconds) {
        this.stepSeconds = stepSeconds;
    }

    @Override
    public void at(LossPoint point, long steps) {
        if (point.epochMillis >= 0) {
            absolute = true;
            millis = point.epochMillis;
        } else if (!absolute) {
            elapsedMillis = point.elapsedMillis >= 0 ? point.elapsedMillis : elapsedMillis + 1e3 * stepSeconds * steps;
            // As Math.round does for times that are not negative, in a fraction of its time.
            millis = (long) (elapsedMillis + 0.5);
        }
    }

    @Override
    public long getAsLong() {
        return millis;
    }

    /** {@return what must be added to the run's times} */
    double shiftSeconds(double endSeconds) {
        return absolute ? 0 : endSeconds - millis / 1e3;
    }
}
