package org.etascope.core;

import org.jspecify.annotations.Nullable;

/**
 * When things happened, in seconds since 1970-01-01 UTC, each NaN until it has. A clock that goes back never moves
 * {@code lastStepSeconds} back.
 *
 * @param startSeconds when the monitor was built
 * @param lastStepSeconds when the last step was reported
 * @param saturationSeconds the latest entry into {@link Phase#SATURATED}
 * @param endSeconds when the run ended
 * @param outcome how it ended; null while it runs, and where nobody knows
 */
public record Timeline(
        double startSeconds,
        double lastStepSeconds,
        double saturationSeconds,
        double endSeconds,
        @Nullable Outcome outcome) {
    /** {@return whether the run has ended} */
    public boolean ended() {
        return !Double.isNaN(endSeconds);
    }

    /** {@return how the run stands or ended, in a word: "running", "finished", "failed", "interrupted", "ended"} */
    public String words() {
        if (outcome != null) {
            return outcome.words();
        }
        return ended() ? "ended" : "running";
    }

    /** {@link Long#MIN_VALUE} is a time that has not come. */
    static double seconds(long millis) {
        return millis == Long.MIN_VALUE ? Double.NaN : millis / 1e3;
    }
}
