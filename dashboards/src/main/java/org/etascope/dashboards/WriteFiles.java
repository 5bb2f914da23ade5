package org.etascope.dashboards;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Writes the files that are made of the model. */
public final class WriteFiles {
    private WriteFiles() {}

    /**
     * Writes them.
     *
     * @param args the folder dashboards/ beside docs/, as an absolute path, and the scrape interval as ISO 8601 or like 15s if it is not the shipped one
     * @throws IOException if a file cannot be written
     */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]).toAbsolutePath();
        Times times = args.length > 1 ? new Times(duration(args[1])) : Times.SHIPPED;
        String runbook = Files.readString(folder.resolveSibling("docs/alerts.md"));
        for (Map.Entry<String, String> file : Shipment.files(times, runbook).entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }

    private static Duration duration(String text) {
        return Duration.parse(text.startsWith("P") ? text : "PT" + text);
    }
}
