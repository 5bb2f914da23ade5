package org.etascope.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.etascope.recording.Format;

/** Counts the bytes of a file as they are read, and shows how far it is once that takes more than a second. */
final class ProgressBar extends FilterInputStream {
    private static final long FIRST_NANOS = 1_000_000_000;
    private static final long NEXT_NANOS = 200_000_000;
    private static final int WIDTH = 30;

    private final Terminal terminal;
    private final long size;
    private long read;
    private long nextNanos = System.nanoTime() + FIRST_NANOS;
    private boolean shown;

    ProgressBar(InputStream in, Path file, Terminal terminal) throws IOException {
        super(in);
        this.terminal = terminal;
        this.size = terminal.progress() && Files.isRegularFile(file) ? Files.size(file) : 0;
    }

    @Override
    public int read() throws IOException {
        int b = super.read();
        count(b < 0 ? 0 : 1);
        return b;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        int n = super.read(bytes, from, length);
        count(n);
        return n;
    }

    private void count(int n) {
        read += Math.max(0, n);
        if (size > 0 && System.nanoTime() - nextNanos >= 0) {
            nextNanos = System.nanoTime() + NEXT_NANOS;
            show();
        }
    }

    private void show() {
        shown = true;
        double share = Math.min(1, (double) read / size);
        String bar = terminal.screen().shown(Format.bar(share, WIDTH));
        // A window too narrow cuts it off: broken, it could not be taken away.
        terminal.err().printf(Locale.ROOT, "\r\033[?7l%s %3.0f %%\033[?7h", bar, 100 * share);
        terminal.err().flush();
    }

    @Override
    public void close() throws IOException {
        if (shown) {
            terminal.err().print("\r\033[K");
            terminal.err().flush();
        }
        super.close();
    }
}
