package org.etascope.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What names the process among those that train one run. */
class WorkerTest {
    private static final Map<String, String> NOTHING = Map.of();

    @Test
    void worker_builderAndProperty_builderWinsEvenWithNone() {
        String before = System.getProperty("etascope.worker");
        System.setProperty("etascope.worker", "told");
        try {
            assertThat(RunMonitor.builder("run").build().snapshot().info().worker())
                    .isEqualTo("told");
            assertThat(RunMonitor.builder("run")
                            .worker("own")
                            .build()
                            .snapshot()
                            .info()
                            .worker())
                    .isEqualTo("own");
            assertThat(RunMonitor.builder("run")
                            .worker("")
                            .build()
                            .snapshot()
                            .info()
                            .worker())
                    .isEmpty();
        } finally {
            if (before == null) {
                System.clearProperty("etascope.worker");
            } else {
                System.setProperty("etascope.worker", before);
            }
        }
    }

    @Test
    void worker_propertyAndEnvironment_propertyWinsUnlessItIsEmpty() {
        Map<String, String> environment = Map.of("ETASCOPE_WORKER", "3");

        assertThat(Worker.told(Map.of("etascope.worker", "4")::get, environment::get))
                .isEqualTo("4");
        assertThat(Worker.told(Map.of("etascope.worker", "")::get, environment::get))
                .isEqualTo("3");
        assertThat(Worker.told(NOTHING::get, environment::get)).isEqualTo("3");
        assertThat(Worker.told(NOTHING::get, NOTHING::get)).isEmpty();
    }

    @Test
    void worker_longerThan200_refusedByTheSettingsName() {
        RunMonitor.Builder builder = RunMonitor.builder("run").worker("x".repeat(200));

        assertThat(builder.build().snapshot().info().worker()).hasSize(200);
        assertThatThrownBy(() -> builder.worker("x".repeat(201)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("worker name has 201 characters, allowed: up to 200");
        assertThatThrownBy(() -> Worker.told(NOTHING::get, Map.of("ETASCOPE_WORKER", "x".repeat(300))::get))
                .hasMessage("etascope.worker (or ETASCOPE_WORKER) has 300 characters, allowed: up to 200");
    }

    @Test
    void worker_describedAndRenamed_stays() {
        RunMonitor monitor =
                RunMonitor.builder("run").worker("w").dataset("text").build();
        monitor.describe("lstm", new ModelSize(10, 32), 95);
        monitor.unsupported("no loss");

        RunInfo info = monitor.snapshot().withRun("run-2").info();

        assertThat(info.names()).isEqualTo(new RunInfo.Names("run-2", "w", "lstm", "text"));
        assertThat(info.unsupportedReason()).isEqualTo("no loss");
        assertThat(info.size()).isEqualTo(new ModelSize(10, 32));
    }
}
