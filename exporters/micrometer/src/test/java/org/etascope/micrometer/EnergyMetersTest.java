package org.etascope.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.etascope.core.EnergyMeter;
import org.etascope.core.EnergySource;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** On both of Micrometer's Prometheus registries: the same names, labels and values. */
class EnergyMetersTest {
    private record Registry(MeterRegistry registry, Supplier<String> text) {}

    @SuppressWarnings("deprecation") // simpleclient is the default that users get
    static Stream<Named<Registry>> registries() {
        PrometheusMeterRegistry simpleclient = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        io.micrometer.prometheusmetrics.PrometheusMeterRegistry client =
                new io.micrometer.prometheusmetrics.PrometheusMeterRegistry(
                        io.micrometer.prometheusmetrics.PrometheusConfig.DEFAULT);
        return Stream.of(
                Named.of("simpleclient", new Registry(simpleclient, simpleclient::scrape)),
                Named.of("client_java", new Registry(client, client::scrape)));
    }

    /** A card that can be read, then not, then can. */
    private static final class Card implements EnergySource {
        final AtomicInteger readings = new AtomicInteger();
        volatile String trouble = "";

        @Override
        public String name() {
            return "nvml";
        }

        @Override
        public Reading read() throws IOException {
            if (!trouble.isEmpty()) {
                throw new IOException(trouble);
            }
            double joules = 100.0 * readings.incrementAndGet();
            return new Reading(List.of(new Counter("GPU-1", joules, Double.NaN, true, "part")), "");
        }
    }

    private static String sorted(String text) {
        return text.replace(",}", "}");
    }

    @ParameterizedTest
    @MethodSource("registries")
    void energy_measuredThenNotThenAgain_isShownWithoutARun(Registry given) {
        Card card = new Card();
        try (EnergyMeter meter = EnergyMeter.of(card)) {
            new EnergyMeters(meter).bindTo(given.registry());
            new EnergyMeters(meter).bindTo(given.registry());
            System.gc(); // Nobody but the registry holds the binders.
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(sorted(given.text().get()))
                            .containsPattern(
                                    "etascope_energy_joules_total\\{domain=\"GPU-1\",source=\"nvml\"} [1-9]\\d*00\\.0")
                            .containsPattern(
                                    "etascope_energy_covered_seconds_total\\{domain=\"GPU-1\",source=\"nvml\"} [1-9]")
                            .contains("etascope_energy_source_up{reason=\"\",source=\"nvml\"} 1.0")
                            .contains("# TYPE etascope_energy_joules_total counter"));
            card.trouble = "Driver \"Not Loaded\"";
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(sorted(given.text().get()))
                            .contains(
                                    "etascope_energy_source_up{reason=\"Driver \\\"Not Loaded\\\"\",source=\"nvml\"} 0.0")
                            .doesNotContain("reason=\"\"")
                            .contains("etascope_energy_joules_total{"));
            card.trouble = "";
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(sorted(given.text().get()))
                            .contains("etascope_energy_source_up{reason=\"\",source=\"nvml\"} 1.0")
                            .doesNotContain("Not Loaded"));
        }
    }

    @Test
    void source_thatWordsItsTroubleAnewEachTime_hasFewSeries() {
        AtomicInteger readings = new AtomicInteger();
        EnergySource fails = new EnergySource() {
            @Override
            public String name() {
                return "custom";
            }

            @Override
            public Reading read() throws IOException {
                throw new IOException("request " + readings.incrementAndGet() + " failed");
            }
        };
        Registry given = registries().findFirst().orElseThrow().getPayload();
        Set<String> seen = new HashSet<>();
        try (EnergyMeter meter = EnergyMeter.of(fails)) {
            new EnergyMeters(meter).bindTo(given.registry());
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                given.text()
                        .get()
                        .lines()
                        .filter(line -> line.startsWith("etascope_energy_source_up"))
                        .forEach(seen::add);
                return readings.get() > 8;
            });
        }
        assertThat(seen).hasSizeBetween(2, 6).anySatisfy(one -> assertThat(one).contains("another one than before"));
    }
}
