package org.etascope.examples.demo;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Where the demo writes: how wide it is (0 if it is no terminal), whether it shows η, ± and the like, and colours.
 *
 * <p>Whether standard output is a terminal, and how wide, Java 17 cannot tell by itself; {@code bin/demo} says so in the
 * property {@value #COLUMNS}.
 *
 * @param out takes text
 * @param columns width of the terminal, 0 if it is none
 * @param unicode whether it shows more than ASCII
 * @param colour whether colours are welcome
 */
record Screen(PrintStream out, int columns, boolean unicode, boolean colour) {
    static final String COLUMNS = "etascope.columns";

    private static final String[][] IN_ASCII = {
        {"η", "eta"},
        {"±", "+-"},
        {"·", "*"},
        {"×", "x"},
        {"→", "->"},
        {"█", "#"},
        {"░", "."},
        {"…", "..."},
        {"–", "-"},
        {"−", "-"}
    };

    /** {@return standard output} */
    static Screen standard() {
        boolean unicode = StandardCharsets.UTF_8.name().equalsIgnoreCase(System.getProperty("native.encoding", ""));
        Charset charset = unicode ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII;
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, charset);
        int columns = Math.max(0, Integer.getInteger(COLUMNS, 0));
        String noColour = System.getenv("NO_COLOR");
        return new Screen(out, columns, unicode, columns > 0 && (noColour == null || noColour.isEmpty()));
    }

    /** {@return whether lines can be rewritten} */
    boolean terminal() {
        return columns > 0;
    }

    /** Writes a line, in ASCII where nothing more can be shown. */
    void line(String text) {
        out.println(shown(text));
    }

    /** {@return the text in the characters that this screen has} */
    String shown(String text) {
        if (unicode) {
            return text;
        }
        String ascii = text;
        for (String[] pair : IN_ASCII) {
            ascii = ascii.replace(pair[0], pair[1]);
        }
        return ascii;
    }
}
