package org.etascope.micrometer;

import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;

/** The default registry. */
@SuppressWarnings("deprecation") // Micrometer prefers its newer client; simpleclient is what this exporter is for
class SimpleclientRunMetersTest extends RunMetersContract {
    SimpleclientRunMetersTest() {
        super(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), PrometheusMeterRegistry::scrape);
    }
}
