package org.etascope.dashboards;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
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
        Times times = Times.SHIPPED;
        if (args.length > 1) {
            try {
                times = new Times(duration(args[1]));
            } catch (IllegalArgumentException e) {
                System.err.println("dashboards: " + e.getMessage());
                System.exit(2);
            }
        }
        String runbook = Files.readString(folder.resolveSibling("docs/alerts.md"));
        for (Map.Entry<String, String> file : files(times, runbook).entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }

    /**
     * {@return each file's content by its path under dashboards/}
     *
     * @param times the windows of the rules
     * @param runbook docs/alerts.md, whose chapters one dashboard shows
     */
    static Map<String, String> files(Times times, String runbook) {
        Map<String, String> files = new LinkedHashMap<>();
        PrometheusFiles prometheus = new PrometheusFiles(times);
        files.put("prometheus/etascope-rules.yml", prometheus.rules());
        files.put("prometheus/etascope-alerts.yml", prometheus.alerts());
        files.put("kubernetes/prometheusrule.yml", Manifests.prometheusRule(prometheus));
        files.put("kubernetes/podmonitor.yml", Manifests.podMonitor(times));
        files.put("kubernetes/kustomization.yml", Manifests.kustomization());
        files.put("grafana/alerting/etascope.yml", new GrafanaAlerts(prometheus).file());
        List<Board> boards = Boards.all(runbook);
        files.put("grafana/kustomization.yml", Manifests.grafanaKustomization(boards));
        for (Board board : boards) {
            files.put("grafana/dashboards/" + board.uid() + ".json", GrafanaJson.of(board, boards));
            files.put("perses/" + board.uid() + ".yml", PersesYaml.of(board));
        }
        return files;
    }

    /**
     * {@return how long it is}
     *
     * @param text a time such as 15s, 1m or PT15S
     * @throws IllegalArgumentException if it is none, or not above 0
     */
    static Duration duration(String text) {
        try {
            Duration interval = Duration.parse(text.startsWith("P") ? text : "PT" + text);
            if (interval.compareTo(Duration.ZERO) > 0) {
                return interval;
            }
        } catch (DateTimeParseException e) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "scrape interval is \"" + text + "\", allowed: a time above 0, such as 15s or 1m");
    }
}
