package org.etascope.prometheus;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Who looks at the runs again and again, and how often: what the end of a run waits for.
 *
 * <p>Somebody who has scraped during the run comes again after one interval. Waiting for that shows them the end; waiting
 * where nobody scrapes would only keep the process alive for nothing. Scrapers are told apart by address and User-Agent, two
 * that share both by the connection that each keeps. Who has come once is none yet. Any thread may call any method.
 */
final class Scrapers {
    /** The longest wait for a scraper, whatever its interval. */
    static final Duration LONGEST = Duration.ofMinutes(3);
    /** The wait ends with the next scrape; a busy machine gets a second for it, however often it was scraped before. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    /** A page in a hidden tab is slowed down by its browser; nobody looks at it. */
    private static final Duration LONGEST_FOR_PAGE = Duration.ofSeconds(5);

    private static final int MOST = 64;
    private static final int INTERVALS = 8;

    private final LongSupplier nanoTime;
    private final List<Scraper> all = new ArrayList<>();

    Scrapers(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** One who looks. Its fields belong to the lock of the list. */
    static final class Scraper {
        private final String name;
        private final Duration longest;
        /** The latest ones. The longest counts: two that cannot be told apart make every second one short. */
        private final long[] intervalsNanos = new long[INTERVALS];

        private Object connection;
        private BooleanSupplier open;
        private long visits;
        private long lastNanos;
        private long endsShown = -1;

        private Scraper(String name, Object connection, BooleanSupplier open, Duration longest) {
            this.name = name;
            this.longest = longest;
            this.connection = connection;
            this.open = open;
        }

        private boolean is(String other, Object its) {
            return name.equals(other) && (connection.equals(its) || !open.getAsBoolean());
        }

        private long lastNanos() {
            return lastNanos;
        }

        private void visit(long now) {
            if (visits > 0) {
                intervalsNanos[(int) (visits % INTERVALS)] = now - lastNanos;
            }
            visits++;
            lastNanos = now;
        }

        /** How long to wait for it from now on: two intervals; not at all for one who came once or comes no more. */
        private long patienceNanos(long now) {
            long longestInterval = Arrays.stream(intervalsNanos).max().orElse(0);
            long patience = Math.max(SHORTEST.toNanos(), 2 * longestInterval);
            return visits < 2 || now - lastNanos > patience ? 0 : Math.min(patience, longest.toNanos());
        }
    }

    /**
     * A scrape has come.
     *
     * @param name address and User-Agent
     * @param connection the connection it came by
     * @param open whether that connection is still open
     * @return who scrapes
     */
    synchronized Scraper scrape(String name, Object connection, BooleanSupplier open) {
        return visit(name, connection, open, LONGEST);
    }

    /** The live page has asked; however many connections its browser opens, it is one. */
    synchronized Scraper poll(String name) {
        return visit("page " + name, name, () -> true, LONGEST_FOR_PAGE);
    }

    private Scraper visit(String name, Object connection, BooleanSupplier open, Duration longest) {
        long now = nanoTime.getAsLong();
        Scraper scraper = all.stream()
                .filter(one -> one.name.equals(name) && one.connection.equals(connection))
                .findFirst()
                .or(() -> all.stream().filter(one -> one.is(name, connection)).min(longestSilentFirst(now)))
                .orElseGet(() -> added(new Scraper(name, connection, open, longest), now));
        scraper.connection = connection;
        scraper.open = open;
        scraper.visit(now);
        return scraper;
    }

    private static Comparator<Scraper> longestSilentFirst(long now) {
        return Comparator.comparingLong(one -> one.lastNanos() - now);
    }

    private Scraper added(Scraper scraper, long now) {
        if (all.size() == MOST) {
            all.remove(all.stream().min(longestSilentFirst(now)).orElseThrow());
        }
        all.add(scraper);
        return scraper;
    }

    /**
     * An answer has gone out whole.
     *
     * @param scraper who has it
     * @param ends the ends it shows, see {@link WatchedRuns#ends}
     */
    synchronized void shown(Scraper scraper, long ends) {
        scraper.endsShown = ends;
        notifyAll();
    }

    /**
     * Waits until each scraper has been shown the end of all runs, at most two of its intervals, or until an interrupt.
     *
     * @param ends what has to be shown
     * @param longest the longest wait
     */
    synchronized void awaitEach(long ends, Duration longest) {
        long called = nanoTime.getAsLong();
        try {
            long left = leftNanos(ends, called, longest);
            while (left > 0) {
                wait(left / 1_000_000, (int) (left % 1_000_000));
                left = leftNanos(ends, called, longest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long leftNanos(long ends, long called, Duration longest) {
        long patience = all.stream()
                .filter(one -> one.endsShown != ends)
                .mapToLong(one -> one.patienceNanos(called))
                .max()
                .orElse(0);
        return Math.min(patience, longest.toNanos()) - (nanoTime.getAsLong() - called);
    }
}
