package org.etascope.micrometer;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** The registry on the newer Prometheus client, which applications bring. */
class PrometheusMetricsRunMetersTest extends RunMetersContract {
    PrometheusMetricsRunMetersTest() {
        super(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), PrometheusMeterRegistry::scrape);
    }
}
