package org.etascope.micrometer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A scrape in Prometheus text format, read back: types by name, values by name and labels. */
record Exposition(Map<String, String> types, Map<Key, Double> values) {
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z0-9_:]+)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z0-9_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    record Key(String name, Map<String, String> labels) {}

    static Exposition parse(String text) {
        Exposition read = new Exposition(new TreeMap<>(), new LinkedHashMap<>());
        for (String line : text.lines().toList()) {
            if (line.startsWith("# TYPE ")) {
                int space = line.lastIndexOf(' ');
                read.types.put(line.substring("# TYPE ".length(), space), line.substring(space + 1));
            } else if (!line.startsWith("#") && !line.isBlank()) {
                read.add(line);
            }
        }
        return read;
    }

    private void add(String line) {
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            throw new AssertionError("not a sample: " + line);
        }
        Map<String, String> labels = new TreeMap<>();
        if (sample.group(2) != null) {
            Matcher label = LABEL.matcher(sample.group(2));
            while (label.find()) {
                labels.put(label.group(1), unescape(label.group(2)));
            }
        }
        Double before = values.put(
                new Key(sample.group(1), labels), Double.valueOf(sample.group(3).replace("Inf", "Infinity")));
        if (before != null) {
            throw new AssertionError("the same series twice: " + line);
        }
    }

    private static String unescape(String value) {
        return value.replace("\\\\", "\0")
                .replace("\\\"", "\"")
                .replace("\\n", "\n")
                .replace('\0', '\\');
    }

    /** {@return the value of the one series with this name and at least these labels} */
    double value(String name, String... labels) {
        var found = values.entrySet().stream()
                .filter(e -> e.getKey().name.equals(name) && has(e.getKey().labels, labels))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(name + " found as " + found);
        }
        return found.get(0).getValue();
    }

    boolean contains(String name) {
        return values.keySet().stream().anyMatch(key -> key.name.equals(name));
    }

    private static boolean has(Map<String, String> labels, String... wanted) {
        for (int i = 0; i < wanted.length; i += 2) {
            if (!wanted[i + 1].equals(labels.get(wanted[i]))) {
                return false;
            }
        }
        return true;
    }
}
