package org.etascope.core;

import org.jspecify.annotations.Nullable;

/** When a run began and ended, and how. Guarded by the monitor's lock. */
final class Lifetime {
    /** How far a run has come in its epochs, which says how it ended where nobody else does. */
    private enum Epoch {
        /** No epoch was reported, or steps came after the last one's end. */
        NONE,
        /** An epoch was begun and has not ended. */
        OPEN,
        /** An epoch has ended and no step came since. */
        ENDED
    }

    private final long startMillis;
    private Epoch epoch = Epoch.NONE;
    private long endMillis = Long.MIN_VALUE;
    private @Nullable Outcome outcome;

    Lifetime(long startMillis) {
        this.startMillis = startMillis;
    }

    void startEpoch() {
        epoch = Epoch.OPEN;
    }

    void endEpoch() {
        epoch = Epoch.ENDED;
    }

    void step() {
        if (epoch == Epoch.ENDED) {
            epoch = Epoch.NONE;
        }
    }

    boolean ended() {
        return endMillis != Long.MIN_VALUE;
    }

    void end(long millis, @Nullable Outcome how) {
        endMillis = millis;
        outcome = how;
    }

    /**
     * {@return what a close says that was told nothing: interrupted while a signal ends this JVM, failed inside an epoch,
     * since training code that returns ends its epochs, finished after one, else null}
     */
    @Nullable
    Outcome ofClose(boolean signalled) {
        if (signalled) {
            return Outcome.INTERRUPTED;
        }
        return switch (epoch) {
            case OPEN -> Outcome.FAILED;
            case ENDED -> Outcome.FINISHED;
            case NONE -> null;
        };
    }

    /** The JVM runs its exit hooks under a thread that has the signal's name; a call of System.exit has none. */
    static boolean signalled() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .anyMatch(name -> name.equals("SIGINT handler") || name.equals("SIGTERM handler"));
    }

    Timeline timeline(long lastStepMillis, long saturationMillis) {
        return new Timeline(
                Timeline.seconds(startMillis),
                Timeline.seconds(lastStepMillis),
                Timeline.seconds(saturationMillis),
                Timeline.seconds(endMillis),
                outcome);
    }
}
