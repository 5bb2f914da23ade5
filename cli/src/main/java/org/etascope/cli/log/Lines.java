package org.etascope.cli.log;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The lines of a stream, as byte ranges: {@link #next} moves to the next one. LF and CRLF end a line, the last one may
 * lack its end. Nothing is allocated per line.
 *
 * <p>A line longer than 16 MiB is cut there and its rest passed over, so that memory stays bounded.
 */
final class Lines {
    /** Longest line that is read whole. */
    static final int LONGEST = 1 << 24;

    private static final int CHUNK = 1 << 16;

    private final InputStream in;
    private byte[] buffer = new byte[2 * CHUNK];
    private int end;
    private int nextLine;
    private boolean drained;

    private int from;
    private int to;
    private long number;
    private boolean terminated;

    Lines(InputStream in) {
        this.in = in;
    }

    /** {@return whether there is another line, which is then the current one} */
    boolean next() throws IOException {
        int scan = nextLine;
        while (true) {
            int i = Bytes.indexOf(buffer, scan, end, '\n');
            if (i >= 0) {
                return line(i, i + 1, true);
            }
            if (end - nextLine >= LONGEST) {
                return cut();
            }
            makeRoom();
            scan = end;
            if (drained || !fill()) {
                return end > nextLine && line(end, end, false);
            }
        }
    }

    private boolean line(int endOfText, int next, boolean whole) {
        from = nextLine;
        to = endOfText > from && buffer[endOfText - 1] == '\r' ? endOfText - 1 : endOfText;
        nextLine = next;
        terminated = whole;
        number++;
        return true;
    }

    /** Moves the open line to the front, and makes the buffer larger if that is not enough. */
    private void makeRoom() {
        if (nextLine > 0) {
            System.arraycopy(buffer, nextLine, buffer, 0, end - nextLine);
            end -= nextLine;
            nextLine = 0;
        }
        if (buffer.length - end < CHUNK) {
            buffer = Arrays.copyOf(buffer, Math.min(LONGEST + CHUNK, 2 * buffer.length));
        }
    }

    private boolean fill() throws IOException {
        int n = in.read(buffer, end, buffer.length - end);
        if (n < 0) {
            drained = true;
            return false;
        }
        end += n;
        return true;
    }

    /** The line's beginning stays in the buffer while its rest is passed over. */
    private boolean cut() throws IOException {
        makeRoom();
        int keep = LONGEST;
        int i = keep;
        while (true) {
            for (; i < end; i++) {
                if (buffer[i] == '\n') {
                    return cutLine(keep, i + 1, true);
                }
            }
            end = keep;
            i = keep;
            if (!fill()) {
                return cutLine(keep, end, false);
            }
        }
    }

    private boolean cutLine(int keep, int next, boolean whole) {
        from = 0;
        to = keep;
        nextLine = next;
        terminated = whole;
        number++;
        return true;
    }

    /** {@return whether the next line is in memory and has that shape} */
    boolean nextHas(LineShape shape) {
        int next = nextLine + shape.length();
        return next <= end && next <= buffer.length - Long.BYTES && shape.fits(buffer, nextLine);
    }

    /** Passes over the next line, which has that shape. */
    void pass(LineShape shape) {
        nextLine += shape.length();
        number++;
    }

    /** {@return where the next line begins} */
    int nextFrom() {
        return nextLine;
    }

    /** The bytes that hold the current line; good until {@link #next}. */
    byte[] text() {
        return buffer;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /** Number of the current line, from 1. */
    long number() {
        return number;
    }

    /** Whether the current line had its line end. */
    boolean terminated() {
        return terminated;
    }
}
