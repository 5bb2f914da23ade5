package org.etascope.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.etascope.core.EnergyMeter;
import org.etascope.core.EnergySource;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.etascope.micrometer.EnergyMeters;
import org.junit.jupiter.api.Test;

/** docs/energy.md: its recipes are this code, and a run that is measured is served as it says. */
class EnergyGuideTest {
    private static final Path GUIDE = Path.of("..", "..", "docs", "energy.md");
    private static final Path SOURCE =
            Path.of("src", "test", "java", "org", "etascope", "prometheus", "EnergyGuideTest.java");

    /** A meter at the wall: 200 W. */
    private static final class Plug {
        double joulesSoFar() {
            return System.nanoTime() / 5e6;
        }
    }

    private static Map<String, String> recipes(String pattern, Path file) throws IOException {
        Map<String, String> recipes = new TreeMap<>();
        Pattern.compile(pattern, Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(file))
                .results()
                .forEach((MatchResult found) -> recipes.put(
                        found.group(1), found.group(2).replaceAll("\\s+", " ").strip()));
        return recipes;
    }

    private static String get(URI uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void recipes_ofTheGuide_areThisCode() throws IOException {
        assertThat(recipes("<!-- recipe: (\\S+) -->\\s*```java\\n(.*?)```", GUIDE))
                .isEqualTo(recipes("// recipe: (\\S+)\\n(.*?)^ *// end$", SOURCE))
                .hasSize(2);
    }

    @Test
    void recipe_watch_bindsToAnyRegistry() {
        RunMonitor monitor = RunMonitor.builder("watch").build();
        MeterRegistry registry = new SimpleMeterRegistry();
        // recipe: watch
        EnergyMeter.ofThisMachine().watch(monitor);
        // the machine's counters, in any Micrometer registry
        new EnergyMeters(EnergyMeter.ofThisMachine()).bindTo(registry);
        // end
        assertThat(registry.getMeters()).as("no source is on this class path").isEmpty();
        assertThat(monitor.snapshot().energy().known()).isFalse();
    }

    @Test
    void recipe_custom_servesWhatItMeasures() throws Exception {
        System.setProperty("etascope.port", "0");
        RunMonitor monitor = RunMonitor.builder("measured")
                .modelSize(new ModelSize(1_000, 32))
                .build();
        Plug plug = new Plug();
        // recipe: custom
        EnergyMeter wall = EnergyMeter.of(EnergySource.custom("wall", () -> plug.joulesSoFar()));
        PrometheusEndpoint endpoint =
                PrometheusEndpoint.builder().energy(wall).monitor(monitor).start();
        // end
        try (wall;
                endpoint) {
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                monitor.step(1_000, 4);
                return monitor.snapshot().energy().joules() > 0;
            });
            String metrics = get(endpoint.uri().resolve("/metrics"));
            assertThat(metrics)
                    .containsPattern("etascope_energy_joules_total\\{domain=\"wall\",source=\"custom\",?} \\d")
                    .containsPattern("etascope_energy_covered_seconds_total\\{domain=\"wall\",source=\"custom\",?} \\d")
                    .containsPattern("etascope_energy_source_up\\{reason=\"\",source=\"custom\",?} 1.0");
            // The run's own series come with the scrape that finds it measured.
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(get(endpoint.uri().resolve("/metrics")))
                            .containsPattern("etascope_run_energy_joules\\{run=\"measured\",.*?} [1-9]")
                            .containsPattern(
                                    "etascope_joules_per_absorbed_bit_upper\\{run=\"measured\",.*?} (NaN|\\+Inf)"));
            assertThat(get(endpoint.uri().resolve("/api/runs/measured")))
                    .containsPattern("\"energy_joules\":[1-9]")
                    .containsPattern("\"energy_sentences\":\\[\"[^\"]* measured at this machine: wall, ")
                    .contains("\"energy_reason\":null");
        } finally {
            System.clearProperty("etascope.port");
        }
    }
}
