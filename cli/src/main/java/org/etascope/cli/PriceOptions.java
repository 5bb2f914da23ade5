package org.etascope.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.etascope.core.RunMonitor;
import org.etascope.recording.Recording;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The run that a plan asks, and what it asks for. */
final class PriceOptions {
    @Option(
            names = "--log",
            paramLabel = "FILE",
            description = "a log, or the folder of a recording: its forecast, with the next two options its prices")
    @Nullable
    Path log;

    @Option(names = "--target", paramLabel = "NATS", description = "at how many tokens does its loss reach this?")
    @Nullable
    Double target;

    @Option(names = "--worth", paramLabel = "NATS", description = "from how many tokens does a doubling buy less?")
    @Nullable
    Double worth;

    @Option(
            names = "--tokens-per-step",
            paramLabel = "N",
            description = "loss-bearing tokens of one step of the log, where it does not tell")
    @Nullable
    Long tokensPerStep;

    @Option(names = "--format", paramLabel = "F", description = "format of the log, as for replay (default: auto)")
    String format = "auto";

    @Option(
            names = "--energy",
            paramLabel = "FILE",
            description = "CSV of time,joules beside the log, as for replay: gives prices in joules")
    @Nullable
    Path energy;

    @Mixin
    ScheduleOptions schedule = new ScheduleOptions();

    /** {@return the forecast of that run and its prices; nothing without --log} */
    RunPrices read(ModelOptions model, Terminal terminal) throws IOException {
        if (log == null) {
            if (target != null || worth != null) {
                throw Failure.usage("--target and --worth ask a run: name its log or recording with --log");
            }
            return RunPrices.NONE;
        }
        try {
            return recorded(log, model, terminal);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(String.valueOf(e.getMessage()));
        }
    }

    private RunPrices recorded(Path path, ModelOptions model, Terminal terminal) throws IOException {
        if (!Files.isDirectory(path)) {
            return replayed(path, model, terminal);
        }
        Path state = WatchState.in(path);
        if (!Files.exists(state)) {
            // Without a state only what was written down is left of it.
            return prices(ReportCommand.read(path).recording());
        }
        RunMonitor.Builder builder = RunMonitor.builder("plan");
        schedule.apply(builder, null);
        try (RunMonitor monitor = builder.build()) {
            monitor.restore(WatchState.read(state).run());
            return prices(Recording.of(monitor));
        }
    }

    private RunPrices prices(Recording run) {
        return RunPrices.of(run.snapshot(), run.tokensPerSecond(), target, worth);
    }

    private RunPrices replayed(Path path, ModelOptions model, Terminal terminal) throws IOException {
        StreamOptions options = new StreamOptions();
        options.model = model.parameters == null ? anyModel(model) : model;
        options.plan = schedule;
        options.tokensPerStep = tokensPerStep;
        options.format = format;
        options.energy = energy;
        options.check();
        List<ReplayedRun> runs =
                new Replay(path.toString(), options, terminal, Replay.Times.NONE).read(InputStream.nullInputStream());
        ReplayedRun last = runs.get(runs.size() - 1);
        Recording run = Recording.of(last.monitor());
        // A second a step is no speed.
        return RunPrices.of(run.snapshot(), last.time().absolute() ? run.tokensPerSecond() : Double.NaN, target, worth);
    }

    /** A forecast is about the loss alone: without its parameters a model of any size does. */
    private static ModelOptions anyModel(ModelOptions model) {
        ModelOptions any = new ModelOptions();
        any.parameters = 1L;
        any.vocabulary = model.vocabulary;
        return any;
    }
}
