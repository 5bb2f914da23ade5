package org.etascope.cli;

import java.util.List;
import java.util.Objects;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.logs.LossPoint;
import org.jspecify.annotations.Nullable;

/**
 * One run of a replayed log.
 *
 * @param feed brings the points to it
 * @param time its clock
 * @param kept moments of it, null if none are asked for
 */
record ReplayedRun(RunFeed feed, LogTime time, @Nullable Moments kept) {
    void point(LossPoint point) {
        feed.point(point);
        RunMonitor monitor = feed.monitor();
        if (kept != null && monitor != null) {
            kept.look(monitor, time.getAsLong());
        }
    }

    /** {@return the run; to be asked once a point has come} */
    RunMonitor monitor() {
        return Objects.requireNonNull(feed.monitor());
    }

    /** The log has ended. Lines and records without a loss are counted beside the skipped steps. */
    void close() {
        RunMonitor monitor = monitor();
        for (long i = 0; i < feed.textLines(); i++) {
            monitor.skip();
        }
        RunFeed.end(monitor);
    }

    /** {@return the moments that were kept, and the last one} */
    List<RunSnapshot> moments() {
        return kept == null ? List.of() : kept.upTo(monitor());
    }
}
