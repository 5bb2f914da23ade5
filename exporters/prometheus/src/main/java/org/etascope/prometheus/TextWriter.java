package org.etascope.prometheus;

import java.io.Writer;

/**
 * Collects text, for one thread: the metrics are written character by character, and a {@link java.io.StringWriter} takes
 * its lock for each of them.
 */
final class TextWriter extends Writer {
    private final StringBuilder text;

    TextWriter(int expectedLength) {
        this.text = new StringBuilder(expectedLength);
    }

    @Override
    public void write(int character) {
        text.append((char) character);
    }

    @Override
    public void write(char[] buffer, int offset, int length) {
        text.append(buffer, offset, length);
    }

    @Override
    public void write(String string) {
        text.append(string);
    }

    @Override
    public Writer append(char character) {
        text.append(character);
        return this;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public String toString() {
        return text.toString();
    }
}
