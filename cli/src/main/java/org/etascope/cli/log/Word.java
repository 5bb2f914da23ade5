package org.etascope.cli.log;

import java.nio.charset.StandardCharsets;

/** A short ASCII text that is looked for at one place after the other: its first eight bytes are compared at once. */
final class Word {
    private final byte[] text;
    private final long head;
    private final long mask;

    Word(byte[] text) {
        this.text = text;
        this.head = Bytes.eight(text, 0);
        this.mask = text.length < Long.BYTES ? (1L << Byte.SIZE * text.length) - 1 : -1;
    }

    Word(String text) {
        this(text.getBytes(StandardCharsets.US_ASCII));
    }

    int length() {
        return text.length;
    }

    /** {@return whether the line goes on with this word there} */
    boolean isAt(byte[] line, int from, int to) {
        return ((Bytes.eight(line, from) ^ head) & mask) == 0 && to - from >= text.length && tailIsAt(line, from);
    }

    private boolean tailIsAt(byte[] line, int from) {
        for (int i = Long.BYTES; i < text.length; i++) {
            if (line[from + i] != text[i]) {
                return false;
            }
        }
        return true;
    }
}
