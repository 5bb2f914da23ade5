package org.etascope.prometheus;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;

/** The runs of an endpoint and the registry that their meters are in. Any thread may call any method. */
@SuppressWarnings("deprecation") // Micrometer prefers its newer client; simpleclient is what this exporter is for
final class WatchedRuns implements AutoCloseable {
    /** Runs that have ended stay on the page; the oldest go when there are more than this. */
    private static final int MOST_ENDED_RUNS = 100;

    private static final double NANOS_PER_SECOND = 1e9;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final List<WatchedRun> runs = new CopyOnWriteArrayList<>();
    private int lastLength;
    private long added;
    private final ScrapeTexts texts = new ScrapeTexts(this::ends, this::text, System::nanoTime);

    WatchedRuns() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        gc.bindTo(registry);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            bindProcessorTime(system);
        }
    }

    /** Micrometer's own ProcessorMetrics takes 0.15 ms a scrape, more than all meters of a run together. */
    private void bindProcessorTime(OperatingSystemMXBean system) {
        FunctionCounter.builder("process.cpu", system, s -> s.getProcessCpuTime() / NANOS_PER_SECOND)
                .baseUnit("seconds")
                .description("Processor time of this process.")
                .register(registry);
    }

    /** Adds a run; one that is here already stays as it is. An ended run of the same name makes way. */
    synchronized WatchedRun add(RunMonitor monitor) {
        for (WatchedRun run : runs) {
            if (run.monitor() == monitor) {
                return run;
            }
        }
        WatchedRun watched = new WatchedRun(monitor);
        runs.removeIf(run -> run.name().equals(watched.name()));
        List<WatchedRun> ended =
                runs.stream().filter(run -> run.monitor().closed()).toList();
        runs.removeAll(ended.subList(0, Math.max(0, ended.size() - MOST_ENDED_RUNS)));
        watched.meters().bindTo(registry);
        runs.add(watched);
        added++;
        return watched;
    }

    synchronized void remove(WatchedRun run) {
        run.meters().close();
        runs.remove(run);
    }

    /** {@return the runs, in the order of their arrival} */
    List<WatchedRun> all() {
        return runs;
    }

    Optional<WatchedRun> find(String name) {
        return runs.stream().filter(run -> run.name().equals(name)).findFirst();
    }

    List<RunSnapshot> snapshots() {
        return runs.stream().map(WatchedRun::snapshot).toList();
    }

    /** {@return the metrics for one scrape} */
    ScrapeTexts.Text scrape(String contentType) {
        return texts.get(contentType);
    }

    /** The next scrape shows what is now. */
    void forgetText() {
        texts.forget();
    }

    /** {@return how many runs there have been, if all of them have ended; otherwise -1} */
    synchronized long ends() {
        return runs.stream().allMatch(run -> run.monitor().closed()) ? added : -1;
    }

    /** {@return all metrics, each run's from one moment} */
    private String text(String contentType) {
        List<WatchedRun> scraped = List.copyOf(runs);
        try {
            scraped.forEach(run -> run.meters().freeze());
            TextWriter text = new TextWriter(lastLength + lastLength / 8);
            registry.scrape(text, contentType);
            String metrics = text.toString();
            lastLength = metrics.length();
            return metrics;
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        } finally {
            scraped.forEach(run -> run.meters().thaw());
        }
    }

    @Override
    public void close() {
        runs.forEach(this::remove);
        gc.close();
        registry.close();
    }
}
