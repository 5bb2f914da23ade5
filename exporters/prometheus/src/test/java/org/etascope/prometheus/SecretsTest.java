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
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
}
