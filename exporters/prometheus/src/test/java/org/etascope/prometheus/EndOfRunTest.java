package org.etascope.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is left of a run when it ends: one more scrape, and an outcome with the Pushgateway. */
class EndOfRunTest {
    private static final Pattern ENDED =
            Pattern.compile("etascope_run_end_timestamp_seconds\\{run=\"char-lm\",worker=\"\",} [0-9]");

    private final HttpClient client = HttpClient.newHttpClient();

    private static RunMonitor run(String name) {
        return TrainedRun.of(name, 100);
    }

    private String get(URI uri) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static URI metrics(Object server) {
        return URI.create(server + "/metrics");
    }

    @Test
    void close_scrapedDuringTheRun_waitsForTheScrapeThatSeesTheEnd() throws Exception {
        PrometheusEndpoint endpoint =
                PrometheusEndpoint.builder().port(0).monitor(run("char-lm")).start();
        for (int i = 0; i < 2; i++) {
            assertThat(get(metrics(endpoint.uri()))).doesNotContainPattern(ENDED);
        }

        CompletableFuture<Void> closing = CompletableFuture.runAsync(endpoint::close);
        await().during(Duration.ofMillis(300)).until(() -> !closing.isDone());
        String last = await().until(
                        () -> get(metrics(endpoint.uri())),
                        text -> ENDED.matcher(text).find());

        assertThat(last).contains("etascope_steps_total{run=\"char-lm\",worker=\"\",} 100.0");
        await().until(closing::isDone);
        assertThat(endpoint.serving()).isFalse();
    }

    @Test
    void close_neverScraped_doesNotWait() {
        PrometheusEndpoint endpoint =
                PrometheusEndpoint.builder().port(0).monitor(run("char-lm")).start();

        CompletableFuture<Void> closing = CompletableFuture.runAsync(endpoint::close);

        await().atMost(Duration.ofSeconds(10)).until(closing::isDone);
    }

    @Test
    void close_runOfAnotherProgramToo_endsOnlyItsOwn() {
        RunMonitor mine = run("mine");
        RunMonitor other = run("other");
        PrometheusEndpoint first =
                PrometheusEndpoint.builder().port(0).monitor(mine).start();
        PrometheusEndpoint second = PrometheusEndpoint.builder()
                .port(first.uri().getPort())
                .monitor(other)
                .start();

        first.close();

        assertThat(mine.closed()).isTrue();
        assertThat(other.closed()).isFalse();
        second.close(Duration.ZERO);
    }

    /** A training program that is stopped from outside. */
    static final class Trainer {
        private Trainer() {}

        public static void main(String[] args) throws InterruptedException {
            PrometheusEndpoint endpoint =
                    PrometheusEndpoint.builder().port(0).monitor(run("char-lm")).start();
            System.out.println(endpoint.uri());
            new CountDownLatch(1).await();
        }
    }

    @Test
    void terminated_scrapedDuringTheRun_showsTheEndBeforeItGoes() throws Exception {
        Process trainer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Trainer.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = trainer.inputReader()) {
            URI metrics = metrics(out.readLine());
            for (int i = 0; i < 2; i++) {
                assertThat(get(metrics)).contains("etascope_steps_total").doesNotContainPattern(ENDED);
            }

            trainer.destroy();

            await().atMost(Duration.ofSeconds(5))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> ENDED.matcher(get(metrics)).find());
            assertThat(trainer.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            trainer.destroyForcibly();
        }
    }

    @Test
    void pushgateway_runEnds_keepsTheOutcomeUntilItIsDeleted() throws Exception {
        Programs.need("prometheus-pushgateway");
        URI gateway = URI.create("http://127.0.0.1:" + Programs.freePort());
        Process program = new ProcessBuilder(
                        "prometheus-pushgateway",
                        "--web.listen-address=" + gateway.getAuthority(),
                        "--persistence.file=")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            await().ignoreExceptions().until(() -> get(URI.create(gateway + "/-/ready")), text -> !text.isEmpty());
            RunMonitor monitor = run("a/b \"c\"");
            PrometheusEndpoint endpoint = PrometheusEndpoint.builder()
                    .port(0)
                    .monitor(monitor)
                    .pushgateway(gateway)
                    .start();

            monitor.close();

            String eta = "etascope_eta_ratio{instance=\"\",job=\"etascope\",run=\"a/b \\\"c\\\"\",worker=\"\"} "
                    + monitor.snapshot().ledger().eta();
            await().until(() -> get(metrics(gateway)), text -> text.contains(eta));
            assertThat(get(metrics(gateway))).containsPattern("etascope_run_end_timestamp_seconds\\{.*} [0-9]");
            endpoint.close(Duration.ZERO);
            Pushgateway pushgateway = new Pushgateway(gateway);
            try (RunMonitor worker =
                    RunMonitor.builder("a/b \"c\"").worker("node 3/a").build()) {
                worker.step(100, 4.5);
                assertThat(pushgateway.push(worker)).isTrue();
            }
            assertThat(get(metrics(gateway))).contains(eta).contains("worker=\"node 3/a\"} 4.5\n");

            assertThat(pushgateway.delete("a/b \"c\"", "node 3/a")).isTrue();
            await().until(() -> !get(metrics(gateway)).contains("node 3/a"));
            assertThat(get(metrics(gateway))).contains(eta);
            assertThat(pushgateway.delete("a/b \"c\"")).isTrue();
            await().until(() -> !get(metrics(gateway)).contains("etascope_eta_ratio"));
        } finally {
            program.destroy();
            program.waitFor();
        }
    }

    @Test
    void pushgateway_unreachable_oneWarningAndTheRunEndsAllTheSame() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(Pushgateway.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        Pushgateway gateway = new Pushgateway(URI.create("http://127.0.0.1:" + Programs.freePort()));
        RunMonitor monitor = run("char-lm");
        try {
            assertThat(gateway.push(monitor)).isFalse();
            assertThat(gateway.push(monitor)).isFalse();
        } finally {
            logger.detachAppender(log);
        }

        assertThat(log.list).hasSize(1);
    }
}
