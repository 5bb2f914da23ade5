package org.etascope.benchmarks.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.etascope.benchmarks.Forks;
import org.etascope.benchmarks.Machine;
import org.etascope.benchmarks.MarkedSection;
import org.etascope.benchmarks.Median;
import org.etascope.cli.Main;

/**
 * Measures what the {@code replay} command costs beside {@link BufferedReader#readLine} over the same file: processor time
 * of the one thread that does it, in JVMs of their own one after the other.
 *
 * <p>In each JVM both take turns, log by log; the first rounds are for the compiler and do not count. Another JVM begins
 * with another log.
 */
public final class ReplayCost {
    private static final int FORKS = 5;
    /** As bin/etascope chooses. */
    private static final List<String> COLLECTOR = List.of("-XX:+UseSerialGC");

    private static final int WARM_UP = 3;
    private static final int ROUNDS = 7;
    private static final double LIMIT = 2;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private ReplayCost() {}

    private interface Work {
        void run() throws IOException;
    }

    /**
     * Starts the program.
     *
     * @param args the page to write into (default: standard output), then the number of JVMs (default 5)
     * @throws IOException if the page or a log cannot be written or no JVM be started
     * @throws InterruptedException if interrupted while waiting for one
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length == 3 && args[0].equals("fork")) {
            measure(Path.of(args[1]), Integer.parseInt(args[2]));
            return;
        }
        String machine = Machine.describe();
        int forks = args.length > 1 ? Integer.parseInt(args[1]) : FORKS;
        Forks results = new Forks();
        Path folder = Files.createTempDirectory("etascope-replay");
        String text;
        try {
            for (Log log : Log.values()) {
                log.write(log.in(folder));
            }
            for (int fork = 0; fork < forks; fork++) {
                results.take(
                        Forks.java(COLLECTOR, ReplayCost.class, "fork", folder.toString(), Integer.toString(fork)));
            }
            text = text(machine, forks, folder, results);
        } finally {
            delete(folder);
        }
        MarkedSection.put(args, "replay", text);
        fail(results);
    }

    // ---- one JVM ----

    private static void measure(Path folder, int fork) throws IOException {
        Log[] logs = Log.values();
        for (int i = 0; i < logs.length; i++) {
            measure(folder, logs[(i + fork) % logs.length]);
        }
    }

    private static void measure(Path folder, Log log) throws IOException {
        Path file = log.in(folder);
        double[] split = new double[ROUNDS];
        double[] replay = new double[ROUNDS];
        double[] ratio = new double[ROUNDS];
        for (int i = -WARM_UP; i < ROUNDS; i++) {
            double splitNanos = cpuNanos(() -> split(file));
            double replayNanos = cpuNanos(() -> replay(file, log.format()));
            if (i >= 0) {
                split[i] = splitNanos / Log.LINES;
                replay[i] = replayNanos / Log.LINES;
                ratio[i] = replayNanos / splitNanos;
            }
        }
        result(log, "split", split);
        result(log, "replay", replay);
        result(log, "ratio", ratio);
    }

    private static double cpuNanos(Work work) throws IOException {
        long before = THREADS.getCurrentThreadCpuTime();
        work.run();
        return THREADS.getCurrentThreadCpuTime() - before;
    }

    private static void split(Path file) throws IOException {
        long characters = 0;
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                characters += line.length() + 1;
            }
        }
        if (characters != Files.size(file)) {
            throw new IllegalStateException(characters + " characters were read of " + Files.size(file));
        }
    }

    private static void replay(Path file, String format) {
        int exitCode = Main.run(
                "replay", file.toString(), "--format=" + format, "--params=124M", "--tokens-per-step=524288", "--json");
        if (exitCode != 0) {
            throw new IllegalStateException("replay ended with exit code " + exitCode);
        }
    }

    private static void result(Log log, String what, double[] rounds) {
        Forks.report(log.title() + " " + what, Median.of(rounds).middle());
    }

    // ---- all of them ----

    private static void delete(Path folder) throws IOException {
        for (Log log : Log.values()) {
            Files.deleteIfExists(log.in(folder));
        }
        Files.delete(folder);
    }

    private static String text(String machine, int forks, Path folder, Forks results) throws IOException {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, """
                %s. Medians of %d JVMs, in brackets their range; in each the median of %d rounds.

                | format | size | splitting, a line | replay, a line | ratio |
                |---|---:|---:|---:|---:|
                """, machine, forks, ROUNDS));
        for (Log log : Log.values()) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %d MB | %s ns | %s ns | ×%s |\n",
                    log.title(),
                    Files.size(log.in(folder)) / 1_000_000,
                    median(results, log, "split").text("%.0f"),
                    median(results, log, "replay").text("%.0f"),
                    median(results, log, "ratio").text("%.2f")));
        }
        return text.toString();
    }

    /** A limit is missed when the whole range lies beyond it. */
    private static void fail(Forks results) {
        for (Log log : Log.values()) {
            if (median(results, log, "ratio").least() > LIMIT) {
                System.err.println(log.title() + " costs more than " + LIMIT + " times splitting");
                System.exit(1);
            }
        }
    }

    private static Median median(Forks results, Log log, String what) {
        return results.median(log.title() + " " + what);
    }
}
