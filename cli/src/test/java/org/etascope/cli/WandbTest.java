package org.etascope.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Run files of Weights &amp; Biases, written here as its format says. */
class WandbTest {
    private static final int BLOCK = 32_768;
    private static final int ROWS = 1_000;

    @TempDir
    private Path directory;

    /** A writer of such a file. */
    private static final class RunFile {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        RunFile() {
            out.writeBytes(new byte[] {':', 'W', '&', 'B', (byte) 0xE1, (byte) 0xBE, 0});
        }

        void record(byte[] data) {
            for (int from = 0; from < data.length; ) {
                int left = BLOCK - out.size() % BLOCK;
                if (left < 7) {
                    out.writeBytes(new byte[left]);
                    left = BLOCK;
                }
                int n = Math.min(data.length - from, left - 7);
                boolean first = from == 0;
                boolean last = from + n == data.length;
                chunk(first && last ? 1 : first ? 2 : last ? 4 : 3, Arrays.copyOfRange(data, from, from + n));
                from += n;
            }
        }

        private void chunk(int type, byte[] data) {
            CRC32 crc = new CRC32();
            crc.update(type);
            crc.update(data);
            ByteBuffer header = ByteBuffer.allocate(7).order(ByteOrder.LITTLE_ENDIAN);
            header.putInt((int) crc.getValue()).putShort((short) data.length).put((byte) type);
            out.writeBytes(header.array());
            out.writeBytes(data);
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static byte[] varint(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long left = value;
        for (; left > 0x7F; left >>>= 7) {
            out.write((int) ((left & 0x7F) | 0x80));
        }
        out.write((int) left);
        return out.toByteArray();
    }

    private static byte[] field(int number, byte[]... content) {
        byte[] bytes = join(content);
        return join(varint(number << 3 | 2), varint(bytes.length), bytes);
    }

    private static byte[] item(String path, String json) {
        String[] keys = path.split("/", -1);
        byte[] name = keys.length == 1
                ? field(1, path.getBytes(UTF_8))
                : join(Arrays.stream(keys)
                        .map(key -> field(2, key.getBytes(UTF_8)))
                        .toArray(byte[][]::new));
        return field(1, name, field(16, json.getBytes(UTF_8)));
    }

    private static byte[] history(long step, byte[]... items) {
        return join(varint(1 << 3), varint(step + 2), field(2, join(items), field(2, varint(1 << 3), varint(step))));
    }

    private static double loss(int step) {
        return 4 + 6 / Math.sqrt(step);
    }

    private static RunFile run(String lossName) {
        RunFile run = new RunFile();
        byte[] config = field(4, item("vocab_size", "22026"), item("loss", "\"cross entropy\""), item("model", "{}"));
        run.record(field(17, config));
        for (int step = 1; step <= ROWS; step++) {
            run.record(history(
                    step - 1,
                    item(lossName, Double.toString(loss(step))),
                    item("train/global_step", Integer.toString(step)),
                    item("_timestamp", Double.toString(1.7e9 + step))));
            if (step == ROWS / 2) {
                // A table that someone logged: longer than two blocks.
                run.record(history(step - 1, item("table", "\"" + "x".repeat(70_000) + "\"")));
            }
        }
        return run;
    }

    private CommandLineRun replay(byte[] file, String... more) throws IOException {
        Path path = Files.write(directory.resolve("run-20260101_000000-abc.wandb"), file);
        String[] args = {"replay", path.toString(), "--params=1M", "--tokens-per-step=1000", "--json"};
        return CommandLineRun.of(join(args, more));
    }

    private static String[] join(String[] some, String[] more) {
        String[] all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }

    private static double meanLoss() {
        double sum = 0;
        for (int step = 1; step <= ROWS; step++) {
            sum += loss(step);
        }
        return sum / ROWS;
    }

    @Test
    void replay_rowsOverManyBlocks_givesEveryPointAtTheOptimisersStep() throws IOException {
        for (String name : new String[] {"loss", "train/loss", "trainer/losses/train_loss"}) {
            JsonNode run = replay(run(name).bytes()).json();
            assertThat(run.get("format").asText()).isEqualTo("wandb");
            assertThat(run.get("points").asLong()).isEqualTo(ROWS);
            assertThat(run.get("steps").asLong()).isEqualTo(ROWS);
            assertThat(run.get("baseline_nats").asDouble()).isEqualTo(10);
            assertThat(run.get("mean_loss_nats").asDouble()).isCloseTo(meanLoss(), within(1e-12));
        }
    }

    @Test
    void replay_vocabularyInTheConfiguration_isTheRuns() throws IOException {
        CommandLineRun run = CommandLineRun.of(
                "replay",
                Files.write(directory.resolve("a.wandb"), run("loss").bytes()).toString(),
                "--params=1M",
                "--tokens-per-step=1000",
                "--baseline=uniform");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("22,026");
    }

    @Test
    void replay_fileStillBeingWritten_losesItsLastRowOnly() throws IOException {
        byte[] file = run("loss").bytes();
        JsonNode run = replay(Arrays.copyOf(file, file.length - 5)).json();
        assertThat(run.get("points").asLong()).isEqualTo(ROWS - 1);
    }

    @Test
    void replay_damagedChunk_isNamedAndCostsAtMostItsBlock() throws IOException {
        byte[] file = run("loss").bytes();
        file[200] ^= 1;
        CommandLineRun strict = replay(file);
        assertThat(strict.exitCode()).isEqualTo(1);
        assertThat(strict.error()).contains("record ").contains("its checksum is wrong");
        JsonNode lenient = replay(file, "--lenient", "--baseline=10").json();
        assertThat(lenient.get("points").asLong()).isBetween(500L, (long) ROWS - 1);
    }

    @Test
    void replay_lossThatIsNotFinite_isCounted() throws IOException {
        RunFile run = run("loss");
        run.record(history(ROWS, item("loss", "NaN"), item("train/global_step", Integer.toString(ROWS + 1))));
        run.record(history(ROWS + 1, item("loss", "\"NaN\""), item("train/global_step", Integer.toString(ROWS + 2))));
        assertThat(replay(run.bytes()).json().get("nonfinite").asLong()).isEqualTo(2);
    }
}
