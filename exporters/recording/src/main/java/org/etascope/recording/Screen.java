package org.etascope.recording;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etascope.core.OneLine;

/**
 * Where text for people goes: how wide it is (0 if it is no terminal), whether it shows η, ± and the like, and colours.
 *
 * @param out takes text
 * @param columns width of the terminal, 0 if it is none
 * @param unicode whether it shows more than ASCII
 * @param colour whether colours are welcome
 */
public record Screen(PrintStream out, int columns, boolean unicode, boolean colour) {
    /** Java 17 cannot tell whether a stream is a terminal, nor how wide; the scripts in {@code bin/} say so here. */
    private static final String COLUMNS = "etascope.columns";

    private static final int NARROWEST = 20;
    private static final Pattern NAME = Pattern.compile("\\s{8,}|\\s*\\S+\\s+");

    private static final String[][] IN_ASCII = {
        // In a table the two more letters take the place of two spaces, before or behind.
        {"(?<=  )  η", "eta"},
        {"η  (?=  )", "eta"},
        {"η", "eta"},
        {"±", "+/-"},
        {"→", "->"},
        {"×", "x"},
        {"[–−]", "-"},
        {"█", "#"},
        {"░", "."},
        {"·", "*"},
        {"…", "..."},
        {"₀", "0"},
        {"[^\\x00-\\x7F]", "?"}
    };

    /**
     * {@return standard output: a terminal if the property {@code etascope.columns} tells its width and {@code TERM} is
     * not {@code dumb}, with colours unless {@code NO_COLOR} is set}
     */
    public static Screen standard() {
        // The default charset is UTF-8 from Java 18 on, whatever the terminal shows.
        boolean unicode = StandardCharsets.UTF_8.name().equalsIgnoreCase(System.getProperty("native.encoding", ""));
        int columns = "dumb".equals(System.getenv("TERM")) ? 0 : Math.max(0, Integer.getInteger(COLUMNS, 0));
        String noColour = System.getenv("NO_COLOR");
        return new Screen(
                new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8),
                columns,
                unicode,
                columns > 0 && (noColour == null || noColour.isEmpty()));
    }

    /** {@return whether lines can be rewritten} */
    public boolean terminal() {
        return columns > 0;
    }

    /**
     * Writes a line and flushes. One too long for the terminal is broken at spaces; what follows stands below its second
     * column.
     *
     * @param text the line
     */
    public void line(String text) {
        broken(shown(text)).forEach(out::println);
        out.flush();
    }

    /**
     * {@return the text in the characters that this screen has, and none that drive it}
     *
     * @param text any text
     */
    public String shown(String text) {
        String shown = OneLine.of(text);
        if (!unicode) {
            for (String[] pair : IN_ASCII) {
                shown = shown.replaceAll(pair[0], pair[1]);
            }
        }
        return shown;
    }

    private List<String> broken(String text) {
        int width = Math.max(NARROWEST, columns);
        if (!terminal() || text.length() <= width) {
            return List.of(text);
        }
        Matcher name = NAME.matcher(text);
        int indent = name.lookingAt() ? Math.min(name.end(), width / 2) : 0;
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (rest.length() > width) {
            int space = rest.lastIndexOf(' ', width);
            // What has no space, an address or a path, is left whole for the one who copies it.
            int end = space > indent ? space : rest.indexOf(' ', width);
            if (end < 0) {
                break;
            }
            lines.add(rest.substring(0, end).stripTrailing());
            rest = " ".repeat(indent) + rest.substring(end).stripLeading();
        }
        lines.add(rest);
        return lines;
    }
}
