package org.etascope.core;

import org.jspecify.annotations.Nullable;

/** How a run ended, where that is known. */
public enum Outcome {
    /** It came to the end it was meant to come to. */
    FINISHED("finished"),
    /** It broke off: an exception, or the end of the process in the middle of an epoch. */
    FAILED("failed"),
    /** Somebody stopped it: SIGINT or SIGTERM. */
    INTERRUPTED("interrupted");

    private final String words;

    Outcome(String words) {
        this.words = words;
    }

    /** {@return the name that metrics, JSON and pages use: lower case} */
    public String label() {
        return Labels.of(this);
    }

    /** {@return the outcome as a person reads it: "finished"} */
    public String words() {
        return words;
    }

    /** How far a run has come in its epochs, which says how it ended where nobody else does. */
    enum Epoch {
        /** No epoch was reported, or steps came after the last one's end. */
        NONE,
        /** An epoch was begun and has not ended. */
        OPEN,
        /** An epoch has ended and no step came since. */
        ENDED
    }

    /**
     * {@return what a close says that was told nothing: interrupted while a signal ends this JVM, failed inside an epoch,
     * since training code that returns ends its epochs, finished after one, else null}
     */
    static @Nullable Outcome ofClose(Epoch epoch) {
        if (signalled()) {
            return INTERRUPTED;
        }
        return switch (epoch) {
            case OPEN -> FAILED;
            case ENDED -> FINISHED;
            case NONE -> null;
        };
    }

    /** The JVM runs its exit hooks under a thread that has the signal's name; a call of System.exit has none. */
    private static boolean signalled() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .anyMatch(name -> name.equals("SIGINT handler") || name.equals("SIGTERM handler"));
    }
}
