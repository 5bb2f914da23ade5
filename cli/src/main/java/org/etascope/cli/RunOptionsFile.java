package org.etascope.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/**
 * A log with its options, as {@code compare} takes them from a small file: the options of {@code replay} as keys without
 * their dashes, and {@code file}, the log, relative to this file. JSON, or the simplest YAML: one {@code key: value} per
 * line, comments after #.
 *
 * @param log the log
 * @param options the options
 */
record RunOptionsFile(Path log, StreamOptions options) {
    private static final long MOST_BYTES = 1 << 16;
    private static final List<String> ENDINGS = List.of(".yaml", ".yml", ".json");

    @Command
    private static final class Holder {
        @Mixin
        private final StreamOptions options = new StreamOptions();
    }

    /** {@return what the argument names: an options file, or a log with one beside it; null if neither} */
    static @Nullable RunOptionsFile of(Path path) {
        if (ENDINGS.stream().anyMatch(path.toString()::endsWith)) {
            Map<String, String> keys = read(path);
            String log = keys.remove("file");
            return log == null ? null : new RunOptionsFile(path.resolveSibling(log), options(keys, path));
        }
        for (String ending : ENDINGS) {
            Path beside = path.resolveSibling(path.getFileName() + ending);
            if (Files.isRegularFile(beside)) {
                Map<String, String> keys = read(beside);
                keys.remove("file");
                return new RunOptionsFile(path, options(keys, beside));
            }
        }
        return null;
    }

    private static Map<String, String> read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw Failure.failed(file + " is too large for a file of options.");
            }
            String text = Files.readString(file);
            return text.stripLeading().startsWith("{") ? json(text) : yaml(text, file);
        } catch (IOException e) {
            throw Failure.failed(file + " cannot be read: " + Failure.reason(e));
        }
    }

    private static Map<String, String> json(String text) throws IOException {
        Map<String, String> keys = new LinkedHashMap<>();
        try (JsonParser json = new JsonFactory().createParser(text)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                json.nextToken();
                keys.put(key, json.getText());
                json.skipChildren();
            }
        }
        return keys;
    }

    private static Map<String, String> yaml(String text, Path file) {
        Map<String, String> keys = new LinkedHashMap<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String content = line.replaceFirst("(^|\\s)#.*", "").strip();
            if (content.isEmpty() || content.equals("---")) {
                continue;
            }
            int colon = content.indexOf(':');
            if (colon <= 0 || Character.isWhitespace(line.charAt(0))) {
                throw Failure.failed(file + ":" + number + ": not of the form \"key: value\"");
            }
            keys.put(
                    content.substring(0, colon).strip(),
                    unquoted(content.substring(colon + 1).strip()));
        }
        return keys;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2
                && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                && value.charAt(value.length() - 1) == value.charAt(0);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /** The command line's own parser, so that names, ranges and messages are the same. */
    private static StreamOptions options(Map<String, String> keys, Path file) {
        List<String> args = new ArrayList<>();
        keys.forEach((key, value) -> {
            String option = "--" + key.replace('_', '-');
            if (value.equals("true")) {
                args.add(option);
            } else if (!value.equals("false")) {
                args.add(option + "=" + value);
            }
        });
        Holder holder = new Holder();
        try {
            new CommandLine(holder).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(args.toArray(String[]::new));
            holder.options.check();
            return holder.options;
        } catch (ParameterException | Failure e) {
            throw Failure.usage(file + ": " + Failure.reason(e));
        }
    }
}
