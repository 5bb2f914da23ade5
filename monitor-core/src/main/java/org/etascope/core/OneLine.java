package org.etascope.core;

import java.util.Locale;
import java.util.regex.Pattern;

/** Names that may be any text, for a line of a log or a terminal. */
public final class OneLine {
    /** Control characters, ends of lines, and those that turn the direction of what follows. */
    private static final Pattern UNFIT =
            Pattern.compile("[\\p{Cc}\\u2028\\u2029\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]");

    private OneLine() {}

    /**
     * {@return the text with what would end the line, drive the terminal or turn the direction of writing as {@code \\u001b}
     * and the like}
     *
     * @param text any text
     */
    public static String of(String text) {
        return UNFIT.matcher(text)
                .replaceAll(unfit -> String.format(
                        Locale.ROOT, "\\\\u%04x", (int) unfit.group().charAt(0)));
    }
}
