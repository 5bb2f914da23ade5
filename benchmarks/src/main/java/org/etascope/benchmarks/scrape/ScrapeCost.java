package org.etascope.benchmarks.scrape;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.benchmarks.Forks;
import org.etascope.benchmarks.Machine;
import org.etascope.benchmarks.MarkedSection;
import org.etascope.benchmarks.Median;
import org.etascope.core.RunMonitor;
import org.etascope.dl4j.EtaListener;
import org.etascope.prometheus.PrometheusEndpoint;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Measures what being scraped costs: processor time of the endpoint's threads, and what the training thread waits, in
 * JVMs of their own one after the other.
 *
 * <p>Each JVM trains for a while alone and then with {@link Scrapers} at work. The endpoint's code is new to the JVM at the
 * first scrape, as it is in any run; so the first part of the load, in which it is compiled step by step, stands in a row
 * of its own.
 */
public final class ScrapeCost {
    private static final int FORKS = 3;
    private static final int ALONE_SECONDS = 10;
    private static final int LOAD_SECONDS = 70;
    /** At 200 a second the JVM's compiler has seen a request's code often enough by then. */
    private static final int WARM_UP_SECONDS = 40;

    private static final String ENDPOINT = "etascope-http";
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private ScrapeCost() {}

    /**
     * Starts the program.
     *
     * @param args the page to write into (default: standard output), then the number of JVMs (default 3)
     * @throws IOException if the page cannot be written or no JVM be started
     * @throws InterruptedException if interrupted while waiting for one
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length == 1 && args[0].equals("fork")) {
            measure(ALONE_SECONDS, LOAD_SECONDS, WARM_UP_SECONDS).forEach(Forks::report);
            return;
        }
        String machine = Machine.describe();
        int forks = args.length > 1 ? Integer.parseInt(args[1]) : FORKS;
        Forks results = new Forks();
        for (int fork = 0; fork < forks; fork++) {
            results.take(Forks.java(List.of(), ScrapeCost.class, "fork"));
        }
        String text = text(machine, forks, results);
        MarkedSection.put(args, "scrape", text);
    }

    // ---- one JVM ----

    /** What is known when the load's process has said how many scrapes there were so far. */
    private record Mark(double scrapes, double failures, double endpointMillis) {}

    /**
     * {@return the figures by name}
     *
     * @param aloneSeconds how long to train alone
     * @param loadSeconds how long then under load
     * @param warmUpSeconds how many seconds of the load do not count as warm
     */
    static Map<String, Double> measure(int aloneSeconds, int loadSeconds, int warmUpSeconds)
            throws IOException, InterruptedException {
        THREADS.setThreadContentionMonitoringEnabled(true);
        RunMonitor monitor = RunMonitor.builder("scraped").build();
        PrometheusEndpoint endpoint =
                PrometheusEndpoint.builder().port(0).monitor(monitor).start();
        try {
            MultiLayerNetwork network = network();
            network.setListeners(new EtaListener(monitor));
            DataSet minibatch = minibatch();
            Map<String, Double> figures = new LinkedHashMap<>();
            long end = System.nanoTime() + Duration.ofSeconds(aloneSeconds).toNanos();
            TrainingThread alone = new TrainingThread();
            while (System.nanoTime() < end) {
                network.fit(minibatch);
                alone.iterations++;
            }
            alone.figures("alone", figures);

            Process load =
                    Forks.java(List.of(), Scrapers.class, endpoint.uri() + "/metrics", Integer.toString(loadSeconds));
            List<Mark> marks = new ArrayList<>();
            TrainingThread scraped = new TrainingThread();
            try (BufferedReader out = load.inputReader(StandardCharsets.US_ASCII)) {
                while (load.isAlive() || out.ready()) {
                    if (out.ready()) {
                        mark(out.readLine(), marks, figures);
                    }
                    network.fit(minibatch);
                    scraped.iterations++;
                }
            } finally {
                load.destroyForcibly();
            }
            scraped.figures("scraped", figures);
            costs(marks, warmUpSeconds, figures);
            return figures;
        } finally {
            endpoint.close(Duration.ZERO);
        }
    }

    private static void mark(String line, List<Mark> marks, Map<String, Double> figures) {
        String[] fields = line.split(" ", -1);
        marks.add(new Mark(Double.parseDouble(fields[0]), Double.parseDouble(fields[1]), endpointMillis()));
        if (fields.length > 2) {
            figures.put("median ms", Double.valueOf(fields[2]));
            figures.put("p99 ms", Double.valueOf(fields[3]));
        }
    }

    private static void costs(List<Mark> marks, int warmUpSeconds, Map<String, Double> figures) {
        Mark first = marks.get(0);
        Mark warm = marks.get(warmUpSeconds - 1);
        Mark last = marks.get(marks.size() - 1);
        figures.put("scrapes", last.scrapes());
        figures.put("failures", last.failures());
        figures.put("first second", first.endpointMillis() / first.scrapes());
        figures.put("warming up", warm.endpointMillis() / warm.scrapes());
        figures.put("warm", (last.endpointMillis() - warm.endpointMillis()) / (last.scrapes() - warm.scrapes()));
    }

    /** {@return processor time so far of the threads that accept, read, answer and watch over requests} */
    private static double endpointMillis() {
        double nanos = 0;
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith(ENDPOINT)) {
                nanos += Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return nanos / 1e6;
    }

    /** What this thread has done since it was asked to watch itself. */
    private static final class TrainingThread {
        private final ThreadInfo before = now();
        private final long processorNanos = THREADS.getCurrentThreadCpuTime();
        private final long nanos = System.nanoTime();
        long iterations;

        private static ThreadInfo now() {
            return Objects.requireNonNull(
                    THREADS.getThreadInfo(Thread.currentThread().getId()));
        }

        private void figures(String when, Map<String, Double> figures) {
            ThreadInfo after = now();
            double seconds = (System.nanoTime() - nanos) / 1e9;
            figures.put(when + " blocked ms/s", (after.getBlockedTime() - before.getBlockedTime()) / seconds);
            figures.put(when + " waited ms/s", (after.getWaitedTime() - before.getWaitedTime()) / seconds);
            figures.put(
                    when + " processor µs", (THREADS.getCurrentThreadCpuTime() - processorNanos) / 1e3 / iterations);
            figures.put(when + " iterations/s", iterations / seconds);
        }
    }

    private static MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new Adam(0.001))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(50)
                        .nOut(64)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(64)
                        .nOut(50)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        return network;
    }

    /** Each of 50 symbols, and the one that follows it. */
    private static DataSet minibatch() {
        INDArray features = Nd4j.zeros(256, 50);
        INDArray labels = Nd4j.zeros(256, 50);
        for (int i = 0; i < 256; i++) {
            features.putScalar(i, i % 50, 1);
            labels.putScalar(i, (3 * i + 1) % 50, 1);
        }
        return new DataSet(features, labels);
    }

    // ---- all of them ----

    private static String text(String machine, int forks, Forks results) {
        return String.format(
                Locale.ROOT,
                """
                %s. Medians of %d JVMs, in brackets their range. %d scrapes a second over %d connections for %d s: \
                %s scrapes, %s failed, median %s ms, p99 %s ms.

                | processor time of the endpoint's threads | a scrape | of a core |
                |---|---:|---:|
                | in the first second | %s |
                | in the first %d s, that second included | %s |
                | in the %d s after them | %s |

                | training thread | alone | scraped |
                |---|---:|---:|
                | blocked | %s ms/s | %s ms/s |
                | waited | %s ms/s | %s ms/s |
                | processor time an iteration | %s µs | %s µs |
                """,
                machine,
                forks,
                Scrapers.PER_SECOND,
                Scrapers.CONNECTIONS,
                LOAD_SECONDS,
                results.median("scrapes").text("%.0f"),
                results.median("failures").text("%.0f"),
                results.median("median ms").text("%.1f"),
                results.median("p99 ms").text("%.1f"),
                cost(results, "first second"),
                WARM_UP_SECONDS,
                cost(results, "warming up"),
                LOAD_SECONDS - WARM_UP_SECONDS,
                cost(results, "warm"),
                results.median("alone blocked ms/s").text("%.2f"),
                results.median("scraped blocked ms/s").text("%.2f"),
                results.median("alone waited ms/s").text("%.2f"),
                results.median("scraped waited ms/s").text("%.2f"),
                results.median("alone processor µs").text("%.0f"),
                results.median("scraped processor µs").text("%.0f"));
    }

    private static String cost(Forks results, String when) {
        Median millis = results.median(when);
        return millis.text("%.3f") + " ms | "
                + millis.times(Scrapers.PER_SECOND / 10.0).text("%.1f") + " %";
    }
}
