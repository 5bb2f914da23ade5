package org.etascope.prometheus;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A registry and the text of its meters. */
interface Exposition extends AutoCloseable {
    MeterRegistry registry();

    /**
     * Writes the text.
     *
     * @param names the metrics asked for; empty for all
     */
    void write(OutputStream out, String contentType, Set<String> names) throws IOException;

    /** Shows of runs what Micrometer has no meter for, where it can. */
    default void show(List<WatchedRun> runs) {}

    @Override
    void close();

    /** {@return a registry on Prometheus simpleclient, with the meters of the process} */
    static Exposition own() {
        return new Own();
    }

    /** The registry of an application: its meters are its own affair, and it goes on without the endpoint. */
    record Given(MeterRegistry registry, UnaryOperator<String> text) implements Exposition {
        @Override
        public void write(OutputStream out, String contentType, Set<String> names) throws IOException {
            out.write(text.apply(contentType).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() {}
    }

    /** The default. */
    @SuppressWarnings("deprecation") // Micrometer prefers its newer client; simpleclient is what this exporter is for
    final class Own implements Exposition {
        private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        private final ProcessMeters process = new ProcessMeters();

        private Own() {
            process.bindTo(registry);
        }

        @Override
        public MeterRegistry registry() {
            return registry;
        }

        @Override
        public void show(List<WatchedRun> runs) {
            registry.getPrometheusRegistry().register(new StepDurationCollector(runs));
        }

        @Override
        public void write(OutputStream out, String contentType, Set<String> names) throws IOException {
            Writer text = new TextWriter(out);
            if (names.isEmpty()) {
                registry.scrape(text, contentType);
            } else {
                registry.scrape(text, contentType, names);
            }
            text.flush();
        }

        @Override
        public void close() {
            process.close();
            registry.close();
        }
    }
}
