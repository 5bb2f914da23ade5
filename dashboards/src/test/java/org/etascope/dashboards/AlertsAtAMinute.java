package org.etascope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shipped rules at the scrape interval that they are for, one minute, with real processes: one run goes flat, one blows up,
 * one is killed and goes on elsewhere, one finishes, one is left by an exception. A quarter of an hour, so that only
 * {@code bin/soak alerts} runs it; {@link AlertsEndToEndTest} does it in seconds.
 */
class AlertsAtAMinute {
    private final List<AutoCloseable> started = new ArrayList<>();
    private final Instant begin = Instant.now();

    @TempDir
    Path directory;

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : started) {
            one.close();
        }
    }

    @Test
    void night_everyRun_isToldOfOnceAndNothingElse() throws Exception {
        int elsewhere = Programs.freePort();
        List<String> targets = new ArrayList<>(List.of("127.0.0.1:" + elsewhere));
        for (String name : List.of("flat", "blowing", "finishing", "crashing")) {
            targets.add(Programs.served(run(name, 0)));
        }
        Process lost = run("lost", 0);
        targets.add(Programs.served(lost));
        Webhook webhook = started(new Webhook());
        Server alertmanager = started(
                Server.alertmanager(directory, QuickCopy.ofAlertmanagerAsShipped(directory, webhook.address())));
        started(Server.prometheus(
                directory, QuickCopy.ofPrometheusAtAMinute(directory, targets, alertmanager.address())));

        // Two scrapes, and more than half of a third.
        Thread.sleep(150_000);
        lost.destroyForcibly();
        await("all that happens")
                .atMost(Duration.ofMinutes(14))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> told(webhook, "firing").size() >= 5);
        run("lost", elsewhere);
        await("the lost run is found")
                .atMost(Duration.ofMinutes(6))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> !told(webhook, "resolved").isEmpty());

        assertThat(told(webhook, "firing").keySet())
                .containsExactlyInAnyOrder(
                        "EtascopeEtaPlateau flat",
                        "EtascopeLossBlowUp blowing",
                        "EtascopeRunFinished finishing",
                        "EtascopeRunFailed crashing",
                        "EtascopeRunLost lost");
        assertThat(told(webhook, "resolved").keySet()).isEqualTo(Set.of("EtascopeRunLost lost"));
        System.out.println("seconds from the start to the message: " + told(webhook, "firing") + ", found again "
                + told(webhook, "resolved"));
    }

    /** {@return alert and run of every message of a kind, and when Prometheus said so, in seconds since the beginning} */
    private Map<String, Long> told(Webhook webhook, String status) {
        Map<String, Long> told = new LinkedHashMap<>();
        for (String message : webhook.messages()) {
            for (JsonNode alert : Shipped.object(message).path("alerts")) {
                if (alert.path("status").asText().equals(status)) {
                    String when = alert.path(status.equals("firing") ? "startsAt" : "endsAt")
                            .asText();
                    told.putIfAbsent(
                            alert.at("/labels/alertname").asText() + " "
                                    + alert.at("/labels/run").asText(),
                            Duration.between(begin, Instant.parse(when)).toSeconds());
                }
            }
        }
        return told;
    }

    private <T extends AutoCloseable> T started(T server) {
        started.add(0, server);
        return server;
    }

    private Process run(String name, int port) throws IOException {
        Redirect errors = Redirect.to(directory.resolve(name + port + ".err").toFile());
        Process run = Programs.java(errors, NightRun.class, name, port);
        started(() -> run.destroyForcibly().waitFor());
        return run;
    }
}
