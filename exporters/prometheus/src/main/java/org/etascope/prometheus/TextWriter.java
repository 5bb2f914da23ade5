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
    private final char[] block = new char[8_192];
    private final Writer out;
    private int length;

    TextWriter(OutputStream out) {
        this.out = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    }

    @Override
    public void write(int character) throws IOException {
        if (length == block.length) {
            passOn();
        }
        block[length++] = (char) character;
    }

    @Override
    public void write(char[] buffer, int offset, int count) throws IOException {
        passOn();
        out.write(buffer, offset, count);
    }

    @Override
    public void write(String string, int offset, int count) throws IOException {
        for (int at = offset, end = offset + count; at < end; ) {
            if (length == block.length) {
                passOn();
            }
            int fit = Math.min(end - at, block.length - length);
            string.getChars(at, at + fit, block, length);
            length += fit;
            at += fit;
        }
    }

    private void passOn() throws IOException {
        out.write(block, 0, length);
        length = 0;
    }

    @Override
    public void flush() throws IOException {
        passOn();
        out.flush();
    }

    @Override
    public void close() throws IOException {
        passOn();
        out.close();
    }
}
