package org.etascope.recording;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.etascope.core.RunSnapshot;

/**
 * A run as one HTML file that needs nothing else, for a mail or an archive: the live page with its last values, its
 * charts and the chart library inside. It asks for nothing over the network, and its own policy forbids it to.
 */
public final class RunReport {
    private static final String POLICY = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"
            + " script-src 'unsafe-inline'; style-src 'unsafe-inline'\">";

    private RunReport() {}

    /**
     * {@return the report}
     *
     * @param recording the run, live or from its journal
     */
    public static String html(Recording recording) {
        RunSnapshot now = recording.snapshot();
        double asOf = now.timeline().ended()
                ? now.timeline().endSeconds()
                : now.timeline().lastStepSeconds();
        // In JSON "<" can stand in strings alone, where this is another way to write it. So no name can end the script.
        String data = RunJson.run(recording, asOf).replace("<", "\\u003c");
        String page = resource("page/index.html");
        page = replace(page, "<link rel=\"icon\" href=\"icon.svg\" type=\"image/svg+xml\">", POLICY);
        page = replace(
                page,
                "<link rel=\"stylesheet\" href=\"page.css\">",
                "<style>\n" + resource("page/page.css") + "</style>");
        page = replace(page, "<script src=\"chart.umd.min.js\" defer></script>\n", "");
        page = replace(page, "<script src=\"page.js\" defer></script>\n", "");
        String scripts = "<script type=\"application/json\" id=\"recording\">" + data + "</script>\n"
                + script(resource(PageResources.CHARTS_ON_CLASS_PATH))
                + script(resource("page/page.js"));
        return replace(page, "</body>", scripts + "</body>");
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

    private static String script(String code) {
        if (code.contains("</script") || code.contains("<!--")) {
            throw new IllegalStateException("a script of the page cannot stand in a report");
        }
        return "<script>\n" + code + "\n</script>\n";
    }

    private static String replace(String page, String what, String with) {
        if (!page.contains(what)) {
            throw new IllegalStateException("the page no longer has " + what);
        }
        return page.replace(what, with);
    }

    private static String resource(String name) {
        try (InputStream in = RunReport.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
