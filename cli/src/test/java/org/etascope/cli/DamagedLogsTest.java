package org.etascope.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Logs of every format, damaged as disks, crashes, editors and strangers do, replayed by the whole command: each ends in a
 * result or in one line that says what is wrong. {@code -Detascope.damaged.logs=100000} is the long form.
 */
class DamagedLogsTest {
    private static final int LOGS = Integer.getInteger("etascope.damaged.logs", 3_000);
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final int LONGEST_ERROR = 700;
    private static final int MOST_MUTATIONS = 4;
    private static final int LONGEST_PIECE = 64;
    private static final int MOST_REPEATS = 20;
    private static final List<String> NASTY = List.of(
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
            "1_000",
            "\033[31m",
            "5/",
            "1.#QNAN",
            "nan(ind)");

    @TempDir
    private Path directory;

    @Test
    void replay_damagedLogs_endInAResultOrOneLine() throws IOException {
        List<Map.Entry<String, byte[]>> samples = List.copyOf(SampleLogs.all().entrySet());
        int results = 0;
        for (int i = 0; i < LOGS; i++) {
            SplittableRandom random = new SplittableRandom(20260318L * 100_000 + i);
            Map.Entry<String, byte[]> sample = samples.get(i % samples.size());
            Path file = Files.write(directory.resolve("damaged.log"), damaged(sample.getValue(), random));
            String[] command = command(file, sample.getKey(), random);
            CommandLineRun run = assertTimeoutPreemptively(LONGEST, () -> CommandLineRun.of(command), "log " + i);
            assertEnded(run, "log " + i + " (" + sample.getKey() + ")");
            results += run.exitCode() == 0 ? 1 : 0;
        }
        // Damage leaves many logs readable, and many not.
        assertThat(results).isBetween(LOGS / 4, LOGS * 9 / 10);
    }

    private static void assertEnded(CommandLineRun run, String log) {
        if (run.exitCode() == 0) {
            assertThat(run.out()).as(log).isNotBlank();
        } else {
            assertThat(run.exitCode()).as(log).isIn(1, 2);
            assertThat(run.out()).as(log).isEmpty();
            assertThat(run.error())
                    .as(log)
                    .startsWith("etascope: ")
                    .doesNotContain("internal error")
                    .hasSizeLessThan(LONGEST_ERROR);
        }
    }

    private static String[] command(Path file, String format, SplittableRandom random) {
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
        return command.toArray(String[]::new);
    }

    /** One in eight is zipped: damaged before or after. */
    private static byte[] damaged(byte[] sample, SplittableRandom random) throws IOException {
        return switch (random.nextInt(16)) {
            case 0 -> zipped(mutated(sample, random));
            case 1 -> mutated(zipped(sample), random);
            default -> mutated(sample, random);
        };
    }

    private static byte[] zipped(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] mutated(byte[] original, SplittableRandom random) {
        byte[] bytes = original;
        for (int left = 1 + random.nextInt(MOST_MUTATIONS); left > 0 && bytes.length > 0; left--) {
            bytes = once(bytes, random);
        }
        return bytes;
    }

    private static byte[] once(byte[] bytes, SplittableRandom random) {
        int at = random.nextInt(bytes.length);
        int to = at + random.nextInt(Math.min(LONGEST_PIECE, bytes.length - at) + 1);
        byte[] nasty = NASTY.get(random.nextInt(NASTY.size())).getBytes(UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(2 * bytes.length);
        out.write(bytes, 0, at);
        switch (random.nextInt(6)) {
            case 0 -> { // flip a bit
                out.write(bytes[at] ^ (1 << random.nextInt(8)));
                rest(bytes, at + 1, out);
            }
            case 1 -> rest(bytes, to, out); // delete a piece
            case 2 -> { // insert something nasty
                out.writeBytes(nasty);
                rest(bytes, at, out);
            }
            case 3 -> { // repeat a piece
                for (int times = 1 + random.nextInt(MOST_REPEATS); times > 0; times--) {
                    out.write(bytes, at, to - at);
                }
                rest(bytes, at, out);
            }
            case 4 -> { // replace by something nasty
                out.writeBytes(nasty);
                rest(bytes, to, out);
            }
            default -> {} // cut off
        }
        return out.toByteArray();
    }

    private static void rest(byte[] bytes, int from, ByteArrayOutputStream out) {
        out.write(bytes, from, bytes.length - from);
    }
}
