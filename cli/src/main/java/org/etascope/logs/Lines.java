package org.etascope.logs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a stream as text: {@link #next} gives one after the other, as soon as its end has come. LF, CRLF and a
 * lone CR (a progress bar that rewrites itself) end a line, the last one may lack its end. Colour codes, NUL bytes and
 * byte order marks are no part of a line.
 *
 * <p>A line longer than 16 MiB is cut there and its rest passed over, so that memory stays bounded.
 */
final class Lines {
    /** Longest line that is read whole. */
    static final int LONGEST = 1 << 24;

    private static final int CHUNK = 1 << 16;
    private static final char ESCAPE = 0x1B;
    private static final char BACKSPACE = '\b';

    private final InputStream in;
    private final byte[] chunk = new byte[CHUNK];
    private int at;
    private int end;

    private byte[] open = new byte[256];
    private int length;
    private boolean plain = true;

    private long number;
    private boolean lineFeedBelongsToLast;
    private boolean terminated;

    Lines(InputStream in) {
        this.in = in;
    }

    /** {@return the next line, null at the stream's end} */
    @Nullable
    String next() throws IOException {
        length = 0;
        plain = true;
        while (at < end || fill()) {
            int from = at;
            while (at < end && isOfALine(chunk[at])) {
                at++;
            }
            keep(from, at);
            if (at < end) {
                byte sign = chunk[at++];
                if (sign == '\n' && lineFeedBelongsToLast) {
                    lineFeedBelongsToLast = false;
                } else if (sign != 0) {
                    lineFeedBelongsToLast = sign == '\r';
                    return line(true);
                } else {
                    passZeros();
                }
            }
        }
        return length > 0 ? line(false) : null;
    }

    private void passZeros() {
        while (at < end && chunk[at] == 0) {
            at++;
        }
    }

    private static boolean isOfALine(byte sign) {
        return sign != '\n' && sign != '\r' && sign != 0;
    }

    private void keep(int from, int to) {
        if (from == to) {
            return;
        }
        lineFeedBelongsToLast = false;
        int n = Math.min(to - from, LONGEST - length);
        if (open.length - length < n) {
            open = Arrays.copyOf(open, Math.min(LONGEST, Math.max(2 * open.length, length + n)));
        }
        System.arraycopy(chunk, from, open, length, n);
        for (int i = length; i < length + n && plain; i++) {
            plain = open[i] >= ' ' || open[i] == '\t';
        }
        length += n;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(chunk, 0, CHUNK));
        return end > 0;
    }

    private String line(boolean whole) {
        terminated = whole;
        number++;
        if (plain) {
            // ASCII is the same in both, and this one needs no look at it.
            return new String(open, 0, length, StandardCharsets.ISO_8859_1);
        }
        return clean(new String(open, 0, length, StandardCharsets.UTF_8));
    }

    /** Without colour codes (ESC [ ... letter, ESC ] ... BEL), backspaces and byte order marks. */
    static String clean(String line) {
        StringBuilder text = new StringBuilder(line.length());
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == ESCAPE) {
                i = escapeEnd(line, i);
            } else if (c != BACKSPACE && c != '\uFEFF') {
                text.append(c == '\u00A0' ? ' ' : c);
            }
        }
        return text.toString();
    }

    private static int escapeEnd(String line, int from) {
        int i = from + 1;
        if (i == line.length()) {
            return i;
        }
        char kind = line.charAt(i);
        if (kind == ']') {
            int bell = line.indexOf(7, i);
            return bell < 0 ? i : bell;
        }
        if (kind != '[') {
            return i;
        }
        i++;
        while (i < line.length() && line.charAt(i) < '@') {
            i++;
        }
        return i;
    }

    /** Number of the line just read, from 1. */
    long number() {
        return number;
    }

    /** Whether the line just read had its line end. */
    boolean terminated() {
        return terminated;
    }
}
