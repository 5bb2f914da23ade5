package org.etascope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What rewrites itself, on a real terminal: util-linux's {@code script} makes one. */
class OnATerminalTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int NARROW = 40;
    private static final int CTRL_C = 3;

    @TempDir
    private Path directory;

    private @Nullable Process started;

    @BeforeEach
    void needScript() {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/script"))
                        && System.getProperty("os.name").equals("Linux"),
                "NEEDS script: util-linux's, which gives a program a terminal");
    }

    @AfterEach
    void stop() {
        if (started != null) {
            started.descendants().forEach(ProcessHandle::destroyForcibly);
            started.destroyForcibly();
        }
    }

    private Process start(int columns, String arguments) throws IOException {
        return start(columns, arguments, Map.of("TERM", "xterm"));
    }

    private Process start(int columns, String arguments, Map<String, String> environment) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String command = "stty cols " + columns + " rows 24; exec " + java + " -XX:TieredStopAtLevel=1"
                + " -Detascope.columns=" + columns + " -Detascope.stderr=terminal org.etascope.cli.Main " + arguments;
        ProcessBuilder script = new ProcessBuilder("/usr/bin/script", "-qefc", command, "/dev/null")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        script.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        script.environment().put("LC_ALL", "C.UTF-8");
        script.environment().keySet().removeAll(Set.of("NO_COLOR", "TERM"));
        script.environment().putAll(environment);
        Process process = script.start();
        started = process;
        return process;
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("output"));
    }

    private void append(String text) throws IOException {
        Files.writeString(directory.resolve("run.log"), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void awaitShown(String text) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(output()).contains(text));
    }

    @Test
    void watch_inANarrowWindow_rewritesItsTwoLinesUntilCtrlC() throws Exception {
        append("s:0 trl:10.8\n");
        Process watch = start(NARROW, "watch run.log --params=1M --tokens-per-step=1000 --port=0");
        awaitShown("step 1 ");
        append("s:1 trl:10.7\n");
        awaitShown("step 2 ");
        append("s:2 trl:10.6\n");
        awaitShown("step 3 ");
        List<String> lines = Screen.of(output(), NARROW);
        assertThat(lines).filteredOn(line -> line.contains("step ")).hasSize(1);
        assertThat(lines).filteredOn(line -> line.contains("η ")).hasSize(1);
        watch.getOutputStream().write(CTRL_C);
        watch.getOutputStream().flush();
        assertThat(watch.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(watch.exitValue()).isEqualTo(130);
        assertThat(Screen.of(output(), 200))
                .filteredOn(line -> line.contains("step "))
                .hasSize(1);
        assertThat(output()).contains("transmitted").contains("llmc, 3 points");
    }

    private String watchedUnder(Map<String, String> environment, String shown) throws Exception {
        append("s:0 trl:10.8\ns:1 trl:10.7\n");
        Process watch = start(80, "watch run.log --params=1M --tokens-per-step=1000 --port=0", environment);
        awaitShown(shown);
        watch.getOutputStream().write(CTRL_C);
        watch.getOutputStream().flush();
        assertThat(watch.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return output();
    }

    @Test
    void watch_inATerminalThatCanDoNothing_writesPlainLines() throws Exception {
        assertThat(watchedUnder(Map.of("TERM", "dumb"), "run=run seconds="))
                .contains("loss_nats=10.7500")
                .doesNotContain("\033");
    }

    @Test
    void watch_whereColoursAreNotWanted_hasNone() throws Exception {
        assertThat(watchedUnder(Map.of("TERM", "xterm", "NO_COLOR", "1"), "step 2 "))
                .contains("\033[")
                .doesNotContainPattern("\033\\[[\\d;]*m");
    }

    @Test
    void watch_inColours_hasThem() throws Exception {
        assertThat(watchedUnder(Map.of("TERM", "xterm"), "step 2 ")).containsPattern("\033\\[[\\d;]*m");
    }

    @Test
    void replay_ofAFileThatTakesAWhile_showsABarAndTakesItAway() throws Exception {
        append("s:0 trl:10.8\ns:1 trl:10.7\n");
        // Nothing but zeros from here on, and no room taken on the disk.
        try (RandomAccessFile log =
                new RandomAccessFile(directory.resolve("run.log").toFile(), "rw")) {
            log.setLength(3L << 30);
        }
        Process replay = start(NARROW, "replay run.log --params=1M --tokens-per-step=1000");
        assertThat(replay.waitFor(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(replay.exitValue()).isZero();
        assertThat(output()).containsPattern("█+░+ +\\d+ %");
        List<String> lines = Screen.of(output(), NARROW);
        assertThat(lines.get(0)).isEmpty();
        assertThat(lines.get(1)).startsWith("run run, 2.00 k tokens, 2 steps");
        assertThat(String.join("\n", lines)).doesNotContain("░").contains("2 points");
    }
}
