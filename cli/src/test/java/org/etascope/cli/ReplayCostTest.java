package org.etascope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two million lines are to take at most 8 s of processor time: held here for a tenth of them, on a cold JVM. */
class ReplayCostTest {
    private static final int LINES = 200_000;
    private static final double MOST_SECONDS = 8.0 * LINES / 2_000_000;
    /** A busy machine's shared cores, and the compiler at its beginning. */
    private static final double ALLOWANCE = 4;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "s:%d trl:%.4f lr:0.000600 norm:0.23",
                "%d,%.6f,0.0006",
                "{\"step\": %d, \"loss\": %.6f, \"lr\": 0.0006, \"time\": 0.1}",
                "2026-01-01 00:00:00 INFO step %d/200000 | loss: %.4f | lr 6.0e-4 | dt: 20.1ms | tok/sec: 262,144",
            })
    void replay_manyLines_costsWhatIsPromised(String line) throws IOException {
        Path log = directory.resolve("run.log");
        Random random = new Random(1);
        try (Writer out = Files.newBufferedWriter(log)) {
            out.write("step,loss,lr\n");
            for (int step = 0; step < LINES; step++) {
                double loss = 3 + 7.8 / (1 + step / 50.0) + 0.05 * random.nextGaussian();
                out.write(String.format(Locale.ROOT, line, step, loss) + "\n");
            }
        }
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        CommandLineRun run = CommandLineRun.of(
                "replay", log.toString(), "--params=124M", "--tokens-per-step=524288", "--vocab=50257", "--json");
        double seconds = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e9;
        assertThat(run.json().get("points").asLong()).isEqualTo(LINES);
        assertThat(seconds).isLessThan(ALLOWANCE * MOST_SECONDS);
    }
}
