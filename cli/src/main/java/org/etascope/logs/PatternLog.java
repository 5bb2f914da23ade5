package org.etascope.logs;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Lines in which a regular expression finds its named groups: {@code step}, {@code loss} and others. */
final class PatternLog implements LossLog {
    /** The groups that count, by the words of their roles: a group's name can have no dash in it. */
    static final Map<String, Role> NAMES =
            Role.named().collect(Collectors.toMap(role -> role.word().replace("-", ""), role -> role));

    private final Pattern pattern;
    private final List<String> groups;

    PatternLog(Pattern pattern) {
        this.pattern = pattern;
        this.groups = NAMES.keySet().stream()
                .filter(name -> pattern.pattern().contains("(?<" + name + ">"))
                .sorted()
                .toList();
    }

    @Override
    public void read(InputStream in, Records records) throws IOException {
        Lines lines = new Lines(in);
        for (String line = lines.next(); line != null; line = lines.next()) {
            Matcher found = pattern.matcher(line);
            if (!found.find()) {
                records.text(line.isEmpty() ? 0 : 1);
                continue;
            }
            records.begin(lines.number());
            for (String group : groups) {
                String text = found.group(group);
                if (text != null) {
                    records.value(group, text.strip());
                }
            }
            records.end();
        }
    }
}
