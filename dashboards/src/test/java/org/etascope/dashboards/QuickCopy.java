package org.etascope.dashboards;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Copies of the shipped configurations that differ in addresses and times only: the same edits that {@code
 * docs/alerts.md} does with sed. An edit that finds nothing is an error, so that a copy never is less than it says.
 */
final class QuickCopy {
    private QuickCopy() {}

    /**
     * Writes Prometheus's configuration, its rules as shipped, and its alerts with a {@code for} of one second.
     *
     * @param directory where to
     * @param targets what to scrape, host and port
     * @param alertmanager where to send alerts, host and port
     * @return the configuration file
     */
    static Path ofPrometheus(Path directory, List<String> targets, String alertmanager) {
        String list = targets.stream().map(target -> "\n          - " + target).collect(Collectors.joining());
        write(directory, "etascope-rules.yml", Shipped.read(Shipped.RULES));
        write(directory, "etascope-alerts.yml", edited(Shipped.read(Shipped.ALERTS), "(?m)^( *for:) .*", "$1 1s"));
        String configuration = Shipped.read(Shipped.PROMETHEUS);
        configuration = edited(configuration, "(?m)^( *(?:scrape|evaluation)_interval:) .*", "$1 500ms");
        configuration = edited(configuration, "\n +- 127\\.0\\.0\\.1:9464", list);
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
        write(directory, "etascope.tmpl", Shipped.read(Shipped.ALERTMANAGER_TEMPLATES));
        String configuration = Shipped.read(Shipped.ALERTMANAGER);
        configuration = edited(configuration, "(?m)^( *group_wait:) .*", "$1 1s");
        configuration = edited(configuration, "(?m)^( *group_interval:) .*", "$1 1s");
        configuration = edited(configuration, "127\\.0\\.0\\.1:5001", receiver);
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
