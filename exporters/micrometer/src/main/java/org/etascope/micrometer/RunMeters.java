package org.etascope.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;
import org.etascope.core.Background;
import org.etascope.core.OneLine;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunObserver;
import org.etascope.core.RunSnapshot;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The meters of one run, for any registry.
 *
 * <pre>{@code
 * new RunMeters(monitor).bindTo(registry);
 * }</pre>
 *
 * <p><b>One moment.</b> All series that a thread reads in one scrape come from one snapshot, so that η·N = bits holds in
 * every scrape. A scrape is known by its reading no series twice; an endpoint that knows when its scrapes begin and end
 * can say so with {@link #freeze()} and {@link #thaw()}.
 *
 * <p><b>Lifetime.</b> The meters stay for a while after the run was closed, so that its end is scraped, and then go by
 * themselves, sooner where more than a thousand runs are over; {@link #close()} takes them away at once. {@link
 * EtascopeMeter#RUN_INFO} comes once the baseline is frozen and is replaced when one of its tags changes.
 *
 * <p><b>Cost.</b> Nothing on the training thread; a scrape costs a snapshot. Any thread may call any method.
 */
public final class RunMeters implements MeterBinder, AutoCloseable {
    /** How long the meters of a closed run stay: as long as an endpoint waits for a scraper to see the end. */
    public static final Duration DEFAULT_LINGER = Duration.ofMinutes(3);

    private static final Logger LOG = LoggerFactory.getLogger(RunMeters.class);

    /** A sweep that ends together has to be seen to its end. */
    private static final int MOST_LINGERING = 1_000;
    /** Runs that are over and still shown, the first one first: of many short ones the first make way. */
    private static final Set<RunMeters> LINGERING = new LinkedHashSet<>(); // guarded by itself

    private final RunMonitor monitor;
    private final Duration linger;
    private final String run;
    private final Moments moments;
    private final Map<MeterRegistry, Bound> registries = new HashMap<>();
    private final RunObserver atEnd = new RunObserver() {
        @Override
        public void ended(RunSnapshot last) {
            beginLinger();
        }
    };
    /** Takes the meters away when they have stayed long enough; cancelled with them, so that no timer keeps a run. */
    private @Nullable Future<?> lingering;

    private volatile @Nullable Tags identity;
    /** How many series there are beside those that each run has. */
    private volatile int added;

    private boolean closed;

    /** What one registry was given. */
    private static final class Bound {
        final List<Meter> meters = new ArrayList<>();
        final Map<EtascopeMeter, Integer> series = new HashMap<>();

        @Nullable
        Meter info;
    }

    /**
     * Meters that stay for {@link #DEFAULT_LINGER} after the run was closed.
     *
     * @param monitor the run
     */
    public RunMeters(RunMonitor monitor) {
        this(monitor, DEFAULT_LINGER);
    }

    /**
     * Meters with a lifetime of their own.
     *
     * @param monitor the run
     * @param linger how long they stay after the run was closed
     */
    public RunMeters(RunMonitor monitor, Duration linger) {
        this.monitor = monitor;
        this.linger = linger;
        this.moments = new Moments(monitor);
        // A run that has ended gives its name to the next: folds, seeds and retries have one name and follow each
        // other.
        RunNames.ended(monitor).forEach(RunMeters::close);
        this.run = RunNames.claim(monitor, this);
        monitor.addObserver(atEnd);
        if (monitor.closed()) {
            beginLinger();
        }
    }

    private void beginLinger() {
        synchronized (this) {
            if (closed || lingering != null) {
                return;
            }
            lingering = Background.later(linger, () -> contained(this::close));
        }
        RunMeters tooMany = null;
        synchronized (LINGERING) {
            LINGERING.add(this);
            if (LINGERING.size() > MOST_LINGERING) {
                tooMany = LINGERING.iterator().next();
                LINGERING.remove(tooMany); // It may have been closed already.
            }
        }
        if (tooMany != null) {
            tooMany.close();
        }
    }

    /** {@return the value of the {@code run} tag: the run's name, or with "-2" behind it if another run has that name} */
    public String run() {
        return run;
    }

    /** {@return whether the meters have gone: by {@link #close()}, or with the end of the run} */
    public synchronized boolean closed() {
        return closed;
    }

    /** Binding once more changes nothing, but where the registry has lost meters, all or some: it has them again. */
    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        if (!closed) {
            registries.putIfAbsent(registry, new Bound());
            restore();
        }
    }

    /** Registers all anew where some are missing: it was cleared, or another binder of this run took them with it. */
    private synchronized void restore() {
        // To look for them takes the list of all that the registry has: only where some were given.
        registries.replaceAll((registry, bound) ->
                bound.meters.isEmpty() || new HashSet<>(registry.getMeters()).containsAll(bound.meters)
                        ? bound
                        : new Bound());
        complete(monitor.snapshot());
    }

    /** Gives every registry what it lacks: all series at first, later those of layers and energy, and the identity when it changes. */
    private void complete(RunSnapshot now) {
        Tags known = RunLabels.settled(now) ? RunLabels.of(run, now) : null;
        registries.forEach((registry, bound) -> {
            addSeries(registry, bound, now);
            if (known != null && (bound.info == null || !known.equals(identity))) {
                if (bound.info != null) {
                    registry.remove(bound.info);
                }
                bound.info = register(registry, EtascopeMeter.RUN_INFO, known, self -> 1);
            }
        });
        identity = known;
        added = Math.max(added, addedTo(now));
    }

    private void addSeries(MeterRegistry registry, Bound bound, RunSnapshot now) {
        Tags common = RunLabels.ofSeries(run, now);
        for (EtascopeMeter meter : EtascopeMeter.all()) {
            List<EtascopeMeter.Series> series = meter.series(now);
            for (int i = bound.series.getOrDefault(meter, 0); i < series.size(); i++) {
                EtascopeMeter.Series one = series.get(i);
                int index = bound.meters.size();
                bound.meters.add(
                        register(registry, meter, common.and(one.tags()), self -> self.value(index, one.value())));
            }
            bound.series.merge(meter, series.size(), Math::max);
        }
    }

    private Meter register(MeterRegistry registry, EtascopeMeter meter, Tags tags, ToDoubleFunction<RunMeters> value) {
        if (meter.type() == Meter.Type.COUNTER) {
            return FunctionCounter.builder(meter.meterName(), this, value)
                    .tags(tags)
                    .baseUnit(meter.baseUnit())
                    .description(meter.description())
                    .register(registry);
        }
        return Gauge.builder(meter.meterName(), this, value)
                .tags(tags)
                .baseUnit(meter.baseUnit())
                .description(meter.description())
                .strongReference(true)
                .register(registry);
    }

    private double value(int series, ToDoubleFunction<RunSnapshot> value) {
        RunSnapshot snapshot = moments.read(series);
        if (series == 0 && changed(snapshot)) {
            // Once per scrape, and elsewhere: a registry may not like to be changed while it is being read.
            Future<?> unused = Background.later(Duration.ZERO, () -> contained(() -> refresh(snapshot)));
        }
        return value.applyAsDouble(snapshot);
    }

    private boolean changed(RunSnapshot snapshot) {
        return addedTo(snapshot) > added
                || (RunLabels.settled(snapshot) && !RunLabels.of(run, snapshot).equals(identity));
    }

    private synchronized void refresh(RunSnapshot snapshot) {
        if (!closed && changed(snapshot)) {
            complete(snapshot);
        }
    }

    /** Layers come once they are probed, energy once it is measured. */
    private static int addedTo(RunSnapshot run) {
        return run.layers().residuals().size() + (run.energy().known() ? 1 : 0);
    }

    /**
     * Takes one moment of the run, which every meter shows to this thread until {@link #thaw()}.
     *
     * @return that moment
     */
    public RunSnapshot freeze() {
        RunSnapshot snapshot = moments.freeze();
        refresh(snapshot);
        return snapshot;
    }

    /** Ends what {@link #freeze()} began on this thread. */
    public void thaw() {
        moments.thaw();
    }

    /** Faults are counted and logged, and go no further. */
    private void contained(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            monitor.countError();
            LOG.warn("the meters of run {} could not be changed", OneLine.of(run), e);
        }
    }

    /** Takes the meters out of all registries where no other binder holds them. The run itself goes on. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            registries.forEach((registry, bound) -> {
                bound.meters.forEach(registry::remove);
                if (bound.info != null) {
                    registry.remove(bound.info);
                }
            });
            registries.clear();
            if (lingering != null) {
                lingering.cancel(false);
            }
        }
        synchronized (LINGERING) {
            LINGERING.remove(this);
        }
        monitor.removeObserver(atEnd);
        // Those who hold the same run in the same registry keep its meters.
        RunNames.release(run, this).forEach(RunMeters::restore);
    }
}
