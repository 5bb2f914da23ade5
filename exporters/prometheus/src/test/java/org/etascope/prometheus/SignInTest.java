package org.etascope.prometheus;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The token in a browser: a form, and a cookie that no other site can use. */
class SignInTest {
    private static final String TOKEN = "s3cret & <mörder>";
    private static final String FORM = "token=s3cret+%26+%3Cm%C3%B6rder%3E";

    private final List<PrometheusEndpoint> endpoints = new ArrayList<>();

    @AfterEach
    void stop() {
        endpoints.forEach(endpoint -> endpoint.close(Duration.ZERO));
    }

    private PrometheusEndpoint started(PrometheusEndpoint.Builder builder) {
        RunMonitor run = RunMonitor.builder("char-lm").build();
        run.step(100, 4.5);
        PrometheusEndpoint endpoint = builder.port(0).monitor(run).start();
        endpoints.add(endpoint);
        return endpoint;
    }

    private PrometheusEndpoint withToken() {
        return started(PrometheusEndpoint.builder().bearerToken(TOKEN));
    }

    private static String send(Socket socket, String request) throws IOException {
        try (socket) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static Socket socket(PrometheusEndpoint endpoint) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), endpoint.uri().getPort());
    }

    private static String post(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type:"
                + " application/x-www-form-urlencoded\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String get(PrometheusEndpoint endpoint, String path, String header) throws IOException {
        return send(
                socket(endpoint),
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + "\r\n\r\n");
    }

    private static String cookie(String response) {
        Matcher cookie = Pattern.compile("\nSet-Cookie: ([^;\r]+)([^\r]*)\r\n").matcher(response);
        assertThat(cookie.find()).as(response).isTrue();
        assertThat(cookie.group(2)).startsWith("; Path=/; HttpOnly; SameSite=Strict");
        return cookie.group(1);
    }

    @Test
    void signIn_rightToken_cookieThatOpensEveryPathOfThisServerAlone() throws Exception {
        PrometheusEndpoint endpoint = withToken();
        PrometheusEndpoint other = withToken();

        String response = send(socket(endpoint), post("/sign-in", FORM));

        assertThat(response)
                .startsWith("HTTP/1.1 303")
                .contains("\r\nLocation: ./\r\n")
                .doesNotContain("s3cret", "; Secure");
        String cookie = cookie(response);
        assertThat(cookie).matches("etascope-" + endpoint.uri().getPort() + "=[\\w-]{43}");
        for (String path : List.of("/", "/metrics", "/api/runs", "/api/runs/char-lm", "/-/healthy", "/page.js")) {
            assertThat(get(endpoint, path, "Cookie: a=b; " + cookie)).as(path).startsWith("HTTP/1.1 200");
            assertThat(get(other, path, "Cookie: " + cookie)).as(path).startsWith("HTTP/1.1 401");
            String elsewhere =
                    cookie.replaceFirst("\\d+", Integer.toString(other.uri().getPort()));
            assertThat(get(other, path, "Cookie: " + elsewhere)).as(path).startsWith("HTTP/1.1 401");
        }
        assertThat(get(endpoint, "/", "Cookie: " + cookie + "x")).startsWith("HTTP/1.1 401");
        assertThat(get(endpoint, "/", "Cookie: " + cookie.replaceFirst("=.*", "=")))
                .startsWith("HTTP/1.1 401");
    }

    @Test
    void signIn_anythingElse_noCookie() throws Exception {
        PrometheusEndpoint endpoint = withToken();
        for (String body :
                List.of("", "token=", "token", "token=s3cret", "tokens=x", "token=%zz", "=", "\u0000", FORM + "x")) {
            String response = send(socket(endpoint), post("/sign-in", body));
            assertThat(response).as(body).containsPattern("^HTTP/1.1 40[01]").doesNotContain("Set-Cookie");
        }
        String large = send(socket(endpoint), post("/sign-in", "token=" + "a".repeat(100_000)));
        assertThat(large.isEmpty() || large.startsWith("HTTP/1.1 400")).isTrue();
        // The address is written into logs and histories: it is no place for a token.
        assertThat(send(socket(endpoint), post("/sign-in?" + FORM, ""))).startsWith("HTTP/1.1 401");
        assertThat(get(endpoint, "/sign-in?" + FORM, "Accept: text/html")).startsWith("HTTP/1.1 401");
        assertThat(get(endpoint, "/?" + FORM, "Accept: text/html")).startsWith("HTTP/1.1 401");
    }

    @Test
    void form_isForBrowsersAtThePage_othersAreRefusedInOneLine() throws Exception {
        PrometheusEndpoint endpoint = withToken();
        String html = "Accept: text/html,application/xhtml+xml;q=0.9";

        assertThat(get(endpoint, "/", html))
                .startsWith("HTTP/1.1 401")
                .contains("WWW-Authenticate: Bearer", "<form method=\"post\"", "form-action 'self'")
                .doesNotContain("unsafe");
        for (String path : List.of("/metrics", "/api/runs", "/page.js")) {
            assertThat(get(endpoint, path, html)).startsWith("HTTP/1.1 401").doesNotContain("<form");
        }
        assertThat(get(endpoint, "/", "Accept: */*")).startsWith("HTTP/1.1 401").endsWith("credentials are needed\n");
    }

    @Test
    void signIn_noToken_isNoPath() throws Exception {
        PrometheusEndpoint open = started(PrometheusEndpoint.builder());
        PrometheusEndpoint basic = started(PrometheusEndpoint.builder().basicAuth("a", "b"));

        assertThat(send(socket(open), post("/sign-in", FORM))).startsWith("HTTP/1.1 405");
        assertThat(get(open, "/sign-in", "X: y")).startsWith("HTTP/1.1 404");
        assertThat(send(socket(basic), post("/sign-in", FORM))).startsWith("HTTP/1.1 401");
        assertThat(get(basic, "/", "Accept: text/html"))
                .startsWith("HTTP/1.1 401")
                .doesNotContain("<form");
    }

    @Test
    void signIn_overTls_cookieIsSentOverNothingElse(@TempDir Path folder) throws Exception {
        Path keyStore = EndpointSecurityTest.keyStore(folder);
        PrometheusEndpoint endpoint =
                started(PrometheusEndpoint.builder().bearerToken(TOKEN).tls(keyStore, "changeit"));

        String response = send(
                EndpointSecurityTest.trusting(keyStore)
                        .getSocketFactory()
                        .createSocket(
                                InetAddress.getLoopbackAddress(), endpoint.uri().getPort()),
                post("/sign-in", FORM));

        assertThat(response).startsWith("HTTP/1.1 303").contains("SameSite=Strict; Secure\r\n");
    }

    @Test
    void browser_signsIn_andIsAskedAgainByTheNextProcess() {
        PrometheusEndpoint endpoint = withToken();
        int port = endpoint.uri().getPort();
        try (Browser browser = new Browser()) {
            browser.open(endpoint.uri() + "/");
            browser.screenshot("sign-in.png");
            assertThat(browser.violations()).isEmpty();
            browser.find("#token").sendKeys("wrong", Keys.ENTER);
            await().until(() -> browser.text("[role=alert]").equals("That is not the token of this endpoint."));
            browser.find("#token").sendKeys(TOKEN, Keys.ENTER);
            await().until(() -> !browser.findAll("#sentence").isEmpty());
            await().until(() -> browser.address().equals(endpoint.uri() + "/#run=char-lm"));
            assertThat(browser.script("return document.cookie || 'none'")).isEqualTo("none");
            assertThat(browser.complaints()).allMatch(line -> line.contains("401"));

            endpoint.close(Duration.ZERO);
            RunMonitor run = RunMonitor.builder("next").build();
            endpoints.add(PrometheusEndpoint.builder()
                    .bearerToken(TOKEN)
                    .port(port)
                    .monitor(run)
                    .start());
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !browser.findAll("#token").isEmpty());
        }
    }
}
