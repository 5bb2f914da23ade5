package org.etascope.prometheus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.within;

import io.prometheus.client.exporter.common.TextFormat;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Test;

/**
 * The metrics of one run as they were before their names were unified: what is frozen is every value. {@code
 * renamed-metrics.txt} says which name has which since then, {@code -} where it went, with the reason behind {@code #}. What
 * is written now stands in {@code target/golden}, to compare.
 */
class GoldenMetricsTest {
    private static final long START = 1_700_000_000_000L;

    private static String frozen(String name) throws Exception {
        try (InputStream in = GoldenMetricsTest.class.getResourceAsStream("golden/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
        }
    }

    private static Map<String, String> renamed(String name) throws Exception {
        Map<String, String> renamed = new TreeMap<>();
        for (String line : frozen(name).lines().toList()) {
            String[] names = line.replaceFirst("#.*", "").strip().split("\\s+");
            if (names.length == 2) {
                renamed.put(names[0], names[1]);
            }
        }
        return renamed;
    }

    private static String kept(String name, String text) throws Exception {
        Path kept = Path.of("target", "golden", name);
        Files.createDirectories(kept.getParent());
        return Files.readString(Files.writeString(kept, text));
    }

    private static void assertSame(Map<String, String> now, Map<String, String> then) {
        SoftAssertions all = new SoftAssertions();
        Set<String> missing = new TreeSet<>(then.keySet());
        missing.removeAll(now.keySet());
        all.assertThat(missing).as("missing").isEmpty();
        then.forEach((key, value) -> {
            String found = now.get(key);
            if (found != null && !found.equals(value)) {
                if (value.matches("-?[0-9].*") && found.matches("-?[0-9].*")) {
                    // Logarithms may differ in the last bit between machines.
                    double number = Double.parseDouble(value);
                    all.assertThat(Double.parseDouble(found))
                            .as(key)
                            .isCloseTo(number, within(1e-9 * Math.abs(number) + 1e-12));
                } else {
                    all.assertThat(found).as(key).isEqualTo(value);
                }
            }
        });
        all.assertAll();
    }

    /** The run of the frozen journal. */
    private static RunMonitor trained() {
        RunMonitor monitor = RunMonitor.builder("golden")
                .model("char LSTM")
                .dataset("made up")
                .plannedTokens(1_000_000)
                .uniqueTokens(150_000)
                .clock(() -> START)
                .build();
        Random random = new Random(11);
        for (int t = 1; t <= 4_000; t++) {
            long at = START + 250L * t;
            if (t == 60) {
                monitor.describe("char LSTM", new ModelSize(10_000, 16), 100);
            }
            double noise = 0.02 * random.nextGaussian();
            double loss = t % 997 == 0 ? Double.NaN : 1.25 + 3.35 / (1 + Math.min(t, 900) / 30.0) + noise;
            monitor.step(t, t / 600, 1e-3 / (1 + t / 1000), 100, loss, at);
            if (t % 1111 == 0) {
                monitor.skip();
            }
            if (t % 200 == 0) {
                monitor.validation(loss + 0.05 + t * 1e-5);
            }
        }
        monitor.close();
        return monitor;
    }

    private static Map<String, String> metricValues(String text, Map<String, String> renamed) {
        Map<String, String> values = new TreeMap<>();
        for (String line :
                text.lines().filter(line -> !line.startsWith("# HELP")).toList()) {
            String[] parts = line.startsWith("# ") ? line.substring(2).split(" ", 3) : null;
            // The type is a value of a name too; the words of HELP are not frozen.
            String key = parts == null ? line.substring(0, line.lastIndexOf(' ')) : parts[1] + " " + parts[0];
            String value = parts == null ? line.substring(line.lastIndexOf(' ') + 1) : parts[2];
            String name = key.replaceFirst("[{ ].*", "");
            String other = renamed.getOrDefault(name, name);
            if (!other.equals("-")) {
                values.put(other + key.substring(name.length()), value.strip());
            }
        }
        return values;
    }

    @Test
    void metrics_ofTheGoldenRun_everySeriesIsThatOfTheFrozenText() throws Exception {
        String text;
        try (WatchedRuns runs = new WatchedRuns(Exposition.own())) {
            runs.add(trained());
            byte[] bytes = runs.scrape(new WatchedRuns.Scrape(TextFormat.CONTENT_TYPE_004, Set.of(), false))
                    .answer()
                    .body()
                    .array();
            text = new String(bytes, UTF_8)
                    .lines()
                    .filter(line -> line.replaceFirst("# [A-Z]+ ", "").startsWith("etascope_"))
                    // Of the process, not of the run; the frozen text is older than they are.
                    .filter(line -> !line.contains("etascope_endpoint_")
                            && !line.contains("etascope_build_info")
                            && !line.contains("etascope_step_duration_seconds"))
                    // An empty label is none to Prometheus; the frozen text is older than this one.
                    .map(line -> line.replaceFirst("worker=\"\",", ""))
                    // Older than other units than the token, too.
                    .map(line -> line.replaceFirst("unit=\"token\",", ""))
                    .map(line -> line.replaceFirst("version=\"[^\"]*\"", "version=\"\""))
                    .sorted()
                    .reduce("", (all, line) -> all + line + "\n");
        }

        kept("metrics.txt", text);

        assertSame(metricValues(text, Map.of()), metricValues(frozen("metrics.txt"), renamed("renamed-metrics.txt")));
    }
}
