package org.etascope.dashboards;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of this module that ship, as they lie in the repository. */
final class Shipped {
    static final Path HOME = Path.of("").toAbsolutePath();
    static final Path DOCS = HOME.resolveSibling("docs");
    static final Path RULES = HOME.resolve("prometheus/etascope-rules.yml");
    static final Path ALERTS = HOME.resolve("prometheus/etascope-alerts.yml");
    static final Path PROMETHEUS = HOME.resolve("prometheus/prometheus.yml");
    static final Path PROMETHEUS_TESTS = HOME.resolve("prometheus/tests");
    static final Path ALERTMANAGER = HOME.resolve("alertmanager/alertmanager.yml");
    static final Path ALERTMANAGER_TEMPLATES = HOME.resolve("alertmanager/etascope.tmpl");
    static final Path GRAFANA = HOME.resolve("grafana");

    private static final ObjectMapper JSON = new ObjectMapper();

    private Shipped() {}

    static ObjectNode dashboard(String uid) {
        return object(read(GRAFANA.resolve("dashboards").resolve(uid + ".json")));
    }

    static Set<String> dashboardUids() {
        return files(GRAFANA.resolve("dashboards"), ".json").stream()
                .map(file -> file.getFileName().toString().replace(".json", ""))
                .collect(Collectors.toSet());
    }

    static List<Board> boards() {
        return Boards.all(read(DOCS.resolve("alerts.md")));
    }

    static RuleFile rules() {
        return RuleFile.parse(read(RULES));
    }

    static RuleFile alerts() {
        return RuleFile.parse(read(ALERTS));
    }

    /** {@return the Prometheus names of all meters: those of the core's list, what a run is, and the forecast's} */
    static Set<String> meters() {
        return Stream.concat(
                        Arrays.stream(org.etascope.core.Figure.values()).flatMap(figure -> figure.metric().stream()),
                        Stream.concat(
                                Stream.of(
                                        "etascope_run_info",
                                        "etascope_energy_joules_total",
                                        "etascope_energy_covered_seconds_total",
                                        "etascope_energy_source_up",
                                        "etascope_step_duration_seconds_bucket",
                                        "etascope_build_info",
                                        "etascope_endpoint_requests_total",
                                        "etascope_endpoint_rejected_total",
                                        "etascope_endpoint_connections"),
                                Stream.of("loss", "gain")
                                        .flatMap(what -> Stream.of("", "_lower", "_upper")
                                                .map(end -> "etascope_forecast_" + what + "_nats" + end))))
                .collect(Collectors.toSet());
    }

    static ObjectNode object(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> files(Path directory, String ending) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
