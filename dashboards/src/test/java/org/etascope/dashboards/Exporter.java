package org.etascope.dashboards;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A made-up process with one run: serves what it is told to, and counts who asked. */
final class Exporter implements AutoCloseable {
    private final String run;
    private final HttpServer server;
    private final Map<String, Double> samples = new LinkedHashMap<>();
    private final AtomicInteger scrapes = new AtomicInteger();

    Exporter(int port, String run) {
        this.run = run;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        double now = Math.floor(System.currentTimeMillis() / 1e3);
        set("etascope_run_start_timestamp_seconds", now);
        set("etascope_run_end_timestamp_seconds", Double.NaN);
        set("etascope_last_step_timestamp_seconds", now);
        set("etascope_run_steps", 1081);
        set("etascope_run_tokens", 1_940_000);
        set("etascope_tokens_total", 1_940_000);
        set("etascope_current_loss_nats", 1.4382);
        set("etascope_eta_ratio", 1.3121);
        set("etascope_nats_per_doubling", 0.3812);
        set("etascope_nats_per_doubling_lower", 0.3512);
        set("etascope_nats_per_doubling_upper", 0.4112);
        set("etascope_saturation_threshold_nats_per_doubling", 0.0531);
        set("etascope_phase{phase=\"training\"}", 1);
        set("etascope_phase{phase=\"saturated\"}", 0);
        for (String outcome : new String[] {"finished", "failed", "interrupted"}) {
            set("etascope_run_outcome{outcome=\"" + outcome + "\"}", 0);
        }
        server.createContext("/metrics", exchange -> {
            byte[] page = page().getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
            scrapes.incrementAndGet();
        });
        server.start();
    }

    /** Sets a value; a series is written with the labels that it has beside its run. */
    synchronized Exporter set(String series, double value) {
        samples.put(series, value);
        return this;
    }

    private synchronized String page() {
        samples.merge("etascope_tokens_total", 1000.0, Double::sum);
        StringBuilder page = new StringBuilder();
        samples.forEach((series, value) -> {
            String[] nameAndLabels = series.replace("}", "").split("\\{", 2);
            page.append(nameAndLabels[0]).append("{run=\"").append(run).append('"');
            page.append(nameAndLabels.length > 1 ? "," + nameAndLabels[1] : "");
            page.append("} ").append(value).append('\n');
        });
        return page.toString();
    }

    int scrapes() {
        return scrapes.get();
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
