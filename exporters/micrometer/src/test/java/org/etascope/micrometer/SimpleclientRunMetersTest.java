package org.etascope.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;

/** The default registry. */
@SuppressWarnings("deprecation") // Micrometer prefers its newer client; simpleclient is what this exporter is for
class SimpleclientRunMetersTest extends RunMetersContract {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Override
    MeterRegistry newRegistry() {
        return registry;
    }

    @Override
    String scrapeText() {
        return registry.scrape();
    }
}
