package org.etascope.starter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;

/**
 * 200 scrapes a second over 8 connections while a network trains. Five seconds here; {@code
 * -Detascope.load.seconds=30} for the long form.
 */
class ScrapeLoadTest {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    @Test
    void scrapes_twoHundredASecondWhileTraining_noneFails() throws Exception {
        String seconds = System.getProperty("etascope.load.seconds", "5");
        MultiLayerNetwork net = EtascopeTest.net();
        DataSet data = EtascopeTest.successors(64);
        Etascope watched = Etascope.attach(net, 0, "load");
        net.fit(data);
        Process load = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ScrapeLoad.class.getName(),
                        watched.endpoint().uri() + "/metrics",
                        seconds)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = load.inputReader()) {
            while (load.isAlive()) {
                net.fit(data);
            }
            List<Double> figures = Pattern.compile(" ")
                    .splitAsStream(out.readLine())
                    .map(Double::valueOf)
                    .toList();
            double scrapes = figures.get(0);
            long steps = watched.monitor().snapshot().progress().steps();
            System.out.printf(
                    Locale.ROOT,
                    "load: %.0f scrapes in %s s, %.0f failed, median %.1f ms, p99 %.1f ms, server CPU %.2f ms a scrape,"
                            + " %d steps trained%n",
                    scrapes,
                    seconds,
                    figures.get(1),
                    figures.get(2),
                    figures.get(3),
                    serverNanos() / 1e6 / scrapes,
                    steps);

            assertThat(figures.get(1)).as("failed scrapes").isZero();
            assertThat(scrapes).isPositive();
            assertThat(steps).isPositive();
            assertThat(watched.monitor().snapshot().process().listenerErrors()).isZero();
        } finally {
            load.destroyForcibly();
            watched.endpoint().close(Duration.ZERO);
        }
    }

    /** {@return processor time of the server's threads so far} */
    private static long serverNanos() {
        return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().startsWith("etascope-http"))
                .mapToLong(thread -> THREADS.getThreadCpuTime(thread.getThreadId()))
                .sum();
    }
}
