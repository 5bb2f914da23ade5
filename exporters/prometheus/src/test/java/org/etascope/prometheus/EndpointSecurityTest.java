package org.etascope.prometheus;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What an endpoint refuses, and that it stays well while it does. Raw sockets, since clients clean up too much. */
class EndpointSecurityTest {
    private final List<PrometheusEndpoint> endpoints = new ArrayList<>();

    @AfterEach
    void stop() {
        endpoints.forEach(endpoint -> endpoint.close(Duration.ZERO));
    }

    private PrometheusEndpoint started(PrometheusEndpoint.Builder builder) {
        PrometheusEndpoint endpoint = builder.port(0).start();
        endpoints.add(endpoint);
        return endpoint;
    }

    private static String send(PrometheusEndpoint endpoint, byte[] request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), endpoint.uri().getPort())) {
            return exchange(socket, request);
        }
    }

    private static String exchange(Socket socket, byte[] request) throws IOException {
        socket.setSoTimeout(5_000);
        try {
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
        } catch (IOException e) {
            // The server may have refused and gone before all was sent; its answer can be there all the same.
        }
        return new String(readAll(socket), ISO_8859_1);
    }

    private static byte[] readAll(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        try {
            return in.readAllBytes();
        } catch (java.net.SocketException reset) {
            return new byte[0];
        }
    }

    private static String get(PrometheusEndpoint endpoint, String path, String... headers) throws IOException {
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nConnection: close\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return send(endpoint, request.append("\r\n").toString().getBytes(ISO_8859_1));
    }

    private static int status(String response) {
        return response.startsWith("HTTP/1.1 ") ? Integer.parseInt(response.substring(9, 12)) : -1;
    }

    @Test
    void request_foreignHost_refused() throws Exception {
        PrometheusEndpoint endpoint = started(PrometheusEndpoint.builder());

        for (String own :
                List.of("localhost", "LOCALHOST:9464", "127.0.0.1", "127.0.0.1:80", "[::1]:9464", "10.0.0.7")) {
            assertThat(status(get(endpoint, "/metrics", "Host: " + own)))
                    .as(own)
                    .isEqualTo(200);
        }
        for (String foreign : List.of(
                "evil.example", "evil.example:9464", "localhost.evil.example", "127.0.0.1.evil.example", "1.evil")) {
            String response = get(endpoint, "/metrics", "Host: " + foreign);
            assertThat(status(response)).as(foreign).isEqualTo(403);
            assertThat(response).doesNotContain("evil");
        }
    }

    @Test
    void request_foreignHostInTheRequestLine_refused() throws Exception {
        PrometheusEndpoint endpoint = started(PrometheusEndpoint.builder());

        String response = get(endpoint, "http://evil.example/metrics", "Host: evil.example");

        assertThat(status(response)).isEqualTo(403);
    }

    @Test
    void request_hostThatTheEndpointWasTold_answered() throws Exception {
        PrometheusEndpoint endpoint = started(PrometheusEndpoint.builder().host("TrainBox"));

        assertThat(status(get(endpoint, "/metrics", "Host: trainbox:9464"))).isEqualTo(200);
        assertThat(status(get(endpoint, "/metrics", "Host: otherbox:9464"))).isEqualTo(403);
    }

    @Test
    void basicAuth_rightAndWrong_onlyTheRightIsAnswered() throws Exception {
        PrometheusEndpoint endpoint = started(PrometheusEndpoint.builder().basicAuth("prometheus", "pässwörd: 1"));

        assertThat(status(get(endpoint, "/metrics", "Host: any", basic("prometheus", "pässwörd: 1"))))
                .isEqualTo(200);
        for (String wrong : List.of(
                "X-None: 1",
                basic("prometheus", "wrong"),
                basic("other", "pässwörd: 1"),
                basic("prometheus", ""),
                "Authorization: Basic",
                "Authorization: Basic ***",
                "Authorization: Bearer pässwörd: 1",
                "Authorization: ")) {
            for (String path : List.of("/", "/metrics", "/api/runs", "/-/healthy", "/page.js", "/nothing")) {
                String response = get(endpoint, path, "Host: any", wrong);
                assertThat(status(response)).as(wrong + path).isEqualTo(401);
                assertThat(response).contains("WWW-Authenticate: Basic realm=\"Etascope\"");
            }
        }
    }

    @Test
    void bearerToken_rightAndWrong_onlyTheRightIsAnswered() throws Exception {
        PrometheusEndpoint endpoint = started(PrometheusEndpoint.builder().bearerToken("s3cret"));

        assertThat(status(get(endpoint, "/metrics", "Host: any", "Authorization: Bearer s3cret")))
                .isEqualTo(200);
        assertThat(status(get(endpoint, "/metrics", "Host: any", "authorization: bearer s3cret")))
                .isEqualTo(200);
        for (String wrong : List.of("Bearer s3cre", "Bearer s3crets", "Bearer", "s3cret", "Basic s3cret")) {
            String response = get(endpoint, "/metrics", "Host: any", "Authorization: " + wrong);
            assertThat(status(response)).as(wrong).isEqualTo(401);
            assertThat(response).contains("WWW-Authenticate: Bearer");
        }
    }

    @Test
    void credentials_used_warnedAboutWithoutTlsAndNeverLogged() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger("org.etascope");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        try {
            PrometheusEndpoint endpoint = started(PrometheusEndpoint.builder()
                    .basicAuth("prometheus", "hunter2")
                    .bearerToken("s3cret"));
            assertThat(status(get(endpoint, "/metrics", "Host: any", "Authorization: Bearer hunter3")))
                    .isEqualTo(401);
        } finally {
            root.detachAppender(log);
        }

        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .contains("credentials travel unencrypted without TLS")
                .allSatisfy(line -> assertThat(line).doesNotContain("hunter", "s3cret"));
        assertThat(Credentials.of("prometheus", "hunter2", "s3cret").toString()).doesNotContain("hunter", "s3cret");
    }

    private static String basic(String user, String password) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    }

    @Test
    void tls_keyStore_servesHttpsAndNoPlainText(@TempDir Path folder) throws Exception {
        Path keyStore = keyStore(folder);
        PrometheusEndpoint endpoint =
                started(PrometheusEndpoint.builder().tls(keyStore, "changeit").bearerToken("s3cret"));

        assertThat(endpoint.uri().getScheme()).isEqualTo("https");
        try (Socket socket = trusting(keyStore)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), endpoint.uri().getPort())) {
            String response = exchange(
                    socket,
                    "GET /-/healthy HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer s3cret\r\nConnection: close\r\n\r\n"
                            .getBytes(ISO_8859_1));
            assertThat(status(response)).isEqualTo(200);
        }
        assertThat(status(get(endpoint, "/-/healthy", "Host: localhost", "Authorization: Bearer s3cret")))
                .isEqualTo(-1);
    }

    @Test
    void tls_unreadableKeyStore_oneLine(@TempDir Path folder) throws Exception {
        Path notAKeyStore = Files.writeString(folder.resolve("store.p12"), "no key store");

        assertThatThrownBy(() -> started(PrometheusEndpoint.builder().tls(notAKeyStore, "changeit")))
                .isInstanceOf(EndpointException.class)
                .hasMessageContaining(notAKeyStore.toString())
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> started(PrometheusEndpoint.builder().tls(keyStore(folder), "wrong")))
                .isInstanceOf(EndpointException.class)
                .hasMessageNotContaining("wrong");
    }

    static Path keyStore(Path folder) throws Exception {
        return keyStore(folder, "changeit");
    }

    static Path keyStore(Path folder, String password) throws Exception {
        Path file = folder.resolve("etascope.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "etascope",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        password)
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        return file;
    }

    static SSLContext trusting(Path keyStore) throws Exception {
        return trusting(keyStore, "changeit");
    }

    static SSLContext trusting(Path keyStore, String password) throws Exception {
        KeyStore store = KeyStore.getInstance(keyStore.toFile(), password.toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Test
    void run_percentSignThatEncodesNothing_notFound() throws Exception {
        PrometheusEndpoint endpoint = started(PrometheusEndpoint.builder());

        assertThat(status(get(endpoint, "/api/runs?run=%zz", "Host: localhost")))
                .isEqualTo(404);
        assertThat(status(get(endpoint, "/metrics?name[]=%zz", "Host: localhost")))
                .isEqualTo(400);
    }

    @Test
    void request_withABody_refused() throws Exception {
        PrometheusEndpoint endpoint = started(PrometheusEndpoint.builder());

        assertThat(status(get(endpoint, "/metrics", "Host: localhost", "Content-Length: 1000000000")))
                .isEqualTo(413);
        assertThat(status(get(endpoint, "/metrics", "Host: localhost", "Transfer-Encoding: chunked")))
                .isEqualTo(413);
    }

    @Test
    void request_headersTooLarge_refused() throws Exception {
        PrometheusEndpoint endpoint = started(PrometheusEndpoint.builder());
        String large = "a".repeat(EndpointServer.LARGEST_HEADERS);

        assertThat(status(get(endpoint, "/metrics", "Host: localhost", "X: " + large)))
                .isEqualTo(431);
        assertThat(status(get(endpoint, "/" + large, "Host: localhost"))).isIn(414, 431);
    }

    @Test
    void request_malformedTenThousandTimes_noStackTraceNoThreadLost() throws Exception {
        RunMonitor monitor = RunMonitor.builder("char-lm").build();
        PrometheusEndpoint endpoint = started(PrometheusEndpoint.builder().monitor(monitor));
        Random random = new Random(4);
        long threads = httpThreads();

        for (int i = 0; i < 10_000; i++) {
            String response = send(endpoint, malformed(random, i));
            assertThat(status(response)).as(response).isNotEqualTo(500);
            assertThat(response).doesNotContain("Exception", "\tat ", "org.eclipse", "Jetty", "jetty");
        }

        assertThat(status(get(endpoint, "/metrics", "Host: localhost"))).isEqualTo(200);
        assertThat(httpThreads()).isBetween(threads, 16L);
    }

    private static byte[] malformed(Random random, int i) {
        String good = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        return switch (i % 10) {
            case 0 -> noise(random, 1 + random.nextInt(200));
            case 1 -> good.substring(0, random.nextInt(good.length())).getBytes(ISO_8859_1);
            case 2 -> flipped(random, good);
            case 3 -> good.replace("HTTP/1.1", "HTTP/" + random.nextInt(100)).getBytes(ISO_8859_1);
            case 4 -> good.replace("Host:", "Host: a\r\nHost:").getBytes(ISO_8859_1);
            case 5 ->
                good.replace("/metrics", "/%" + (char) random.nextInt(256) + "%zz%u0041")
                        .getBytes(ISO_8859_1);
            case 6 ->
                good.replace("Connection", "Content-Length: -1\r\nConnection").getBytes(ISO_8859_1);
            case 7 -> good.replace("GET", "G\u0000T").getBytes(ISO_8859_1);
            case 8 ->
                good.replace("/metrics", "/api/runs/%c3%28%ff" + random.nextInt())
                        .getBytes(ISO_8859_1);
            default -> good.replace("\r\n", "\n\r").getBytes(ISO_8859_1);
        };
    }

    private static byte[] noise(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] flipped(Random random, String good) {
        byte[] bytes = good.getBytes(ISO_8859_1);
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        return bytes;
    }

    private static long httpThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("etascope-http"))
                .count();
    }

    @Test
    void runName_hostile_shownRightInTextAndJson() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        for (String name : List.of(
                "quotes \"double\" 'single' `back`",
                "lines\nand\r\ttabs \\n \\",
                "<script>alert(1)</script>&amp;",
                "a/b/../c?d=e&f=g#h;i=j%20+%2F",
                "学習 обучение تدريب 🚂",
                "}{a=\"b\"} 1\netascope_up 1",
                "\u0001\u001f\u007f\u0085\u2028",
                "x".repeat(200),
                "学".repeat(200))) {
            RunMonitor monitor = RunMonitor.builder(name).build();
            monitor.step(100, 4.5);
            PrometheusEndpoint endpoint = started(PrometheusEndpoint.builder().monitor(monitor));

            String metrics = utf8(get(endpoint, "/metrics", "Host: localhost"));
            String label = name.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
            assertThat(metrics).contains("\netascope_tokens_total{run=\"" + label + "\",worker=\"\",} 100.0\n");

            JsonNode list = mapper.readTree(body(utf8(get(endpoint, "/api/runs", "Host: localhost"))));
            assertThat(list.get(0).get("run").asText()).isEqualTo(name);
            String path = "/api/runs/" + URLEncoder.encode(name, UTF_8).replace("+", "%20");
            String answer = utf8(get(endpoint, path, "Host: localhost"));
            assertThat(status(answer)).as(name).isEqualTo(200);
            JsonNode run = mapper.readTree(body(answer));
            assertThat(run.get("run").asText()).isEqualTo(name);
            endpoint.close(Duration.ZERO);
        }
    }

    private static String utf8(String latin1) {
        return new String(latin1.getBytes(ISO_8859_1), UTF_8);
    }

    private static String body(String response) {
        return response.substring(response.indexOf("\r\n\r\n") + 4);
    }
}
