package org.etascope.benchmarks.speed;

import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.CollectorRegistry;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * One training step, reported in different ways. The bare loop does the additions that any such monitor must do and
 * publishes with one volatile write; the rivals set what a user of a metrics library would set by hand.
 */
@SuppressWarnings("deprecation") // Micrometer's simpleclient registry is deprecated, and our default
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StepBenchmark {
    private static final int LOSSES = 4_096;
    private static final int TOKENS = 1_600;
    private static final int STEPS_OF_A_RUN = 20_000;

    private final double[] losses = losses();
    private int next;

    private double loss() {
        return losses[next++ & (LOSSES - 1)];
    }

    private static double[] losses() {
        SplittableRandom random = new SplittableRandom(1);
        return random.doubles(LOSSES).map(u -> 3 + 0.1 * u).toArray();
    }

    // ---- the bare loop ----

    // Not private, since only written: the figures are not wanted, only their cost.
    double sum;
    double compensation;
    long steps;
    long tokens;
    double logTokens;
    long lastMillis;
    volatile long published;

    /** The additions alone: a compensated sum of the code length, two counters, the sum of ln D; one volatile write. */
    @Benchmark
    public void bareLoop() {
        add();
        published = steps;
    }

    /** The same with a look at the clock, which is most of what a step that reads it costs. */
    @Benchmark
    public void bareLoopWithClock() {
        add();
        lastMillis = System.currentTimeMillis();
        published = steps;
    }

    private void add() {
        double term = TOKENS * loss();
        double total = sum + term;
        compensation += Math.abs(sum) >= Math.abs(term) ? (sum - total) + term : (term - total) + sum;
        sum = total;
        tokens += TOKENS;
        logTokens += Math.log(tokens);
        steps++;
    }

    // ---- the monitor ----

    private final RunMonitor monitor = newMonitor();
    private long millis;

    private static RunMonitor newMonitor() {
        return RunMonitor.builder("benchmark")
                .modelSize(new ModelSize(96_816, 32))
                .vocabularySize(64)
                .build();
    }

    /** As the listener calls it, which has read the clock already. */
    @Benchmark
    public void monitorStep() {
        monitor.step(TOKENS, loss(), millis++);
    }

    /** The same with the clock read inside. */
    @Benchmark
    public void monitorStepWithClock() {
        monitor.step(TOKENS, loss());
    }

    /**
     * A run of 20,000 steps from its first one, in which some 190 bins close and are judged: cost of one of its steps.
     *
     * @return the monitor
     */
    @Benchmark
    @OperationsPerInvocation(STEPS_OF_A_RUN)
    public RunMonitor monitorWholeRun() {
        RunMonitor fresh = newMonitor();
        for (int step = 0; step < STEPS_OF_A_RUN; step++) {
            fresh.step(TOKENS, loss(), step);
        }
        return fresh;
    }

    // ---- rivals: two counters and three gauges set on every step ----

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Counter stepCounter = registry.counter("rival.steps");
    private final Counter tokenCounter = registry.counter("rival.tokens");
    private final List<AtomicLong> gauges = Stream.of("rival.loss", "rival.mean.loss", "rival.eta")
            .map(name -> registry.gauge(name, new AtomicLong(), bits -> Double.longBitsToDouble(bits.get())))
            .toList();
    private final CollectorRegistry collectors = new CollectorRegistry();
    private final io.prometheus.client.Counter stepCollector =
            io.prometheus.client.Counter.build("rival_steps", "steps").register(collectors);
    private final io.prometheus.client.Counter tokenCollector =
            io.prometheus.client.Counter.build("rival_tokens", "tokens").register(collectors);
    private final List<io.prometheus.client.Gauge> gaugeCollectors = Stream.of(
                    "rival_loss", "rival_mean_loss", "rival_eta")
            .map(name -> io.prometheus.client.Gauge.build(name, name).register(collectors))
            .toList();

    /** Micrometer over simpleclient: two counters, three gauges. */
    @Benchmark
    public void micrometer() {
        double loss = loss();
        stepCounter.increment();
        tokenCounter.increment(TOKENS);
        for (int i = 0; i < gauges.size(); i++) {
            gauges.get(i).set(Double.doubleToRawLongBits(loss + i));
        }
    }

    /** Simpleclient itself: two counters, three gauges. */
    @Benchmark
    public void simpleclient() {
        double loss = loss();
        stepCollector.inc();
        tokenCollector.inc(TOKENS);
        for (int i = 0; i < gaugeCollectors.size(); i++) {
            gaugeCollectors.get(i).set(loss + i);
        }
    }
}
