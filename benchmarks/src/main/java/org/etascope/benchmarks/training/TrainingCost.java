package org.etascope.benchmarks.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.etascope.benchmarks.Forks;
import org.etascope.benchmarks.Machine;
import org.etascope.benchmarks.MarkedSection;
import org.etascope.benchmarks.Median;
import org.etascope.core.RunMonitor;
import org.etascope.dl4j.EtaListener;
import org.etascope.prometheus.PrometheusEndpoint;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Measures, in processor time of the training thread, what listeners cost, in JVMs of their own one after the other.
 *
 * <p>In each JVM every listener watches a run of its own, of the same network, in an order that changes from JVM to JVM.
 * A run begins with {@value #WARM_UP} iterations on minibatches of two shapes, most of them short, so that what is measured
 * after them is a run under way: code that is called at every iteration is compiled, code that is called now and then is
 * not. The minibatches come in no order, as shuffled data do, so that they are looked at all along. Another run of the
 * same listener is measured from its first iteration on, when bins of the loss curve close every few steps. What the
 * monitor does on threads of its own is measured beside it. Then a run of 10,000 iterations, scraped once a second, shows the longest that
 * a callback kept the training thread, beside the empty listener's, which shows how long the machine itself does. Last,
 * one network trains in short blocks, without a listener, with {@code EtaListener}, and without one again: the first two
 * compare (A/B), the first and the third should not differ (A/A), and show how far the comparison can be trusted.
 */
public final class TrainingCost {
    private static final int FORKS = 5;
    /** The JDK's best compiler waits for 5,000 calls; it is told to wait for a tenth of them, or a JVM takes ten minutes. */
    private static final String COMPILE_SOONER = "-XX:CompileThresholdScaling=0.1";

    /** By then all that is called at every iteration is compiled, what has loops by that best one. */
    private static final int WARM_UP = 2_400;

    private static final int ITERATIONS = 200;
    private static final int BLOCKS = 20;
    private static final int BLOCK = 25;
    private static final int SCRAPED_ITERATIONS = 10_000;
    private static final String ELSEWHERE = " elsewhere µs";
    private static final String TOGETHER = "together";
    private static final String LONGEST = " longest ms";
    private static final String WITH = "A/B";
    private static final String CONTROL = "A/A";
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private TrainingCost() {}

    /**
     * Starts the program.
     *
     * @param args the page to write into (default: standard output), then the number of JVMs (default 5)
     * @throws IOException if the page cannot be written or no JVM be started
     * @throws InterruptedException if interrupted while waiting for one
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length == 2 && args[0].equals("fork")) {
            measure(Integer.parseInt(args[1]));
            return;
        }
        String machine = Machine.describe();
        int forks = args.length > 1 ? Integer.parseInt(args[1]) : FORKS;
        Forks results = new Forks();
        for (int fork = 0; fork < forks; fork++) {
            results.run(List.of(COMPILE_SOONER), TrainingCost.class, "fork", Integer.toString(fork));
            System.err.println("JVM " + (fork + 1) + " of " + forks + " is done");
        }
        String text = text(machine, forks, results);
        MarkedSection.put(args, "training", text);
    }

    // ---- one JVM ----

    private static void measure(int fork) throws IOException, InterruptedException {
        int n = Contestant.ALL.size();
        for (int i = 0; i < n; i++) {
            measure(Contestant.ALL.get((i + fork) % n));
        }
        RunMonitor scraped = RunMonitor.builder("scraped").build();
        try (PrometheusEndpoint endpoint =
                PrometheusEndpoint.builder().port(0).monitor(scraped).start()) {
            longest(Contestant.EMPTY, Contestant.EMPTY.listener().get(), endpoint.uri());
            longest(Contestant.ETA, new EtaListener(scraped), endpoint.uri());
        }
        compare();
    }

    private static void measure(Contestant contestant) {
        String name = contestant.name();
        CpuTimedListener listener = new CpuTimedListener(contestant.listener().get());
        MultiLayerNetwork network = Training.network(listener);
        fit(network, Training.minibatchesToWarmUpOn(), WARM_UP);
        Forks.report(name + " first µs", listener.take() / 1e3 / WARM_UP);
        List<DataSet> minibatches = Training.minibatches();
        double elsewhere = -onOwnThreads();
        double all = fit(network, minibatches, ITERATIONS);
        elsewhere += onOwnThreads();
        double inside = listener.take();
        Forks.report(name + " µs", inside / ITERATIONS / 1e3);
        Forks.report(name + " share", inside / all);
        Forks.report("iteration ms", all / ITERATIONS / 1e6);
        Forks.report(name + ELSEWHERE, elsewhere / 1e3 / ITERATIONS);
        Forks.report(name + TOGETHER, (inside + elsewhere) / all);

        CpuTimedListener young = new CpuTimedListener(contestant.listener().get());
        MultiLayerNetwork fresh = Training.network(young);
        elsewhere = -onOwnThreads();
        fit(fresh, minibatches, ITERATIONS);
        elsewhere += onOwnThreads();
        Forks.report(name + " young µs", young.take() / 1e3 / ITERATIONS);
        Forks.report(name + " young" + ELSEWHERE, elsewhere / 1e3 / ITERATIONS);
    }

    /** {@return processor time of the monitor's own threads so far, nanoseconds} */
    private static double onOwnThreads() {
        double nanos = 0;
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith("etascope")) {
                nanos += THREADS.getThreadCpuTime(thread.getThreadId());
            }
        }
        return nanos;
    }

    private static void longest(Contestant contestant, TrainingListener listener, URI endpoint) {
        CpuTimedListener timed = new CpuTimedListener(listener);
        MultiLayerNetwork network = Training.network(timed);
        ScheduledExecutorService scraper = Executors.newSingleThreadScheduledExecutor();
        try {
            fit(network, Training.shortMinibatches(), WARM_UP);
            timed.takeLongest();
            var unused = scraper.scheduleAtFixedRate(() -> scrape(endpoint), 0, 1, TimeUnit.SECONDS);
            fit(network, Training.shortMinibatches(), SCRAPED_ITERATIONS);
        } finally {
            scraper.shutdownNow();
        }
        Forks.report(contestant.name() + LONGEST, timed.takeLongest() / 1e6);
    }

    private static void scrape(URI endpoint) {
        try (InputStream text = endpoint.resolve("/metrics").toURL().openStream()) {
            text.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return processor time of this thread for that many iterations in no order, nanoseconds} */
    private static double fit(MultiLayerNetwork network, List<DataSet> minibatches, int iterations) {
        Random random = new Random(iterations);
        long before = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < iterations; i++) {
            network.fit(minibatches.get(random.nextInt(minibatches.size())));
        }
        return THREADS.getCurrentThreadCpuTime() - before;
    }

    private static void compare() {
        List<DataSet> minibatches = Training.minibatches();
        // One network for all: two of the same kind differ by several percent, as their memory happens to lie.
        SwitchedListener listener =
                new SwitchedListener(Contestant.ETA.listener().get());
        MultiLayerNetwork network = Training.network(listener);
        List<Double> with = new ArrayList<>();
        List<Double> without = new ArrayList<>();
        for (int block = 0; block < BLOCKS; block++) {
            double first = fit(network, minibatches, BLOCK);
            listener.on(true);
            double watched = fit(network, minibatches, BLOCK);
            listener.on(false);
            double last = fit(network, minibatches, BLOCK);
            with.add(2 * watched / (first + last));
            without.add(last / first);
        }
        Forks.report(WITH, Median.of(with).middle());
        Forks.report(CONTROL, Median.of(without).middle());
    }

    // ---- all of them ----

    private static String text(String machine, int forks, Forks results) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT, """
                %s. Medians of %d JVMs, in brackets their range; an iteration takes %s ms.

                | listener | inside its callbacks, an iteration of a run under way | share of the training thread's | \
                an iteration of a run's first %d | of the listener's first %,d in its JVM |
                |---|---:|---:|---:|---:|
                """, machine, forks, results.median("iteration ms").text("%.1f"), ITERATIONS, WARM_UP));
        for (Contestant contestant : Contestant.ALL) {
            String name = contestant.name();
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s µs | %s %% | %s µs | %s µs |\n",
                    name,
                    results.median(name + " µs").text("%.1f"),
                    results.median(name + " share").times(100).text("%.3f"),
                    results.median(name + " young µs").text("%.1f"),
                    results.median(name + " first µs").text("%.1f")));
        }
        String eta = Contestant.ETA.name();
        return text.append(String.format(
                        Locale.ROOT,
                        """

                        EtaListener and the monitor's own threads together: %s %% of the training thread's time; the \
                        threads alone %s µs an iteration of a run under way, %s µs of the first %d.

                        The longest callback in %d iterations scraped once a second, on the clock: EtaListener %s ms, \
                        the empty listener %s ms.

                        The whole training thread's time, %d paired blocks of %d iterations in each JVM: with EtaListener \
                        ×%s of that without (A/B); without against without ×%s (A/A).
                        """,
                        results.median(eta + TOGETHER).times(100).text("%.3f"),
                        results.median(eta + ELSEWHERE).text("%.1f"),
                        results.median(eta + " young" + ELSEWHERE).text("%.1f"),
                        ITERATIONS,
                        SCRAPED_ITERATIONS,
                        results.median(eta + LONGEST).text("%.2f"),
                        results.median(Contestant.EMPTY.name() + LONGEST).text("%.2f"),
                        BLOCKS,
                        BLOCK,
                        results.median(WITH).text("%.4f"),
                        results.median(CONTROL).text("%.4f")))
                .toString();
    }
}
