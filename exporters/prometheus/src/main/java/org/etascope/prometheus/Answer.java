package org.etascope.prometheus;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * What a request gets.
 *
 * @param status the HTTP status
 * @param contentType what the body is
 * @param body the body; never read itself but through duplicates, so that an answer can be given many times
 * @param headers headers of this answer alone
 */
record Answer(int status, String contentType, ByteBuffer body, Map<String, List<String>> headers) {
    static final String TEXT = "text/plain; charset=utf-8";
    static final String JSON = "application/json";
    private static final int WORTH_COMPRESSING = 1024;
    private static final int BLOCK = 8_192;

    static final int PLAIN = 0;
    /** Of long texts: a third of the processor time of the usual level, for a fifth more bytes. */
    static final int FAST_GZIP = 1;

    private static final int USUAL_GZIP = 6;

    static Answer of(String contentType, String body) {
        return of(contentType, utf8(body));
    }

    static Answer of(String contentType, ByteBuffer body) {
        return new Answer(200, contentType, body, Map.of());
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** {@return a refusal in one line, which never repeats what the client sent} */
    static Answer refusal(int status, String line) {
        return new Answer(status, TEXT, utf8(line + "\n"), Map.of());
    }

    Answer with(String header, List<String> values) {
        return withAll(Map.of(header, values));
    }

    Answer as(int otherStatus) {
        return new Answer(otherStatus, contentType, body, headers);
    }

    /** {@return the same with its name among all bodies, by which a client that has it already is spared it} */
    Answer withEtag() {
        CRC32C sum = new CRC32C();
        sum.update(body.duplicate());
        return with("ETag", List.of(String.format("\"%x-%x\"", body.remaining(), sum.getValue())))
                .with("Cache-Control", List.of("no-cache"));
    }

    /** {@return the same, or that nothing has changed where the client says that it has it} */
    Answer unlessKnown(HttpFields request) {
        List<String> etag = headers.get("ETag");
        return etag == null || knownEtags(request).noneMatch(one -> one.equals("*") || one.endsWith(etag.get(0)))
                ? this
                : new Answer(304, contentType, ByteBuffer.allocate(0), headers);
    }

    /** Jetty's own parser takes no weak ones; a proxy may have made ours weak. */
    private static Stream<String> knownEtags(HttpFields request) {
        return request.getValuesList(HttpHeader.IF_NONE_MATCH).stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(String::strip);
    }

    /** Writes a body. */
    interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * {@return an answer whose body is written into memory}
     *
     * @param gzipLevel {@link #PLAIN}, or how hard to compress it on the way, 1 to 9
     */
    static Answer written(String contentType, int gzipLevel, Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (gzipLevel != PLAIN) {
                try (OutputStream zipped = new Gzip(bytes, gzipLevel)) {
                    body.writeTo(zipped);
                }
            } else {
                body.writeTo(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        Answer answer = of(contentType, ByteBuffer.wrap(bytes.toByteArray()));
        return gzipLevel == PLAIN ? answer : answer.with("Content-Encoding", List.of("gzip"));
    }

    /** {@return the same, compressed, if that is worth it} */
    Answer gzip() {
        if (status != 200 || body.remaining() < WORTH_COMPRESSING) {
            return this;
        }
        byte[] plain = new byte[body.remaining()];
        body.duplicate().get(plain);
        return written(contentType, USUAL_GZIP, out -> out.write(plain)).withAll(headers);
    }

    private Answer withAll(Map<String, List<String>> others) {
        Map<String, List<String>> all = new HashMap<>(headers);
        all.putAll(others);
        return new Answer(status, contentType, body, Map.copyOf(all));
    }

    private static final class Gzip extends GZIPOutputStream {
        Gzip(OutputStream out, int level) throws IOException {
            super(out, BLOCK);
            def.setLevel(level);
        }
    }
}
