package org.etascope.benchmarks.speed;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.etascope.benchmarks.Machine;
import org.etascope.benchmarks.MarkedSection;
import org.etascope.benchmarks.Median;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks of this package in rounds, each a fork of every benchmark, so that a busy spell of the machine
 * falls on all of them; then writes medians, ratios and allocations.
 */
public final class Speed {
    private static final int ROUNDS = 5;
    private static final TimeValue ITERATION = TimeValue.milliseconds(500);
    private static final int ITERATIONS = 5;
    private static final String BARE_LOOP = "StepBenchmark.bareLoop";

    /** What one round says of one benchmark. */
    private record Sample(double wallNanos, double cpuNanos, double bytes) {
        static Sample of(RunResult result) {
            TimeUnit unit = result.getParams().getTimeUnit();
            return new Sample(
                    result.getPrimaryResult().getScore() * unit.toNanos(1),
                    secondary(result, CpuProfiler.NANOS_PER_OPERATION),
                    secondary(result, "gc.alloc.rate.norm"));
        }

        private static double secondary(RunResult result, String name) {
            return Objects.requireNonNull(result.getSecondaryResults().get(name))
                    .getScore();
        }
    }

    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();

    private Speed() {}

    /**
     * Starts the program.
     *
     * @param args the page to write into (default: standard output), then the number of rounds (default 5)
     * @throws RunnerException if a benchmark fails
     * @throws IOException if the page cannot be written
     */
    public static void main(String[] args) throws RunnerException, IOException {
        String machine = Machine.describe();
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : ROUNDS;
        Speed speed = new Speed();
        for (int round = 0; round < rounds; round++) {
            speed.round();
        }
        String text = speed.text(machine, rounds, ReadBenchmark.stateBytesAfterABillionSteps());
        MarkedSection.put(args, "speed", text);
    }

    private void round() throws RunnerException {
        Options options = new OptionsBuilder()
                .include("\\.speed\\.\\w+Benchmark\\.")
                .forks(1)
                .warmupIterations(ITERATIONS)
                .warmupTime(ITERATION)
                .measurementIterations(ITERATIONS)
                .measurementTime(ITERATION)
                .addProfiler(GCProfiler.class)
                .addProfiler(CpuProfiler.class)
                .shouldFailOnError(true)
                .build();
        for (RunResult result : new Runner(options).run()) {
            samples.computeIfAbsent(shortName(result), name -> new ArrayList<>())
                    .add(Sample.of(result));
        }
    }

    private static String shortName(RunResult result) {
        String name = result.getParams().getBenchmark();
        return name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
    }

    private String text(String machine, int rounds, int stateBytes) {
        StringBuilder text = new StringBuilder(machine + ". Medians of " + rounds
                + " interleaved rounds, in brackets their range; ratios of processor time within a round.\n\n"
                + "| benchmark | processor time | on the clock | against the bare loop | allocated |\n"
                + "|---|---:|---:|---:|---:|\n");
        samples.forEach((name, rows) -> text.append(row(name, rows)));
        text.append(String.format(Locale.ROOT, "\nState after 1e9 steps: %,d bytes (limit 131,072).\n", stateBytes));
        return text.toString();
    }

    private String row(String name, List<Sample> rows) {
        Median bytes = median(rows, Sample::bytes);
        return String.format(
                Locale.ROOT,
                "| `%s` | %s | %s | %s | %s |\n",
                name,
                time(median(rows, Sample::cpuNanos)),
                time(median(rows, Sample::wallNanos)),
                name.startsWith("Step") ? ratio(rows).text("%.2f") + "×" : "",
                String.format(Locale.ROOT, bytes.most() < 10 ? "%.4f B" : "%,.0f B", bytes.most()));
    }

    private static String time(Median nanos) {
        return nanos.middle() < 1e4
                ? nanos.text("%.1f") + " ns"
                : nanos.times(1e-3).text("%,.1f") + " µs";
    }

    private Median ratio(List<Sample> rows) {
        List<Sample> bare = Objects.requireNonNull(samples.get(BARE_LOOP));
        double[] ratios = new double[rows.size()];
        Arrays.setAll(ratios, i -> rows.get(i).cpuNanos() / bare.get(i).cpuNanos());
        return Median.of(ratios);
    }

    private static Median median(List<Sample> rows, ToDoubleFunction<Sample> figure) {
        return Median.of(rows.stream().mapToDouble(figure).toArray());
    }
}
