package org.etascope.prometheus;

import java.net.BindException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of one port. All endpoints of this JVM on that port share it; the last to leave stops it.
 *
 * <p>Everything a client can take is bounded: 16 threads, which never wait for a client, {@value #MOST_CONNECTIONS}
 * connections, {@value #LONGEST_REQUEST_SECONDS} s from the first byte of a request to the last of its answer,
 * {@value #LARGEST_HEADERS} bytes of headers, a sixteenth of the heap for answers on their way, no body.
 */
final class EndpointServer {
    static final int LONGEST_REQUEST_SECONDS = 10;
    static final int LARGEST_HEADERS = 8 * 1024;
    static final int MOST_CONNECTIONS = 200;
    /** Of answers on their way to clients, each counted once however many are given it; less where the heap is small. */
    private static final long MOST_BYTES = 64 << 20;

    private static final int HEAP_SHARE = 16;

    private static final Logger LOG = LoggerFactory.getLogger(EndpointServer.class);
    private static final int FEWEST_THREADS = 8;
    private static final int MOST_THREADS = 16;
    private static final int ACCEPT_QUEUE = 1_024;
    private static final int SEND_BUFFER = 64 * 1024;
    private static final Map<Integer, EndpointServer> OWNED = new HashMap<>();

    private final EndpointSettings settings;
    private final WatchedRuns runs;
    private final Scrapers scrapers = new Scrapers(System::nanoTime);
    private final Server server;
    private final ServerConnector connector;
    private int localPort;
    private int users;

    private EndpointServer(int port, EndpointSettings settings, @Nullable Exposition given) {
        this.runs = new WatchedRuns(given == null ? Exposition.own() : given);
        this.settings = settings;
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, FEWEST_THREADS);
        threads.setName("etascope-http");
        threads.setDaemon(true);
        this.server = new Server(threads);
        this.connector = connector(server, port, settings);
        EndpointMeters meters = new EndpointMeters(runs.registry());
        Clients clients = new Clients(
                connector.getScheduler(),
                MOST_CONNECTIONS,
                Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / HEAP_SHARE),
                Duration.ofSeconds(LONGEST_REQUEST_SECONDS),
                meters::rejected);
        meters.show(clients);
        connector.addBean(clients);
        server.addConnector(connector);
        Routes routes = new Routes(settings, runs, clients, scrapers, meters);
        server.setHandler(routes);
        server.setErrorHandler(routes::sendError);
    }

    private static ServerConnector connector(Server server, int port, EndpointSettings settings) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(LARGEST_HEADERS);
        // A run may be called anything, slashes and dots too, and no path here is ever taken for a file's.
        http.setUriCompliance(UriCompliance.DEFAULT.with(
                "run names",
                UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
                UriCompliance.Violation.AMBIGUOUS_PATH_SEGMENT,
                UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING,
                UriCompliance.Violation.AMBIGUOUS_PATH_PARAMETER,
                UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT,
                UriCompliance.Violation.SUSPICIOUS_PATH_CHARACTERS,
                UriCompliance.Violation.ILLEGAL_PATH_CHARACTERS));
        HttpConnectionFactory factory = new HttpConnectionFactory(http);
        Scheduler clock = new ScheduledExecutorScheduler("etascope-http-clock", true);
        Tls tls = settings.tls();
        ServerConnector connector = tls == null
                ? new ServerConnector(server, null, clock, null, 1, 1, factory)
                : new ServerConnector(server, null, clock, null, 1, 1, tlsFactory(tls), factory);
        connector.setHost(settings.bind());
        connector.setPort(port);
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        // Left to itself, the system sets aside megabytes for each client that does not read.
        connector.setAcceptedSendBufferSize(SEND_BUFFER);
        connector.setIdleTimeout(Duration.ofSeconds(LONGEST_REQUEST_SECONDS).toMillis());
        return connector;
    }

    private static SslConnectionFactory tlsFactory(Tls tls) {
        SslContextFactory.Server context = new SslContextFactory.Server();
        context.setKeyStore(tls.load());
        context.setKeyStorePassword(tls.password());
        return new SslConnectionFactory(context, "http/1.1");
    }

    /**
     * {@return the server of a port, started if this JVM has none there}
     *
     * @param port 1 to 65535, or 0 for a server of its own on any free port
     * @param given the registry for the meters, null for one of the server's own or the one that is there
     */
    static EndpointServer join(int port, EndpointSettings settings, @Nullable Exposition given) {
        synchronized (OWNED) {
            EndpointServer server = OWNED.get(port);
            if (server == null) {
                server = new EndpointServer(port, settings, given);
                server.start(port);
                OWNED.put(server.port(), server);
            } else if (!server.settings.equals(settings)
                    || (given != null && server.runs.registry() != given.registry())) {
                throw new EndpointException(
                        "port " + port + " is served by this JVM already, with other settings of"
                                + " address, hosts, credentials, TLS or registry; close that endpoint first or choose another port");
            }
            server.users++;
            return server;
        }
    }

    private void start(int port) {
        try {
            connector.open();
            server.start();
            localPort = connector.getLocalPort();
        } catch (Exception e) {
            stop();
            throw failure(port, e);
        }
    }

    private EndpointException failure(int port, Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException
                    && String.valueOf(cause.getMessage()).contains("in use")) {
                return new PortTakenException(port, e);
            }
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new EndpointException(
                "cannot listen on " + settings.bind() + " port " + port + ": " + root.getMessage(), e);
    }

    WatchedRuns runs() {
        return runs;
    }

    int port() {
        return localPort;
    }

    URI uri() {
        String bind = settings.bind();
        boolean any = bind.equals("0.0.0.0") || bind.equals("::");
        String host = any ? "127.0.0.1" : bind.contains(":") ? "[" + bind + "]" : bind;
        return URI.create((settings.tls() == null ? "http://" : "https://") + host + ":" + port());
    }

    /** Lets those who have scraped so far see the end of all runs, before it is gone. */
    void linger(Duration longest) {
        runs.forgetAnswers();
        scrapers.awaitEach(runs.ends(), longest);
    }

    boolean shared() {
        synchronized (OWNED) {
            return users > 1;
        }
    }

    void leave() {
        synchronized (OWNED) {
            if (--users == 0) {
                OWNED.values().remove(this);
                stop();
            }
        }
    }

    private void stop() {
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("the endpoint did not stop as it should", e);
        }
        runs.close();
    }
}
