package org.etascope.examples;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.etascope.core.StopWhenSaturated;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of the demo, from options to the final table. Whatever can fail for the user fails before training begins. */
final class DemoRun {
    private static final Logger LOG = LoggerFactory.getLogger(DemoRun.class);
    private static final DateTimeFormatter RUN_NAME = DateTimeFormatter.ofPattern(
                    "'run-'yyyyMMdd'T'HHmmss'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Duration CHECKPOINT_EVERY = Duration.ofSeconds(30);
    /** Judgements in a row, 32 per e-fold of the tokens: flat over a quarter more data than when it was first seen. */
    private static final StopWhenSaturated SATURATED_FOR_GOOD = new StopWhenSaturated(8);

    private static final String PLATEAU_ALERT = "EtascopeEtaPlateau";
    private static final Duration ALERT_PATIENCE = Duration.ofMinutes(1);

    private final DemoOptions options;
    private final Screen screen;
    private final Interruption interruption;

    DemoRun(DemoOptions options, Screen screen, Interruption interruption) {
        this.options = options;
        this.screen = screen;
        this.interruption = interruption;
    }

    void run() {
        if (options.prometheus()) {
            LocalPrometheus.require();
        }
        Path saved = options.resume();
        RunFolder folder = saved == null ? RunFolder.ofNew(runName()) : RunFolder.ofSaved(saved);
        RunFolder.Settings settings = saved == null ? null : folder.settings();
        Scenario scenario = settings == null ? options.scenario() : settings.scenario();
        Corpus corpus = scenario.corpus(settings == null ? options.corpus() : settings.corpus());
        if (settings != null && settings.fingerprint() != corpus.fingerprint()) {
            throw DemoException.failed("--resume " + saved + ": the corpus has changed since (" + corpus.description()
                    + "); a run goes on with the data it began with");
        }
    }

    private String runName() {
        String name = options.run();
        return name == null ? RUN_NAME.format(Instant.now()) : name;
    }
}
