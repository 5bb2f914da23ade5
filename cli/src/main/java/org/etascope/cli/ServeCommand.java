package org.etascope.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.etascope.prometheus.PrometheusEndpoint;
import org.etascope.recording.RecordedRuns;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows a folder of recordings on the live page, until it is interrupted. */
@Command(
        mixinStandardHelpOptions = true,
        description = "Shows a folder of recordings on the live page.",
        footer = {
            "",
            "What is in the folder later is shown too, and what other processes still write.",
            "Symbolic links in it are not followed. Ctrl-C ends it."
        })
final class ServeCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "DIR", description = "such as runs: a journal in it, or in folders up to three below it")
    Path folder = Path.of("runs");

    @Mixin
    ServerOptions server = new ServerOptions();

    ServeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        server.check();
        if (!Files.isDirectory(folder)) {
            throw Failure.failed(folder + (Files.exists(folder) ? " is no folder" : ": there is no such folder")
                    + ", wanted: one with recordings, such as runs");
        }
        try (PrometheusEndpoint endpoint = server.start(folder)) {
            int found = RecordedRuns.journals(folder).size();
            terminal.print("Etascope  " + Terminal.count(found, "recording") + " in " + folder + "   " + endpoint.uri()
                    + (found == 0 ? "   (looked for again every few seconds)" : ""));
            terminal.out().flush();
            new CountDownLatch(1).await();
        } catch (IOException e) {
            throw Failure.failed(folder + " cannot be read: " + Failure.reason(e));
        } catch (InterruptedException e) {
            // Within another program there is no Ctrl-C.
            Thread.currentThread().interrupt();
        }
        return 0;
    }
}
