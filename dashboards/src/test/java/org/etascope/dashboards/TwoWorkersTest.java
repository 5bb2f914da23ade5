package org.etascope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.etascope.core.InformationCapacity;
import org.etascope.core.RunStatistics;
import org.etascope.core.UnitConvention;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run in two processes, each with its own exporter, put together again by the recording rules. */
class TwoWorkersTest {
    private final List<Process> workers = new ArrayList<>();

    @TempDir
    Path directory;

    @AfterEach
    void stop() throws InterruptedException {
        for (Process worker : workers) {
            worker.destroyForcibly().waitFor();
        }
    }

    @Test
    void recomputedEta_twoExporters_isThatOfTheMergedStatistics() throws IOException {
        Process first = worker(1);
        Process second = worker(2);
        RunStatistics merged = Worker.trained(1)
                .state()
                .statistics()
                .merge(Worker.trained(2).state().statistics());
        double eta = InformationCapacity.eta(
                merged.tokens(),
                Worker.SHARED_BASELINE,
                merged.codeLengthNats() / merged.tokens(),
                Worker.SIZE.bits(),
                UnitConvention.CONSISTENT);

        List<String> targets = List.of(Programs.served(first), Programs.served(second));
        try (Server prometheus =
                Server.prometheus(directory, QuickCopy.ofPrometheus(directory, targets, "127.0.0.1:9"))) {
            await("both workers")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> value(prometheus, "job_run:etascope_run_tokens:sum") == merged.tokens());
            assertThat(prometheus.query("etascope_eta_ratio{run=\"spread\"}")).hasSize(2);
            await("the rules after it").atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                assertThat(value(prometheus, "job_run:etascope_eta_ratio:recomputed"))
                        .isCloseTo(eta, within(1e-9 * eta));
                assertThat(value(prometheus, "job_run:etascope_run_code_length_bits:sum"))
                        .isCloseTo(merged.codeLengthNats() / InformationCapacity.LN2, within(1e-3));
            });
        }
    }

    private static double value(Server prometheus, String expression) {
        List<Server.Series> series = prometheus.query(expression);
        return series.size() == 1 ? series.get(0).values().get(0) : Double.NaN;
    }

    /** Starts a worker in a process of its own. */
    private Process worker(int number) throws IOException {
        Process worker = Programs.java(Redirect.INHERIT, Worker.class, number);
        workers.add(worker);
        return worker;
    }
}
