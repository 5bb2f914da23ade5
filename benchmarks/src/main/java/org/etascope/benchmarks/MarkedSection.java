package org.etascope.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of a page that a program writes, between two comment lines: {@code <!-- begin: name -->} and {@code <!-- end:
 * name -->}. The words around it belong to people.
 *
 * @param page the Markdown file
 * @param name name of the part
 */
public record MarkedSection(Path page, String name) {
    /**
     * Puts what a program has found where it was told to.
     *
     * @param args its arguments: first the page, if any; without one the text is printed
     * @param name name of the part
     * @param text the text
     * @throws IOException if the page cannot be read or written, or has no such part
     */
    public static void put(String[] args, String name, String text) throws IOException {
        if (args.length == 0) {
            System.out.println(text);
        } else {
            new MarkedSection(Path.of(args[0]), name).write(text);
        }
    }

    /**
     * Replaces what stands between the markers.
     *
     * @param text the new text
     * @throws IOException if the page cannot be read or written, or has no such part
     */
    public void write(String text) throws IOException {
        String begin = "<!-- begin: " + name + " -->\n";
        String end = "<!-- end: " + name + " -->";
        String old = Files.readString(page);
        int from = old.indexOf(begin);
        int to = old.indexOf(end);
        if (from < 0 || to < from) {
            throw new IOException(page + " has no part between \"" + begin.strip() + "\" and \"" + end + "\"");
        }
        Files.writeString(
                page, old.substring(0, from + begin.length()) + "\n" + text.strip() + "\n\n" + old.substring(to));
    }
}
