package org.etascope.core;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The clock of all runs: the one scheduler, on two daemon threads, that observers, journals and the end of a run share.
 *
 * <p>Events are handed out one at a time, in order, on at most one of the threads, so that an observer that never returns
 * leaves the other one to the rest. Whatever a task throws goes no further, and a repeated one goes on; counting and telling
 * is the task's affair. Any thread may call.
 */
public final class Background {
    private static final int MOST_EVENTS = 1_024;
    private static final ScheduledThreadPoolExecutor CLOCK = clock();

    private static final Queue<Runnable> EVENTS = new ArrayDeque<>(); // guarded by itself, as is the flag
    private static boolean handingOut;

    private Background() {}

    private static ScheduledThreadPoolExecutor clock() {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(2, daemons("etascope"));
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }

    static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Runs a task again and again, with a pause between the end of one and the beginning of the next.
     *
     * @param pause that pause, also before the first time; above 0
     * @param task what to run
     * @return to cancel it by
     */
    public static Future<?> every(Duration pause, Runnable task) {
        long nanos = pause.toNanos();
        return CLOCK.scheduleWithFixedDelay(() -> contained(task), nanos, nanos, TimeUnit.NANOSECONDS);
    }

    /**
     * Runs a task once.
     *
     * @param delay when from now
     * @param task what to run
     * @return to cancel it by
     */
    public static Future<?> later(Duration delay, Runnable task) {
        return CLOCK.schedule(() -> contained(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** {@return whether the event will be handed out; never waits, though the queue be full} */
    static boolean tell(Runnable event) {
        synchronized (EVENTS) {
            if (EVENTS.size() >= MOST_EVENTS) {
                return false;
            }
            if (!handingOut) {
                try {
                    CLOCK.execute(Background::handOut);
                } catch (OutOfMemoryError e) {
                    return false; // No thread is to be had.
                }
                handingOut = true;
            }
            return EVENTS.add(event);
        }
    }

    private static void handOut() {
        while (true) {
            Runnable event;
            synchronized (EVENTS) {
                event = EVENTS.poll();
                if (event == null) {
                    handingOut = false;
                    return;
                }
            }
            contained(event);
        }
    }

    private static void contained(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            // Everyone's clock must not stop for one, nor for want of memory.
        }
    }
}
