package org.etascope.prometheus;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.etascope.core.AtExit;
import org.etascope.core.Background;
import org.etascope.core.EnergyMeter;
import org.etascope.core.OneLine;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunObserver;
import org.etascope.core.RunSnapshot;
import org.etascope.micrometer.EnergyMeters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves runs over HTTP while they train: {@code /metrics} for Prometheus, the live page at {@code /}, JSON under {@code
 * /api/runs}, {@code /-/healthy}, and {@code /-/ready} once there is a run.
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
 * <p><b>The end.</b> {@link #close()} ends the runs and waits until each scraper has seen the end, at most two of its
 * intervals and three minutes; a JVM that ends without it does the same for at most five seconds. Any thread may call any method.
 */
public final class PrometheusEndpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PrometheusEndpoint.class);
    private static final Duration LONGEST_LINGER = Scrapers.LONGEST;
    private static final Duration LINGER_AT_EXIT = Duration.ofSeconds(5);

    private final @Nullable EndpointServer server;
    private final @Nullable Pushgateway pushgateway;
    private final EnergyMeter energy;
    /** Weak, so that a run that is over and told need not stay. */
    private final Set<RunMonitor> pushed = Collections.newSetFromMap(new WeakHashMap<>());

    private final List<RunMonitor> monitors = new CopyOnWriteArrayList<>();
    private final AtExit atExit = AtExit.run(this::closeAtExit);
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    private PrometheusEndpoint(@Nullable EndpointServer server, @Nullable Pushgateway pushgateway, EnergyMeter energy) {
        this.server = server;
        this.pushgateway = pushgateway;
        this.energy = energy;
        if (server != null) {
            new EnergyMeters(energy).bindTo(server.runs().registry());
        }
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
        monitors.removeIf(one -> one.closed() && told(one));
        monitors.add(monitor);
        energy.watch(monitor);
        if (server != null) {
            WatchedRun run = server.runs().add(monitor);
            LOG.info(
                    "run \"{}\" is shown live at {} and scraped at {}/metrics",
                    OneLine.of(run.name()),
                    server.uri(),
                    server.uri());
        }
        if (pushgateway != null) {
            monitor.addObserver(new RunObserver() {
                @Override
                public void ended(RunSnapshot last) {
                    // Other observers wait on this thread, so a slow gateway may not.
                    Future<?> unused = Background.later(Duration.ZERO, () -> pushOnce(monitor));
                }
            });
        }
    }

    private boolean told(RunMonitor monitor) {
        synchronized (pushed) {
            return pushgateway == null || pushed.contains(monitor);
        }
    }

    /** One at a time: who closes the endpoint waits for a push under way, lest the process end in the middle of it. */
    private void pushOnce(RunMonitor monitor) {
        synchronized (pushed) {
            if (pushgateway != null && pushed.add(monitor)) {
                pushgateway.push(monitor);
            }
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

    /**
     * Ends the runs, waits until each scraper and each open page has seen the end (at most two of its intervals and three
     * minutes; who came only once is not waited for), and stops serving.
     */
    @Override
    public void close() {
        close(LONGEST_LINGER);
    }

    /**
     * Ends the runs, waits until each scraper has seen the end, and stops serving.
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
        this.atExit.close();
        monitors.forEach(RunMonitor::close);
        monitors.forEach(this::pushOnce);
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

    /**
     * Settings of an endpoint. What is not set here is taken from {@code -Detascope.*}, then from {@code ETASCOPE_*}, then
     * it is the default: port 9464 on 127.0.0.1, plain HTTP, no credentials, an error if the port is taken, no
     * Pushgateway.
     */
    public static final class Builder {
        private final Map<String, String> given = new HashMap<>();
        private final Set<String> hosts = new LinkedHashSet<>();
        private final List<RunMonitor> monitors = new ArrayList<>();
        private @Nullable Exposition exposition;
        private @Nullable EnergyMeter energy;

        private Builder() {}

        /**
         * Sets the port.
         *
         * @param number 1 to 65535, or 0 for any free one
         * @return this builder
         */
        public Builder port(int number) {
            given.put(Settings.PORT, Integer.toString(number));
            return this;
        }

        /**
         * Sets the address to listen on.
         *
         * @param address an address of this machine, or 0.0.0.0 for all of them
         * @return this builder
         */
        public Builder bind(String address) {
            given.put(Settings.BIND, address);
            return this;
        }

        /**
         * Allows a host name in requests, beside localhost and IP addresses. Only needed without credentials.
         *
         * @param name a name by which clients call this machine, without a port
         * @return this builder
         */
        public Builder host(String name) {
            hosts.add(name);
            given.put(Settings.HOSTS, String.join(",", hosts));
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
            given.put(Settings.USER, name);
            given.put(Settings.PASSWORD, secret);
            return this;
        }

        /**
         * Asks for a token (bearer authentication).
         *
         * @param secret the token
         * @return this builder
         */
        public Builder bearerToken(String secret) {
            given.put(Settings.TOKEN, secret);
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
            given.put(Settings.KEY_STORE, keyStore.toString());
            given.put(Settings.KEY_STORE_PASSWORD, secret);
            return this;
        }

        /**
         * Lets training go on with a warning where the port is taken.
         *
         * @return this builder
         */
        public Builder onlyWarnIfPortTaken() {
            given.put(Settings.PORT_TAKEN, "warn");
            return this;
        }

        /**
         * Pushes the outcome of each run when it ends.
         *
         * @param address of a Pushgateway, such as {@code http://127.0.0.1:9091}
         * @return this builder
         */
        public Builder pushgateway(URI address) {
            given.put(Settings.PUSHGATEWAY, address.toString());
            return this;
        }

        /**
         * Shows runs that were recorded before on the page too, beside those watched. They are no part of the metrics.
         *
         * @param folder one that exists, with {@linkplain org.etascope.recording.JournalWriter journals} in folders below
         *     it, such as {@code runs}
         * @return this builder
         */
        public Builder recordings(Path folder) {
            given.put(Settings.RECORDINGS, folder.toString());
            return this;
        }

        /**
         * Puts the meters into a registry of the application, and serves what that writes. Default: a registry of the
         * endpoint's own on Prometheus simpleclient.
         *
         * <pre>{@code
         * PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
         * PrometheusEndpoint.builder().registry(registry, registry::scrape).monitor(monitor).start();
         * }</pre>
         *
         * @param registry of any kind; it stays open when the endpoint closes, and keeps the meters of its own
         * @param text makes the text of all its meters in the format of a content type, as {@code scrape(String)} of
         *     Micrometer's two Prometheus registries does
         * @return this builder
         */
        public Builder registry(MeterRegistry registry, UnaryOperator<String> text) {
            this.exposition = new Exposition.Given(registry, text);
            return this;
        }

        /**
         * Sets what measures the energy of the runs. Default: {@link EnergyMeter#ofThisMachine()}, which measures once
         * {@code etascope-energy} is on the class path.
         *
         * @param meter what measures
         * @return this builder
         */
        public Builder energy(EnergyMeter meter) {
            this.energy = meter;
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
         * @throws EndpointException if a setting is not right or it cannot listen: one line that says why
         */
        public PrometheusEndpoint start() {
            Settings settings = Settings.of(Configuration.of(given));
            PrometheusEndpoint endpoint = new PrometheusEndpoint(
                    server(settings), settings.pushgateway(), energy == null ? EnergyMeter.ofThisMachine() : energy);
            if (endpoint.server != null && settings.recordings() != null) {
                endpoint.server.runs().show(settings.recordings());
            }
            monitors.forEach(endpoint::watch);
            return endpoint;
        }

        private static void warnOfLeaks(boolean encrypted) {
            if (!encrypted) {
                LOG.warn("credentials travel unencrypted without TLS");
            }
            if (LoggerFactory.getLogger("org.eclipse.jetty.http").isDebugEnabled()) {
                LOG.warn("Jetty's logger is at DEBUG and writes every request's credentials into the log;"
                        + " set org.eclipse.jetty to INFO");
            }
        }

        private @Nullable EndpointServer server(Settings settings) {
            EndpointSettings reached = settings.reached();
            if (reached.credentials() != null) {
                warnOfLeaks(reached.tls() != null);
            } else if (!reached.onlyHere()) {
                LOG.warn(
                        "the endpoint listens on {} without credentials: everyone who reaches this machine can read the"
                                + " runs; set a token or a user (docs/configuration.md)",
                        reached.bind());
            }
            try {
                return EndpointServer.join(settings.port(), reached, exposition);
            } catch (PortTakenException e) {
                if (settings.onlyWarnIfPortTaken()) {
                    LOG.warn("no metrics and no live page: {}", e.getMessage());
                    return null;
                }
                throw e;
            }
        }
    }
}
