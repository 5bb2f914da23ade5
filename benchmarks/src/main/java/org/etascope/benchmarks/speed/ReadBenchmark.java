package org.etascope.benchmarks.speed;

import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.etascope.core.LearningRateSchedule;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.micrometer.RunMeters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to look at runs of 20,000 steps. Nothing of this happens on a training thread. */
@SuppressWarnings("deprecation") // Micrometer's simpleclient registry is deprecated, and our default
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 30) // of so long an operation the code is compiled late
public class ReadBenchmark {
    private static final int RUNS = 100;
    private static final int STEPS = 20_000;

    private final List<RunMonitor> monitors = new ArrayList<>();
    private final List<RunMeters> meters = new ArrayList<>();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** Trains the runs and binds their meters. */
    public ReadBenchmark() {
        for (int run = 0; run < RUNS; run++) {
            RunMonitor monitor = trained("run-" + run);
            RunMeters bound = new RunMeters(monitor);
            bound.bindTo(registry);
            monitors.add(monitor);
            meters.add(bound);
        }
    }

    private static RunMonitor trained(String name) {
        RunMonitor monitor = RunMonitor.builder(name)
                .modelSize(new ModelSize(96_816, 32))
                .vocabularySize(64)
                .plannedSteps(2 * STEPS)
                .schedule(LearningRateSchedule.parse("linear"))
                .build();
        for (int step = 0; step < STEPS; step++) {
            monitor.step(1_600, 1.2 + 2.96 * Math.pow(1 + step / 10.0, -0.45), step);
        }
        return monitor;
    }

    /**
     * One consistent moment.
     *
     * @return the moment
     */
    @Benchmark
    public RunSnapshot snapshot() {
        return monitors.get(0).snapshot();
    }

    /**
     * The text of one scrape of a hundred runs, each a step further than at the last one and frozen as the endpoint does it.
     *
     * @return the text
     */
    @Benchmark
    public String scrapeOfHundredRuns() {
        monitors.forEach(monitor -> monitor.step(1, 1.3));
        meters.forEach(RunMeters::freeze);
        try {
            return registry.scrape();
        } finally {
            meters.forEach(RunMeters::thaw);
        }
    }
}
