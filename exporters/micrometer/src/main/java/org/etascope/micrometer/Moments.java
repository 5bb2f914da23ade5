package org.etascope.micrometer;

import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Lets a thread that reads one series after the other see one moment of the run in all of them.
 *
 * <p>Each thread has a snapshot of its own and notes which series it has read from it. Reading one again means that the
 * next scrape has begun, and takes a new snapshot. So does a snapshot older than a second, which is what someone left who
 * read a single series. A frozen snapshot stays until it is thawed.
 */
final class Moments {
    private static final long LONGEST_SCRAPE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final RunMonitor monitor;

    @SuppressWarnings("ThreadLocalUsage") // one for each run, so that it goes with the run
    private final ThreadLocal<@Nullable Moment> current = new ThreadLocal<>();

    Moments(RunMonitor monitor) {
        this.monitor = monitor;
    }

    private static final class Moment {
        final RunSnapshot snapshot;
        final boolean frozen;
        final long takenNanos = System.nanoTime();
        final BitSet read = new BitSet();

        Moment(RunSnapshot snapshot, boolean frozen) {
            this.snapshot = snapshot;
            this.frozen = frozen;
        }

        boolean serves(int series) {
            return frozen || (!read.get(series) && System.nanoTime() - takenNanos < LONGEST_SCRAPE_NANOS);
        }
    }

    /** {@return the moment that this thread reads from until it thaws} */
    RunSnapshot freeze() {
        RunSnapshot snapshot = monitor.snapshot();
        current.set(new Moment(snapshot, true));
        return snapshot;
    }

    void thaw() {
        current.remove();
    }

    /** {@return the snapshot to read a series from} */
    RunSnapshot read(int series) {
        Moment moment = current.get();
        if (moment == null || !moment.serves(series)) {
            moment = new Moment(monitor.snapshot(), false);
            current.set(moment);
        }
        moment.read.set(series);
        return moment.snapshot;
    }
}
