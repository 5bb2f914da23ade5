package org.etascope.prometheus;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.Collector;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What all clients together may hold. Real sockets. */
@SuppressWarnings("deprecation") // the registry of the older client
class EndpointBoundsTest {
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private PrometheusEndpoint started(RunMonitor... runs) {
        PrometheusEndpoint.Builder builder = PrometheusEndpoint.builder().port(0);
        List.of(runs).forEach(builder::monitor);
        PrometheusEndpoint endpoint = builder.start();
        open.add(() -> endpoint.close(Duration.ZERO));
        return endpoint;
    }

    private SocketChannel client(PrometheusEndpoint endpoint, String first) throws IOException {
        SocketChannel client = SocketChannel.open(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), endpoint.uri().getPort()));
        open.add(client);
        client.write(ByteBuffer.wrap(first.getBytes(ISO_8859_1)));
        client.configureBlocking(false);
        return client;
    }

    private static boolean closed(SocketChannel client) {
        try {
            return client.read(ByteBuffer.allocate(1 << 16)) < 0;
        } catch (IOException e) {
            return true;
        }
    }

    static String get(URI server, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    static double metric(PrometheusEndpoint endpoint, String series) throws IOException {
        Matcher found =
                Pattern.compile("(?m)^" + Pattern.quote(series) + " (.*)$").matcher(get(endpoint.uri(), "/metrics"));
        assertThat(found.find()).as(series).isTrue();
        return Double.parseDouble(found.group(1));
    }

    @Test
    void connections_twoThousand_twoHundredHeldTheOthersClosedAtOnceAndScrapesAnswered() throws Exception {
        RunMonitor run = RunMonitor.builder("char-lm").build();
        run.step(100, 4.5);
        PrometheusEndpoint endpoint = started(run);
        List<SocketChannel> crowd = new ArrayList<>();

        for (int i = 0; i < 2_000; i++) {
            crowd.add(client(endpoint, "GET /metrics HTTP/1.1\r\nHost: localhost\r\nX-Slow: "));
        }

        // The one that asks is one of them.
        assertThat(metric(endpoint, "etascope_endpoint_connections")).isEqualTo(EndpointServer.MOST_CONNECTIONS);
        await().until(() -> crowd.stream().filter(client -> !closed(client)).count() < EndpointServer.MOST_CONNECTIONS);
        // An answer may be a quarter of a second old.
        await().untilAsserted(
                        () -> assertThat(metric(endpoint, "etascope_endpoint_rejected_total{reason=\"connections\",}"))
                                .isGreaterThanOrEqualTo(2_000 - EndpointServer.MOST_CONNECTIONS));
        assertThat(get(endpoint.uri(), "/metrics")).doesNotContain("code=\"500\"");
        for (int i = 0; i < 20; i++) {
            assertThat(get(endpoint.uri(), "/metrics"))
                    .contains("etascope_steps_total{run=\"char-lm\",worker=\"\",} 1.0\n");
        }
    }

    @Test
    void request_outOfMemory_refusedAndTheNextAnswered() throws Exception {
        EndpointServer server = EndpointServer.join(0, new EndpointSettings("127.0.0.1", Set.of(), null, null), null);
        open.add(server::leave);
        AtomicBoolean full = new AtomicBoolean(true);
        ((PrometheusMeterRegistry) server.runs().registry())
                .getPrometheusRegistry()
                .register(new Collector() {
                    @Override
                    public List<MetricFamilySamples> collect() {
                        if (full.get()) {
                            throw new OutOfMemoryError("as if");
                        }
                        return List.of();
                    }
                });

        for (int i = 0; i < 20; i++) {
            assertThat(get(server.uri(), "/metrics"))
                    .startsWith("HTTP/1.1 503")
                    .endsWith("the training process is short of memory; the log says more\n");
        }
        full.set(false);

        assertThat(get(server.uri(), "/metrics"))
                .startsWith("HTTP/1.1 200")
                .contains("etascope_endpoint_requests_total{code=\"503\",path=\"/metrics\",} 20.0\n");
    }

    @Test
    void runs_aThousandAfterEachOther_theLastHundredStay() throws Exception {
        PrometheusEndpoint endpoint = started();
        List<WeakReference<RunMonitor>> runs = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            RunMonitor run = RunMonitor.builder("run-" + i).build();
            endpoint.watch(run);
            run.step(100, 4.5);
            run.close();
            runs.add(new WeakReference<>(run));
        }

        String metrics = get(endpoint.uri(), "/metrics");
        // The latest was added before it ended.
        assertThat(Pattern.compile("(?m)^etascope_steps_total\\{")
                        .matcher(metrics)
                        .results())
                .hasSizeBetween(100, 101);
        assertThat(metrics).contains("{run=\"run-999\"").doesNotContain("{run=\"run-898\"");
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return runs.stream().filter(run -> run.get() != null).count() <= 101;
        });
    }
}
