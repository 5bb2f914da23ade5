package org.etascope.examples.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.core.Outcome;
import org.etascope.core.Phase;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.core.StopWhenSaturated;
import org.etascope.dl4j.EtaListener;
import org.etascope.prometheus.PrometheusEndpoint;
import org.etascope.recording.Format;
import org.etascope.recording.JournalWriter;
import org.etascope.recording.LiveDisplay;
import org.etascope.recording.Recording;
import org.etascope.recording.Screen;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of the demo, from options to the final table. What can fail for the user fails before training begins. */
final class DemoRun {
    private static final Logger LOG = LoggerFactory.getLogger(DemoRun.class);
    private static final DateTimeFormatter RUN_NAME = DateTimeFormatter.ofPattern(
                    "'run-'yyyyMMdd'T'HHmmss'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    /** Judgements in a row, 32 per e-fold of the tokens: flat over a quarter more data than when it was first seen. */
    private static final StopWhenSaturated SATURATED_FOR_GOOD = new StopWhenSaturated(8);

    /** How long to wait at most for the scraper, if there is one, to fetch the last values. */
    private static final Duration LINGER = Duration.ofSeconds(30);

    private static final Duration LINGER_AFTER_CTRL_C = Duration.ofSeconds(5);

    private static final String PLATEAU_ALERT = "EtascopeEtaPlateau";
    private static final Duration ALERT_PATIENCE = Duration.ofMinutes(1);

    private final DemoOptions options;
    private final Screen screen;
    private final Interruption interruption;
    private final RunFolder folder;
    private final boolean resumed;
    private final Scenario scenario;
    private final int layers;
    private final Corpus corpus;
    private final RunMonitor monitor;

    /**
     * Prepares a run; nothing is started or written yet.
     *
     * @param options the command line, checked
     * @param screen where to show it
     * @param interruption how the user ends it early
     */
    DemoRun(DemoOptions options, Screen screen, Interruption interruption) {
        this.options = options;
        this.screen = screen;
        this.interruption = interruption;
        Path saved = options.resume;
        this.resumed = saved != null;
        if (saved == null) {
            String run = options.run == null ? RUN_NAME.format(Instant.now()) : options.run;
            this.folder = RunFolder.ofNew(run);
            this.scenario = options.scenario();
            this.layers = options.layers();
            this.corpus = scenario.corpus(options.corpus());
            this.monitor = monitor(run);
        } else {
            this.folder = RunFolder.ofSaved(saved);
            RunFolder.Settings settings = folder.settings();
            this.scenario = settings.scenario();
            this.layers = settings.layers();
            this.corpus = scenario.corpus(settings.corpus());
            settings.requireSame(corpus);
            this.monitor = monitor(settings.run());
        }
    }

    private RunMonitor monitor(String run) {
        RunMonitor.Builder builder = RunMonitor.builder(run)
                .model(scenario.modelName(layers))
                .dataset(corpus.facts().description());
        if (!Double.isNaN(corpus.facts().uniqueTokens())) {
            builder.uniqueTokens((long) corpus.facts().uniqueTokens());
        }
        return builder.build();
    }

    /** Trains, shows, saves. Returns when the time is up, the plateau reached, or the user has had enough. */
    void run() {
        if (options.prometheus) {
            LocalPrometheus.require();
        }
        try (PrometheusEndpoint endpoint = endpoint()) {
            header(endpoint.uri());
            MultiLayerNetwork network = network();
            EtaListener listener = listener();
            network.addListeners(listener);
            try (LocalPrometheus prometheus = prometheus(endpoint)) {
                Duration trained = record(() -> train(network, listener, prometheus));
                new FinalTable(monitor.snapshot(), trained, corpus.facts().entropyRateNats(), folder.path())
                        .lines(screen.columns())
                        .forEach(screen::line);
                if (prometheus != null) {
                    alerts(prometheus);
                }
                endpoint.close(interruption.arrived() ? LINGER_AFTER_CTRL_C : LINGER);
            }
        }
    }

    /** The journal is written while the run goes on, report and table of the curve when it has ended. */
    private Duration record(Supplier<Duration> training) {
        JournalWriter journal = JournalWriter.start(monitor, folder.path());
        Duration trained;
        try {
            trained = training.get();
            monitor.end(interruption.arrived() ? Outcome.INTERRUPTED : Outcome.FINISHED);
        } finally {
            // An end that was told already stays.
            monitor.end(Outcome.FAILED);
            journal.close();
        }
        try {
            folder.report(Recording.of(monitor));
        } catch (IOException e) {
            LOG.warn("no report in {}: {}", folder.path(), e.toString());
        }
        return trained;
    }

    private PrometheusEndpoint endpoint() {
        PrometheusEndpoint.Builder builder =
                PrometheusEndpoint.builder().port(options.port).monitor(monitor);
        if (Files.isDirectory(RunFolder.RUNS)) {
            builder.recordings(RunFolder.RUNS);
        }
        return builder.start();
    }

    private MultiLayerNetwork network() {
        if (resumed) {
            return folder.network();
        }
        MultiLayerNetwork network = scenario.network(corpus.facts().symbols(), layers);
        folder.create(new RunFolder.Settings(
                monitor.name(), scenario, options.corpus(), corpus.facts().fingerprint(), layers));
        return network;
    }

    private EtaListener listener() {
        EtaListener.Builder builder = EtaListener.builder(monitor);
        if (resumed) {
            builder.resumeFrom(folder.checkpoint());
        }
        if (layers > 0) {
            builder.probeLayers();
        }
        return builder.build();
    }

    private @Nullable LocalPrometheus prometheus(PrometheusEndpoint endpoint) {
        if (!options.prometheus) {
            return null;
        }
        LocalPrometheus prometheus = LocalPrometheus.start(
                endpoint.uri().getAuthority(), folder.path().resolve("prometheus"));
        screen.line("alerts  " + prometheus.address() + "/alerts");
        return prometheus;
    }

    private void header(URI address) {
        screen.line("Etascope  run " + monitor.name() + "   " + address + "   metrics: " + address.resolve("/metrics"));
        screen.line("corpus  " + corpus.facts().description() + ", "
                + corpus.facts().symbols() + " symbols   budget " + Format.clock(budget().toMillis() / 1e3));
        if (!Double.isNaN(corpus.facts().entropyRateNats())) {
            screen.line("source  true entropy rate "
                    + Format.fixed(corpus.facts().entropyRateNats(), 4) + " nats: no model can come below it for long");
        }
        if (resumed) {
            screen.line("resumed " + folder.path() + "/");
        }
    }

    private Duration budget() {
        Duration wanted = options.time();
        return wanted == null ? scenario.time() : wanted;
    }

    /** {@return the time it took} */
    private Duration train(MultiLayerNetwork network, EtaListener listener, @Nullable LocalPrometheus prometheus) {
        Batches batches = scenario.batches(corpus);
        long stepsPerEpoch = stepsPerEpoch();
        long start = System.nanoTime();
        Duration trained = Duration.ZERO;
        Duration saved = Duration.ZERO;
        LiveDisplay display = LiveDisplay.start(screen, monitor, budget());
        BlowUp blowUp = new BlowUp(scenario.learningRate(), display::tell);
        try {
            while (network.getIterationCount() < options.steps
                    && !ended(trained, prometheus)
                    && !blowUp.over(network.getIterationCount())) {
                // The network counts its iterations through save and restore, so a resumed run reads on where it was.
                network.fit(batches.at(network.getIterationCount()));
                if (scenario == Scenario.BLOWUP) {
                    blowUp.steer(network, monitor.snapshot());
                }
                if (network.getIterationCount() % stepsPerEpoch == 0) {
                    network.incrementEpochCount();
                    listener.endEpoch();
                }
                trained = Duration.ofNanos(System.nanoTime() - start);
                if (trained.minus(saved).compareTo(options.checkpointEvery()) >= 0) {
                    save(network, listener);
                    saved = trained;
                }
            }
        } finally {
            display.close();
        }
        save(network, listener);
        return trained;
    }

    private long stepsPerEpoch() {
        double steps = corpus.facts().uniqueTokens() / scenario.tokensPerStep();
        return Double.isNaN(steps) ? Long.MAX_VALUE : (long) steps;
    }

    private boolean ended(Duration trained, @Nullable LocalPrometheus prometheus) {
        if (interruption.arrived()) {
            return true;
        }
        boolean timeIsUp = trained.compareTo(budget()) >= 0;
        if (scenario != Scenario.SATURATE) {
            return timeIsUp;
        }
        RunSnapshot now = monitor.snapshot();
        if (prometheus == null) {
            return timeIsUp || SATURATED_FOR_GOOD.test(now);
        }
        boolean alertMayCome =
                now.verdict().phase() == Phase.SATURATED && trained.compareTo(budget().plus(ALERT_PATIENCE)) < 0;
        return prometheus.fires(PLATEAU_ALERT) || (timeIsUp && !alertMayCome);
    }

    /**
     * Network and ledger go into one file that is replaced at once, so they always belong together. A checkpoint that
     * cannot be written must not end the run that it is to save.
     */
    private void save(MultiLayerNetwork network, EtaListener listener) {
        try {
            listener.saveModel(network, folder.checkpoint());
        } catch (IOException e) {
            LOG.warn("no checkpoint in {}: {}", folder.path(), e.toString());
        }
    }

    private void alerts(LocalPrometheus prometheus) {
        List<LocalPrometheus.Alert> firing = prometheus.firing();
        screen.line(
                "  alerts   " + (firing.isEmpty() ? "none" : firing.size()) + " firing, by " + prometheus.address());
        for (LocalPrometheus.Alert alert : firing) {
            screen.line("           [" + alert.severity() + "] " + alert.name() + ": " + alert.summary());
            screen.line("           " + alert.description().strip().replaceAll("\\s+", " "));
        }
    }
}
