package org.etascope.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.etascope.recording.Screen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoCommandLineTest {
    private record Outcome(int exitCode, String out, String errors) {}

    @TempDir
    Path folder;

    private static Outcome run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        Screen screen = new Screen(new PrintStream(out, true, StandardCharsets.UTF_8), 0, true, false);
        int exitCode = Demo.run(
                screen, new PrintStream(errors, true, StandardCharsets.UTF_8), new Interruption(code -> {}), arguments);
        return new Outcome(exitCode, out.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
    }

    private static void assertOneLine(Outcome outcome, int exitCode, String line) {
        assertThat(outcome.errors()).isEqualTo("demo: " + line + System.lineSeparator());
        assertThat(outcome.exitCode()).isEqualTo(exitCode);
        assertThat(outcome.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--minutes 0      | --minutes 0.0 is out of range, allowed: above 0, up to 10080 (a week)",
                "--minutes NaN    | --minutes NaN is out of range, allowed: above 0, up to 10080 (a week)",
                "--minutes 1e9    | --minutes 1.0E9 is out of range, allowed: above 0, up to 10080 (a week)",
                "--steps 0        | --steps 0 is out of range, allowed: 1 or more",
                "--checkpoint-every -1 | --checkpoint-every -1.0 is out of range, allowed: 0 to 604800 (a week)",
                "--port 65536     | --port 65536 is out of range, allowed: 0 to 65535",
                "--port -1        | --port -1 is out of range, allowed: 0 to 65535",
                "--run=           | --run is blank, allowed: any other text",
                "--scenario teach | --scenario teach is not known, allowed: learn, saturate, blowup",
                "--scenario saturate --corpus synthetic"
                        + " | --scenario saturate brings its own corpus: leave out --corpus",
                "--resume x --run y"
                        + " | --resume brings the run's own name, corpus, scenario and layers: leave out --run, --corpus, --scenario and --layers",
                "--layers 0       | --layers 0 is out of range, allowed: 1 to 32",
                "--scenario blowup --layers 2 | --scenario blowup brings its own network: leave out --layers",
            })
    void badValue_isOneLineThatNamesWhatIsAllowed(String arguments, String line) {
        assertOneLine(run(arguments.split(" ")), 2, line);
    }

    @ParameterizedTest
    @CsvSource({"--epochs 3,--epochs", "extra,extra", "--port x,--port", "--minutes,--minutes"})
    void unknownOrBrokenOption_isOneLineThatNamesIt(String arguments, String named) {
        Outcome outcome = run(arguments.split(" "));

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.errors().lines()).hasSize(1);
        assertThat(outcome.errors())
                .startsWith("demo: ")
                .contains(named)
                .endsWith("See bin/demo --help." + System.lineSeparator());
    }

    @Test
    void help_listsEveryOption() {
        Outcome outcome = run("--help");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.errors()).isEmpty();
        assertThat(outcome.out())
                .contains("--minutes", "--port", "--corpus", "--run", "--resume", "--scenario", "--prometheus", "130");
    }

    @Test
    void corpusShorterThanABatch_isOneLine() throws IOException {
        Path text = Files.writeString(folder.resolve("short.txt"), "too short");

        assertOneLine(
                run("--corpus", text.toString(), "--run", "never"),
                1,
                text + " has 9 characters, one batch needs 1601");
        assertThat(Path.of("runs", "never")).doesNotExist();
    }

    @Test
    void portTaken_isOneLineAndNothingIsHalfStarted() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            assertOneLine(
                    run("--corpus", "synthetic", "--port", port, "--run", "never"),
                    1,
                    "port " + port + " is taken (OpenTelemetry exporters use 9464 too). Choose another with --port.");
        }
        assertThat(Path.of("runs", "never")).doesNotExist();
    }

    @Test
    void resume_folderWithoutARun_isOneLine() {
        assertOneLine(
                run("--resume", folder.toString()),
                1,
                "--resume " + folder + " is not the folder of a demo run: it has no demo.properties");
    }

    @Test
    void resume_damagedCheckpoint_isOneLine() throws IOException {
        Files.writeString(
                folder.resolve("demo.properties"),
                "scenario=saturate\ncorpus=\nfingerprint="
                        + new MarkovSource(16, 1, 7).facts().fingerprint() + "\n");
        Files.writeString(folder.resolve("checkpoint.zip"), "not a zip");

        Outcome outcome = run("--resume", folder.toString(), "--port", "0");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors().lines()).hasSize(1);
        assertThat(outcome.errors()).startsWith("demo: " + folder.resolve("checkpoint.zip") + " cannot be read: ");
    }

    @Test
    void resume_otherCorpusThanBefore_isOneLine() throws IOException {
        Files.writeString(folder.resolve("demo.properties"), "scenario=saturate\ncorpus=\nfingerprint=1\n");
        Files.writeString(folder.resolve("checkpoint.zip"), "");

        assertOneLine(
                run("--resume", folder.toString()),
                1,
                "--resume: the corpus is not the one the run began with (synthetic, Markov order 1 (seed 7)); a run goes"
                        + " on with its own data only");
    }
}
