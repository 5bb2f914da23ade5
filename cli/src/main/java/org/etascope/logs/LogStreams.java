package org.etascope.logs;

import io.airlift.compress.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/** What stands before a log: compression (gzip, xz, Zstandard) and the byte order mark, each told by the first bytes. */
public final class LogStreams {
    private static final int CHUNK = 1 << 16;
    private static final int MAGIC = 4;
    private static final int ZSTD = 0x28B52FFD;
    private static final int XZ = 0xFD377A58;
    private static final int LARGEST_XZ_DICTIONARY_KIB = 128 * 1024;

    private LogStreams() {}

    /**
     * {@return the text or the records of a log: decompressed, without a byte order mark}
     *
     * @param raw its bytes
     * @throws IOException if it cannot be read, or is UTF-16
     */
    public static InputStream open(InputStream raw) throws IOException {
        PushbackInputStream in = new PushbackInputStream(raw, MAGIC);
        byte[] head = in.readNBytes(MAGIC);
        int magic = ByteBuffer.wrap(Arrays.copyOf(head, MAGIC)).getInt();
        int first = magic >>> 16;
        if (first == 0xFFFE || first == 0xFEFF) {
            throw new IOException("it is UTF-16 text; save it as UTF-8");
        }
        int mark = magic >>> 8 == 0xEFBBBF ? 3 : 0;
        in.unread(head, mark, head.length - mark);
        if (first == 0x1F8B) {
            return new GZIPInputStream(in, CHUNK);
        }
        return switch (magic) {
            case XZ -> new XZInputStream(in, LARGEST_XZ_DICTIONARY_KIB);
            case ZSTD -> new ZstdInputStream(in);
            default -> in;
        };
    }
}
