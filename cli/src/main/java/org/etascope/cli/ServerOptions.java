package org.etascope.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.etascope.prometheus.EndpointException;
import org.etascope.prometheus.PortTakenException;
import org.etascope.prometheus.PrometheusEndpoint;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command serves the live page; credentials and the like are settings of the endpoint. */
final class ServerOptions {
    @Option(names = "--port", paramLabel = "P", description = "port to serve on (default: 9464)")
    int port = 9464;

    @Option(
            names = "--bind",
            paramLabel = "A",
            description = "address to listen on (default: 127.0.0.1, this machine only)")
    String bind = "127.0.0.1";

    void check() {
        if (port < 0 || port > 65_535) {
            throw Failure.usage("--port " + port + " is out of range, allowed: 0 (any free one) to 65535");
        }
        try {
            var unused = InetAddress.getByName(bind);
        } catch (UnknownHostException e) {
            throw Failure.usage(
                    "--bind \"" + bind + "\" is unknown, allowed: an address or name of this machine, such as"
                            + " 127.0.0.1, or 0.0.0.0 for all of them");
        }
    }

    /** {@return an endpoint that serves, and shows the recorded runs of a folder where one is given} */
    PrometheusEndpoint start(@Nullable Path recordings) {
        try {
            PrometheusEndpoint.Builder builder =
                    PrometheusEndpoint.builder().port(port).bind(bind);
            return (recordings == null ? builder : builder.recordings(recordings)).start();
        } catch (PortTakenException e) {
            throw Failure.failed(
                    "port " + port
                            + " is taken (OpenTelemetry exporters use 9464 too); choose another with --port, or 0 for any free one");
        } catch (EndpointException | IllegalArgumentException e) {
            throw Failure.failed(Failure.reason(e));
        }
    }
}
