package org.etascope.core;

/**
 * When things happened, in seconds since 1970-01-01 UTC, each NaN until it has. A clock that goes back never moves
 * {@code lastStepSeconds} back.
 *
 * @param startSeconds when the monitor was built
 * @param lastStepSeconds when the last step was reported
 * @param saturationSeconds the latest entry into {@link Phase#SATURATED}
 * @param endSeconds when the run was closed
 */
public record Timeline(double startSeconds, double lastStepSeconds, double saturationSeconds, double endSeconds) {
    /** {@return whether the run has ended} */
    public boolean ended() {
        return !Double.isNaN(endSeconds);
    }
}
