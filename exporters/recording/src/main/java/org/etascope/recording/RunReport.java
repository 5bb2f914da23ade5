package org.etascope.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.etascope.core.RunSnapshot;

/**
 * A run, or several side by side, as one HTML file that needs nothing else, for a mail or an archive: the live page with
 * its last values, its charts and the chart library inside. It asks for nothing over the network, and its own policy forbids it to.
 */
public final class RunReport {
    private static final String POLICY = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"
            + " script-src 'unsafe-inline'; style-src 'unsafe-inline'\">\n";

    private RunReport() {}

    /**
     * {@return the report}
     *
     * @param recording the run, live or from its journal
     */
    public static String html(Recording recording) {
        return html(List.of(recording));
    }

    /**
     * {@return the report of several runs, the first one shown and the next six laid over it}
     *
     * @param recordings the runs, each of another name
     */
    public static String html(List<Recording> recordings) {
        String runs = recordings.stream().map(RunReport::data).collect(Collectors.joining(",\n", "[", "]"));
        // In JSON "<" can stand in strings alone, where this is another way to write it. So no name can end the script.
        String data = runs.replace("<", "\\u003c");
        String head = POLICY + "<style>\n" + PageResources.style() + "</style>\n";
        String end = "<script type=\"application/json\" id=\"recording\">" + data + "</script>\n"
                + "<script type=\"module\">\n" + PageResources.script() + "\n</script>\n";
        return PageResources.page(head, end);
    }

    private static String data(Recording recording) {
        RunSnapshot now = recording.snapshot();
        return RunJson.run(
                recording,
                now.timeline().ended()
                        ? now.timeline().endSeconds()
                        : now.timeline().lastStepSeconds());
    }

    /**
     * Writes the report to a file.
     *
     * @param recording the run
     * @param file where to; its directory must exist
     * @throws IOException if the file system refuses
     */
    public static void write(Recording recording, Path file) throws IOException {
        Files.writeString(file, html(recording));
    }
}
