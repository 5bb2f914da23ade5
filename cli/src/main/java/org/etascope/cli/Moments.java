package org.etascope.cli;

import java.util.ArrayList;
import java.util.List;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;

/**
 * Keeps moments of a replayed run at even times, as scrapes would have: every 15 s, and every second one of them is given
 * up whenever there are too many.
 */
final class Moments {
    private static final int MOST = 4_000;

    private final List<RunSnapshot> kept = new ArrayList<>();
    private long intervalMillis = 15_000;
    private long nextMillis = Long.MIN_VALUE;

    /** The run stands at some moment. */
    void look(RunMonitor monitor, long millis) {
        if (millis >= nextMillis) {
            nextMillis = millis + intervalMillis;
            kept.add(monitor.snapshot());
            if (kept.size() > MOST) {
                thinOut();
            }
        }
    }

    private void thinOut() {
        List<RunSnapshot> all = List.copyOf(kept);
        kept.clear();
        for (int i = 0; i < all.size(); i += 2) {
            kept.add(all.get(i));
        }
        intervalMillis *= 2;
    }

    /** {@return the moments, the run's last one among them} */
    List<RunSnapshot> upTo(RunMonitor monitor) {
        List<RunSnapshot> all = new ArrayList<>(kept);
        all.add(monitor.snapshot());
        return all;
    }
}
