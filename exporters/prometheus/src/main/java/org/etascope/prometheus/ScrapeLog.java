package org.etascope.prometheus;

import java.time.Duration;
import java.util.Arrays;

/**
 * When scrapes came, and whether one more has come: what the end of a run waits for.
 *
 * <p>Somebody who has scraped during the run will come again after one interval. Waiting for that shows them the end;
 * waiting where nobody scrapes would only keep the process alive for nothing.
 */
final class ScrapeLog {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    /** The wait ends with the next scrape; a busy machine gets a second for it, however often it was scraped before. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private static final int INTERVALS = 8;

    /** The latest ones. The longest counts: two servers that scrape one after the other make every second one short. */
    private final long[] intervalsNanos = new long[INTERVALS];

    private long scrapes;
    private long lastBegunNanos;
    private boolean delivered;
    private long lastTakenNanos;

    /** A scrape has come. */
    synchronized void begin() {
        long now = System.nanoTime();
        if (scrapes > 0) {
            intervalsNanos[(int) (scrapes % INTERVALS)] = now - lastBegunNanos;
        }
        scrapes++;
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

    /** {@return how long the end of a run is worth waiting for: two intervals, 1 to 30 s; nothing without a scrape} */
    synchronized Duration patience() {
        if (scrapes == 0) {
            return Duration.ZERO;
        }
        if (scrapes == 1) {
            return LONGEST;
        }
        long twoIntervals = 2 * Arrays.stream(intervalsNanos).max().orElseThrow();
        return Duration.ofNanos(Math.max(SHORTEST.toNanos(), Math.min(LONGEST.toNanos(), twoIntervals)));
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
