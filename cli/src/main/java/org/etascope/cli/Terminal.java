package org.etascope.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.etascope.recording.Format;
import org.etascope.recording.Screen;
import org.etascope.recording.SummaryTable;

/**
 * Where a command prints.
 *
 * @param screen standard output: data as it is, always UTF-8 if it is JSON; people's text through {@link #print}
 * @param err standard error
 * @param progress whether standard error is a terminal
 */
record Terminal(Screen screen, PrintStream err, boolean progress) {
    /**
     * {@return the terminal of this process}
     *
     * <p>Java cannot tell whether a single stream is a terminal; {@code bin/etascope} does, and says so of standard error
     * in the system property {@code etascope.stderr}, see also {@link Screen#standard}.
     */
    static Terminal ofProcess() {
        return new Terminal(
                Screen.standard(),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                "terminal".equals(System.getProperty("etascope.stderr")));
    }

    /** {@return streams that are no terminals} */
    static Terminal of(PrintStream out, PrintStream err) {
        return new Terminal(new Screen(out, 0, true, false), err, false);
    }

    /** {@return so many of a thing, in words: "1 step", "2,000 steps"} */
    static String count(long number, String thing) {
        return Format.whole(number) + " " + thing + (number == 1 ? "" : "s");
    }

    /** {@return the same, where no line rewrites itself} */
    Terminal plain() {
        return new Terminal(new Screen(out(), 0, screen.unicode(), false), err, progress);
    }

    PrintStream out() {
        return screen.out();
    }

    void print(String text) {
        screen.line(text);
    }

    void print(SummaryTable table) {
        table.lines(screen.columns()).forEach(this::print);
    }

    /** Says in one line on standard error what is wrong. */
    void complain(String text) {
        err.println(screen.shown("etascope: " + text));
    }
}
