package org.etascope.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etascope.core.InformationCapacity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The demo as people run it: a process of its own, in a folder of its own. */
@Execution(ExecutionMode.CONCURRENT)
class DemoProgramTest {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stopWhatWasStarted() {
        started.forEach(Process::destroyForcibly);
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                "-Detascope.home=" + Path.of("..").toAbsolutePath().normalize(),
                "-cp",
                System.getProperty("java.class.path"),
                Demo.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("out").toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("errors").toFile()))
                .start();
        started.add(process);
        return process;
    }

    private String out() throws IOException {
        return Files.readString(folder.resolve("out"));
    }

    private int exitCode(Process process) throws InterruptedException, IOException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("ended; it wrote: %s", out())
                .isTrue();
        return process.exitValue();
    }

    /** Waits until the output has it. */
    private String awaitOut(String pattern) {
        Pattern wanted = Pattern.compile(pattern);
        return await(pattern)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> {
                            Matcher found = wanted.matcher(out());
                            return found.find() ? found.group(1) : "";
                        },
                        found -> !found.isEmpty());
    }

    private List<Long> tokensShown() throws IOException {
        return Pattern.compile(" tokens=(\\d+) ")
                .matcher(out())
                .results()
                .map(found -> Long.parseLong(found.group(1)))
                .toList();
    }

    private String metrics(String address) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address + "/metrics")).build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static double value(String metrics, String name) {
        Matcher found = Pattern.compile("(?m)^" + name + "\\{[^}]*} (\\S+)$").matcher(metrics);
        return found.find() ? Double.parseDouble(found.group(1)) : Double.NaN;
    }

    @Test
    void run_untilTheTimeIsUp_servesConsistentMetrics_andResumesWhereItWas() throws Exception {
        Process first = start("--corpus", "synthetic", "--minutes", "0.1", "--port", "0", "--run", "e2e");
        String address = awaitOut("(http://127\\.0\\.0\\.1:\\d+) ");
        String metrics =
                await().atMost(PATIENCE).until(() -> metrics(address), text -> value(text, "etascope_run_steps") >= 3);

        double bits = value(metrics, "etascope_information_transmitted_bits");
        assertThat(bits).isNotZero();
        assertThat(value(metrics, "etascope_eta_ratio") * value(metrics, "etascope_model_size_bits"))
                .isEqualTo(bits, within(1e-9 * Math.abs(bits)));
        assertThat(value(metrics, "etascope_landauer_floor_joules"))
                .isEqualTo(
                        Math.max(0, bits) * 1.380649e-23 * 300 * InformationCapacity.LN2, within(1e-9 * 1e-21 * bits));
        assertThat(value(metrics, "etascope_tokens_total")).isEqualTo(1600 * value(metrics, "etascope_steps_total"));
        assertThat(value(metrics, "etascope_baseline_nats")).isEqualTo(Math.log(16), within(0.15));

        assertThat(exitCode(first)).isZero();
        assertThat(out())
                .contains("run e2e ended after 0:0", "  transmitted  ", "  source   true entropy rate ", "  verdict  ");
        // What it found on this machine, or why nothing.
        assertThat(out())
                .containsPattern("(?m)^ +(.+ measured at this machine: .+|Not measured: .*powercap.*nvml.*)\\.$");
        long before = tokensShown().get(tokensShown().size() - 1);
        int lines = tokensShown().size();
        assertThat(exitCode(start("--resume", "runs/e2e", "--minutes", "0.05", "--port", "0")))
                .isZero();
        assertThat(tokensShown().get(lines)).isGreaterThanOrEqualTo(before);
        assertThat(tokensShown().get(tokensShown().size() - 1)).isGreaterThan(before);
        List<String> baselines = Pattern.compile("baseline H ([0-9.]+)")
                .matcher(out())
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(baselines).hasSize(2);
        assertThat(baselines.get(1)).isEqualTo(baselines.get(0));
        assertThat(Files.readString(folder.resolve("errors"))).isEmpty();
    }

    @Test
    void layers_areMeasured_andAResumedRunGoesOnMeasuring() throws Exception {
        Process first =
                start("--corpus", "synthetic", "--layers", "3", "--steps", "60", "--port", "0", "--run", "deep");
        String address = awaitOut("(http://127\\.0\\.0\\.1:\\d+) ");
        String metrics = await().atMost(PATIENCE)
                .until(() -> metrics(address), text -> text.contains("etascope_layer_decay_ratio{"));
        List<Double> residuals = Pattern.compile("etascope_layer_prediction_residual\\{layer=\"[123]\"[^}]*} (\\S+)")
                .matcher(metrics)
                .results()
                .map(found -> Double.parseDouble(found.group(1)))
                .toList();
        assertThat(residuals).hasSize(3).allMatch(residual -> residual > 0 && residual <= 1);

        assertThat(exitCode(first)).isZero();
        assertThat(exitCode(start("--resume", "runs/deep", "--steps", "70", "--port", "0")))
                .isZero();
        assertThat(Pattern.compile("prediction residual [0-9.]+ → [0-9.]+\\s+over\\s+3\\s+layers")
                        .matcher(out())
                        .results())
                .hasSize(2);
        assertThat(Files.readString(folder.resolve("errors"))).isEmpty();
    }

    @Test
    void ctrlC_whileTraining_endsWithTheTable() throws Exception {
        Process process = start("--corpus", "synthetic", "--minutes", "5", "--port", "0", "--run", "stopped");
        awaitOut("(tokens=\\d+)");
        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();

        assertThat(exitCode(process)).isEqualTo(130);
        assertThat(out()).contains("run stopped ended after", "  transmitted  ");
        assertThat(folder.resolve("runs/stopped/checkpoint.zip")).exists();
    }

    @Test
    void saturate_withPrometheus_reachesThePlateauAndTheAlert() throws Exception {
        assumeTrue(
                System.getenv("PATH") != null
                        && Pattern.compile(":")
                                .splitAsStream(System.getenv("PATH"))
                                .anyMatch(place -> Files.isExecutable(Path.of(place, "prometheus"))),
                "NEEDS prometheus: shows the plateau's alert in the demo");
        Process process = start("--scenario", "saturate", "--prometheus", "--port", "0", "--run", "plateau");

        assertThat(exitCode(process)).isZero();
        assertThat(out())
                .contains("verdict  flat under the current learning rate and data: ")
                .contains("EtascopeEtaPlateau")
                .doesNotContain("[critical]");
        Matcher above = Pattern.compile("the loss is ([0-9.]+) nats").matcher(out());
        assertThat(above.find()).isTrue();
        assertThat(Double.parseDouble(above.group(1))).isLessThanOrEqualTo(0.05);
    }

    @Test
    void blowUp_rateRaised_isToldWithinFiftyStepsAndSoIsTheRecovery() throws Exception {
        Process process = start("--scenario", "blowup", "--port", "0", "--run", "blowup", "--minutes", "20");

        assertThat(exitCode(process)).isZero();
        Matcher blowUp = found("step (\\d+): loss is .* nats above its lowest level, since (\\d+) k tokens: blow-up");
        long told = Long.parseLong(blowUp.group(1));
        long since = 1_000 * Long.parseLong(blowUp.group(2)) / Scenario.BLOWUP.tokensPerStep();
        assertThat(told).isGreaterThan(step("learning rate raised from")).isBetween(since, since + 50);
        assertThat(step("learning rate lowered from")).isBetween(told, told + 1);
        assertThat(step("recovered: ")).isGreaterThan(told);
    }

    /** {@return the step of a line that stays on the screen} */
    private long step(String words) throws IOException {
        return Long.parseLong(found("step (\\d+): " + words).group(1));
    }

    private Matcher found(String pattern) throws IOException {
        Matcher found = Pattern.compile(pattern).matcher(out());
        assertThat(found.find()).as(pattern + " in " + out()).isTrue();
        return found;
    }
}
