package org.etascope.prometheus;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.etascope.core.RunMonitor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves runs over HTTP while they train: {@code /metrics} for Prometheus, the live page at {@code /}, JSON under {@code
 * /api/runs}, {@code /-/healthy}.
 *
 * <pre>{@code
 * RunMonitor monitor = RunMonitor.builder("char-lm").build();
 * PrometheusEndpoint.builder().port(9464).monitor(monitor).start();
 * }</pre>
 *
 * <p><b>Safe by default.</b> It listens on loopback unless told otherwise, changes nothing, answers GET and HEAD, and
 * refuses foreign host names. Nothing it does runs on the training thread.
 *
 * <p><b>One port, one server.</b> An endpoint on a port that another one of this JVM has already joins it, so that a
 * notebook's cell can be run twice.
 *
 * <p><b>The end.</b> {@link #close()} ends the runs and waits a little for one more scrape if there were any; a JVM that
 * ends without it does the same for at most five seconds. Any thread may call any method.
 */
public final class PrometheusEndpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PrometheusEndpoint.class);
    private static final Duration LONGEST_LINGER = Duration.ofSeconds(30);
    private static final Duration LINGER_AT_EXIT = Duration.ofSeconds(5);

    private final @Nullable EndpointServer server;
    private final List<RunMonitor> monitors = new CopyOnWriteArrayList<>();
    private final Thread atExit = new Thread(this::closeAtExit, "etascope-exit");
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    private PrometheusEndpoint(@Nullable EndpointServer server) {
        this.server = server;
    }

    /** {@return a builder with all defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Adds a run.
     *
     * @param monitor the run; one that is here already stays as it is
     */
    public void watch(RunMonitor monitor) {
        monitors.add(monitor);
        if (server != null) {
            server.runs().add(monitor);
        }
    }

    /** {@return whether it serves: not where its port was taken and training was to go on} */
    public boolean serving() {
        return server != null && closed.getCount() > 0;
    }

    /** {@return where the live page is; {@code metrics} below it is what Prometheus scrapes} */
    public URI uri() {
        if (server == null) {
            throw new IllegalStateException("this endpoint does not serve: its port was taken");
        }
        return server.uri();
    }

    /** Ends the runs, waits for one more scrape if there were any (two intervals, 30 s at most), and stops serving. */
    @Override
    public void close() {
        close(LONGEST_LINGER);
    }

    /**
     * Ends the runs, waits for one more scrape if there were any, and stops serving.
     *
     * @param longestLinger the longest wait; zero for none
     */
    public void close(Duration longestLinger) {
        close(longestLinger, false);
    }

    private void close(Duration longestLinger, boolean atExit) {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        if (!atExit) {
            forgetExit();
        }
        monitors.forEach(RunMonitor::close);
        if (server != null) {
            // Others on this port keep it open, and with it the end of these runs.
            if (atExit || !server.shared()) {
                server.linger(longestLinger);
            }
            server.leave();
        }
        closed.countDown();
    }

    private void closeAtExit() {
        close(LINGER_AT_EXIT, true);
        try {
            // Another thread may have been closing already: it has as long as we would have had.
            closed.await(LINGER_AT_EXIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watchExit() {
        try {
            Runtime.getRuntime().addShutdownHook(atExit);
        } catch (IllegalStateException e) {
            LOG.debug("the JVM is ending already", e);
        }
    }

    private void forgetExit() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            LOG.debug("the JVM is ending already", e);
        }
    }

    /**
     * Settings of an endpoint. Defaults: port 9464 on 127.0.0.1, plain HTTP, no credentials, an error if the port is
     * taken.
     */
    public static final class Builder {
        private static final int DEFAULT_PORT = 9464;

        private int port = DEFAULT_PORT;
        private String bind = "127.0.0.1";
        private final Set<String> hosts = new HashSet<>();
        private @Nullable String user;
        private @Nullable String password;
        private @Nullable String token;
        private @Nullable Tls tls;
        private boolean onlyWarnIfPortTaken;
        private final List<RunMonitor> monitors = new ArrayList<>();

        private Builder() {}

        /**
         * Sets the port.
         *
         * @param number 1 to 65535, or 0 for any free one
         * @return this builder
         */
        public Builder port(int number) {
            if (number < 0 || number > 65_535) {
                throw new IllegalArgumentException("port is " + number + ", allowed: 0 to 65535");
            }
            this.port = number;
            return this;
        }

        /**
         * Sets the address to listen on.
         *
         * @param address an address of this machine, or 0.0.0.0 for all of them
         * @return this builder
         */
        public Builder bind(String address) {
            this.bind = address;
            return this;
        }

        /**
         * Allows a host name in requests, beside localhost and IP addresses. Only needed without credentials.
         *
         * @param name a name by which clients call this machine, without a port
         * @return this builder
         */
        public Builder host(String name) {
            this.hosts.add(name.toLowerCase(Locale.ROOT));
            return this;
        }

        /**
         * Asks for a user and a password (HTTP basic authentication).
         *
         * @param name of the user, without a colon
         * @param secret the password
         * @return this builder
         */
        public Builder basicAuth(String name, String secret) {
            if (name.contains(":")) {
                throw new IllegalArgumentException("user name contains a colon, allowed: any other text");
            }
            this.user = name;
            this.password = secret;
            return this;
        }

        /**
         * Asks for a token (bearer authentication).
         *
         * @param secret the token
         * @return this builder
         */
        public Builder bearerToken(String secret) {
            this.token = secret;
            return this;
        }

        /**
         * Serves HTTPS.
         *
         * @param keyStore a PKCS#12 or JKS file with a private key and its certificates
         * @param secret its password
         * @return this builder
         */
        public Builder tls(Path keyStore, String secret) {
            this.tls = new Tls(keyStore, secret);
            return this;
        }

        /**
         * Lets training go on with a warning where the port is taken.
         *
         * @return this builder
         */
        public Builder onlyWarnIfPortTaken() {
            this.onlyWarnIfPortTaken = true;
            return this;
        }

        /**
         * Adds a run.
         *
         * @param monitor the run
         * @return this builder
         */
        public Builder monitor(RunMonitor monitor) {
            this.monitors.add(monitor);
            return this;
        }

        /**
         * {@return the endpoint, serving}
         *
         * @throws EndpointException if it cannot listen: one line that says why
         */
        public PrometheusEndpoint start() {
            PrometheusEndpoint endpoint = new PrometheusEndpoint(server());
            monitors.forEach(endpoint::watch);
            endpoint.watchExit();
            return endpoint;
        }

        private @Nullable EndpointServer server() {
            Credentials credentials = Credentials.of(user, password, token);
            if (credentials != null && tls == null) {
                LOG.warn("credentials travel unencrypted without TLS");
            }
            try {
                return EndpointServer.join(port, new EndpointSettings(bind, Set.copyOf(hosts), credentials, tls));
            } catch (PortTakenException e) {
                if (onlyWarnIfPortTaken) {
                    LOG.warn("no metrics and no live page: {}", e.getMessage());
                    return null;
                }
                throw e;
            }
        }
    }
}
