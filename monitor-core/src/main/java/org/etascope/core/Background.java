package org.etascope.core;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The one daemon thread of all runs, started by the first of them. Twice a second it looks at each run, so that the
 * training thread need not apply what it has reported and observers hear of a change though nobody else looks; in between
 * it hands out events.
 */
final class Background {
    private static final int MOST_EVENTS = 1_024;
    /** Waking up costs more than what there is to apply: not too often. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final BlockingQueue<Runnable> EVENTS = new ArrayBlockingQueue<>(MOST_EVENTS);
    /** Weak: a run that was never closed and is forgotten must not stay. */
    private static final Set<RunMonitor> RUNS =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    static {
        Thread thread = new Thread(Background::serve, "etascope");
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            // No thread is to be had. Then those who look apply the reports, and events are dropped and counted.
        }
    }

    private Background() {}

    static void watch(RunMonitor run) {
        RUNS.add(run);
    }

    static void unwatch(RunMonitor run) {
        RUNS.remove(run);
    }

    /** {@return whether the event will be handed out; never waits, though the queue be full} */
    static boolean offer(Runnable event) {
        return EVENTS.offer(event);
    }

    private static void serve() {
        long next = System.nanoTime();
        while (true) {
            try {
                Runnable event = EVENTS.poll(next - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (event != null) {
                    event.run();
                }
                if (System.nanoTime() - next >= 0) {
                    next = System.nanoTime() + LOOK_NANOS;
                    look();
                }
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt this thread, and all runs need it.
            }
        }
    }

    private static void look() {
        for (RunMonitor run : RUNS.toArray(new RunMonitor[0])) {
            try {
                run.look();
            } catch (Throwable e) {
                // As anywhere: a fault of one run must not cost the others.
                run.countError();
            }
        }
    }
}
