package org.etascope.core;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * The observers of one run. Events leave the training thread through a bounded queue that all runs share, and one daemon
 * thread hands them out in order; it starts with the first observer.
 */
final class Observers {
    private static final int CAPACITY = 1_024;

    /** Started by the first run that has an observer; lives as long as the JVM. */
    private static final class Dispatcher {
        private static final BlockingQueue<Runnable> QUEUE = new ArrayBlockingQueue<>(CAPACITY);

        static {
            Thread thread = new Thread(Dispatcher::run, "etascope-observers");
            thread.setDaemon(true);
            thread.start();
        }

        private static void run() {
            while (true) {
                try {
                    QUEUE.take().run();
                } catch (InterruptedException e) {
                    // Nobody has a reason to interrupt this thread, and observers of other runs still wait on it.
                }
            }
        }
    }

    private final List<RunObserver> observers = new CopyOnWriteArrayList<>();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder errors = new LongAdder();

    void add(RunObserver observer) {
        observers.add(observer);
    }

    void remove(RunObserver observer) {
        observers.remove(observer);
    }

    /** Never waits: a full queue costs the event, not the training thread. */
    void tell(Consumer<RunObserver> event) {
        if (!observers.isEmpty() && !Dispatcher.QUEUE.offer(() -> deliver(event))) {
            dropped.increment();
        }
    }

    // An observer is other people's code: whatever it throws must not end the thread that serves the others.
    private void deliver(Consumer<RunObserver> event) {
        for (RunObserver observer : observers) {
            try {
                event.accept(observer);
            } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
                errors.increment();
            }
        }
    }

    long dropped() {
        return dropped.sum();
    }

    long errors() {
        return errors.sum();
    }
}
