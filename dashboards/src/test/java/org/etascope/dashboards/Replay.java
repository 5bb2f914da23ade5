package org.etascope.dashboards;

import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.etascope.core.RunMonitor;
import org.etascope.micrometer.RunMeters;

/**
 * Losses replayed in simulated time through the real monitor and the real exporter, and what a Prometheus would have
 * scraped every 15 seconds, in OpenMetrics for {@code promtool tsdb create-blocks-from openmetrics}.
 */
@SuppressWarnings("deprecation") // Micrometer prefers its newer client; simpleclient is what the exporter is for
final class Replay {
    static final Duration SCRAPE_INTERVAL = Duration.ofSeconds(15);

    private final String target;
    private final RunMonitor monitor;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final StringBuilder scraped = new StringBuilder();
    private Instant clock;

    Replay(String run, Instant start, UnaryOperator<RunMonitor.Builder> settings) {
        this.clock = start;
        this.target = "job=\"etascope\",instance=\"" + run + ":9464\"";
        this.monitor = settings.apply(RunMonitor.builder(run).clock(() -> clock.toEpochMilli()))
                .build();
        new RunMeters(monitor).bindTo(registry);
    }

    /** Lets one scrape interval pass, with what happens in it, and scrapes. */
    void interval(Consumer<RunMonitor> training) {
        clock = clock.plus(SCRAPE_INTERVAL);
        training.accept(monitor);
        String time = " " + clock.getEpochSecond() + "\n";
        scraped.append("up{").append(target).append("} 1").append(time);
        registry.scrape()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> scraped.append(
                                line.replaceFirst("\\{", "{" + target + ",").replace(",}", "}"))
                        .append(time));
    }

    RunMonitor monitor() {
        return monitor;
    }

    String samples() {
        return scraped.toString();
    }
}
