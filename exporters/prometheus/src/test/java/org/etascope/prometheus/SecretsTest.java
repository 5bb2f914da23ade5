package org.etascope.prometheus;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocketFactory;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * A secret is in no log line of ours at any level and in none of Jetty's from INFO on, in no answer, no message, and none of
 * the arguments of this process. Below INFO Jetty logs whole requests, and the endpoint warns of it.
 */
class SecretsTest {
    private static final String PASSWORD = "pass-hunter2";
    private static final String TOKEN = "token-hunter2";
    private static final String KEY_STORE_PASSWORD = "store-hunter2";

    private static final List<Logger> LOGGERS = List.of(logger("org.etascope"), logger("org.eclipse.jetty"));

    /** Threads of the server may still be logging when it is read. */
    private static final class Log extends AppenderBase<ILoggingEvent> {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLoggerName().startsWith("org.eclipse.jetty")
                    && !event.getLevel().isGreaterOrEqual(Level.INFO)) {
                return;
            }
            String thrown =
                    event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
            lines.add(event.getLevel() + " " + event.getLoggerName() + " " + event.getFormattedMessage() + thrown);
        }
    }

    private final Log log = new Log();

    @TempDir
    Path folder;

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    /** In plain text, and as a client sends a password. */
    private static void assertNoSecret(String where, String text) {
        assertThat(text)
                .as(where)
                .doesNotContain(
                        "hunter2", base64("prometheus:" + PASSWORD), base64("someone:" + PASSWORD), base64(TOKEN));
    }

    @BeforeEach
    void listen() {
        log.start();
        for (Logger logger : LOGGERS) {
            logger.setLevel(Level.TRACE);
            logger.setAdditive(false);
            logger.addAppender(log);
        }
    }

    @AfterEach
    void leave() {
        for (Logger logger : LOGGERS) {
            logger.detachAppender(log);
            logger.setAdditive(true);
            logger.setLevel(null);
        }
    }

    private static List<String> requests() {
        List<String> authorizations = List.of(
                "Authorization: Basic " + base64("prometheus:" + PASSWORD),
                "Authorization: Bearer " + TOKEN,
                "Authorization: Basic " + base64("someone:" + PASSWORD),
                "Authorization: Basic " + PASSWORD,
                "Authorization: Bearer x" + TOKEN,
                "Authorization: Digest " + TOKEN,
                "Authorization: " + PASSWORD,
                "Authorization " + PASSWORD,
                "Authorization: Bearer \u0001" + TOKEN);
        List<String> requests = new ArrayList<>();
        for (String authorization : authorizations) {
            for (String path : List.of("/metrics", "/api/runs", "/api/runs/a", "/api/runs?run=a", "/", "/no", "/%")) {
                requests.add("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + authorization
                        + "\r\nConnection: close\r\n\r\n");
            }
            requests.add("POST /metrics HTTP/1.1\r\nHost: localhost\r\n" + authorization
                    + "\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc");
        }
        return requests;
    }

    private static String answer(Socket socket, String request) throws IOException {
        socket.setSoTimeout(5_000);
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }

    @Test
    void requests_rightWrongAndMalformedCredentials_noSecretAnywhere() throws Exception {
        Path keyStore = EndpointSecurityTest.keyStore(folder, KEY_STORE_PASSWORD);
        SSLSocketFactory tlsSockets =
                EndpointSecurityTest.trusting(keyStore, KEY_STORE_PASSWORD).getSocketFactory();
        RunMonitor monitor = RunMonitor.builder("a").build();
        monitor.step(100, 4.5);
        PrometheusEndpoint.Builder plain = PrometheusEndpoint.builder()
                .port(0)
                .monitor(monitor)
                .basicAuth("prometheus", PASSWORD)
                .bearerToken(TOKEN);
        PrometheusEndpoint.Builder tls = PrometheusEndpoint.builder()
                .port(0)
                .monitor(monitor)
                .basicAuth("prometheus", PASSWORD)
                .tls(keyStore, KEY_STORE_PASSWORD);
        int answered = 0;
        try (PrometheusEndpoint one = plain.start();
                PrometheusEndpoint two = tls.start()) {
            InetAddress here = InetAddress.getLoopbackAddress();
            for (String request : requests()) {
                try (Socket socket = new Socket(here, one.uri().getPort());
                        Socket secure = tlsSockets.createSocket(here, two.uri().getPort())) {
                    String first = answer(socket, request);
                    answered += first.startsWith("HTTP/1.1 200") ? 1 : 0;
                    assertNoSecret(request, first);
                    assertNoSecret(request, answer(secure, request));
                }
            }
            one.close(Duration.ZERO);
            two.close(Duration.ZERO);
        }

        assertThat(answered).isEqualTo(10);
        assertThat(log.lines)
                .anyMatch(line -> line.contains("travel unencrypted"))
                .anyMatch(line -> line.contains("Jetty's logger is at DEBUG"))
                .allSatisfy(line -> assertNoSecret("log", line));
        assertNoSecret("arguments", ProcessHandle.current().info().commandLine().orElse(""));
    }

    private static String whole(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void settings_thatAreNotRight_areRefusedWithoutTheSecret() throws Exception {
        Path keyStore = EndpointSecurityTest.keyStore(folder, KEY_STORE_PASSWORD);
        Path noStore = Files.writeString(folder.resolve("no.p12"), "this is " + TOKEN);
        List<PrometheusEndpoint.Builder> wrong = List.of(
                PrometheusEndpoint.builder().port(0).tls(keyStore, "other-hunter2"),
                PrometheusEndpoint.builder().port(0).tls(noStore, KEY_STORE_PASSWORD),
                PrometheusEndpoint.builder().port(0).tls(folder.resolve("absent"), KEY_STORE_PASSWORD),
                PrometheusEndpoint.builder().port(0).basicAuth("with:colon", PASSWORD),
                PrometheusEndpoint.builder().port(70_000).bearerToken(TOKEN));
        for (PrometheusEndpoint.Builder builder : wrong) {
            Throwable thrown = catchThrowable(builder::start);
            assertThat(thrown).isInstanceOf(EndpointException.class);
            assertNoSecret("exception", whole(thrown));
        }
        for (String key : List.of(Settings.PASSWORD, Settings.TOKEN, Settings.KEY_STORE_PASSWORD)) {
            Configuration onTheCommandLine =
                    new Configuration(Map.of(), property -> property.endsWith(key) ? PASSWORD : null, variable -> null);
            Throwable thrown = catchThrowable(() -> onTheCommandLine.secret(key));
            assertThat(thrown).isInstanceOf(EndpointException.class);
            assertNoSecret("exception", whole(thrown));
        }
        assertThat(log.lines).allSatisfy(line -> assertNoSecret("log", line));
    }

    @Test
    void pushgateway_userInTheAddress_isSentAndNeverShown() throws Exception {
        List<String> sent = new CopyOnWriteArrayList<>();
        HttpServer gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext("/base/metrics/", exchange -> {
            sent.add(exchange.getRequestHeaders().getFirst("Authorization") + " " + exchange.getRequestURI());
            exchange.sendResponseHeaders(sent.size() == 1 ? 202 : 500, -1);
            exchange.close();
        });
        gateway.start();
        int port = gateway.getAddress().getPort();
        RunMonitor monitor = RunMonitor.builder("a").build();
        try {
            Pushgateway pushgateway =
                    new Pushgateway(URI.create("http://someone:" + PASSWORD + "@127.0.0.1:" + port + "/base"));
            assertThat(pushgateway.push(monitor)).isTrue();
            assertThat(pushgateway.push(monitor)).isFalse();
        } finally {
            gateway.stop(0);
        }
        // Nobody listens there any more.
        new Pushgateway(URI.create("http://someone:" + PASSWORD + "@127.0.0.1:" + port)).push(monitor);

        String authorization = "Basic " + base64("someone:" + PASSWORD);
        assertThat(sent).allMatch(line -> line.startsWith(authorization + " /base/metrics/job/etascope/run"));
        assertThat(sent).hasSize(2);
        assertThat(log.lines)
                .anyMatch(line -> line.contains("Pushgateway http://127.0.0.1:" + port))
                .allSatisfy(line -> assertNoSecret("log", line));
    }

    @Test
    void pushgateway_noHttpAddress_isRefusedBeforeTrainingWithoutTheSecret() {
        for (String address : List.of(
                "file:///etc/someone:" + PASSWORD + "@x",
                "ftp://someone:" + PASSWORD + "@127.0.0.1/",
                "someone:" + PASSWORD + "@127.0.0.1:9091",
                "http:///x",
                "jar:http://127.0.0.1!/",
                "http://someone:pass/" + PASSWORD + "@127.0.0.1:9091 x",
                "127.0.0.1:9091",
                "nonsense")) {
            Configuration configuration = new Configuration(
                    Map.of(Settings.PUSHGATEWAY, address, Settings.PORT, "0"), key -> null, key -> null);
            Throwable thrown = catchThrowable(() -> Settings.of(configuration));
            assertThat(thrown)
                    .as(address)
                    .isInstanceOf(EndpointException.class)
                    .hasMessageStartingWith("etascope.pushgateway (or ETASCOPE_PUSHGATEWAY) is \"")
                    .hasMessageEndingWith("allowed: an http or https URL such as http://127.0.0.1:9091");
            assertNoSecret("exception", whole(thrown));
        }
        Configuration onTheCommandLine = new Configuration(
                Map.of(),
                key -> key.equals("etascope.pushgateway") ? "http://a:" + PASSWORD + "@127.0.0.1:9091" : null,
                key -> null);
        Throwable thrown = catchThrowable(() -> Settings.of(onTheCommandLine));
        assertThat(thrown).isInstanceOf(EndpointException.class).hasMessageContaining("ETASCOPE_PUSHGATEWAY");
        assertNoSecret("exception", whole(thrown));
    }

    @Test
    void tokenFile_thatOthersMayRead_isWarnedOf() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), TOKEN);
        Configuration configuration = new Configuration(
                Map.of(), key -> key.equals("etascope.token.file") ? token.toString() : null, key -> null);
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(configuration.secret(Settings.TOKEN)).isEqualTo(TOKEN);
        assertThat(log.lines).isEmpty();
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(configuration.secret(Settings.TOKEN)).isEqualTo(TOKEN);

        assertThat(log.lines)
                .anyMatch(line -> line.contains(token + " holds a secret, and every user of this machine may read it"))
                .allSatisfy(line -> assertNoSecret("log", line));
    }

    @Test
    void start_onAllAddressesWithoutCredentials_isWarnedOf() {
        for (Map.Entry<String, Boolean> bind : Map.of(
                        "0.0.0.0", true, "::", true, "127.0.0.1", false, "localhost", false, "::1", false)
                .entrySet()) {
            log.lines.clear();
            try {
                PrometheusEndpoint.builder().port(0).bind(bind.getKey()).start().close(Duration.ZERO);
            } catch (EndpointException e) {
                assertThat(bind.getKey()).contains(":"); // a machine without IPv6
            }
            assertThat(log.lines.stream().anyMatch(line -> line.contains("without credentials")))
                    .as(bind.getKey())
                    .isEqualTo(bind.getValue());
        }
    }
}
