package org.etascope.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process killed by SIGKILL while it writes leaves a model and a state that belong together. */
class KilledTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(StateStore.class)
    @Timeout(120)
    void kill_whileWriting_resumedRunEndsAsTheUncutOne(StateStore where) throws Exception {
        runUntilKilled(where, 37);
        Path file = newestWithState(where);
        MultiLayerNetwork net = MultiLayerNetwork.load(file.toFile(), true);
        int done = net.getIterationCount();
        assertThat(done).isGreaterThanOrEqualTo(30);

        RunMonitor monitor = RunMonitor.builder("resumed").build();
        net.setListeners(EtaListener.resume(monitor, file));
        assertThat(monitor.snapshot().progress().steps()).isEqualTo(done);
        train(net, done, done + 5);

        RunMonitor whole = RunMonitor.builder("whole").build();
        MultiLayerNetwork uncut = Nets.lstm();
        uncut.setListeners(new EtaListener(whole));
        train(uncut, 0, done + 5);
        RunSnapshot resumed = monitor.snapshot();
        assertThat(resumed.ledger()).isEqualTo(whole.snapshot().ledger());
        assertThat(resumed.baseline()).isEqualTo(whole.snapshot().baseline());
        assertThat(resumed.verdict()).isEqualTo(whole.snapshot().verdict());
        assertThat(resumed.progress().segment()).isZero();
        assertThat(net.params()).isEqualTo(uncut.params());
    }

    /** Kills the child right after it has announced a step: it saves after each one, so it dies while saving. */
    private void runUntilKilled(StateStore where, int steps) throws IOException, InterruptedException {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        ProcessBuilder command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                "-cp",
                classes,
                Child.class.getName(),
                directory.toString(),
                where.name());
        Process child =
                command.redirectError(directory.resolve("child.log").toFile()).start();
        try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
            String line = out.readLine();
            while (line != null && !line.equals("step " + steps)) {
                line = out.readLine();
            }
            assertThat(line)
                    .as(() -> "child ended: " + directory.resolve("child.log"))
                    .isNotNull();
        } finally {
            child.destroyForcibly();
            assertThat(child.waitFor()).isEqualTo(128 + 9);
        }
    }

    private Path newestWithState(StateStore where) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(where == StateStore.SIDECAR ? ".etascope" : ".zip"))
                    .map(file -> where == StateStore.SIDECAR
                            ? Path.of(file.toString().replace(".etascope", ""))
                            : file)
                    .max(Comparator.comparing(file -> file.getFileName().toString()))
                    .orElseThrow();
        }
    }

    private static void train(MultiLayerNetwork net, int from, int to) {
        for (int i = from; i < to; i++) {
            net.fit(Nets.batch(i));
        }
    }

    /** The program that is killed: trains, and saves after every step. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws IOException {
            Path directory = Path.of(arguments[0]);
            StateStore where = StateStore.valueOf(arguments[1]);
            MultiLayerNetwork net = Nets.lstm();
            EtaListener eta = new EtaListener(RunMonitor.builder("child").build());
            net.setListeners(eta);
            for (int i = 0; i < 100_000; i++) {
                net.fit(Nets.batch(i));
                System.out.println("step " + i);
                if (where == StateStore.IN_MODEL) {
                    eta.saveModel(net, directory.resolve("model.zip"));
                } else {
                    File file =
                            directory.resolve(String.format("model%06d.zip", i)).toFile();
                    net.save(file, true);
                    eta.saveState(file.toPath(), where);
                }
            }
        }
    }
}
