package org.etascope.benchmarks.mutations;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.zip.GZIPOutputStream;
import org.etascope.benchmarks.Machine;
import org.etascope.benchmarks.MarkedSection;
import org.etascope.benchmarks.mutations.TimeLimit.HangException;
import org.etascope.cli.Main;
import org.etascope.cli.log.LogFormat;

/**
 * Replays damaged logs of every format, some of them zipped, by the whole command. Each must end in a result or in one line
 * that says what is wrong: no uncaught exception, no hang, no memory or open file that stays behind.
 *
 * <p>Each file has its own seed, so that any of them can be had again without those before it.
 */
public final class MutatedLogs {
    private static final int FILES = 100_000;
    private static final Duration LONGEST = Duration.ofSeconds(2);
    /** Of the heap after a collection. What the JVM keeps for itself by the way stays below it. */
    private static final long MOST_GROWTH_BYTES = 4L << 20;

    /** Jars and the like that the JVM opens when it needs them. */
    private static final int MOST_LEFT_OPEN = 8;

    private static final int LONGEST_ERROR = 700;
    private static final int MOST_FAULTS = 20;

    private final Path folder;
    private final int files;
    private final List<String> formats;
    private final Map<String, byte[]> samples = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private int results;

    /**
     * Of one command.
     *
     * @param exitCode its exit code
     * @param out its standard output
     * @param err its standard error
     */
    record Outcome(int exitCode, String out, String err) {
        /** {@return what must not be, empty if all is well} */
        String fault() {
            if (err.contains("internal error") || err.contains("Exception")) {
                return "says: " + err;
            }
            if (exitCode == 0) {
                return out.isBlank() ? "succeeded without a word" : "";
            }
            boolean oneLine = err.startsWith("etascope: ")
                    && err.strip().lines().count() == 1
                    && err.length() < LONGEST_ERROR
                    && out.isEmpty();
            boolean known = exitCode == 1 || exitCode == 2;
            return known && oneLine
                    ? ""
                    : "ends with " + exitCode + ", " + out.length() + " characters out, and " + err;
        }
    }

    MutatedLogs(Path folder, int files) throws IOException {
        this.folder = folder;
        this.files = files;
        this.formats = Arrays.stream(LogFormat.values()).map(LogFormat::label).toList();
        for (String format : formats) {
            samples.put(format, sample(format));
        }
    }

    private static byte[] sample(String format) throws IOException {
        try (InputStream in = MutatedLogs.class.getResourceAsStream("/samples/" + format)) {
            return Objects.requireNonNull(in, format).readAllBytes();
        }
    }

    /**
     * Starts the program. It fails if a file does.
     *
     * @param args the page to write into (default: standard output), then the number of files (default 100,000)
     * @throws Exception if it cannot run
     */
    public static void main(String[] args) throws Exception {
        String machine = Machine.describe();
        MutatedLogs run = new MutatedLogs(
                Files.createTempDirectory("etascope-mutations"), args.length > 1 ? Integer.parseInt(args[1]) : FILES);
        String text = machine + ". " + run.run();
        MarkedSection.put(args, "mutations", text);
        if (!run.faults().isEmpty()) {
            run.faults().forEach(System.err::println);
            System.err.println("the files are in " + run.folder);
            System.exit(1);
        }
        Files.delete(run.folder);
    }

    List<String> faults() {
        return faults;
    }

    /** {@return what was found, as text} */
    String run() throws IOException, InterruptedException, ExecutionException {
        try (TimeLimit limit = new TimeLimit(LONGEST)) {
            // What the first tenth leaves behind is loaded classes and filled caches.
            int warmUp = files / 10;
            replay(0, warmUp, limit);
            long heap = heapBytes();
            long open = openFiles();
            replay(warmUp, files, limit);
            return outcome(heapBytes() - heap, openFiles() - open, limit.mostCpu());
        }
    }

    private void replay(int from, int to, TimeLimit limit) throws IOException, InterruptedException {
        for (int i = from; i < to && faults.size() < MOST_FAULTS; i++) {
            replay(i, limit);
        }
    }

    private void replay(int number, TimeLimit limit) throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(20260318L * files + number);
        String format = formats.get(number % formats.size());
        byte[] log = damaged(Objects.requireNonNull(samples.get(format)), random);
        Path file = folder.resolve(number + (isZipped(log) ? ".log.gz" : ".log"));
        Files.write(file, log);
        List<String> command = command(file, format, random);
        String fault;
        try {
            Outcome outcome = limit.run(() -> outcome(command));
            fault = outcome.fault();
            results += outcome.exitCode() == 0 ? 1 : 0;
        } catch (HangException e) {
            fault = "hangs: " + e.getMessage();
        } catch (ExecutionException e) {
            fault = "throws " + e.getCause();
        }
        if (fault.isEmpty()) {
            Files.delete(file);
        } else {
            faults.add(String.join(" ", command) + ": " + fault.strip());
        }
    }

    /** One in eight is zipped: damaged before or after. */
    private static byte[] damaged(byte[] sample, SplittableRandom random) throws IOException {
        Mutator mutator = new Mutator(random);
        return switch (random.nextInt(16)) {
            case 0 -> zipped(mutator.mutated(sample));
            case 1 -> mutator.mutated(zipped(sample));
            default -> mutator.mutated(sample);
        };
    }

    private static byte[] zipped(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        }
        return out.toByteArray();
    }

    private static boolean isZipped(byte[] log) {
        return log.length > 1 && log[0] == 0x1F && log[1] == (byte) 0x8B;
    }

    private static List<String> command(Path file, String format, SplittableRandom random) {
        List<String> command = new ArrayList<>(List.of(
                "replay",
                file.toString(),
                "--params=1M",
                "--vocab=1000",
                "--seq-length=10",
                "--tokens-per-step=1000",
                "--format=" + (random.nextInt(3) == 0 ? "auto" : format)));
        if (random.nextBoolean()) {
            command.add("--lenient");
        }
        if (random.nextInt(8) > 0) {
            command.addAll(List.of("--json", "--events"));
        }
        return command;
    }

    private static Outcome outcome(List<String> command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Main.run(
                command.toArray(String[]::new),
                InputStream.nullInputStream(),
                new PrintStream(out, false, UTF_8),
                new PrintStream(err, true, UTF_8));
        return new Outcome(exitCode, out.toString(UTF_8), err.toString(UTF_8));
    }

    /** {@return bytes in use after a collection} */
    private static long heapBytes() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }

    private String outcome(long grownBytes, long leftOpen, Duration slowest) {
        if (grownBytes > MOST_GROWTH_BYTES) {
            faults.add("the heap has grown by " + grownBytes + " bytes");
        }
        if (leftOpen > MOST_LEFT_OPEN) {
            faults.add(leftOpen + " files were left open");
        }
        // If hardly anything was left to read, the damage would test the refusals only.
        if (results < files / 3) {
            faults.add("only " + results + " of " + files + " files gave a result");
        }
        return String.format(
                Locale.ROOT,
                "%,d files: %,d gave a result, %,d one line that says what is wrong; the slowest took %d ms of"
                        + " processor time (a cold start included; allowed %,d); from the first tenth to the end the heap in"
                        + " use after a collection changed by %+,d KiB (allowed: %+,d), %d files left open; %d faults.%n",
                files,
                results,
                files - results,
                slowest.toMillis(),
                LONGEST.toMillis(),
                grownBytes >> 10,
                MOST_GROWTH_BYTES >> 10,
                leftOpen,
                faults.size());
    }
}
