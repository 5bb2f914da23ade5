package org.etascope.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.etascope.core.RunMonitor;
import org.etascope.micrometer.EtascopeMeter;
import org.etascope.micrometer.RunMeters;
import org.junit.jupiter.api.Test;

/** docs/metrics.md says what the meters say (what it should say is in target/metrics.md), and its recipe is this code. */
class MetricsDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "..", "docs", "metrics.md");
    private static final Path THIS_FILE =
            Path.of("src", "test", "java", "org", "etascope", "blackbox", "MetricsDocumentTest.java");

    private static String row(EtascopeMeter meter) {
        return "| `%s` | %s | %s | %s | %s |"
                .formatted(
                        meter.prometheusName(),
                        meter.type() == Meter.Type.COUNTER ? "counter" : "gauge",
                        meter.unit(),
                        String.join(", ", meter.tagKeys()),
                        meter.description());
    }

    @Test
    void table_everyMeterOfTheEnum_inItsOrderAndNoOther() throws IOException {
        List<String> rows = Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.startsWith("| `etascope_"))
                .toList();
        List<String> wanted =
                EtascopeMeter.all().stream().map(MetricsDocumentTest::row).toList();
        Files.write(Path.of("target", "metrics.md"), wanted);

        assertThat(rows).containsExactlyElementsOf(wanted);
    }

    @Test
    void recipe_ofTheDocument_isThisCodeAndShowsTheRun() throws IOException {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

        train(registry);

        assertThat(registry.scrape()).contains("etascope_tokens_total{run=\"char-lm\",worker=\"\"} 1600.0");
        assertThat(Files.readString(DOCUMENT)).contains("```java\n" + recipe() + "```\n");
    }

    private static void train(MeterRegistry registry) {
        // recipe begins
        RunMonitor monitor = RunMonitor.builder("char-lm").build();
        new RunMeters(monitor).bindTo(registry);
        monitor.step(1600, 4.59); // or a listener of your framework: it calls this for you
        // recipe ends
    }

    private static String recipe() throws IOException {
        return Files.readAllLines(THIS_FILE).stream()
                .dropWhile(line -> !line.endsWith("// recipe begins"))
                .skip(1)
                .takeWhile(line -> !line.endsWith("// recipe ends"))
                .map(line -> line.strip() + "\n")
                .reduce("", String::concat);
    }
}
