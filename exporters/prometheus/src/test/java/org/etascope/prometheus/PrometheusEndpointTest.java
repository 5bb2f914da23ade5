package org.etascope.prometheus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.etascope.core.RunMonitor;
import org.etascope.recording.JournalWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The endpoint as its clients see it. */
class PrometheusEndpointTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<PrometheusEndpoint> endpoints = new ArrayList<>();

    @AfterEach
    void stop() {
        endpoints.forEach(endpoint -> endpoint.close(Duration.ZERO));
    }

    private PrometheusEndpoint start(RunMonitor... monitors) {
        PrometheusEndpoint.Builder builder = PrometheusEndpoint.builder().port(0);
        for (RunMonitor monitor : monitors) {
            builder.monitor(monitor);
        }
        return started(builder);
    }

    private PrometheusEndpoint started(PrometheusEndpoint.Builder builder) {
        PrometheusEndpoint endpoint = builder.start();
        endpoints.add(endpoint);
        return endpoint;
    }

    private static RunMonitor run(String name) {
        return TrainedRun.of(name, 100);
    }

    private HttpResponse<String> get(PrometheusEndpoint endpoint, String path, String... headers)
            throws IOException, InterruptedException {
        return request("GET", endpoint, path, headers);
    }

    private HttpResponse<String> request(String method, PrometheusEndpoint endpoint, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(endpoint.uri() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void metrics_trainingRun_textFormat() throws Exception {
        PrometheusEndpoint endpoint = start(run("char-lm"));

        HttpResponse<String> response = get(endpoint, "/metrics");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(response.body())
                .contains("etascope_tokens_total{run=\"char-lm\",worker=\"\",} 160000.0\n")
                .contains("etascope_run_info{")
                .contains("jvm_memory_used_bytes");
    }

    /** On the newer Prometheus client, which writes both formats too. */
    @Test
    void registry_ofTheApplication_isServedWithItsOwnMetersAndStaysOpen() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.counter("shop.orders").increment(3);
        PrometheusEndpoint endpoint = started(PrometheusEndpoint.builder()
                .port(0)
                .registry(registry, registry::scrape)
                .monitor(run("char-lm")));

        assertThat(get(endpoint, "/metrics").body())
                .contains("shop_orders_total 3.0")
                .containsPattern("etascope_eta_ratio\\{run=\"char-lm\",worker=\"\"} [0-9]")
                .doesNotContain("jvm_memory");
        HttpResponse<String> openMetrics = get(endpoint, "/metrics", "Accept", "application/openmetrics-text");
        assertThat(openMetrics.headers().firstValue("Content-Type").orElse("")).startsWith("application/openmetrics");
        assertThat(openMetrics.body())
                .contains("# TYPE etascope_tokens counter")
                .endsWith("# EOF\n");
        assertThatThrownBy(() -> PrometheusEndpoint.builder()
                        .port(endpoint.uri().getPort())
                        .registry(new SimpleMeterRegistry(), type -> "")
                        .start())
                .isInstanceOf(EndpointException.class)
                .hasMessageContaining("registry");

        endpoint.close(Duration.ZERO);

        assertThat(registry.isClosed()).isFalse();
        assertThat(registry.scrape()).contains("shop_orders_total 3.0").doesNotContain("etascope_eta_ratio");
    }

    @Test
    void metrics_openMetricsAccepted_openMetrics() throws Exception {
        PrometheusEndpoint endpoint = start(run("char-lm"));

        HttpResponse<String> response =
                get(endpoint, "/metrics", "Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");

        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/openmetrics-text"));
        assertThat(response.body())
                .contains("etascope_tokens_total{run=\"char-lm\",worker=\"\"} 160000.0")
                .endsWith("# EOF\n");
    }

    @Test
    void metrics_gzipAccepted_sameTextInFewBytes() throws Exception {
        PrometheusEndpoint endpoint = start(run("char-lm"), run("other"));
        HttpResponse<byte[]> response = client.send(
                HttpRequest.newBuilder(URI.create(endpoint.uri() + "/metrics"))
                        .header("Accept-Encoding", "gzip")
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());

        assertThat(response.headers().firstValue("Content-Encoding")).hasValue("gzip");
        String text = new String(new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes(), UTF_8);
        assertThat(text).contains("etascope_tokens_total{run=\"char-lm\",worker=\"\",} 160000.0\n", "run=\"other\"");
        assertThat(response.body().length).isLessThan(text.length() / 4);
    }

    @Test
    void metrics_names_thoseAlone() throws Exception {
        PrometheusEndpoint endpoint = start(run("char-lm"));

        HttpResponse<String> two = get(endpoint, "/metrics?name[]=etascope_tokens_total&name%5B%5D=etascope_eta_ratio");
        assertThat(two.body().lines().filter(line -> !line.startsWith("#")))
                .hasSize(2)
                .allMatch(line -> line.startsWith("etascope_tokens_total{run=\"char-lm\",worker=\"\",} 160000.0")
                        || line.startsWith("etascope_eta_ratio{run=\"char-lm\",worker=\"\",} "));
        assertThat(get(endpoint, "/metrics?name[]=nothing").body()).isEmpty();
        assertThat(get(endpoint, "/metrics?name=x").body()).contains("jvm_memory_used_bytes");
    }

    @Test
    void metrics_ofTheProcess_saidWithoutARun() throws Exception {
        PrometheusEndpoint endpoint = start(run("char-lm"));
        get(endpoint, "/nothing/of/this/name");
        get(endpoint, "/api/runs/char-lm");

        assertThat(get(endpoint, "/metrics").body())
                .containsPattern(
                        "(?m)^etascope_build_info\\{java=\"[^\"]+\",revision=\"[^\"]*\",version=\"[^\"]+\",} 1.0$")
                .containsPattern("(?m)^process_start_time_seconds 1\\.\\d+E9$")
                .contains(
                        "\netascope_endpoint_requests_total{code=\"404\",path=\"other\",} 1.0\n",
                        "\netascope_endpoint_requests_total{code=\"200\",path=\"/api/runs/{run}\",} 1.0\n",
                        "\netascope_endpoint_rejected_total{reason=\"connections\",} 0.0\n",
                        "\netascope_endpoint_rejected_total{reason=\"bytes\",} 0.0\n",
                        "\netascope_endpoint_rejected_total{reason=\"timeout\",} 0.0\n")
                .containsPattern("(?m)^etascope_endpoint_connections [1-9]\\.0$");
    }

    @Test
    void metrics_stepDurations_areAHistogram() throws Exception {
        PrometheusEndpoint endpoint = start(run("char-lm"));

        assertThat(get(
                                endpoint,
                                "/metrics?name[]=etascope_step_duration_seconds_bucket&name[]=etascope_step_duration_seconds_count"
                                        + "&name[]=etascope_step_duration_seconds_sum")
                        .body())
                .contains(
                        "# TYPE etascope_step_duration_seconds histogram\n",
                        "etascope_step_duration_seconds_bucket{run=\"char-lm\",worker=\"\",le=\"0.3\",} 0.0\n",
                        "etascope_step_duration_seconds_bucket{run=\"char-lm\",worker=\"\",le=\"1.0\",} 99.0\n",
                        "etascope_step_duration_seconds_bucket{run=\"char-lm\",worker=\"\",le=\"+Inf\",} 99.0\n",
                        "etascope_step_duration_seconds_count{run=\"char-lm\",worker=\"\",} 99.0\n",
                        "etascope_step_duration_seconds_sum{run=\"char-lm\",worker=\"\",} 99.0\n");
    }

    @Test
    void recordings_areBesideTheRunsWatched_andNotInTheMetrics(@TempDir Path folder) throws Exception {
        for (String name : List.of("char-lm", "earlier")) {
            RunMonitor recorded = RunMonitor.builder(name).build();
            JournalWriter journal = JournalWriter.start(recorded, folder.resolve(name));
            try (journal) {
                recorded.step(7, 4.5);
                recorded.close();
            }
        }
        PrometheusEndpoint endpoint =
                started(PrometheusEndpoint.builder().port(0).recordings(folder).monitor(run("char-lm")));

        await().until(() -> new ObjectMapper()
                .readTree(get(endpoint, "/api/runs").body())
                .findValuesAsText("run")
                .equals(List.of("char-lm", "earlier")));
        // The run that is watched is the one shown under its name.
        assertThat(get(endpoint, "/api/runs/char-lm").body()).contains("\"tokens\":160000");
        assertThat(get(endpoint, "/api/runs/earlier").body()).contains("\"tokens\":7");
        assertThat(get(endpoint, "/api/runs/earlier/changes?since=").body()).contains("\"version\"");
        assertThat(get(endpoint, "/metrics").body()).doesNotContain("earlier");
        HttpResponse<String> list = get(endpoint, "/api/runs");
        assertThat(get(
                                endpoint,
                                "/api/runs",
                                "If-None-Match",
                                list.headers().firstValue("ETag").orElseThrow())
                        .statusCode())
                .isEqualTo(304);
        assertThatThrownBy(() -> PrometheusEndpoint.builder()
                        .port(0)
                        .recordings(folder.resolve("none"))
                        .start())
                .isInstanceOf(EndpointException.class)
                .hasMessageContaining("etascope.recordings")
                .hasMessageEndingWith("allowed: a folder that exists");
    }

    @Test
    void ready_onceThereIsARun() throws Exception {
        PrometheusEndpoint endpoint = start();

        assertThat(get(endpoint, "/-/ready").statusCode()).isEqualTo(503);
        endpoint.watch(run("char-lm"));
        assertThat(get(endpoint, "/-/ready").statusCode()).isEqualTo(200);
        assertThat(get(endpoint, "/-/healthy").statusCode()).isEqualTo(200);
    }

    @Test
    void files_knownByTheirEtag_areNotSentAgain() throws Exception {
        PrometheusEndpoint endpoint = start(run("char-lm"));
        Set<String> etags = new HashSet<>();
        for (String path : List.of("/", "/page.js", "/page.css", "/icon.svg")) {
            HttpResponse<String> first = get(endpoint, path);
            String etag = first.headers().firstValue("ETag").orElseThrow();
            assertThat(first.headers().firstValue("Cache-Control")).hasValue("no-cache");
            assertThat(etags.add(etag)).isTrue();
            for (String known : List.of(etag, "\"x\", " + etag, "*", "W/" + etag)) {
                HttpResponse<String> again = get(endpoint, path, "If-None-Match", known);
                assertThat(again.statusCode()).as(known).isEqualTo(304);
                assertThat(again.body()).isEmpty();
                assertThat(again.headers().firstValue("ETag")).hasValue(etag);
            }
            assertThat(get(endpoint, path, "If-None-Match", "\"x\"").statusCode())
                    .isEqualTo(200);
        }
        assertThat(get(endpoint, "/metrics").headers().firstValue("ETag")).isEmpty();
    }

    @Test
    void json_askedForByMany_isMadeOnce() throws Exception {
        RunMonitor run = run("char-lm");
        PrometheusEndpoint endpoint = start(run);
        Set<String> made = new HashSet<>();
        long began = System.nanoTime();
        for (int i = 0; i < 200; i++) {
            made.add(get(endpoint, "/api/runs/char-lm").body());
            run.step(1600, 2);
        }
        long quarters = (System.nanoTime() - began) / 250_000_000;

        assertThat(made).hasSizeBetween(1, (int) quarters + 1);
    }

    @Test
    void pages_allServed_withTheirTypes() throws Exception {
        PrometheusEndpoint endpoint = start(run("char-lm"));

        assertThat(get(endpoint, "/-/healthy").statusCode()).isEqualTo(200);
        assertThat(get(endpoint, "/").body()).contains("<html");
        assertThat(get(endpoint, "/page.js").headers().firstValue("Content-Type"))
                .hasValue("text/javascript; charset=utf-8");
        assertThat(get(endpoint, "/page.js").body()).contains("uPlot");
        assertThat(get(endpoint, "/api/runs").body()).contains("\"run\":\"char-lm\"");
        assertThat(get(endpoint, "/api/runs/char-lm").body()).contains("\"tokens\":160000", "\"series\"");
        assertThat(get(endpoint, "/api/runs?run=char-lm").body()).contains("\"tokens\":160000", "\"series\"");
    }

    @Test
    void changes_sinceAVersion_areFewBytesAndNoneWhereNothingHappened() throws Exception {
        RunMonitor run = run("a b/c");
        PrometheusEndpoint endpoint = start(run);
        JsonNode all = new ObjectMapper()
                .readTree(get(endpoint, "/api/runs?run=a%20b%2Fc&since=").body());
        String since = all.get("version").asText();

        assertThat(get(endpoint, "/api/runs?run=a%20b%2Fc&since=" + since).statusCode())
                .isEqualTo(204);
        run.step(1600, 4);
        HttpResponse<String> news = get(endpoint, "/api/runs/a%20b%2Fc/changes?since=" + since);
        assertThat(new ObjectMapper().readTree(news.body()).at("/run/run").asText())
                .isEqualTo("a b/c");
        assertThat(news.body().length()).isLessThan(all.toString().length());
    }

    @Test
    void json_gzipAccepted_isCompressed() throws Exception {
        PrometheusEndpoint endpoint = start(run("char-lm"));

        HttpResponse<String> response = get(endpoint, "/api/runs/char-lm", "Accept-Encoding", "gzip, deflate");

        assertThat(response.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(response.headers().firstValue("Vary")).hasValue("Accept-Encoding");
        assertThat(response.headers().firstValueAsLong("Content-Length").orElseThrow())
                .isLessThan(get(endpoint, "/api/runs/char-lm").body().length());
    }

    @Test
    void report_ofARun_isADownload() throws Exception {
        HttpResponse<String> report = get(start(run("char-lm")), "/api/runs?run=char-lm&as=report");

        assertThat(report.headers().firstValue("Content-Disposition")).hasValue("attachment");
        assertThat(report.body()).contains("id=\"recording\">[{\"run\":\"char-lm\"");
    }

    @Test
    void unknownPaths_oneLineAndNothingElse() throws Exception {
        PrometheusEndpoint endpoint = start(run("char-lm"));

        for (String path : List.of(
                "/nothing",
                "/api/runs/other",
                "/api/runs?run=other",
                "/api",
                "/page/index.html",
                "/../page.js",
                "/%2e%2e/PrometheusEndpoint.class",
                "/PrometheusEndpoint.class",
                "/..%2fRoutes.class",
                "//etc/passwd")) {
            HttpResponse<String> response = get(endpoint, path);
            assertThat(response.statusCode()).as(path).isIn(400, 404);
            assertThat(response.body().lines()).as(path).hasSize(1);
        }
    }

    @Test
    void anyAnswer_carriesSecurityHeadersAndNoVersion() throws Exception {
        PrometheusEndpoint endpoint = start(run("char-lm"));

        for (String path : List.of("/", "/metrics", "/api/runs", "/nothing")) {
            HttpResponse<String> response = get(endpoint, path);
            assertThat(response.headers().firstValue("Content-Security-Policy"))
                    .hasValueSatisfying(policy ->
                            assertThat(policy).startsWith("default-src 'none'").doesNotContain("unsafe"));
            assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(response.headers().map()).doesNotContainKeys("server", "access-control-allow-origin");
        }
    }

    @Test
    void head_anyPath_headersOfGetWithoutABody() throws Exception {
        PrometheusEndpoint endpoint = start(run("char-lm"));

        for (String path : List.of("/", "/-/healthy", "/api/runs", "/nothing")) {
            HttpResponse<String> head = request("HEAD", endpoint, path);
            HttpResponse<String> get = get(endpoint, path);
            assertThat(head.statusCode()).isEqualTo(get.statusCode());
            assertThat(head.headers().firstValue("Content-Length"))
                    .isEqualTo(get.headers().firstValue("Content-Length"));
            assertThat(head.body()).isEmpty();
        }
    }

    @Test
    void otherMethods_refused() throws Exception {
        PrometheusEndpoint endpoint = start(run("char-lm"));

        for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND")) {
            HttpResponse<String> response = request(method, endpoint, "/metrics");
            assertThat(response.statusCode()).as(method).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow")).hasValue("GET, HEAD");
        }
    }

    @Test
    void start_portOfAnotherProgram_oneLineThatNamesOpenTelemetry() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            PrometheusEndpoint.Builder builder = PrometheusEndpoint.builder().port(other.getLocalPort());

            assertThatThrownBy(builder::start)
                    .isInstanceOf(PortTakenException.class)
                    .hasMessageStartingWith("port " + other.getLocalPort() + " is taken (OpenTelemetry")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void start_portTakenButTrainingComesFirst_goesOnWithoutServing() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            RunMonitor monitor = run("char-lm");

            PrometheusEndpoint endpoint = started(PrometheusEndpoint.builder()
                    .port(other.getLocalPort())
                    .monitor(monitor)
                    .onlyWarnIfPortTaken());

            assertThat(endpoint.serving()).isFalse();
        }
    }

    @Test
    void start_portOfThisJvm_joinsAndBothAreServedUntilTheLastLeaves() throws Exception {
        PrometheusEndpoint first = start(run("first"));
        PrometheusEndpoint second =
                started(PrometheusEndpoint.builder().port(first.uri().getPort()).monitor(run("second")));

        assertThat(get(first, "/metrics").body()).contains("run=\"first\"", "run=\"second\"");
        first.close(Duration.ZERO);
        assertThat(get(second, "/metrics").body()).contains("run=\"second\"");
        second.close(Duration.ZERO);
        assertThatThrownBy(() -> get(second, "/metrics")).isInstanceOf(IOException.class);
    }

    @Test
    void start_portOfThisJvmWithOtherCredentials_refused() {
        PrometheusEndpoint first = start(run("first"));
        PrometheusEndpoint.Builder other =
                PrometheusEndpoint.builder().port(first.uri().getPort()).bearerToken("secret");

        assertThatThrownBy(other::start)
                .isInstanceOf(EndpointException.class)
                .hasMessageContaining("is served by this JVM already, with other settings");
    }

    @Test
    void start_addressOfAnotherMachine_oneLine() {
        assertThatThrownBy(() ->
                        PrometheusEndpoint.builder().bind("192.0.2.1").port(0).start())
                .isInstanceOf(EndpointException.class)
                .hasMessageStartingWith("cannot listen on 192.0.2.1 port 0: ");
    }
}
