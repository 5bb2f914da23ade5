package org.etascope.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.etascope.core.InvalidStateException;
import org.etascope.core.LayerResiduals;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.core.RunState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What survives a crash, and what is refused. */
class RunStateTest {
    private static RunMonitor monitor() {
        return RunMonitor.builder("state test, ünïcode")
                .modelSize(new ModelSize(96_816, 32))
                .vocabularySize(95)
                .clock(() -> 0)
                .build();
    }

    private static LayerResiduals residuals(Random random) {
        int[] ids = random.ints(100, 0, 20).toArray();
        LayerResiduals residuals = new LayerResiduals(new int[] {3, 2, 5, 6}, ids);
        for (int position = 0; position < ids.length; position++) {
            for (int layer = 0; layer < residuals.layers(); layer++) {
                double[] states = random.doubles(6, 0, 20).toArray();
                states[layer % 2] += ids[position];
                residuals.add(layer, position, states, 0);
            }
        }
        return residuals;
    }

    /** A run in which everything moves: losses fall, freeze and rise; NaNs, validation, epochs, learning rate. */
    private static void drive(RunMonitor monitor, int from, int to) {
        for (int t = from; t <= to; t++) {
            Random random = new Random(t);
            double loss = 1.5 + 3 * Math.pow(1 + Math.min(t, 700) / 5.0, -0.5) + 0.02 * random.nextGaussian();
            monitor.learningRate(0.01 * (1 - t / 5_000.0));
            monitor.position(t, t / 500);
            monitor.step(1_600, t % 97 == 0 ? Double.NaN : loss, t);
            if (t % 20 == 0) {
                monitor.validation(loss + 0.1 + t / 1e5);
            }
            if (t % 500 == 0) {
                monitor.endEpoch();
            }
            if (t % 300 == 0) {
                monitor.layers(residuals(random));
            }
        }
    }

    /** The run's own numbers; what this process counted since it started is rightly another. */
    private static RunSnapshot withoutProcess(RunSnapshot s) {
        RunSnapshot zero = monitor().snapshot();
        return new RunSnapshot(
                s.info(),
                s.progress(),
                s.baseline(),
                s.losses(),
                s.ledger(),
                s.verdict(),
                s.validation(),
                s.timeline(),
                zero.process());
    }

    @Test
    void resume_at40CutPoints_endsWithTheSameBitsAsTheUncutRun() throws IOException {
        RunMonitor uncut = monitor();
        drive(uncut, 1, 3_000);
        assertThat(uncut.snapshot().verdict().saturation().atTokens()).isPositive();
        Random random = new Random(1);
        for (int i = 0; i < 40; i++) {
            int cut = i == 0 ? 0 : random.nextInt(3_000);
            RunMonitor first = monitor();
            drive(first, 1, cut);
            RunState state = RunState.fromBytes(first.state().toBytes());
            RunMonitor second = monitor();
            second.restore(state);
            assertThat(withoutProcess(second.snapshot())).isEqualTo(withoutProcess(first.snapshot()));
            drive(second, cut + 1, 3_000);
            assertThat(withoutProcess(second.snapshot())).isEqualTo(withoutProcess(uncut.snapshot()));
            assertThat(second.curve()).isEqualTo(uncut.curve());
            assertThat(second.layerCurve()).isEqualTo(uncut.layerCurve()).hasSizeGreaterThan(5);
            assertThat(second.state().toBytes()).isEqualTo(uncut.state().toBytes());
        }
    }

    @Test
    void restore_ofAnOlderState_rollsTheRunBackButNotTheProcess() {
        RunMonitor monitor = monitor();
        drive(monitor, 1, 500);
        RunState older = monitor.state();
        RunSnapshot then = monitor.snapshot();
        drive(monitor, 501, 800);
        long trained = monitor.snapshot().process().tokens();
        monitor.restore(older);
        RunSnapshot now = monitor.snapshot();
        assertThat(now.progress()).isEqualTo(then.progress());
        assertThat(now.ledger()).isEqualTo(then.ledger());
        assertThat(now.process().tokens()).isEqualTo(trained);
        drive(monitor, 501, 800);
        assertThat(monitor.snapshot().process().tokens())
                .isEqualTo(trained + (trained - then.process().tokens()));
        assertThat(monitor.snapshot().process().nonFiniteSteps()).isEqualTo(8 + 3);
    }

    @Test
    void restore_intoAMonitorThatKnowsLess_bringsSizeAndVocabulary() {
        RunMonitor first = monitor();
        drive(first, 1, 100);
        RunMonitor second = RunMonitor.builder("other name").build();
        second.restore(first.state());
        assertThat(second.snapshot().info().size()).isEqualTo(new ModelSize(96_816, 32));
        assertThat(second.snapshot().info().vocabularySize()).isEqualTo(95);
        assertThat(second.snapshot().baseline()).isEqualTo(first.snapshot().baseline());
        assertThat(second.name()).isEqualTo("other name");
    }

    @Test
    void bytes_truncatedAnywhere_areRefused() {
        RunMonitor monitor = monitor();
        drive(monitor, 1, 300);
        byte[] bytes = monitor.state().toBytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> RunState.fromBytes(cut))
                    .isInstanceOf(InvalidStateException.class)
                    .hasMessageNotContaining("\n");
        }
        assertThatThrownBy(() -> RunState.fromBytes(Arrays.copyOf(bytes, 1_000)))
                .hasMessage("state is truncated: 1000 of " + bytes.length + " bytes");
    }

    @Test
    void bytes_withAnyBitFlipped_areRefused() {
        RunMonitor monitor = monitor();
        drive(monitor, 1, 60);
        byte[] bytes = monitor.state().toBytes();
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> RunState.fromBytes(bytes)).isInstanceOf(InvalidStateException.class);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    @Test
    void bytes_ofANewerVersion_areRefusedByName() {
        byte[] bytes = monitor().state().toBytes();
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        buffer.putInt(8, 3);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - 4);
        buffer.putInt(bytes.length - 4, (int) crc.getValue());
        assertThatThrownBy(() -> RunState.fromBytes(bytes))
                .hasMessage("state has format version 3, this Etascope reads 1 to 2:"
                        + " use the Etascope that wrote it, or a newer one");
    }

    @Test
    void bytes_ofSomethingElse_areRefused() {
        assertThatThrownBy(() -> RunState.fromBytes(new byte[100]))
                .hasMessage("not an Etascope state: it does not begin with \"ETASCOPE\"");
    }

    @Test
    void state_afterAVeryLongRun_staysBelow128KiB() {
        RunMonitor monitor = monitor();
        // 1e9 steps' worth of tokens, one point for more and more steps: as many bins as every step alone would close.
        long steps = 0;
        for (double next = 1; steps < 1_000_000_000L; next *= 1.0001) {
            long more = Math.max(1, Math.round(next) - steps);
            monitor.steps(more, more, 3, 0);
            steps += more;
        }
        assertThat(monitor.snapshot().verdict().bins()).isBetween(530, 540);
        assertThat(monitor.state().toBytes().length).isLessThan(128 * 1024);
    }

    // ---- files ----

    @Test
    void file_writtenAndRead_isTheSame(@TempDir Path directory) throws IOException {
        RunMonitor monitor = monitor();
        drive(monitor, 1, 300);
        Path file = directory.resolve("run.state");
        monitor.state().write(file);
        drive(monitor, 301, 400);
        monitor.state().write(file);
        assertThat(RunState.read(file).toBytes()).isEqualTo(monitor.state().toBytes());
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void file_linksInItsPlace_areReplacedAndNotWrittenThrough(@TempDir Path directory) throws IOException {
        Path precious = Files.writeString(directory.resolve("precious"), "mine");
        Path file = Files.createSymbolicLink(directory.resolve("state.bin"), precious);
        Files.createSymbolicLink(directory.resolve("state.bin.tmp"), precious);

        monitor().state().write(file);

        assertThat(precious).hasContent("mine");
        assertThat(Files.isSymbolicLink(file)).isFalse();
        assertThat(RunState.read(file).toBytes()).isEqualTo(monitor().state().toBytes());
    }

    @Test
    void file_damaged_isRefusedByName(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("run.state");
        monitor().state().write(file);
        byte[] bytes = Files.readAllBytes(file);
        bytes[40] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> RunState.read(file))
                .isInstanceOf(InvalidStateException.class)
                .hasMessage(file + ": state is altered: its checksum does not match");
        Files.write(file, new byte[RunState.MOST_BYTES + 1]);
        assertThatThrownBy(() -> RunState.read(file)).hasMessage(file + ": 4194305 bytes are too many for a state");
    }

    @Test
    void file_intoADirectoryThatIsNotThere_failsAndLeavesNothing(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("absent").resolve("run.state");
        assertThatThrownBy(() -> monitor().state().write(file)).isInstanceOf(NoSuchFileException.class);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void statistics_ofAState_areTheRuns() {
        RunMonitor monitor = monitor();
        drive(monitor, 1, 300);
        RunState state = monitor.state();
        assertThat(state.run()).isEqualTo("state test, ünïcode");
        assertThat(state.statistics().tokens()).isEqualTo(297 * 1_600);
        assertThat(state.statistics().nonFiniteSteps()).isEqualTo(3);
        assertThat(state.statistics().codeLengthNats())
                .isEqualTo(monitor.snapshot().ledger().codeLengthNats());
        assertThat(state.statistics().baselineNats())
                .isEqualTo(monitor.snapshot().baseline().nats(), within(1e-12));
    }
}
