package org.etascope.examples.demo;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The demo's command line. */
final class DemoOptions {
    private static final double MOST_MINUTES = 7 * 24 * 60;
    private static final int HIGHEST_PORT = 65_535;
    private static final int MOST_LAYERS = 32;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            description = "How long to train; default 2, with the other scenarios at most 3.")
    private @Nullable Double minutes;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "End after this many training steps, those before a resume included, if time is left.")
    long steps = Long.MAX_VALUE;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "SECONDS",
            description = "How often to save the network with its ledger; default 30. It is saved at the end anyway.")
    private double checkpointSeconds = 30;

    @Option(names = "--port", paramLabel = "P", description = "Port on 127.0.0.1, 0 for any free one; default 9464.")
    int port = 9464;

    @Option(
            names = "--corpus",
            paramLabel = "FILE|synthetic",
            description = "A UTF-8 text, or a source whose true entropy rate is known; default: Java source.")
    private @Nullable String corpus;

    @Option(names = "--run", paramLabel = "NAME", description = "Name of the run and of its folder under runs/.")
    @Nullable
    String run;

    @Option(names = "--resume", paramLabel = "DIR", description = "Go on with the run saved in this folder.")
    @Nullable
    Path resume;

    @Option(
            names = "--scenario",
            paramLabel = "learn|saturate|blowup",
            description =
                    "learn (default); a small run that reaches its plateau within minutes; or one whose learning rate"
                            + " is raised until the loss blows up, and lowered again.")
    private @Nullable String scenario;

    @Option(
            names = "--layers",
            paramLabel = "N",
            description = "Train N narrower layers one above the other, and measure how each improves the prediction.")
    private @Nullable Integer layers;

    @Option(names = "--prometheus", description = "Start a local Prometheus that watches the run with our alerts.")
    boolean prometheus;

    @Option(names = "--help", usageHelp = true, description = "Print this.")
    boolean help;

    /** Checks what each option alone cannot know. */
    void check() {
        if (minutes != null && !(minutes > 0 && minutes <= MOST_MINUTES)) {
            throw DemoException.usage(
                    "--minutes " + minutes + " is out of range, allowed: above 0, up to 10080 (a week)");
        }
        if (steps < 1) {
            throw DemoException.usage("--steps " + steps + " is out of range, allowed: 1 or more");
        }
        if (!(checkpointSeconds >= 0 && checkpointSeconds <= MOST_MINUTES * 60)) {
            throw DemoException.usage(
                    "--checkpoint-every " + checkpointSeconds + " is out of range, allowed: 0 to 604800 (a week)");
        }
        if (port < 0 || port > HIGHEST_PORT) {
            throw DemoException.usage("--port " + port + " is out of range, allowed: 0 to " + HIGHEST_PORT);
        }
        if (run != null && run.isBlank()) {
            throw DemoException.usage("--run is blank, allowed: any other text");
        }
        if (layers != null && (layers < 1 || layers > MOST_LAYERS)) {
            throw DemoException.usage("--layers " + layers + " is out of range, allowed: 1 to " + MOST_LAYERS);
        }
        if (resume != null && (run != null || corpus != null || scenario != null || layers != null)) {
            throw DemoException.usage(
                    "--resume brings the run's own name, corpus, scenario and layers: leave out --run,"
                            + " --corpus, --scenario and --layers");
        }
        if (scenario() != Scenario.LEARN && layers != null) {
            throw DemoException.usage(
                    "--scenario " + scenario().label() + " brings its own network: leave out --layers");
        }
        if (scenario() != Scenario.LEARN && corpus != null) {
            throw DemoException.usage(
                    "--scenario " + scenario().label() + " brings its own corpus: leave out --corpus");
        }
    }

    @Nullable
    Duration time() {
        return minutes == null ? null : Duration.ofMillis(Math.round(minutes * 60_000));
    }

    Duration checkpointEvery() {
        return Duration.ofMillis(Math.round(checkpointSeconds * 1e3));
    }

    /** {@return a file, "synthetic", or empty for the scenario's own} */
    String corpus() {
        return corpus == null ? "" : corpus;
    }

    Scenario scenario() {
        return scenario == null ? Scenario.LEARN : Scenario.of(scenario);
    }

    /** {@return how many layers are stacked and looked at, 0 for the scenario's own network} */
    int layers() {
        return layers == null ? 0 : layers;
    }
}
