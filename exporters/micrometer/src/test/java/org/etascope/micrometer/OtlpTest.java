package org.etascope.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Clock;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.etascope.core.Outcome;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The recipe of docs/fleets.md: meters pushed by OTLP to a collector, here one that keeps what it gets. */
class OtlpTest {
    private final List<ExportMetricsServiceRequest> received = new CopyOnWriteArrayList<>();
    private HttpServer collector;

    @BeforeEach
    void start() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/metrics", exchange -> {
            received.add(ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
    }

    @AfterEach
    void stop() {
        collector.stop(0);
    }

    @Test
    void shortJob_endsBeforeTheFirstInterval_itsEndIsPushed() {
        String url = "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/metrics";
        RunMonitor monitor = RunMonitor.builder("char-lm").build();

        OtlpMeterRegistry registry =
                new OtlpMeterRegistry(Map.of("otlp.url", url, "otlp.step", "PT1M")::get, Clock.SYSTEM);
        new RunMeters(monitor).bindTo(registry);
        monitor.step(1600, 4.59);
        monitor.step(1600, 4.2);
        monitor.end(Outcome.FINISHED);
        registry.close();

        assertThat(value("etascope.run.tokens")).isEqualTo(3200);
        assertThat(value("etascope.last.loss.nats")).isEqualTo(4.2);
        assertThat(points("etascope.run.outcome"))
                .filteredOn(point -> point.getAsDouble() == 1)
                .singleElement()
                .satisfies(point -> assertThat(point.getAttributesList())
                        .anyMatch(label -> label.getKey().equals("outcome")
                                && label.getValue().getStringValue().equals("finished")));
    }

    private double value(String name) {
        List<NumberDataPoint> points = points(name);
        assertThat(points).as(name).hasSize(1);
        return points.get(0).getAsDouble();
    }

    /** {@return what came last of a gauge} */
    private List<NumberDataPoint> points(String name) {
        assertThat(received).isNotEmpty();
        return received.get(received.size() - 1).getResourceMetrics(0).getScopeMetrics(0).getMetricsList().stream()
                .filter(metric -> metric.getName().equals(name))
                .map(Metric::getGauge)
                .flatMap(gauge -> gauge.getDataPointsList().stream())
                .toList();
    }
}
