package org.etascope.prometheus;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * Writes UTF-8 by the block, for one thread: the metrics are written character by character, and the JDK's writers take a
 * lock for each of them.
 */
final class TextWriter extends Writer {
    private static final int BLOCK = 8_192;

    private final StringBuilder block = new StringBuilder(2 * BLOCK);
    private final Writer out;

    TextWriter(OutputStream out) {
        this.out = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    }

    @Override
    public void write(int character) throws IOException {
        block.append((char) character);
        passOn(BLOCK);
    }

    @Override
    public void write(char[] buffer, int offset, int length) throws IOException {
        block.append(buffer, offset, length);
        passOn(BLOCK);
    }

    @Override
    public void write(String string) throws IOException {
        block.append(string);
        passOn(BLOCK);
    }

    @Override
    public Writer append(char character) throws IOException {
        write(character);
        return this;
    }

    private void passOn(int least) throws IOException {
        if (block.length() >= least) {
            out.append(block);
            block.setLength(0);
        }
    }

    @Override
    public void flush() throws IOException {
        passOn(1);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        passOn(1);
        out.close();
    }
}
