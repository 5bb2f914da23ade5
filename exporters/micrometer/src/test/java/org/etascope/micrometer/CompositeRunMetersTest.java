package org.etascope.micrometer;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Set;

/** An application's composite, which hands everything on to the registries in it. */
class CompositeRunMetersTest extends RunMetersContract {
    CompositeRunMetersTest() {
        super(
                new CompositeMeterRegistry(Clock.SYSTEM, Set.of(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))),
                composite -> ((PrometheusMeterRegistry)
                                composite.getRegistries().iterator().next())
                        .scrape());
    }
}
