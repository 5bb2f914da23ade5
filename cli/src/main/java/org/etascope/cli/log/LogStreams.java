package org.etascope.cli.log;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.SequenceInputStream;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** What stands before a {@link LossLog}: unzipping, the byte order mark, finding the format. */
public final class LogStreams {
    /** Some logs begin with the training program's whole source. */
    private static final int LARGEST_HEAD = 1 << 20;

    private static final int CHUNK = 1 << 16;

    private LogStreams() {}

    /**
     * A stream whose format was looked for.
     *
     * @param format the format, null if nothing in the first megabyte tells
     * @param in all of the stream, its beginning included
     */
    public record Detected(@Nullable LogFormat format, InputStream in) {}

    /**
     * {@return the text or the records of a log: unzipped if the name ends in .gz, without a byte order mark}
     *
     * @param name name of the file
     * @param raw its bytes
     * @throws IOException if it cannot be read, or is UTF-16
     */
    public static InputStream open(String name, InputStream raw) throws IOException {
        InputStream in = name.endsWith(".gz") ? new GZIPInputStream(raw, CHUNK) : raw;
        PushbackInputStream pushback = new PushbackInputStream(in, 3);
        int first = pushback.read();
        if (first == 0xEF) {
            byte[] rest = pushback.readNBytes(2);
            if (rest.length < 2 || rest[0] != (byte) 0xBB || rest[1] != (byte) 0xBF) {
                pushback.unread(rest);
                pushback.unread(first);
            }
        } else if (first == 0xFF || first == 0xFE) {
            int second = pushback.read();
            if ((first ^ second) == 1 && second >= 0xFE) {
                throw new IOException("it is UTF-16 text; save it as UTF-8");
            }
            if (second >= 0) {
                pushback.unread(second);
            }
            pushback.unread(first);
        } else if (first >= 0) {
            pushback.unread(first);
        }
        return pushback;
    }

    /**
     * Finds the format of a stream, reading no more than needed: a stream that grows need not have ended.
     *
     * @param in the stream
     * @param names the user's names, by role
     * @return the format and the whole stream
     * @throws IOException if the stream fails
     */
    public static Detected detect(InputStream in, Map<Role, String> names) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        LogFormat format = null;
        int looked = 0;
        while (format == null && head.size() < LARGEST_HEAD) {
            int n = in.read(chunk);
            if (n < 0) {
                format = LogFormat.detect(head.toByteArray(), names);
                break;
            }
            head.write(chunk, 0, n);
            // Once it is large, looking again only at twice the size keeps the work linear.
            if (head.size() < CHUNK || head.size() >= 2 * looked) {
                looked = head.size();
                format = LogFormat.detect(head.toByteArray(), names);
            }
        }
        InputStream all = new SequenceInputStream(new ByteArrayInputStream(head.toByteArray()), in);
        return new Detected(format, all);
    }
}
