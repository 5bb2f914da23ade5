package org.etascope.dl4j;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.BooleanSupplier;
import org.etascope.core.RunMonitor;
import org.jspecify.annotations.Nullable;

/**
 * What the listeners of one run must know of each other: a run is the training of one network, and each of its steps
 * counts once. Thread-safe.
 *
 * <p><b>One network.</b> On the thread that trained the run's network another one is a stranger, unless it goes on from
 * the same parameters (a network saved and loaded). On another thread one of the same size is a worker's replica.
 *
 * <p><b>Once.</b> A step that another listener has reported already is not reported again.
 */
final class Watch {
    private static final Map<RunMonitor, Watch> ALL = new WeakHashMap<>();

    private final List<WeakReference<Object>> strangers = new ArrayList<>();
    private WeakReference<@Nullable Object> network = new WeakReference<>(null);
    private long parameters = -1;
    private long thread;
    private volatile boolean anyStranger;

    // Held by the run, of which there are few.
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<@Nullable Reported> last = new ThreadLocal<>();

    /** One per thread: the step reported last on it, by whom. */
    private static final class Reported {
        private WeakReference<Object> network;
        private Object listener;
        private long iteration;

        Reported(WeakReference<Object> network, Object listener, long iteration) {
            this.network = network;
            this.listener = listener;
            this.iteration = iteration;
        }
    }

    private Watch() {}

    /** {@return what is known of that run, shared by all of its listeners; it does not hold the run} */
    static Watch of(RunMonitor monitor) {
        synchronized (ALL) {
            return ALL.computeIfAbsent(monitor, run -> {
                run.addObserver(new Voice());
                return new Watch();
            });
        }
    }

    /** {@return the iteration that was reported last, -1 if none was} */
    static long lastIteration(RunMonitor monitor) {
        double iteration = monitor.snapshot().progress().position().iteration();
        return Double.isNaN(iteration) ? -1 : (long) iteration;
    }

    /** The run goes on from a stored state: whichever network is trained next is its own. */
    synchronized void restored() {
        network = new WeakReference<>(null);
        parameters = -1;
        strangers.clear();
        anyStranger = false;
        last.remove();
    }

    /**
     * Looks at a network that this thread has not trained just before.
     *
     * @param count of its parameters
     * @param follows whether its iteration follows the run's last one
     * @param same whether its parameters are those of the network before; asked if that is still there
     * @return whether it is the run's network or a replica of it
     */
    synchronized boolean admit(Object candidate, long count, boolean follows, BooleanSupplier same) {
        if (isStranger(candidate)) {
            return false;
        }
        long current = Thread.currentThread().getId();
        Object known = network.get();
        if (known == candidate) {
            return true;
        }
        boolean first = parameters < 0;
        if (!first && count == parameters && thread != current) {
            return true;
        }
        if (first || (count == parameters && (known == null ? follows : same.getAsBoolean()))) {
            network = new WeakReference<>(candidate);
            parameters = count;
            thread = current;
            return true;
        }
        strangers.removeIf(stranger -> stranger.refersTo(null));
        strangers.add(new WeakReference<>(candidate));
        anyStranger = true;
        return false;
    }

    /** {@return the network that this run is of, null if there is none yet or it is gone} */
    synchronized @Nullable Object network() {
        return network.get();
    }

    boolean isStranger(Object candidate) {
        if (!anyStranger) {
            return false;
        }
        synchronized (this) {
            for (WeakReference<Object> stranger : strangers) {
                if (stranger.refersTo(candidate)) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * {@return whether this step is to be reported: no other listener has just reported it on this thread}
     *
     * @param listener stands for the listener, and must not lead to it or its run: the thread keeps it
     */
    boolean claim(Object listener, Object trained, long iteration) {
        Reported before = last.get();
        if (before == null) {
            last.set(new Reported(new WeakReference<>(trained), listener, iteration));
            return true;
        }
        boolean sameNetwork = before.network.refersTo(trained);
        if (sameNetwork && before.iteration == iteration && before.listener != listener) {
            return false;
        }
        if (!sameNetwork) {
            before.network = new WeakReference<>(trained);
        }
        before.listener = listener;
        before.iteration = iteration;
        return true;
    }
}
