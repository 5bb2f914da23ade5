package org.etascope.prometheus;

import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.exporter.PushGateway;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.etascope.core.RunMonitor;
import org.etascope.micrometer.RunMeters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves the outcome of a run with a Prometheus Pushgateway, where it can be scraped after the process is gone.
 *
 * <p>Each run is a group of its own, {@code job="etascope", run="<name>"}, with its {@code worker} if it has
 * one; pushing it again replaces it. A gateway that
 * cannot be reached costs one warning and at most ten seconds. Any thread.
 */
@SuppressWarnings("deprecation") // Micrometer prefers its newer client; simpleclient is what this exporter is for
public final class Pushgateway {
    private static final Logger LOG = LoggerFactory.getLogger(Pushgateway.class);
    private static final String JOB = "etascope";
    static final String ALLOWED = "an http or https URL such as http://127.0.0.1:9091";
    private static final int TIMEOUT_MILLIS = (int) Duration.ofSeconds(5).toMillis();

    private final URI address;
    /** The value of the Authorization header, null for none. */
    private final @Nullable String authorization;

    private final PushGateway gateway;
    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * Names a gateway; nothing is sent yet.
     *
     * @param address its address, such as {@code http://127.0.0.1:9091}, http or https; a user and a password in it are
     *     sent as HTTP basic authentication, and shown nowhere
     */
    public Pushgateway(URI address) {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || address.getHost() == null) {
            throw new IllegalArgumentException(
                    "Pushgateway address is \"" + shown(address.toString()) + "\", allowed: " + ALLOWED);
        }
        String user = address.getUserInfo();
        this.authorization = user == null
                ? null
                : "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
        try {
            this.address = new URI(scheme, null, address.getHost(), address.getPort(), address.getPath(), null, null);
            this.gateway = new PushGateway(this.address.toURL());
        } catch (URISyntaxException | MalformedURLException e) {
            throw new IllegalArgumentException("Pushgateway address is no URL, allowed: " + ALLOWED);
        }
        gateway.setConnectionFactory(this::connection);
    }

    /** {@return an address, right or wrong, without the user and the password that may stand in it} */
    static String shown(String address) {
        return address.replaceFirst("^([A-Za-z]*://)?.*@", "$1***@");
    }

    private HttpURLConnection connection(String url) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        // The credentials are for this gateway alone.
        connection.setInstanceFollowRedirects(false);
        if (authorization != null) {
            connection.setRequestProperty("Authorization", authorization);
        }
        return connection;
    }

    /**
     * Pushes all metrics of a run as they are now.
     *
     * @param monitor the run
     * @return whether the gateway has them
     */
    public boolean push(RunMonitor monitor) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (RunMeters meters = new RunMeters(monitor)) {
            meters.bindTo(registry);
            meters.freeze();
            try {
                gateway.push(
                        registry.getPrometheusRegistry(),
                        JOB,
                        group(meters.run(), monitor.snapshot().info().worker()));
            } finally {
                meters.thaw();
            }
            return true;
        } catch (IOException e) {
            warn(e);
            return false;
        } finally {
            registry.close();
        }
    }

    /**
     * Deletes what was pushed of a run.
     *
     * @param run the run's name, as its metrics show it
     * @return whether the gateway has done it
     */
    public boolean delete(String run) {
        return delete(run, "");
    }

    /**
     * Deletes what one worker pushed of a run.
     *
     * @param run the run's name, as its metrics show it
     * @param worker the worker's name, empty for none
     * @return whether the gateway has done it
     */
    public boolean delete(String run, String worker) {
        try {
            gateway.delete(JOB, group(run, worker));
            return true;
        } catch (IOException e) {
            warn(e);
            return false;
        }
    }

    private static Map<String, String> group(String run, String worker) {
        return worker.isEmpty() ? Map.of("run", run) : Map.of("run", run, "worker", worker);
    }

    private void warn(IOException e) {
        if (warned.compareAndSet(false, true)) {
            LOG.warn(
                    "Pushgateway {} does not answer as it should, further failures are not logged: {}",
                    address,
                    e.toString());
        }
    }
}
