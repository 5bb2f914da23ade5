package org.etascope.prometheus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.assertj.core.api.SoftAssertions;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Journal and metrics of one run as version 0.1 had them before their keys were unified: what is frozen is every value.
 * {@code renamed-*.txt} says which key has which name since then, {@code -} where it went, with the reason behind {@code #}.
 * What is written now stands in {@code target/golden}, to compare.
 */
class GoldenTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private static String frozen(String name) throws Exception {
        try (InputStream in = GoldenTest.class.getResourceAsStream("golden/" + name)) {
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
        all.assertThat(now.keySet()).containsAll(then.keySet());
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

    // ---- the journal ----

    private static Map<String, String> journalValues(String journal, Map<String, String> renamed) throws Exception {
        Map<String, String> values = new TreeMap<>();
        for (String line : journal.lines().toList()) {
            JsonNode object = JSON.readTree(line);
            String kind = object.get("kind").asText();
            flatten(kind, "#" + object.get("at"), object.get("value"), renamed, values);
        }
        return values;
    }

    private static void flatten(
            String path, String at, JsonNode node, Map<String, String> renamed, Map<String, String> values) {
        if (node.isObject()) {
            node.properties().forEach(e -> flatten(path + "." + e.getKey(), at, e.getValue(), renamed, values));
            return;
        }
        String name = renamed.getOrDefault(path, path);
        if (!name.equals("-")) {
            values.put(name + at, node.isTextual() ? node.asText() : node.toString());
        }
    }

    @Test
    void journal_ofTheGoldenRun_everyValueIsThatOfTheFrozenOne() throws Exception {
        RunMonitor monitor = GoldenRun.monitor();
        try (JournalWriter journal = new JournalWriter(monitor, directory, Long.MAX_VALUE)) {
            GoldenRun.train(monitor, journal::look);
            monitor.close();
        }

        String written = kept("journal.jsonl", Files.readString(directory.resolve(RunFiles.JOURNAL)));

        assertSame(
                journalValues(written, Map.of()),
                journalValues(frozen("journal.jsonl"), renamed("renamed-journal.txt")));
    }

    // ---- the metrics ----

    private static Map<String, String> metricValues(String text, Map<String, String> renamed) {
        Map<String, String> values = new TreeMap<>();
        for (String line : text.lines().toList()) {
            String[] parts = line.startsWith("# ") ? line.substring(2).split(" ", 3) : null;
            // HELP and TYPE are values of a name too.
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
        RunMonitor monitor = GoldenRun.monitor();
        GoldenRun.train(monitor, () -> {});
        monitor.close();
        String text;
        try (WatchedRuns runs = new WatchedRuns()) {
            runs.add(monitor);
            byte[] bytes = runs.scrape(TextFormat.CONTENT_TYPE_004).bytes().array();
            text = new String(bytes, UTF_8)
                    .lines()
                    .filter(line -> line.replaceFirst("# [A-Z]+ ", "").startsWith("etascope_"))
                    .map(line -> line.replaceFirst("version=\"[^\"]*\"", "version=\"\""))
                    .sorted()
                    .reduce("", (all, line) -> all + line + "\n");
        }

        kept("metrics.txt", text);

        assertSame(metricValues(text, Map.of()), metricValues(frozen("metrics.txt"), renamed("renamed-metrics.txt")));
    }
}
