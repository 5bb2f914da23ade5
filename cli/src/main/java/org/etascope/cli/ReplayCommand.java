package org.etascope.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.etascope.core.RunEvent;
import org.etascope.core.RunSnapshot;
import org.etascope.prometheus.OpenMetricsFile;
import org.etascope.recording.Format;
import org.etascope.recording.Json;
import org.etascope.recording.Recording;
import org.etascope.recording.RunJson;
import org.etascope.recording.RunReport;
import org.etascope.recording.SummaryTable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads a finished log as if the run were happening, in one pass and in bounded memory. */
@Command(
        mixinStandardHelpOptions = true,
        description = "Reads a log and says what the run has learnt.",
        footer = {
            "",
            "A point stands for the steps since the point before it. Times are the log's.",
            "A log without times is laid so that its last point falls on --end-time",
            "(default: now); a step then takes --step-seconds, unless the log says how",
            "long the training took. Without one a report has no speed."
        })
final class ReplayCommand implements Callable<Integer> {
    private final InputStream in;
    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", description = "the log, - for standard input; gzip, xz and zstd are unpacked")
    String file = "";

    @Mixin
    StreamOptions options = new StreamOptions();

    @Option(names = "--json", description = "print one JSON object")
    boolean json;

    @Option(names = "--events", description = "print the phase changes, too")
    boolean events;

    @Option(
            names = "--backfill",
            paramLabel = "FILE",
            description = "write the run's metrics with their times as OpenMetrics, for promtool")
    @Nullable
    Path backfill;

    @Option(names = "--html", paramLabel = "FILE", description = "write a report that needs no other file")
    @Nullable
    Path html;

    @Option(
            names = "--end-time",
            paramLabel = "TIME",
            description = "when the run ended, such as 2026-03-18T15:00:00Z, for a log without times (default: now)")
    @Nullable
    OffsetDateTime endTime;

    @Option(
            names = "--step-seconds",
            paramLabel = "S",
            description =
                    "duration of a step, for a log without times (default: 1 with --backfill or --end-time, else none)")
    @Nullable
    Double stepSeconds;

    ReplayCommand(InputStream in, Terminal terminal) {
        this.in = in;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (stepSeconds != null && !(stepSeconds > 0 && stepSeconds < 1e6)) {
            throw Failure.usage("--step-seconds " + stepSeconds + " is out of range, allowed: above 0, below 1e6");
        }
        // A speed that nobody has measured is not shown; a series and what is laid beside it need times.
        boolean laid = backfill != null || endTime != null;
        double seconds = stepSeconds != null ? stepSeconds : laid ? 1 : 0;
        options.check();
        boolean timesMatter = backfill != null || html != null || (options.energy != null && endTime != null);
        long end = endTime == null
                ? System.currentTimeMillis()
                : endTime.toInstant().toEpochMilli();
        Replay replay = new Replay(
                file, options, terminal, new Replay.Times(seconds, timesMatter ? end : -1, backfill != null));
        List<ReplayedRun> runs = replay.read(in);
        if (options.energy != null
                && endTime == null
                && runs.stream().anyMatch(run -> !run.time().absolute())) {
            throw Failure.usage("--energy needs the log's times, and " + file
                    + " has none: give --end-time, and --step-seconds where a step did not take a second.");
        }
        for (int i = 0; i < runs.size(); i++) {
            ReplayedRun replayed = runs.get(i);
            replayed.close();
            Recording run = Recording.of(replayed.monitor());
            if (i == runs.size() - 1) {
                write(run, replayed.moments());
            }
            show(run, replayed.feed(), replay.format());
        }
        return 0;
    }

    private void write(Recording run, List<RunSnapshot> moments) {
        ReportCommand.written(html, file -> RunReport.write(run, file));
        ReportCommand.written(backfill, file -> {
            try (BufferedWriter out = Files.newBufferedWriter(file)) {
                OpenMetricsFile.write(out, moments);
            }
        });
    }

    /** A log with several runs in it gives several objects, a line each. */
    private void show(Recording run, RunFeed feed, String format) {
        if (json) {
            String object = events ? RunJson.replayWithEvents(run) : RunJson.replay(run.snapshot());
            Map<String, Object> ofLog = new LinkedHashMap<>();
            ofLog.put("format", format);
            ofLog.put("restarts", feed.restarts());
            ofLog.put("notes", feed.notes());
            terminal.out()
                    .println(object.substring(0, object.length() - 1) + ","
                            + Json.text(ofLog).substring(1));
        } else {
            table(run, feed, format);
        }
    }

    private void table(Recording run, RunFeed feed, String format) {
        RunSnapshot now = run.snapshot();
        terminal.print("");
        terminal.print(
                "run " + now.info().run() + ", " + Format.si(now.progress().tokens()) + " tokens, "
                        + Terminal.count(now.progress().steps(), "step"));
        terminal.print("");
        terminal.print("  log      " + log(now, feed, format));
        feed.notes().forEach(note -> terminal.print("           " + note));
        terminal.print("");
        terminal.print(SummaryTable.of(now).baseline().model());
        if (events) {
            terminal.print("");
            for (RunEvent event : run.events()) {
                terminal.print("  " + Format.whole(event.tokens()) + " tokens, step " + Format.whole(event.step())
                        + ": " + event.sentence());
            }
        }
    }

    private String log(RunSnapshot now, RunFeed feed, String format) {
        long skippedSteps = now.progress().skippedSteps() - feed.textLines();
        String text = format + ", " + Terminal.count(now.progress().points(), "point") + ", "
                + Terminal.count(now.progress().nonFiniteSteps(), "step") + " not finite, "
                + Terminal.count(skippedSteps, "step") + " skipped, " + Terminal.count(feed.textLines(), "line")
                + " of text";
        if (feed.validations() > 0) {
            text += ", " + Format.whole(feed.validations()) + " validation "
                    + (feed.validations() == 1 ? "loss" : "losses");
        }
        if (feed.restarts() > 0) {
            text += ", " + Terminal.count(feed.restarts(), "restart");
        }
        return options.smoothed ? text + ", smoothed" : text;
    }
}
