package org.etascope.cli;

import java.util.ArrayList;
import java.util.List;
import org.etascope.logs.LossPoint;
import org.etascope.logs.LossSink;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;

/**
 * Keeps moments of a replayed run at even times, as scrapes would have: every 15 s, and every second one of them is given
 * up whenever there are too many.
 */
final class Moments implements LossSink {
    private static final int MOST = 4_000;

    private final RunFeed feed;
    private final LogTime time;
    private final List<RunSnapshot> kept = new ArrayList<>();
    private long intervalMillis = 15_000;
    private long nextMillis = Long.MIN_VALUE;

    Moments(RunFeed feed, LogTime time) {
        this.feed = feed;
        this.time = time;
    }

    @Override
    public void point(LossPoint point) {
        feed.point(point);
        RunMonitor monitor = feed.monitor();
        if (monitor != null && time.getAsLong() >= nextMillis) {
            nextMillis = time.getAsLong() + intervalMillis;
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

    @Override
    public void text(long count) {
        feed.text(count);
    }

    @Override
    public void unreadable(String where, String problem) {
        feed.unreadable(where, problem);
    }

    /** {@return the moments, the run's last one among them} */
    List<RunSnapshot> upTo(RunMonitor monitor) {
        List<RunSnapshot> all = new ArrayList<>(kept);
        all.add(monitor.snapshot());
        return all;
    }
}
