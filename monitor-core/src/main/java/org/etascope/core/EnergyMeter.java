package org.etascope.core;

import java.lang.ref.WeakReference;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Measures what this machine takes, once a second, and tells it to the runs that go on meanwhile.
 *
 * <pre>{@code
 * EnergyMeter.ofThisMachine().watch(monitor);
 * }</pre>
 *
 * <p><b>Threads.</b> A daemon thread of its own counts, and each source is read by another one: a driver that hangs holds up
 * neither a training nor a scrape nor the other sources; what it would have counted is a gap. Any thread may call any
 * method.
 *
 * <p><b>What a run is told.</b> The joules of all counters that are summed, from one second to the next: a run has those of
 * the whole seconds in which it went on, from the first that lies within it. Where several do, each has all of them and is
 * told that they are shared.
 */
public final class EnergyMeter implements AutoCloseable {
    /** The reason of a source before its first reading. */
    public static final String NOT_READ_YET = "not read yet";

    private static final Duration PERIOD = Duration.ofSeconds(1);
    /** Of a period, for all sources to answer. */
    private static final double PATIENCE = 0.8;

    static final int MOST_DOMAINS = 256;
    private static final long LONGEST_PACE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final List<Asked> sources;
    private final long patienceNanos;
    private final List<Watched> runs = new CopyOnWriteArrayList<>();
    private final @Nullable ScheduledExecutorService clock;
    private final Set<Runnable> listeners = Collections.newSetFromMap(new WeakHashMap<>());

    // Guarded by this.
    private final Map<Key, Followed> domains = new LinkedHashMap<>();
    private long tick;
    private long lastNanos;
    /** When the first of the joules last told began to be counted. */
    private long countedFrom;

    /**
     * What a counter has come to in this process.
     *
     * @param source name of its source
     * @param domain what is measured
     * @param joules counted
     * @param coveredSeconds over which they were counted
     * @param gaps times for which nothing could be counted
     */
    public record Domain(String source, String domain, double joules, double coveredSeconds, long gaps) {}

    /**
     * Whether a source can be read.
     *
     * @param name of the source
     * @param reason one line of what cannot be read and why, empty if all can
     */
    public record Source(String name, String reason) {}

    /** The one that all runs of this process share. */
    private static final class OfThisMachine {
        static final EnergyMeter METER = new EnergyMeter(
                ServiceLoader.load(EnergySource.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList(),
                PERIOD);
    }

    EnergyMeter(List<EnergySource> sources, Duration period) {
        this.patienceNanos = Math.round(PATIENCE * period.toNanos());
        this.sources = sources.stream().map(Asked::new).toList();
        if (sources.isEmpty()) {
            clock = null;
        } else {
            clock = Executors.newSingleThreadScheduledExecutor(Background.daemons("etascope-energy"));
            Future<?> unused = clock.scheduleAtFixedRate(this::measure, 0, period.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /**
     * {@return a meter of given sources, measuring}
     *
     * @param sources what to read; what they count must not overlap
     */
    public static EnergyMeter of(EnergySource... sources) {
        return new EnergyMeter(Arrays.asList(sources), PERIOD);
    }

    /**
     * {@return the meter of all sources that are on the class path, measuring: processors and graphics cards with {@code
     * etascope-energy}. One for the process, it is never closed; without a source it does nothing}
     */
    public static EnergyMeter ofThisMachine() {
        return OfThisMachine.METER;
    }

    /**
     * Tells a run from now on what is measured, until it ends.
     *
     * @param run the run; nothing happens where it is told already or there is nothing to measure with
     */
    public synchronized void watch(RunMonitor run) {
        if (!sources.isEmpty() && runs.stream().noneMatch(one -> one.run.get() == run)) {
            run.energy(EnergyReport.gap(0, "measuring begins"));
            runs.add(new Watched(run, System.nanoTime()));
        }
    }

    /**
     * Tells of each new counter and of each change of what can be read, on the meter's thread.
     *
     * @param told what to call, soon done; it is held weakly, so whoever wants to hear keeps it
     */
    public void onChange(Runnable told) {
        synchronized (listeners) {
            listeners.add(told);
        }
    }

    /** {@return what each counter has come to, those that are not summed too, in the order of their appearance} */
    public synchronized List<Domain> domains() {
        List<Domain> list = new ArrayList<>();
        domains.forEach((key, one) -> list.add(
                new Domain(key.source, key.domain, one.tally.joules(), one.tally.seconds(), one.tally.gaps())));
        return list;
    }

    /** {@return what state each source is in, one for each name} */
    public synchronized List<Source> sources() {
        Map<String, String> reasons = new LinkedHashMap<>();
        sources.forEach(one -> reasons.merge(one.source.name(), one.trouble, EnergyMeter::both));
        return reasons.entrySet().stream()
                .map(one -> new Source(one.getKey(), one.getValue()))
                .toList();
    }

    private static String both(String one, String other) {
        return one.isEmpty() || other.isEmpty() ? one + other : one + "; " + other;
    }

    /** Measures no more. */
    @Override
    public void close() {
        if (clock != null) {
            clock.shutdownNow();
        }
        sources.forEach(one -> one.thread.shutdownNow());
    }

    // ---- the meter's own thread ----

    private void measure() {
        try {
            List<Source> before = sources();
            int counters = domains().size();
            long nanos = System.nanoTime();
            sources.forEach(Asked::ask);
            for (Asked source : sources) {
                source.await(nanos + patienceNanos);
            }
            EnergyReport report = count(nanos);
            tell(report, nanos);
            if (domains().size() > counters || !sources().equals(before)) {
                changed();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // A clock whose task throws would never call it again.
            tell(EnergyReport.gap(0, "the meter has failed: " + e), System.nanoTime());
        }
    }

    private synchronized EnergyReport count(long nanos) {
        tick++;
        sources.forEach(this::take);
        double joules = Double.NaN;
        String missing = "";
        Set<String> parts = new LinkedHashSet<>();
        countedFrom = lastNanos;
        for (Map.Entry<Key, Followed> entry : domains.entrySet()) {
            Followed one = entry.getValue();
            if (!one.summed) {
                continue;
            }
            if (one.readAt == tick && !Double.isNaN(one.taken)) {
                joules = (Double.isNaN(joules) ? 0 : joules) + one.taken;
                countedFrom = one.takenFrom - countedFrom < 0 ? one.takenFrom : countedFrom;
                parts.add(one.part);
            }
            if (one.readAt != tick || !one.whole) {
                missing = both(missing, entry.getKey().words() + " has a gap");
            }
        }
        boolean nothing = domains.isEmpty();
        String trouble = sources.stream()
                .filter(one -> !one.absent || nothing)
                .map(one -> one.trouble.isEmpty() ? "" : one.source.name() + ": " + one.trouble)
                .reduce(missing, EnergyMeter::both);
        EnergyReport report = new EnergyReport(
                joules,
                (nanos - lastNanos) / 1e9,
                missing.isEmpty(),
                false,
                List.copyOf(parts),
                trouble.isEmpty() ? null : trouble);
        lastNanos = nanos;
        return report;
    }

    /** What a source has answered; one that has not may do so later, and its counters go on then. */
    private void take(Asked source) {
        if (!source.answered) {
            return;
        }
        for (EnergySource.Counter counter : source.counters) {
            Key key = new Key(source.source.name(), counter.domain());
            if (domains.size() < MOST_DOMAINS || domains.containsKey(key)) {
                domains.computeIfAbsent(key, unused -> new Followed(source)).read(counter, source.nanos, tick);
            }
        }
        domains.values().stream()
                .filter(one -> one.source == source && one.readAt != tick)
                .forEach(Followed::missing);
    }

    private void changed() {
        List<Runnable> told;
        synchronized (listeners) {
            told = List.copyOf(listeners);
        }
        for (Runnable one : told) {
            try {
                one.run();
            } catch (RuntimeException e) {
                // Whoever listens has to contain its own faults; the meter goes on.
            }
        }
    }

    private void tell(EnergyReport report, long nanos) {
        runs.removeIf(one -> one.over());
        long going = runs.stream().filter(one -> one.goesOn(nanos)).count();
        EnergyReport told = new EnergyReport(
                report.joules(), report.seconds(), report.whole(), going > 1, report.parts(), report.reason());
        for (Watched one : runs) {
            RunMonitor run = one.run.get();
            if (run != null) {
                boolean within = one.sinceNanos - countedFrom <= 0;
                run.energy(within ? told : EnergyReport.gap(0, "measuring begins"));
            }
        }
    }

    private record Key(String source, String domain) {
        String words() {
            return source + " " + domain;
        }
    }

    /** One counter. */
    private static final class Followed {
        final EnergyTally tally = new EnergyTally();
        /** Of several by one name, the one that shows it. */
        final Asked source;

        boolean summed;
        String part = "";
        /** Joules of the last reading, NaN for a gap. */
        double taken;
        /** Whether they are those of one second, and not of several that it took a driver to answer. */
        boolean whole;

        long readAt;
        private long readNanos;
        /** When the reading before was. */
        long takenFrom;

        Followed(Asked source) {
            this.source = source;
        }

        void read(EnergySource.Counter counter, long nanos, long tick) {
            taken = tally.read(counter.joules(), counter.rangeJoules(), nanos);
            whole = !Double.isNaN(taken) && readAt == tick - 1;
            summed = counter.summed();
            part = counter.part();
            readAt = tick;
            takenFrom = readNanos;
            readNanos = nanos;
        }

        void missing() {
            tally.missing();
        }
    }

    private record Answer(EnergySource.Reading reading, long nanos) {}

    /** A source, and the thread that waits for it. The meter's thread alone asks. */
    private static final class Asked {
        final EnergySource source;
        final ExecutorService thread;
        volatile String trouble = NOT_READ_YET;
        volatile boolean absent;
        private @Nullable Future<Answer> asked;
        boolean answered;
        List<EnergySource.Counter> counters = List.of();
        long nanos;

        Asked(EnergySource source) {
            this.source = source;
            this.thread = Executors.newSingleThreadExecutor(Background.daemons("etascope-energy-" + source.name()));
        }

        void ask() {
            if (asked == null) {
                asked = thread.submit(() -> new Answer(Objects.requireNonNull(source.read()), System.nanoTime()));
            }
        }

        void await(long deadline) throws InterruptedException {
            Future<Answer> waitedFor = Objects.requireNonNull(asked);
            answered = false;
            try {
                Answer answer = waitedFor.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                answeredWith(answer.reading.counters(), answer.nanos, answer.reading.trouble(), false);
            } catch (ExecutionException e) {
                Throwable why = Objects.requireNonNull(e.getCause());
                String said = why.getMessage() == null ? why.toString() : why.getMessage();
                answeredWith(List.of(), 0, said, why instanceof NoSuchFileException);
            } catch (TimeoutException e) {
                trouble = "it does not answer";
            }
        }

        private void answeredWith(List<EnergySource.Counter> counters, long nanos, String trouble, boolean absent) {
            asked = null;
            answered = true;
            this.counters = counters;
            this.nanos = nanos;
            this.trouble = RunInfo.cut(OneLine.of(trouble));
            this.absent = absent;
        }
    }

    /** A run that is told. Weak, since many are never closed. */
    private static final class Watched {
        final WeakReference<RunMonitor> run;
        final long sinceNanos;
        private long tokens;
        private long movedNanos;
        /** Between its latest two steps that were seen apart, 0 before the first. */
        private long paceNanos;

        Watched(RunMonitor run, long nanos) {
            this.run = new WeakReference<>(run);
            this.sinceNanos = nanos;
            this.tokens = run.tokens();
            this.movedNanos = nanos;
        }

        boolean over() {
            RunMonitor monitor = run.get();
            return monitor == null || monitor.closed();
        }

        /** Whether it has trained within twice the time that its last step took. */
        boolean goesOn(long nanos) {
            RunMonitor monitor = run.get();
            long now = monitor == null ? tokens : monitor.tokens();
            if (now != tokens) {
                tokens = now;
                paceNanos = Math.min(nanos - movedNanos, LONGEST_PACE_NANOS);
                movedNanos = nanos;
            }
            return nanos - movedNanos < 2 * paceNanos;
        }
    }
}
