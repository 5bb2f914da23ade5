package org.etascope.recording;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The files of the live page, from the class path: ours, and the chart library. Read once, then kept. Any thread. */
public final class PageResources {
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    /** The page's modules, each behind those it imports. */
    private static final List<String> MODULES =
            List.of("words", "address", "runs", "charts", "curves", "events", "figures", "compare", "files", "main");

    private static final Pattern IMPORT = Pattern.compile("(?m)^import .*\\R|^export (?=\\w)");

    private static final String LIVE = """
        <link rel="icon" href="icon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="page.css">
        <script src="page.js" type="module"></script>
        """;

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
     * @param body its bytes; to be read only, since all who ask share it
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Resource(String contentType, byte[] body) {}

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
        if (name.equals("index.html")) {
            return new Resource(type, page(LIVE, "").getBytes(UTF_8));
        }
        byte[] bytes = switch (name) {
            case "page.js" -> script().getBytes(UTF_8);
            case "page.css" -> style().getBytes(UTF_8);
            default -> name.endsWith(".svg") ? bytes("page/" + name) : null;
        };
        return bytes == null ? null : new Resource(type, bytes);
    }

    /** {@return all scripts as one module: uPlot, then ours, which know each other by name once they are one} */
    static String script() {
        StringBuilder script = new StringBuilder(text(UPLOT + "uPlot.iife.min.js"));
        for (String module : MODULES) {
            script.append('\n')
                    .append(IMPORT.matcher(text("page/" + module + ".js")).replaceAll(""));
        }
        return script.toString();
    }

    /** {@return all style sheets as one} */
    static String style() {
        return text(UPLOT + "uPlot.min.css") + '\n' + text("page/page.css");
    }

    /** {@return the page with what it needs at the end of its head and of its body} */
    static String page(String head, String end) {
        return text("page/page.html").replace("{{head}}", head).replace("{{end}}", end);
    }

    private static String text(String resource) {
        return new String(Objects.requireNonNull(bytes(resource), resource), UTF_8);
    }

    private static byte @Nullable [] bytes(String resource) {
        try (InputStream in = PageResources.class.getResourceAsStream(resource)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
