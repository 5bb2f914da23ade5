package org.etascope.prometheus;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that hold on to a connection take neither the scrapes of others nor a place for ever. */
class SlowClientsTest {
    private static final int CLIENTS = 500;
    private static final Duration SCRAPE_TIMEOUT = Duration.ofSeconds(1);

    /** 500 connections that have been sent something at the start and go on by a byte a second, or not at all. */
    private static final class Crowd implements AutoCloseable {
        private final List<SocketChannel> clients = new ArrayList<>();
        private final Timer drip = new Timer("drip", true);
        private final long[] received = new long[CLIENTS];

        Crowd(URI server, byte[] first, boolean drips) throws IOException {
            for (int i = 0; i < CLIENTS; i++) {
                SocketChannel client = SocketChannel.open();
                client.setOption(StandardSocketOptions.SO_RCVBUF, 4_096);
                client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
                client.write(ByteBuffer.wrap(first));
                client.configureBlocking(false);
                clients.add(client);
            }
            if (drips) {
                drip.scheduleAtFixedRate(
                        new TimerTask() {
                            @Override
                            public void run() {
                                drop();
                            }
                        },
                        1_000,
                        1_000);
            }
        }

        private void drop() {
            for (SocketChannel client : clients) {
                try {
                    client.write(ByteBuffer.wrap(new byte[] {'a'}));
                } catch (IOException e) {
                    // The server has put an end to it.
                }
            }
        }

        /** {@return whether the server has closed every connection; what it had sent before is read on the way} */
        boolean allClosed() {
            return IntStream.range(0, CLIENTS).filter(this::closed).count() == CLIENTS;
        }

        private boolean closed(int i) {
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            try {
                int read;
                do {
                    buffer.clear();
                    read = clients.get(i).read(buffer);
                    received[i] += Math.max(0, read);
                } while (read > 0);
                return read < 0;
            } catch (IOException e) {
                return true;
            }
        }

        long mostReceived() {
            return LongStream.of(received).max().orElseThrow();
        }

        @Override
        public void close() throws IOException {
            drip.cancel();
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    private static void scrape(HttpClient client, PrometheusEndpoint endpoint, Duration longest) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint.uri() + "/metrics"))
                .timeout(longest)
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.body()).contains("etascope_steps_total{run=\"char-lm\",worker=\"\",} 1.0");
    }

    /** By hand, so that a client's own start is not part of it. */
    private static void scrapeOnNewConnection(PrometheusEndpoint endpoint, Duration longest) throws IOException {
        int millis = (int) longest.toMillis();
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), endpoint.uri().getPort()),
                    millis);
            socket.setSoTimeout(millis);
            socket.getOutputStream()
                    .write("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(answer).contains("etascope_steps_total{run=\"char-lm\",worker=\"\",} 1.0");
        }
    }

    @Test
    void slowSendersReadersAndHandshakes_fiveHundredEach_scrapesAnsweredAndAllPutOutInTheEnd(@TempDir Path folder)
            throws Exception {
        RunMonitor monitor = RunMonitor.builder("char-lm").build();
        monitor.step(100, 4.5);
        Path keyStore = EndpointSecurityTest.keyStore(folder);
        HttpClient client = HttpClient.newBuilder()
                .sslContext(EndpointSecurityTest.trusting(keyStore))
                .build();
        byte[] halfRequest = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".getBytes(ISO_8859_1);
        int answers = 8;
        byte[] largeRequest = "GET /page.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
                .repeat(answers)
                .getBytes(ISO_8859_1);
        byte[] halfHandshake = {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00};

        try (PrometheusEndpoint plain =
                        PrometheusEndpoint.builder().port(0).monitor(monitor).start();
                PrometheusEndpoint tls = PrometheusEndpoint.builder()
                        .port(0)
                        .tls(keyStore, "changeit")
                        .monitor(monitor)
                        .start()) {
            // The first requests load classes.
            scrape(client, plain, Duration.ofSeconds(30));
            scrape(client, tls, Duration.ofSeconds(30));
            try (Crowd senders = new Crowd(plain.uri(), halfRequest, true);
                    Crowd readers = new Crowd(plain.uri(), largeRequest, false);
                    Crowd handshakes = new Crowd(tls.uri(), halfHandshake, true)) {
                // Their arrival is a burst of work like any other; what follows is what they do to others while there.
                scrapeOnNewConnection(plain, Duration.ofSeconds(30));
                scrape(client, tls, Duration.ofSeconds(30));
                for (int i = 0; i < 20; i++) {
                    scrapeOnNewConnection(plain, SCRAPE_TIMEOUT);
                    scrape(client, plain, SCRAPE_TIMEOUT);
                    scrape(client, tls, SCRAPE_TIMEOUT);
                }
                await().atMost(Duration.ofSeconds(40))
                        .pollInterval(Duration.ofMillis(250))
                        .until(() -> senders.allClosed() && handshakes.allClosed());
                // Nobody takes a byte of theirs before the server has given up on all but those who scrape: whoever
                // reads is served to the end.
                await().atMost(Duration.ofSeconds(40))
                        .until(() -> EndpointBoundsTest.metric(plain, "etascope_endpoint_connections") <= 2);
                await().atMost(Duration.ofSeconds(40)).until(readers::allClosed);
                // Most had made way for others before they were answered; what the system's buffers hold is not half of
                // it.
                int answerLength =
                        EndpointBoundsTest.get(plain.uri(), "/page.js").length();
                assertThat(readers.mostReceived()).isBetween(1L, answers / 2L * answerLength);
                scrape(client, plain, SCRAPE_TIMEOUT);
                scrape(client, tls, SCRAPE_TIMEOUT);
            }
            plain.close(Duration.ZERO);
            tls.close(Duration.ZERO);
        }
    }
}
