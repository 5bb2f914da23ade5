package org.etascope.prometheus;

import java.time.Duration;

/**
 * When scrapes came, and whether one more has come: what the end of a run waits for.
 *
 * <p>Somebody who has scraped during the run will come again after one interval. Waiting for that shows them the end;
 * waiting where nobody scrapes would only keep the process alive for nothing.
 */
final class ScrapeLog {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private boolean seen;
    private long lastBegunNanos;
    private long intervalNanos = LONGEST.toNanos();
    private boolean delivered;
    private long lastTakenNanos;

    /** A scrape has come. */
    synchronized void begin() {
        long now = System.nanoTime();
        if (seen) {
            intervalNanos = now - lastBegunNanos;
        }
        seen = true;
        lastBegunNanos = now;
    }

    /**
     * A scrape's answer has gone out whole.
     *
     * @param takenNanos when its values were taken
     */
    synchronized void delivered(long takenNanos) {
        delivered = true;
        lastTakenNanos = takenNanos;
        notifyAll();
    }

    /** {@return how long the end of a run is worth waiting for: two intervals, 30 s at most, nothing without a scrape} */
    synchronized Duration patience() {
        if (!seen) {
            return Duration.ZERO;
        }
        Duration twoIntervals = Duration.ofNanos(2 * intervalNanos);
        return twoIntervals.compareTo(LONGEST) < 0 ? twoIntervals : LONGEST;
    }

    /** Waits until a scrape with values taken after this call has been delivered, or the time is up, or an interrupt. */
    synchronized void awaitOneMore(Duration longest) {
        long called = System.nanoTime();
        long left = longest.toNanos();
        try {
            while (left > 0 && !(delivered && lastTakenNanos - called > 0)) {
                wait(left / 1_000_000, (int) (left % 1_000_000));
                left = longest.toNanos() - (System.nanoTime() - called);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
