package org.etascope.logs;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.GZIPInputStream;

/** What stands before a log: unzipping and the byte order mark, both told by the first bytes. */
public final class LogStreams {
    private static final int CHUNK = 1 << 16;
    private static final int MAGIC = 4;

    private LogStreams() {}

    /**
     * {@return the text or the records of a log: unzipped, without a byte order mark}
     *
     * @param raw its bytes
     * @throws IOException if it cannot be read, or is UTF-16
     */
    public static InputStream open(InputStream raw) throws IOException {
        PushbackInputStream in = new PushbackInputStream(raw, MAGIC);
        byte[] head = in.readNBytes(MAGIC);
        int first = head.length < 2 ? 0 : (head[0] & 0xFF) << 8 | (head[1] & 0xFF);
        if (first == 0xFFFE || first == 0xFEFF) {
            throw new IOException("it is UTF-16 text; save it as UTF-8");
        }
        int mark = first == 0xEFBB && head.length > 2 && head[2] == (byte) 0xBF ? 3 : 0;
        in.unread(head, mark, head.length - mark);
        return first == 0x1F8B ? new GZIPInputStream(in, CHUNK) : in;
    }
}
