package org.etascope.dashboards;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A Prometheus or an Alertmanager on loopback, ready when started, gone when closed. */
final class Server implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * One series of an answer.
     *
     * @param labels its labels, its name left out
     * @param times when, seconds, ascending; one for an instant query
     * @param values its value at each of them
     */
    record Series(Map<String, String> labels, List<Double> times, List<Double> values) {
        boolean hasNumber() {
            return values.stream().anyMatch(value -> !value.isNaN());
        }
    }

    /**
     * Much longer than a sixtieth of Prometheus's own. A start is as slow as ever, and Alertmanagers are looked up every five
     * seconds; alerts have to outlive that.
     */
    private static final Duration RESEND_DELAY = Duration.ofSeconds(8);

    /** How long Alertmanager keeps an alert that nobody repeats. */
    static final Duration ALERT_KEPT = RESEND_DELAY.multipliedBy(4);

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final String address;
    private final Path output;

    private Server(Path directory, String program, int port, Object... arguments) {
        this.output = directory.resolve(program + ".out");
        this.address = "127.0.0.1:" + port;
        this.process = Programs.start(output, program, arguments);
        await(program).atMost(Duration.ofSeconds(30)).until(this::ready);
    }

    /**
     * Starts Prometheus.
     *
     * @param directory where its files go; blocks that are in its folder {@code data} are served
     * @param configuration its configuration
     */
    static Server prometheus(Path directory, Path configuration) {
        return prometheus(directory, configuration, List.of());
    }

    /** Starts a Prometheus to which others may write. */
    static Server receiver(Path directory, Path configuration) {
        return prometheus(directory, configuration, List.of("--web.enable-remote-write-receiver"));
    }

    private static Server prometheus(Path directory, Path configuration, List<String> more) {
        int port = Programs.freePort();
        List<String> arguments = new ArrayList<>(List.of(
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--storage.tsdb.retention.time=10y",
                // Seconds for minutes: what waits for less than the grace period is not restored.
                "--rules.alert.for-grace-period=10s",
                "--rules.alert.resend-delay=" + RESEND_DELAY.toSeconds() + "s",
                "--web.listen-address=127.0.0.1:" + port));
        arguments.addAll(more);
        return new Server(directory, "prometheus", port, arguments.toArray());
    }

    static Server alertmanager(Path directory, Path configuration) {
        int port = Programs.freePort();
        return new Server(
                directory,
                "prometheus-alertmanager",
                port,
                "--config.file=" + configuration,
                "--storage.path=" + directory.resolve("alertmanager"),
                "--web.listen-address=127.0.0.1:" + port,
                "--cluster.listen-address=");
    }

    /** {@return host and port} */
    String address() {
        return address;
    }

    private boolean ready() {
        if (!process.isAlive()) {
            throw new AssertionError("ended at once: " + Shipped.read(output));
        }
        try {
            return asked("/-/ready").statusCode() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    List<Series> query(String expression) {
        return series(json("/api/v1/query?query=" + encoded(expression)));
    }

    List<Series> queryAt(String expression, double seconds) {
        return series(json("/api/v1/query?query=" + encoded(expression) + "&time=" + seconds));
    }

    List<Series> queryRange(String expression, double startSeconds, double endSeconds, double stepSeconds) {
        return series(json("/api/v1/query_range?query=" + encoded(expression) + "&start=" + startSeconds + "&end="
                + endSeconds + "&step=" + stepSeconds));
    }

    /** {@return whether Prometheus can read the expression} */
    boolean parses(String expression) {
        return asked("/api/v1/format_query?query=" + encoded(expression)).statusCode() == 200;
    }

    /** {@return an answer as JSON} */
    JsonNode get(String path) {
        return tree(asked(path).body());
    }

    /** Sends JSON. */
    void post(String path, String json) {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create("http://" + address + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
        if (answer.statusCode() != 200) {
            throw new AssertionError(path + ": " + answer.body());
        }
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode json(String path) {
        HttpResponse<String> response = asked(path);
        JsonNode answer = tree(response.body());
        if (!answer.path("status").asText().equals("success")) {
            throw new AssertionError(path + ": " + response.body());
        }
        return answer.path("data").path("result");
    }

    private static List<Series> series(JsonNode result) {
        List<Series> all = new ArrayList<>();
        for (JsonNode one : result) {
            Map<String, String> labels = new TreeMap<>();
            one.path("metric")
                    .properties()
                    .forEach(
                            label -> labels.put(label.getKey(), label.getValue().asText()));
            labels.remove("__name__");
            JsonNode samples = one.has("values")
                    ? one.path("values")
                    : JSON.createArrayNode().add(one.path("value"));
            all.add(new Series(
                    labels,
                    list(samples).map(sample -> sample.path(0).asDouble()).toList(),
                    list(samples).map(sample -> number(sample.path(1).asText())).toList()));
        }
        return all;
    }

    private static Stream<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static double number(String text) {
        return Double.parseDouble(text.replace("Inf", "Infinity"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private HttpResponse<String> asked(String path) {
        return send(
                HttpRequest.newBuilder(URI.create("http://" + address + path)).build());
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while asking " + request.uri(), e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
