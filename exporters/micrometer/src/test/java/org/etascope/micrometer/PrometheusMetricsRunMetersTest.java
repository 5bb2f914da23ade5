package org.etascope.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** The registry on the newer Prometheus client, which applications bring. */
class PrometheusMetricsRunMetersTest extends RunMetersContract {
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
