package org.etascope.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.etascope.prometheus.PrometheusEndpoint;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Follows a log while it grows, serving metrics and the live page. */
@Command(
        mixinStandardHelpOptions = true,
        description = "Follows a growing log, or standard input; serves /metrics and the live page.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:success, also --until ended met",
            "1:the input or the run failed, also --until failed met",
            "2:usage",
            "3:--until saturated met",
            "4:--until blow_up met",
            "130:Ctrl-C"
        },
        footer = {
            "",
            "The file may come later, be truncated or replaced. Ctrl-C ends with a summary.",
            "With --state the run goes on where it was: its H, D and verdict stay. A value",
            "that cannot be read is reported once, then counted."
        })
final class WatchCommand implements Callable<Integer> {
    private final InputStream in;
    private final Terminal terminal;

    @Parameters(
            paramLabel = "FILE|DIR",
            arity = "1..*",
            description = "logs, databases, folders of them, - for standard input")
    List<String> files = new ArrayList<>();

    @Mixin
    StreamOptions options = new StreamOptions();

    @Mixin
    ServerOptions server = new ServerOptions();

    @Option(names = "--state", paramLabel = "DIR", description = "keep the run's state there and go on from it")
    @Nullable
    Path state;

    @Option(
            names = "--until",
            split = ",",
            paramLabel = "EVENT",
            completionCandidates = Until.Labels.class,
            description = "end when a run is saturated (exit code 3) or a blow_up (4), when all have ended (0) or one"
                    + " has failed (1)")
    List<String> until = new ArrayList<>();

    @Option(
            names = "--exec",
            paramLabel = "COMMAND",
            description = "run then by sh -c, with ETASCOPE_RUN and ETASCOPE_EVENT set")
    String command = "";

    @Option(
            names = "--end-after",
            paramLabel = "DURATION",
            description =
                    "the run of a log that says nothing for so long has ended: 90s, 10m, 2h (default: 10m); it goes on"
                            + " if the log does")
    String endAfter = "10m";

    WatchCommand(InputStream in, Terminal terminal) {
        this.in = in;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        options.check();
        server.check();
        Until waited = new Until(until);
        long endAfterNanos = Until.nanos("--end-after", endAfter);
        if (!command.isEmpty() && until.isEmpty()) {
            throw Failure.usage("--exec needs --until: saturated, blow_up, ended or failed");
        }
        options.lenient = true;
        if (state != null) {
            WatchState.prepare(state);
        }
        try (PrometheusEndpoint endpoint = server.start(state)) {
            head(endpoint.uri());
            WatchedLogs logs = new WatchedLogs(options, state, waited, endAfterNanos, terminal, endpoint::watch);
            Thread atExit = new Thread(logs::end, "etascope-watch-exit");
            Runtime.getRuntime().addShutdownHook(atExit);
            try {
                logs.follow(files, in);
            } finally {
                logs.end();
                forget(atExit);
            }
            return waited.exitCode(command, terminal);
        }
    }

    private static void forget(Thread atExit) {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // It is running: the JVM ends.
        }
    }

    private void head(URI page) {
        String only = files.size() == 1 ? "run " + options.runName(files.get(0)) : files.size() + " logs";
        terminal.print("Etascope  " + only + "   " + page + "   metrics: /metrics");
        terminal.print("following " + (files.equals(List.of("-")) ? "standard input" : String.join(", ", files))
                + ", waiting for the first loss");
        terminal.out().flush();
    }
}
