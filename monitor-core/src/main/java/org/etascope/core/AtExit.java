package org.etascope.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What is still to be done when the JVM ends, by a signal or because training is over: the one exit hook of all runs. The
 * tasks run side by side, so that none waits for another, and the JVM waits for them for ten seconds at most. Any thread may
 * call.
 */
public final class AtExit implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Set<AtExit> TASKS = new LinkedHashSet<>(); // guarded by itself, as is the flag
    private static boolean hooked;

    private final Runnable task;

    private AtExit(Runnable task) {
        this.task = task;
    }

    /**
     * Has something done when the JVM ends. Where it is ending already, nothing is done.
     *
     * @param task what to do; what it throws goes no further
     * @return to be closed when it is no longer to be done
     */
    public static AtExit run(Runnable task) {
        AtExit added = new AtExit(task);
        synchronized (TASKS) {
            TASKS.add(added);
            if (!hooked) {
                hooked = true;
                hook();
            }
        }
        return added;
    }

    private static void hook() {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(AtExit::runAll, "etascope-exit"));
        } catch (IllegalStateException e) {
            // The JVM is ending already.
        }
    }

    private static void runAll() {
        List<Thread> threads = new ArrayList<>();
        synchronized (TASKS) {
            for (AtExit one : TASKS) {
                Thread thread = Background.daemons("etascope-exit").newThread(one.task);
                // The end of a process is no place for stack traces.
                thread.setUncaughtExceptionHandler((failed, cause) -> {});
                threads.add(thread);
            }
        }
        threads.forEach(Thread::start);
        long end = System.nanoTime() + LONGEST.toNanos();
        try {
            for (Thread thread : threads) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                thread.join(Math.max(1, left));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The task is no longer done. */
    @Override
    public void close() {
        synchronized (TASKS) {
            TASKS.remove(this);
        }
    }
}
