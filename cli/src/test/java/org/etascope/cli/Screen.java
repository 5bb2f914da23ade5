package org.etascope.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a terminal of some width shows after a program's output: as much of one as the programs here make use of. */
final class Screen {
    private static final Pattern CONTROL = Pattern.compile("\033\\[(\\??\\d*)([A-Za-z])");

    private final int columns;
    private final List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
    private int line;
    private int column;
    private boolean breaksLines = true;

    private Screen(int columns) {
        this.columns = columns;
    }

    /** {@return the lines that are to be seen in the end} */
    static List<String> of(String output, int columns) {
        Screen screen = new Screen(columns);
        Matcher control = CONTROL.matcher(output);
        int at = 0;
        while (at < output.length()) {
            if (control.region(at, output.length()).lookingAt()) {
                screen.control(control.group(2), control.group(1));
                at = control.end();
            } else {
                screen.put(output.charAt(at));
                at++;
            }
        }
        return screen.lines.stream()
                .map(text -> text.toString().stripTrailing())
                .collect(Collectors.toList());
    }

    private void control(String name, String parameter) {
        switch (name) {
            case "A" -> line = Math.max(0, line - Integer.parseInt(parameter));
            case "J" -> {
                lines.subList(line + 1, lines.size()).clear();
                clearRest();
            }
            case "K" -> clearRest();
            case "m" -> {
                // Colours take no room.
            }
            case "l", "h" -> breaksLines = name.equals("h");
            default ->
                throw new IllegalArgumentException("ESC[" + parameter + name + " is unknown to the tests' screen");
        }
    }

    private void clearRest() {
        StringBuilder text = lines.get(line);
        text.setLength(Math.min(text.length(), column));
    }

    private void put(char c) {
        switch (c) {
            case '\r' -> column = 0;
            case '\n' -> down();
            default -> {
                if (column == columns && breaksLines) {
                    column = 0;
                    down();
                }
                column = Math.min(column, columns - 1);
                StringBuilder text = lines.get(line);
                text.append(" ".repeat(Math.max(0, column + 1 - text.length())));
                text.setCharAt(column, c);
                column++;
            }
        }
    }

    private void down() {
        line++;
        if (line == lines.size()) {
            lines.add(new StringBuilder());
        }
    }
}
