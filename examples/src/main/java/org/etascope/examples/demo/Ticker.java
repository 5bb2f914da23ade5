package org.etascope.examples.demo;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repeats a task on a daemon thread of its own. A task that throws is not repeated, and the log says so. */
final class Ticker {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ScheduledExecutorService thread;
    private final ScheduledFuture<?> rounds;

    private Ticker(String name, Duration pause, Runnable task) {
        this.thread = Executors.newSingleThreadScheduledExecutor(runnable -> {
            Thread daemon = new Thread(runnable, name);
            daemon.setDaemon(true);
            return daemon;
        });
        this.rounds = thread.scheduleWithFixedDelay(
                () -> round(name, task), FIRST.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * {@return a ticker that runs until it is stopped}
     *
     * @param name of its thread
     * @param pause between two rounds
     * @param task what to repeat
     */
    static Ticker start(String name, Duration pause, Runnable task) {
        return new Ticker(name, pause, task);
    }

    private static void round(String name, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.warn("{} stops", name, e);
            throw e;
        }
    }

    /** {@return whether the last round is over: after at most two seconds it is, or hangs} */
    boolean stop() {
        rounds.cancel(false);
        thread.shutdown();
        try {
            return thread.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
