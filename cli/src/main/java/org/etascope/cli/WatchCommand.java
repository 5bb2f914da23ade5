package org.etascope.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.etascope.prometheus.EndpointException;
import org.etascope.prometheus.PrometheusEndpoint;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Follows a log while it grows, serving metrics and the live page. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = "Follows a growing log, or standard input; serves /metrics and the live page.",
        footer = {
            "",
            "The file may come later, be truncated or replaced. Ctrl-C ends with a summary.",
            "With --state the run goes on where it was: its H, D and verdict stay. A value",
            "that cannot be read is reported once, then counted."
        })
final class WatchCommand implements Callable<Integer> {
    private final InputStream in;
    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", description = "the log, - for standard input")
    String file = "";

    @Mixin
    StreamOptions options = new StreamOptions();

    @Option(names = "--port", order = Main.OUTPUT, paramLabel = "P", defaultValue = "9464", description = "port to serve on (default: 9464)")
    int port = 9464;

    @Option(
            names = "--bind",
            order = Main.OUTPUT,
            paramLabel = "A",
            defaultValue = "127.0.0.1",
            description = "address to listen on (default: 127.0.0.1, this machine only)")
    String bind = "127.0.0.1";

    @Option(names = "--state", order = Main.OUTPUT, paramLabel = "DIR", description = "keep the run's state there and go on from it")
    @Nullable
    Path state;

    WatchCommand(InputStream in, Terminal terminal) {
        this.in = in;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        options.check();
        checkAddress();
        options.lenient = true;
        WatchState stored = stored();
        try (PrometheusEndpoint endpoint = endpoint()) {
            head(endpoint.uri());
            WatchSession session = new WatchSession(file, options, state, endpoint::watch, terminal);
            Thread atExit = new Thread(session::end, "etascope-watch-exit");
            Runtime.getRuntime().addShutdownHook(atExit);
            try {
                session.run(in, stored);
            } finally {
                session.end();
                forget(atExit);
            }
            return 0;
        }
    }

    private void checkAddress() {
        if (port < 0 || port > 65_535) {
            throw Failure.usage("--port " + port + " is out of range, allowed: 0 (any free one) to 65535");
        }
        try {
            var unused = InetAddress.getByName(bind);
        } catch (UnknownHostException e) {
            throw Failure.usage(
                    "--bind \"" + bind + "\" is unknown, allowed: an address or name of this machine, such as"
                            + " 127.0.0.1, or 0.0.0.0 for all of them");
        }
    }

    private static void forget(Thread atExit) {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // It is running: the JVM ends.
        }
    }

    private PrometheusEndpoint endpoint() {
        try {
            return PrometheusEndpoint.builder().port(port).bind(bind).start();
        } catch (EndpointException | IllegalArgumentException e) {
            throw Failure.failed(Failure.reason(e));
        }
    }

    private void head(URI page) {
        terminal.print("Etascope  run " + options.runName(file) + "   " + page + "   metrics: /metrics");
        terminal.print("following " + (file.equals("-") ? "standard input" : file) + ", waiting for the first loss");
        if (terminal.live()) {
            terminal.print("");
        }
        terminal.out().flush();
    }

    private @Nullable WatchState stored() {
        if (state == null) {
            return null;
        }
        Path path = WatchState.in(state);
        try {
            Files.createDirectories(state);
        } catch (IOException e) {
            throw Failure.failed("--state " + state + " is no directory, and none can be made: " + Failure.reason(e));
        }
        try {
            return Files.exists(path) ? checked(WatchState.read(path), path) : null;
        } catch (IOException e) {
            throw Failure.failed(path + " cannot be used: " + Failure.reason(e)
                    + ". Delete it to begin anew, or name another --state directory.");
        }
    }

    private WatchState checked(WatchState found, Path path) {
        String name = options.runName(file);
        if (!found.run().run().equals(name)) {
            throw Failure.failed(path + " is of run \"" + found.run().run() + "\", this is \"" + name
                    + "\": name another --state directory, or the run with --run.");
        }
        return found;
    }
}
