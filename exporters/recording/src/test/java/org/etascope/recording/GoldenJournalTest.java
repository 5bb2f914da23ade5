package org.etascope.recording;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The journal of one run as it was before its keys were unified: what is frozen is every value. {@code
 * renamed-journal.txt} says which key has which name since then, {@code -} where it went, with the reason behind {@code #}.
 * What is written now stands in {@code target/golden}, to compare.
 */
class GoldenJournalTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private static String frozen(String name) throws Exception {
        try (InputStream in = GoldenJournalTest.class.getResourceAsStream("golden/" + name)) {
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

    private static Map<String, String> journalValues(String journal, Map<String, String> renamed) throws Exception {
        Map<String, String> values = new TreeMap<>();
        for (String line : journal.lines().toList()) {
            JsonNode object = JSON.readTree(line);
            String kind = object.get("kind").asText();
            JsonNode value = object.get("value");
            // A new event makes one more moment, so a moment is known by its step.
            String at = kind.equals("moment")
                    ? value.at("/progress/steps").asText()
                    : object.get("at").asText();
            flatten(kind, "#" + at, value, renamed, values);
        }
        return values;
    }

    private static void flatten(
            String path, String at, JsonNode node, Map<String, String> renamed, Map<String, String> values) {
        if (node.isObject()) {
            node.properties().forEach(e -> flatten(path + "." + e.getKey(), at, e.getValue(), renamed, values));
            return;
        }
        String name = renamed.getOrDefault(path, renamed.getOrDefault(path.replaceFirst("[a-z_]+$", "*"), path));
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
}
