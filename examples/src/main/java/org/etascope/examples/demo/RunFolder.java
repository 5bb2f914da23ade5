package org.etascope.examples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.etascope.core.WholeFile;
import org.etascope.recording.CurveCsv;
import org.etascope.recording.Recording;
import org.etascope.recording.RunFiles;
import org.etascope.recording.RunReport;

/**
 * A run's folder, {@code runs/<run>/}: what it was started with, a checkpoint, journal and report.
 */
final class RunFolder {
    /** Where all runs are, those of before too. */
    static final Path RUNS = Path.of("runs");

    private static final String SETTINGS = "demo.properties";
    private static final String CHECKPOINT = "checkpoint.zip";

    /**
     * What a run was started with.
     *
     * @param run its name
     * @param scenario its scenario
     * @param corpus a file, "synthetic", or empty for the scenario's own
     * @param fingerprint of the corpus then
     * @param layers how many are looked at, 0 for the scenario's own network
     */
    record Settings(String run, Scenario scenario, String corpus, long fingerprint, int layers) {
        /** A run goes on with the data it began with, or not at all. */
        void requireSame(Corpus now) {
            if (now.facts().fingerprint() != fingerprint) {
                throw DemoException.failed("--resume: the corpus is not the one the run began with ("
                        + now.facts().description() + "); a run goes on with its own data only");
            }
        }
    }

    private final Path path;

    private RunFolder(Path path) {
        this.path = path;
    }

    /**
     * {@return the folder of a new run, not created yet}
     *
     * @param run its name
     */
    static RunFolder ofNew(String run) {
        Path path = RunFiles.directory(RUNS, run);
        if (Files.exists(path)) {
            throw DemoException.failed(
                    path + " exists: go on with --resume " + path + ", or choose another name with --run");
        }
        return new RunFolder(path);
    }

    /**
     * {@return the folder of a saved run}
     *
     * @param path the folder
     */
    static RunFolder ofSaved(Path path) {
        if (!Files.isRegularFile(path.resolve(SETTINGS))) {
            throw DemoException.failed("--resume " + path + " is not the folder of a demo run: it has no " + SETTINGS);
        }
        if (!Files.isRegularFile(path.resolve(CHECKPOINT))) {
            throw DemoException.failed(
                    "--resume " + path + " has no " + CHECKPOINT + ": the run ended before its first one");
        }
        return new RunFolder(path);
    }

    Path path() {
        return path;
    }

    void create(Settings settings) {
        Properties properties = new Properties();
        properties.setProperty("run", settings.run());
        properties.setProperty("scenario", settings.scenario().label());
        properties.setProperty("corpus", settings.corpus());
        properties.setProperty("fingerprint", Long.toString(settings.fingerprint()));
        properties.setProperty("layers", Integer.toString(settings.layers()));
        try {
            Files.createDirectories(path);
            try (Writer out = Files.newBufferedWriter(path.resolve(SETTINGS))) {
                properties.store(out, "What this run was started with.");
            }
        } catch (IOException e) {
            throw DemoException.failed(path + " cannot be written: " + e);
        }
    }

    Settings settings() {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(path.resolve(SETTINGS))) {
            properties.load(in);
            return new Settings(
                    properties.getProperty("run", path.toString()),
                    Scenario.of(properties.getProperty("scenario", "")),
                    properties.getProperty("corpus", ""),
                    Long.parseLong(properties.getProperty("fingerprint", "")),
                    Integer.parseInt(properties.getProperty("layers", "0")));
        } catch (IOException | IllegalArgumentException | DemoException e) {
            throw DemoException.failed(path.resolve(SETTINGS) + " cannot be read: " + e.getMessage());
        }
    }

    /** Writes what people look at afterwards: the report, and the curve as a table. */
    void report(Recording recording) throws IOException {
        WholeFile.write(
                path.resolve(RunFiles.REPORT),
                out -> out.write(RunReport.html(recording).getBytes(UTF_8)));
        WholeFile.write(path.resolve(RunFiles.CURVE), out -> {
            StringBuilder csv = new StringBuilder();
            CurveCsv.write(csv, recording);
            out.write(csv.toString().getBytes(UTF_8));
        });
    }

    MultiLayerNetwork network() {
        try {
            return ModelSerializer.restoreMultiLayerNetwork(checkpoint().toFile(), true);
        } catch (IOException | RuntimeException e) {
            throw DemoException.failed(checkpoint() + " cannot be read: " + e.getMessage());
        }
    }

    /** {@return the file of the network and the ledger that belongs to it} */
    Path checkpoint() {
        return path.resolve(CHECKPOINT);
    }
}
