package org.etascope.dashboards;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What Alertmanager sends messages to: keeps each, as JSON. */
final class Webhook implements AutoCloseable {
    private final HttpServer server;
    private final List<String> messages = new CopyOnWriteArrayList<>();

    Webhook() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            messages.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    /** {@return host and port} */
    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    List<String> messages() {
        return messages;
    }

    /** {@return the first message about an alert of a run} */
    Optional<String> message(String alert, String run) {
        return messages.stream()
                .filter(message -> {
                    var group = Shipped.object(message).path("groupLabels");
                    return group.path("alertname").asText().equals(alert)
                            && group.path("run").asText().equals(run);
                })
                .findFirst();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
