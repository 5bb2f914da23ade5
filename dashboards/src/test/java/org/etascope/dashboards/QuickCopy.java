package org.etascope.dashboards;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The configurations as the model writes them for one scrape a second, in place of one a minute: all windows are a sixtieth,
 * and so is the time that an alert holds. An edit that finds nothing is an error, so that a copy never is less than it says.
 */
final class QuickCopy {
    static final Times TIMES = new Times(Duration.ofSeconds(1));

    private QuickCopy() {}

    /**
     * Writes Prometheus's configuration, rules and alerts.
     *
     * @param directory where to
     * @param targets what to scrape: host and port, or that and the labels of the target as YAML
     * @param alertmanager where to send alerts, host and port
     * @return the configuration file
     */
    static Path ofPrometheus(Path directory, List<String> targets, String alertmanager) {
        PrometheusFiles files = new PrometheusFiles(TIMES);
        write(directory, "etascope-rules.yml", files.rules());
        write(directory, "etascope-alerts.yml", edited(files.alerts(), "(?m)^( *for:) 10m", "$1 10s"));
        String configuration = Shipped.read(Shipped.PROMETHEUS);
        configuration = edited(configuration, "(?m)^( *(?:scrape|evaluation)_interval:) .*", "$1 1s");
        return ofPrometheus(directory, configuration, targets, alertmanager);
    }

    /** Writes the same as it ships, for one scrape a minute. */
    static Path ofPrometheusAtAMinute(Path directory, List<String> targets, String alertmanager) {
        write(directory, "etascope-rules.yml", Shipped.read(Shipped.RULES));
        write(directory, "etascope-alerts.yml", Shipped.read(Shipped.ALERTS));
        String configuration =
                edited(Shipped.read(Shipped.PROMETHEUS), "(?m)^( *(?:scrape|evaluation)_interval:) .*", "$1 1m");
        return ofPrometheus(directory, configuration, targets, alertmanager);
    }

    private static Path ofPrometheus(Path directory, String shipped, List<String> targets, String alertmanager) {
        String list = targets.stream()
                .map(target -> target.split(" ", 2))
                .map(target -> "\n      - targets: ['" + target[0] + "']"
                        + (target.length > 1 ? "\n        labels: " + target[1] : ""))
                .collect(Collectors.joining());
        String configuration = edited(shipped, "\n      - targets:\n +- 127\\.0\\.0\\.1:9464", list);
        configuration = edited(configuration, "127\\.0\\.0\\.1:9093", alertmanager);
        return write(directory, "prometheus.yml", configuration);
    }

    /**
     * Writes Alertmanager's configuration: no waiting for more alerts, messages to another address.
     *
     * @param directory where to
     * @param receiver where messages go, host and port
     * @return the configuration file
     */
    static Path ofAlertmanager(Path directory, String receiver) {
        String configuration = edited(Shipped.read(Shipped.ALERTMANAGER), "(?m)^( *group_wait:) .*", "$1 100ms");
        configuration = edited(configuration, "(?m)^( *group_interval:) .*", "$1 1s");
        return ofAlertmanager(directory, configuration, receiver);
    }

    /** Writes the same as it ships. */
    static Path ofAlertmanagerAsShipped(Path directory, String receiver) {
        return ofAlertmanager(directory, Shipped.read(Shipped.ALERTMANAGER), receiver);
    }

    private static Path ofAlertmanager(Path directory, String shipped, String receiver) {
        write(directory, "etascope.tmpl", Shipped.read(Shipped.ALERTMANAGER_TEMPLATES));
        String configuration = edited(shipped, "127\\.0\\.0\\.1:5001", receiver);
        return write(directory, "alertmanager.yml", configuration);
    }

    private static String edited(String text, String pattern, String replacement) {
        String edited = text.replaceAll(pattern, replacement);
        if (edited.equals(text)) {
            throw new AssertionError("nothing to edit: " + pattern);
        }
        return edited;
    }

    private static Path write(Path directory, String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
