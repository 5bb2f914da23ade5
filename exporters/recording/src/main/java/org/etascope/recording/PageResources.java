package org.etascope.recording;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The files of the live page, from the class path: ours, and the chart library. Read once, then kept. Any thread. */
public final class PageResources {
    private static final String CHARTS = "chart.umd.min.js";
    static final String CHARTS_ON_CLASS_PATH = "/META-INF/resources/webjars/chart.js/4.5.1/dist/" + CHARTS;

    /** No slash: a request can name a file of the page and no other resource. */
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9.-]*");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private final Map<String, Resource> read = new ConcurrentHashMap<>();

    /** Nothing is read yet. */
    public PageResources() {}

    /**
     * A file of the page.
     *
     * @param contentType what it is
     * @param body its bytes; to be read through duplicates, since all who ask share it
     */
    public record Resource(String contentType, ByteBuffer body) {}

    /**
     * {@return the file of that name, if the page has it}
     *
     * @param name such as {@code index.html}, any text
     */
    public Optional<Resource> find(String name) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || !NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        return Optional.ofNullable(read.computeIfAbsent(name, file -> load(file, type)));
    }

    private static @Nullable Resource load(String name, String type) {
        String resource = name.equals(CHARTS) ? CHARTS_ON_CLASS_PATH : "page/" + name;
        try (InputStream in = PageResources.class.getResourceAsStream(resource)) {
            return in == null ? null : new Resource(type, direct(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Outside the heap, from where the system takes it without another copy: hundreds may ask at a time. */
    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
