package org.etascope.prometheus;

/** Another program listens on the endpoint's port. */
public final class PortTakenException extends EndpointException {
    private static final long serialVersionUID = 1;

    /** The port that is taken. */
    private final int port;

    PortTakenException(int port, Throwable cause) {
        super(
                "port " + port + " is taken (OpenTelemetry exporters use 9464 too); choose another with port(...),"
                        + " -Detascope.port or ETASCOPE_PORT",
                cause);
        this.port = port;
    }

    /** {@return the port} */
    public int port() {
        return port;
    }
}
