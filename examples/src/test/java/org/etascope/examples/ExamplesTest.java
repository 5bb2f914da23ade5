package org.etascope.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Each example runs, and is short enough to be read. */
class ExamplesTest {
    private static final int MOST_LINES = 40;

    @ParameterizedTest
    @ValueSource(strings = {"LanguageModel", "Classifier", "TwoWorkers", "SpringBoot", "WithoutDl4j"})
    void source_ofEachExample_hasAtMostFortyLines(String example) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("src/main/java/org/etascope/examples", example + ".java"));

        assertThat(lines).hasSizeLessThanOrEqualTo(MOST_LINES);
    }

    @Test
    void languageModel_trained_saysThatItLearns() {
        assertThat(LanguageModel.train(0)).startsWith("learning: ").contains("nats per doubling");
    }

    @Test
    void classifier_trained_hasEpochsAndAValidationLoss() {
        RunMonitor monitor = RunMonitor.builder("classifier").build();
        Classifier.train(monitor);
        RunSnapshot now = monitor.snapshot();

        assertThat(now.progress().tokens()).isEqualTo(20 * 256);
        assertThat(now.validation().loss()).isBetween(0.0, Math.log(4));
    }

    @Test
    void twoWorkers_trained_loseNoToken() {
        RunMonitor monitor = RunMonitor.builder("two-workers").build();
        TwoWorkers.train(monitor);

        assertThat(monitor.snapshot().progress().tokens()).isEqualTo(5 * 16 * 4);
        assertThat(monitor.snapshot().losses().current())
                .isLessThan(monitor.snapshot().baseline().nats());
    }

    @Test
    void springBoot_started_hasTheRunInItsOwnRegistry() {
        try (ConfigurableApplicationContext application = SpringApplication.run(SpringBoot.class)) {
            double eta = application
                    .getBean(MeterRegistry.class)
                    .get("etascope.eta.ratio")
                    .gauge()
                    .value();

            assertThat(eta)
                    .isEqualTo(application
                            .getBean(RunMonitor.class)
                            .snapshot()
                            .ledger()
                            .eta())
                    .isNotZero();
        }
    }

    @Test
    void withoutDl4j_trained_comesDownToTheEntropyOfItsSource() {
        RunSnapshot now = WithoutDl4j.train().snapshot();

        assertThat(now.losses().current()).isCloseTo(Math.log(4), within(0.01));
        assertThat(now.ledger().eta()).isPositive();
    }
}
