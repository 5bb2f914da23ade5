package org.etascope.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.apache.spark.api.plugin.PluginContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An executor's steps on their way to the driver. Bounded: what finds no room is counted, and told. A message is sent
 * until the driver answers, and it knows one that it has had already by its number: each step arrives once.
 */
final class Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final int ROOM = 65_536;
    private static final int TRIES = 3;

    private static volatile @Nullable Outbox current;

    private final PluginContext context;
    private final String executor = UUID.randomUUID().toString();
    private final Deque<StepUpdate> waiting = new ArrayDeque<>();
    private final Object sending = new Object();

    // Guarded by the queue.
    private long lost;

    // Guarded by sending.
    private long sequence;
    private @Nullable StepMessage unanswered;

    Outbox(PluginContext context) {
        this.context = context;
    }

    /** Makes this the outbox of the process. */
    void open() {
        current = this;
    }

    void close() {
        flush();
        if (current == this) {
            current = null;
        }
    }

    /** Notes a step. Never waits for the driver; without a plugin it does nothing. */
    static void put(StepUpdate update) {
        Outbox own = current;
        if (own != null) {
            own.add(update);
        }
    }

    private void add(StepUpdate update) {
        synchronized (waiting) {
            if (waiting.size() < ROOM) {
                waiting.add(update);
            } else {
                lost++;
            }
        }
    }

    /** Sends all that waits. Called after each task, before the driver knows of its end, and now and then meanwhile. */
    void flush() {
        synchronized (sending) {
            while (true) {
                StepMessage message = unanswered == null ? next() : unanswered;
                if (message == null) {
                    return;
                }
                unanswered = message;
                if (!sent(message)) {
                    return;
                }
                unanswered = null;
            }
        }
    }

    private @Nullable StepMessage next() {
        List<StepUpdate> updates;
        long without;
        synchronized (waiting) {
            if (waiting.isEmpty()) {
                return null;
            }
            String session = waiting.getFirst().getSessionID();
            updates = new ArrayList<>();
            while (!waiting.isEmpty() && waiting.getFirst().getSessionID().equals(session)) {
                updates.add(waiting.removeFirst());
            }
            without = lost;
            lost = 0;
        }
        return new StepMessage(executor, ++sequence, updates, without);
    }

    private boolean sent(StepMessage message) {
        for (int i = 0; i < TRIES; i++) {
            try {
                context.ask(message);
                return true;
            } catch (Exception e) {
                LOG.debug("the driver did not answer", e);
            }
        }
        LOG.warn("The driver does not answer: steps of executor {} wait.", context.executorID());
        return false;
    }
}
