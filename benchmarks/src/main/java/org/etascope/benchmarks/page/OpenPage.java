package org.etascope.benchmarks.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.etascope.benchmarks.Machine;
import org.etascope.benchmarks.MarkedSection;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.etascope.prometheus.PrometheusEndpoint;

/**
 * An open live page in a real Chromium, beside a run that goes on: bytes on the wire both ways, and the processor time of
 * all of the browser's processes, a minute each after the page has settled.
 */
public final class OpenPage {
    private static final int MILLIS_PER_STEP = 50;
    private static final int STEPS_BEFORE = 20_000;
    private static final long TOKENS_PER_STEP = 1_600;
    private static final double MOST_KILOBYTES = 50;
    private static final double MOST_PROCESSOR = 0.02;
    private static final Duration SETTLE = Duration.ofSeconds(15);
    private static final Duration MEASURED = Duration.ofMinutes(1);

    private OpenPage() {}

    /**
     * Starts the program. It fails if the page costs more than its limits.
     *
     * @param args the page to write into (default: standard output)
     * @throws Exception if the browser cannot be started or the page cannot be written
     */
    public static void main(String[] args) throws Exception {
        StringBuilder text = new StringBuilder(Machine.describe()).append(".\n\n");
        text.append(
                "| runs | to open the page | a minute of it | processor, share of a core |\n|---:|---:|---:|---:|\n");
        boolean kept = true;
        for (int runs : new int[] {1, 40, 1_000}) {
            Cost cost = measure(runs);
            kept &= cost.kilobytesPerMinute() <= MOST_KILOBYTES && cost.processor() <= MOST_PROCESSOR;
            text.append(String.format(
                    Locale.ROOT,
                    "| %,d | %.0f KB | %.1f KB | %.2f %% |%n",
                    runs,
                    cost.kilobytesToOpen(),
                    cost.kilobytesPerMinute(),
                    100 * cost.processor()));
        }
        MarkedSection.put(args, "page", text.toString());
        System.exit(kept ? 0 : 1);
    }

    private record Cost(double kilobytesToOpen, double kilobytesPerMinute, double processor) {}

    private static Cost measure(int runs) throws IOException, InterruptedException {
        RunMonitor run = trained("the one shown", STEPS_BEFORE);
        PrometheusEndpoint endpoint = PrometheusEndpoint.builder().port(0).start();
        Thread training = new Thread(() -> goOn(run), "training");
        training.setDaemon(true);
        for (int i = 1; i < runs; i++) {
            endpoint.watch(trained("another-" + i, 200));
        }
        endpoint.watch(run);
        Path profile = Files.createTempDirectory("etascope-page");
        Process browser = null;
        try (CountingRelay relay = new CountingRelay(endpoint.uri().getPort())) {
            training.start();
            browser = browser("http://127.0.0.1:" + relay.port() + "/#run=the%20one%20shown", profile);
            Thread.sleep(SETTLE.toMillis());
            long bytes = relay.bytes();
            double processor = processorSeconds(browser);
            Thread.sleep(MEASURED.toMillis());
            double seconds = MEASURED.toSeconds();
            return new Cost(
                    bytes / 1e3, (relay.bytes() - bytes) / 1e3, (processorSeconds(browser) - processor) / seconds);
        } finally {
            training.interrupt();
            if (browser != null) {
                browser.descendants().forEach(ProcessHandle::destroy);
                browser.destroy();
                browser.waitFor();
            }
            endpoint.close(Duration.ZERO);
        }
    }

    private static Process browser(String address, Path profile) throws IOException {
        List<String> command = List.of(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--remote-debugging-port=0",
                "--window-size=1280,1500",
                "--user-data-dir=" + profile,
                address);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static double processorSeconds(Process browser) {
        return Stream.concat(Stream.of(browser.toHandle()), browser.descendants())
                .map(process -> process.info().totalCpuDuration())
                .flatMap(time -> time.stream())
                .mapToDouble(time -> time.toNanos() / 1e9)
                .sum();
    }

    private static RunMonitor trained(String name, int steps) {
        RunMonitor run = RunMonitor.builder(name)
                .modelSize(new ModelSize(96_816, 32))
                .vocabularySize(95)
                .plannedTokens(2 * STEPS_BEFORE * TOKENS_PER_STEP)
                .build();
        Random random = new Random(1);
        for (int t = 1; t <= steps; t++) {
            step(run, t, random);
        }
        return run;
    }

    private static void step(RunMonitor run, int t, Random random) {
        run.learningRate(1e-3);
        run.step(TOKENS_PER_STEP, 1.4 + 3.2 / Math.sqrt(1 + t / 5.0) + 0.03 * random.nextGaussian());
    }

    private static void goOn(RunMonitor run) {
        Random random = new Random(2);
        try {
            for (int t = STEPS_BEFORE; !Thread.interrupted(); t++) {
                step(run, t, random);
                Thread.sleep(MILLIS_PER_STEP);
            }
        } catch (InterruptedException e) {
            // Measured.
        }
    }
}
