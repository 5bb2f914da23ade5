package org.etascope.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.etascope.recording.Format;

/**
 * Where a command prints. Data goes to {@code out}, always UTF-8 if it is JSON; people's text goes through {@link
 * #text}, which spells out the few signs that a terminal without UTF-8 lacks.
 *
 * @param out standard output
 * @param err standard error
 * @param utf8 whether the terminal shows UTF-8
 * @param live whether standard output is a terminal on which a line can rewrite itself
 * @param progress whether standard error is one
 */
record Terminal(PrintStream out, PrintStream err, boolean utf8, boolean live, boolean progress) {
    /**
     * {@return the terminal of this process}
     *
     * <p>Java cannot tell whether a single stream is a terminal; {@code bin/etascope} does, and says so in the system
     * properties {@code etascope.stdout} and {@code etascope.stderr}.
     */
    static Terminal ofProcess() {
        // The default charset is UTF-8 from Java 18 on, whatever the terminal shows.
        boolean utf8 = "UTF-8".equalsIgnoreCase(System.getProperty("native.encoding"));
        return new Terminal(
                new PrintStream(
                        new java.io.FileOutputStream(java.io.FileDescriptor.out), false, StandardCharsets.UTF_8),
                new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.err), true, StandardCharsets.UTF_8),
                utf8,
                "terminal".equals(System.getProperty("etascope.stdout")),
                "terminal".equals(System.getProperty("etascope.stderr")));
    }

    /**
     * {@return the text so that a window too narrow for it cuts it off instead of breaking its lines: what rewrites itself
     * must know how many lines it has, whatever the window's size becomes}
     */
    static String unbroken(String text) {
        return "\033[?7l" + text + "\033[?7h";
    }

    /** {@return so many of a thing, in words: "1 step", "2,000 steps"} */
    static String count(long number, String thing) {
        return Format.whole(number) + " " + thing + (number == 1 ? "" : "s");
    }

    /** {@return the same, where no line rewrites itself} */
    Terminal plain() {
        return new Terminal(out, err, utf8, false, progress);
    }

    /** {@return the text as this terminal can show it} */
    String text(String text) {
        if (utf8) {
            return text;
        }
        // In a table the two more letters take the place of two spaces, before or behind.
        return text.replaceAll("(?<=  )  η", "eta")
                .replaceAll("η  (?=  )", "eta")
                .replace("η", "eta")
                .replace("±", "+/-")
                .replace("→", "->")
                .replace("×", "x")
                .replace("–", "-")
                .replace("█", "#")
                .replace("░", ".")
                .replace("·", "*")
                .replace("₀", "0")
                .replaceAll("[^\\x00-\\x7F]", "?");
    }

    void print(String text) {
        out.println(text(text));
    }
}
