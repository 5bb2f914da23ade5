package org.etascope.dashboards;

import java.util.List;
import java.util.Map;

/**
 * Writes maps, lists, texts, numbers and truth values as YAML. A text of several lines, or with quotes in it, is written as
 * it is, in a block. A key that begins with {@code #} is no key: its value is a comment; an empty one above an item of a list is none.
 */
final class Yaml {
    private static final int WIDTH = 120;

    private final StringBuilder out = new StringBuilder();

    private Yaml() {}

    /** {@return a document} */
    static String of(Map<String, ?> document) {
        Yaml yaml = new Yaml();
        yaml.map(document, 0, true);
        return yaml.out.toString();
    }

    private void map(Map<?, ?> map, int indent, boolean indentFirst) {
        boolean indented = indentFirst;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String key = entry.getKey().toString();
            if (!key.startsWith("#")) {
                out.append(" ".repeat(indented ? indent : 0)).append(key).append(':');
                value(entry.getValue(), indent + 2);
                indented = true;
            } else if (indented) { // else it stands above the item of the list already
                comment(entry.getValue().toString(), indent);
            }
        }
    }

    private void list(List<?> list, int indent) {
        for (Object item : list) {
            if (item instanceof Map<?, ?> map && map.get("#") instanceof String text && !text.isEmpty()) {
                comment(text, indent);
            }
            out.append(" ".repeat(indent)).append("-");
            if (item instanceof Map<?, ?> map && !map.isEmpty()) {
                out.append(' ');
                map(map, indent + 2, false);
            } else {
                value(item, indent + 2);
            }
        }
    }

    private void value(Object value, int indent) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            out.append('\n');
            map(map, indent, true);
        } else if (value instanceof List<?> list && !list.isEmpty()) {
            out.append('\n');
            list(list, indent);
        } else if (value instanceof String text) {
            text(text, indent);
        } else {
            out.append(' ')
                    .append(value instanceof Map ? "{}" : value instanceof List ? "[]" : value)
                    .append('\n');
        }
    }

    private void text(String text, int indent) {
        if (text.contains("\n") || text.contains("\"") || text.contains("'")) {
            // The number says how far the block is indented: its first line may begin with spaces.
            out.append(text.startsWith(" ") ? " |2-\n" : " |-\n");
            text.lines()
                    .forEach(line -> out.append(line.isBlank() ? "" : " ".repeat(indent) + line)
                            .append('\n'));
        } else if (text.matches("[A-Za-z/][\\w./:=-]*|\\d+(ms|[smhd])")
                && !text.matches("(?i)true|false|yes|no|on|off|null|.*:")) {
            out.append(' ').append(text).append('\n');
        } else {
            out.append(" '").append(text).append("'\n");
        }
    }

    private void comment(String text, int indent) {
        String start = " ".repeat(indent) + "#";
        StringBuilder line = new StringBuilder(start);
        for (String word : text.split(" ", -1)) {
            if (line.length() + word.length() + 2 > WIDTH) {
                out.append(line).append('\n');
                line = new StringBuilder(start);
            }
            line.append(' ').append(word);
        }
        out.append(line).append('\n');
    }
}
