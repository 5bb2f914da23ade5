package org.etascope.examples.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.etascope.core.Background;
import org.jspecify.annotations.Nullable;

/**
 * A Prometheus of this machine with our own rules and alerts, watching the demo. It is the configuration of
 * {@code dashboards/prometheus}, copied into the run's folder with the demo's address, a scrape each second and alerts
 * that wait five seconds instead of minutes; Alertmanager is left out.
 */
final class LocalPrometheus implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int USUAL_PORT = 9090;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pattern INTERVAL = Pattern.compile("(?m)^(\\s*(?:scrape|evaluation)_interval:).*$");
    private static final Pattern FOR = Pattern.compile("(?m)^(\\s*for:).*$");
    private static final Pattern ALERTING = Pattern.compile("(?ms)^alerting:.*?(?=^\\S)");

    /**
     * An alert that fires.
     *
     * @param name its name
     * @param severity critical, warning or info
     * @param summary one line
     * @param description what it means, with figures
     */
    record Alert(String name, String severity, String summary, String description) {}

    private final Process process;
    private final URI address;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private volatile List<Alert> firing = List.of();
    private final Future<?> poll;

    private LocalPrometheus(Process process, URI address) {
        this.process = process;
        this.address = address;
        this.poll = Background.every(Duration.ofSeconds(1), this::ask);
    }

    /** Says so, before anything else is started, if there is no Prometheus or no configuration here. */
    static void require() {
        configuration();
        boolean found = Pattern.compile(Pattern.quote(System.getProperty("path.separator")))
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "prometheus")));
        if (!found) {
            throw DemoException.failed(
                    "--prometheus: no program named prometheus found (Debian: apt install prometheus; macOS: brew install prometheus)");
        }
    }

    private static Path configuration() {
        String home = System.getProperty("etascope.home");
        Path folder = Path.of(home == null ? "" : home, "dashboards", "prometheus");
        if (!Files.isRegularFile(folder.resolve("prometheus.yml"))) {
            throw DemoException.failed("--prometheus: no dashboards/prometheus here; start the demo with bin/demo");
        }
        return folder;
    }

    /**
     * {@return a Prometheus that is ready}
     *
     * @param target host and port of the demo
     * @param folder where its configuration, data and log go
     */
    static LocalPrometheus start(String target, Path folder) {
        try {
            Files.createDirectories(folder);
            copy(configuration(), folder, target);
            String listen = HOST + ":" + freePort();
            Process process = new ProcessBuilder(
                            "prometheus",
                            "--config.file=" + folder.resolve("prometheus.yml"),
                            "--storage.tsdb.path=" + folder.resolve("data"),
                            "--web.listen-address=" + listen)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("prometheus.log").toFile())
                    .start();
            LocalPrometheus prometheus = new LocalPrometheus(process, URI.create("http://" + listen));
            prometheus.awaitReady(folder);
            return prometheus;
        } catch (IOException e) {
            throw DemoException.failed("--prometheus: it cannot be started: " + e.getMessage());
        }
    }

    private static void copy(Path from, Path to, String target) throws IOException {
        try (var files = Files.newDirectoryStream(from, "*.yml")) {
            for (Path file : files) {
                Files.writeString(to.resolve(file.getFileName()), hurried(Files.readString(file), target));
            }
        }
    }

    /** {@return a configuration or rule file with the demo's address, and seconds in place of minutes} */
    static String hurried(String yaml, String target) {
        String text = ALERTING.matcher(yaml).replaceAll("");
        text = INTERVAL.matcher(text).replaceAll("$1 1s");
        text = FOR.matcher(text).replaceAll("$1 5s");
        return text.replace("127.0.0.1:9464", target);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(USUAL_PORT, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException taken) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            }
        }
    }

    private void awaitReady(Path folder) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (get("/-/ready") == null) {
            if (!process.isAlive() || System.nanoTime() > end) {
                close();
                throw DemoException.failed("--prometheus: it does not start, see " + folder.resolve("prometheus.log"));
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@return the body of a successful answer, else null} */
    private @Nullable String get(String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(address.resolve(path))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? answer.body() : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** {@return where a browser finds it} */
    URI address() {
        return address;
    }

    /** {@return the alerts that fire, as of the last answer: Ctrl-C reaches Prometheus too, and ends it} */
    List<Alert> firing() {
        return firing;
    }

    /** {@return whether an alert fires} */
    boolean fires(String name) {
        return firing.stream().anyMatch(alert -> alert.name().equals(name));
    }

    private void ask() {
        String body = get("/api/v1/alerts");
        if (body == null) {
            return;
        }
        try {
            firing = firing(body);
        } catch (IOException e) {
            throw new UncheckedIOException(address + " gives alerts that cannot be read", e);
        }
    }

    /** {@return the firing ones of Prometheus' answer} */
    static List<Alert> firing(String json) throws IOException {
        List<Alert> firing = new ArrayList<>();
        for (JsonNode alert : new ObjectMapper().readTree(json).at("/data/alerts")) {
            if (alert.path("state").asText().equals("firing")) {
                firing.add(new Alert(
                        alert.at("/labels/alertname").asText(),
                        alert.at("/labels/severity").asText(),
                        alert.at("/annotations/summary").asText(),
                        alert.at("/annotations/description").asText()));
            }
        }
        return firing;
    }

    /** Ends it. */
    @Override
    public void close() {
        poll.cancel(true);
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
