package org.etascope.prometheus;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What an endpoint counts of itself. The paths are a fixed list, so no client can make series. Any thread. */
final class EndpointMeters {
    private final MeterRegistry registry;

    EndpointMeters(MeterRegistry registry) {
        this.registry = registry;
        Clients.REASONS.forEach(this::rejections);
    }

    /** Shows how many connections there are. */
    void show(Clients clients) {
        Gauge.builder("etascope.endpoint.connections", clients, Clients::connections)
                .description("Connections that clients hold.")
                .strongReference(true)
                .register(registry);
    }

    void answered(String path, int status) {
        Counter.builder("etascope.endpoint.requests")
                .tags("path", path, "code", Integer.toString(status))
                .description("Requests answered.")
                .register(registry)
                .increment();
    }

    void rejected(String reason) {
        rejections(reason).increment();
    }

    private Counter rejections(String reason) {
        return Counter.builder("etascope.endpoint.rejected")
                .tags("reason", reason)
                .description("Connections closed because a bound of the endpoint was reached.")
                .register(registry);
    }
}
