package org.etascope.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** An application's composite, which hands everything on to the registries in it. */
class CompositeRunMetersTest extends RunMetersContract {
    private final PrometheusMeterRegistry inner = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Override
    MeterRegistry newRegistry() {
        CompositeMeterRegistry composite = new CompositeMeterRegistry();
        composite.add(inner);
        return composite;
    }

    @Override
    String scrapeText() {
        return inner.scrape();
    }
}
