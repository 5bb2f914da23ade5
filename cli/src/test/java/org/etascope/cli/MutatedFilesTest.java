package org.etascope.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged logs of every format end in a result or in one line, never in an exception or a hang. {@code
 * -Detascope.mutations=100000} makes a long program of it.
 */
class MutatedFilesTest {
    private static final int FILES = Integer.getInteger("etascope.mutations", 5_000);
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final byte[][] PIECES = pieces(
            "",
            "\"",
            "\n",
            "\r",
            "NaN",
            "-inf",
            "1e999",
            "9".repeat(30),
            "9007199254740993",
            "-1",
            "{",
            "}",
            "[",
            ",",
            "\0",
            "\uFEFF",
            "step:1/2 loss:3",
            "s:",
            "iter ",
            "|",
            "loss",
            "\u00e9",
            "1e-999",
            "0x1p3",
            "--",
            "1_000");

    @TempDir
    private Path directory;

    private static byte[][] pieces(String... texts) {
        byte[][] pieces = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            pieces[i] = texts[i].getBytes(UTF_8);
        }
        return pieces;
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void replay_mutatedFilesOfAllFormats_endInAResultOrOneLine() throws IOException {
        List<Map.Entry<String, byte[]>> samples =
                new ArrayList<>(SampleLogs.all().entrySet());
        Random random = new Random(20260318);
        Path file = directory.resolve("mutated.log");
        int results = 0;
        for (int i = 0; i < FILES; i++) {
            Map.Entry<String, byte[]> sample = samples.get(i % samples.size());
            Files.write(file, mutated(sample.getValue(), random));
            String format = random.nextInt(3) == 0 ? "auto" : sample.getKey();
            boolean lenient = random.nextBoolean();
            // The whole program takes ten times as long to start as to read such a file.
            boolean whole = i % 20 == 0;
            Timed timed = timed(file, format, lenient, whole);
            if (timed.wall().compareTo(LONGEST) > 0) {
                // Waiting counts as well; but only a hang is as slow a second time, a busy machine is not.
                timed = timed(file, format, lenient, whole);
                assertThat(timed.wall()).as("file %d (%s), again", i, format).isLessThan(LONGEST);
            }
            assertThat(timed.cpu()).as("file %d (%s)", i, format).isLessThan(LONGEST);
            CommandLineRun run = timed.run();
            check(run, "file " + i + " (" + format + ")");
            results += run.exitCode() == 0 ? 1 : 0;
        }
        // Most damage leaves something to read; if hardly anything did, the mutations would test the refusals only.
        assertThat(results).isGreaterThan(FILES / 3);
    }

    private record Timed(CommandLineRun run, Duration cpu, Duration wall) {}

    private static Timed timed(Path file, String format, boolean lenient, boolean whole) throws IOException {
        long cpu = cpuNanos();
        long wall = System.nanoTime();
        CommandLineRun run = whole ? program(file, format, lenient) : command(file, format, lenient);
        return new Timed(run, Duration.ofNanos(cpuNanos() - cpu), Duration.ofNanos(System.nanoTime() - wall));
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static CommandLineRun program(Path file, String format, boolean lenient) {
        List<String> args = new ArrayList<>(List.of(
                "replay", file.toString(), "--json", "--events", "--params=1M", "--vocab=1000", "--seq-length=10"));
        args.add("--format=" + format);
        args.add("--tokens-per-step=1000");
        if (lenient) {
            args.add("--lenient");
        }
        return CommandLineRun.of(args.toArray(String[]::new));
    }

    private static CommandLineRun command(Path file, String format, boolean lenient) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, UTF_8);
        ReplayCommand replay =
                new ReplayCommand(InputStream.nullInputStream(), new Terminal(print, print, true, false, false));
        replay.file = file.toString();
        replay.json = true;
        replay.options.params = 1_000_000L;
        replay.options.vocabulary = 1_000L;
        replay.options.tokensPerStep = 1_000L;
        replay.options.format = format;
        replay.options.lenient = lenient;
        try {
            return new CommandLineRun(replay.call(), out.toString(UTF_8), "");
        } catch (Failure e) {
            return new CommandLineRun(e.exitCode(), out.toString(UTF_8), "etascope: " + e.getMessage());
        }
    }

    private static void check(CommandLineRun run, String which) {
        assertThat(run.err()).as(which).doesNotContain("internal error").doesNotContain("Exception");
        if (run.exitCode() == 0) {
            assertThat(run.json().get("points").asLong()).as(which).isNotNegative();
        } else {
            assertThat(run.exitCode()).as(which).isBetween(1, 2);
            assertThat(run.out()).as(which).isEmpty();
            assertThat(run.error()).as(which).startsWith("etascope: ").hasSizeLessThan(700);
        }
    }

    private static byte[] mutated(byte[] original, Random random) {
        byte[] bytes = original.clone();
        int mutations = 1 + random.nextInt(4);
        for (int m = 0; m < mutations; m++) {
            bytes = once(bytes, random);
        }
        return bytes;
    }

    private static byte[] once(byte[] bytes, Random random) {
        if (bytes.length == 0) {
            return bytes;
        }
        int at = random.nextInt(bytes.length);
        int to = at + random.nextInt(Math.min(64, bytes.length - at) + 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        switch (random.nextInt(6)) {
            case 0 -> { // flip a bit
                out.write(bytes[at] ^ (1 << random.nextInt(8)));
                out.write(bytes, at + 1, bytes.length - at - 1);
            }
            case 1 -> out.write(bytes, to, bytes.length - to); // delete a piece
            case 2 -> { // insert something nasty
                out.writeBytes(PIECES[random.nextInt(PIECES.length)]);
                out.write(bytes, at, bytes.length - at);
            }
            case 3 -> { // repeat a piece
                int times = 1 + random.nextInt(20);
                for (int i = 0; i < times; i++) {
                    out.write(bytes, at, to - at);
                }
                out.write(bytes, at, bytes.length - at);
            }
            case 4 -> { // replace by something nasty
                out.writeBytes(PIECES[random.nextInt(PIECES.length)]);
                out.write(bytes, to, bytes.length - to);
            }
            default -> { // cut off
            }
        }
        return out.toByteArray();
    }
}
