package org.etascope.dl4j;

import java.util.concurrent.atomic.AtomicBoolean;
import org.etascope.core.RunMonitor;
import org.slf4j.Logger;

/** Keeps a listener's own faults away from training: counted always, logged once. Never throws. */
final class Faults {
    private final RunMonitor monitor;
    private final Logger log;
    private final AtomicBoolean logged = new AtomicBoolean();

    Faults(RunMonitor monitor, Logger log) {
        this.monitor = monitor;
        this.log = log;
    }

    /** Contains whatever a callback threw: a dying monitor must not take a training run with it. */
    void contain(Throwable fault) {
        try {
            if (!logged.getAndSet(true)) {
                log.warn(
                        "Etascope failed inside a training callback; training goes on. Later faults are counted only.",
                        fault);
            }
            monitor.countError();
        } catch (Throwable e) {
            // Not even counting works; there is nobody left to tell.
        }
    }

    /** Counts the time since a callback began. */
    void time(long startNanos) {
        try {
            monitor.addCallbackNanos(System.nanoTime() - startNanos);
        } catch (Throwable e) {
            contain(e);
        }
    }
}
