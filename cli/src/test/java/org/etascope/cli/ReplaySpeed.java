package org.etascope.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * What {@code replay} costs beside merely splitting the same file into lines: processor time of the one thread, in
 * rounds that take both in turn. A program, not a test; docs/evidence.md has the command.
 *
 * <p>The first two rounds are for the compiler and do not count.
 */
final class ReplaySpeed {
    private static final int LINES = 2_000_000;
    private static final int WARM_UP = 2;
    private static final int ROUNDS = 7;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static long sink;

    private ReplaySpeed() {}

    private interface Work {
        void run() throws IOException;
    }

    public static void main(String[] args) throws IOException {
        System.out.printf(
                "%,d lines, medians (ranges) of %d rounds, %s %s%n",
                LINES, ROUNDS, System.getProperty("java.vm.name"), System.getProperty("java.vm.version"));
        for (String format : args.length > 0 ? args : new String[] {"llmc", "csv", "jsonl"}) {
            Path log = Files.createTempFile("replay-speed", "." + format);
            try {
                write(log, format);
                compare(log, format);
            } finally {
                Files.delete(log);
            }
        }
        System.out.println("(" + sink + " characters)");
    }

    private static void compare(Path log, String format) throws IOException {
        double[] split = new double[ROUNDS];
        double[] replay = new double[ROUNDS];
        double[] ratio = new double[ROUNDS];
        for (int i = -WARM_UP; i < ROUNDS; i++) {
            double splitMillis = cpuMillis(() -> split(log));
            double replayMillis = cpuMillis(() -> replay(log, format));
            if (i >= 0) {
                split[i] = splitMillis;
                replay[i] = replayMillis;
                ratio[i] = replayMillis / splitMillis;
            }
        }
        System.out.printf(
                "%-6s %4d MB  split %s ms  replay %s ms  ratio %s%n",
                format, Files.size(log) / 1_000_000, text("%.0f", split), text("%.0f", replay), text("%.2f", ratio));
    }

    private static double cpuMillis(Work work) throws IOException {
        long before = THREADS.getCurrentThreadCpuTime();
        work.run();
        return (THREADS.getCurrentThreadCpuTime() - before) / 1e6;
    }

    private static void split(Path log) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(log)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                sink += line.length();
            }
        }
    }

    private static void replay(Path log, String format) {
        Terminal terminal =
                new Terminal(new PrintStream(OutputStream.nullOutputStream()), System.err, true, false, false);
        String[] args = {
            "replay", log.toString(), "--format", format, "--params=124M", "--tokens-per-step=524288", "--json"
        };
        if (Main.run(args, InputStream.nullInputStream(), terminal) != 0) {
            throw new IllegalStateException("the replay failed");
        }
    }

    private static void write(Path log, String format) throws IOException {
        Random random = new Random(1);
        try (BufferedWriter out = Files.newBufferedWriter(log, UTF_8)) {
            out.write(format.equals("csv") ? "step,loss,lr\n" : "");
            for (int step = 0; step < LINES; step++) {
                double loss = 3 + 7.8 / (1 + step / 50.0) + 0.05 * random.nextGaussian();
                out.write(line(format, step, loss));
            }
        }
    }

    private static String line(String format, int step, double loss) {
        long places = Math.round(1e6 * loss);
        String text = places / 1_000_000 + "."
                + Long.toString(1_000_000 + places % 1_000_000).substring(1);
        return switch (format) {
            case "llmc" -> "s:" + step + " trl:" + text.substring(0, text.length() - 2) + " lr:0.000600 norm:0.23\n";
            case "csv" -> step + "," + text + ",0.0006\n";
            case "jsonl" -> "{\"step\": " + step + ", \"loss\": " + text + ", \"lr\": 0.0006, \"time\": 0.1}\n";
            default -> throw new IllegalArgumentException(format + ", allowed: llmc, csv, jsonl");
        };
    }

    private static String text(String number, double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT,
                number + " (" + number + " to " + number + ")",
                sorted[sorted.length / 2],
                sorted[0],
                sorted[sorted.length - 1]);
    }
}
