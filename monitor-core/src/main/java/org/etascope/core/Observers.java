package org.etascope.core;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** The observers of one run. They are told in order, on a thread of the {@link Background}. */
final class Observers {
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
        if (!observers.isEmpty() && !Background.tell(() -> deliver(event))) {
            dropped.increment();
        }
    }

    // An observer is other people's code: whatever it throws must not end the thread that serves the others.
    private void deliver(Consumer<RunObserver> event) {
        for (RunObserver observer : observers) {
            try {
                event.accept(observer);
            } catch (Throwable e) {
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
