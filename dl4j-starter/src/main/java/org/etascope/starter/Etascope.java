package org.etascope.starter;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.deeplearning4j.nn.api.Model;
import org.etascope.core.Outcome;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.dl4j.EtaListener;
import org.etascope.prometheus.PrometheusEndpoint;

/**
 * A network's training, watched and served.
 *
 * <pre>{@code
 * Etascope.run(net, 9464, "char-lm", n -> n.fit(data, epochs));
 * }</pre>
 *
 * <p>The run has finished when this returns, and has failed if an exception leaves it. The same in pieces:
 *
 * <pre>{@code
 * try (Etascope watched = Etascope.attach(net, 9464, "char-lm")) {
 *     net.fit(data, epochs);
 *     watched.finished();
 * }
 * }</pre>
 *
 * <p>The live page is at {@code http://127.0.0.1:9464}, the metrics at {@code /metrics} there. Listeners that the network
 * has already stay. A run that is closed without {@link #finished()} has failed if an epoch was not ended, and finished if
 * the last thing it did was to end one. Without {@link #close()} the run ends with the JVM.
 */
public final class Etascope implements AutoCloseable {
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("'run-'yyyyMMdd'T'HHmmss'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final RunMonitor monitor;
    private final PrometheusEndpoint endpoint;

    private Etascope(RunMonitor monitor, PrometheusEndpoint endpoint) {
        this.monitor = monitor;
        this.endpoint = endpoint;
    }

    /**
     * Watches a network under a name made of the time, on the configured port (9464 unless set with {@code
     * -Detascope.port} or {@code ETASCOPE_PORT}).
     *
     * @param net a MultiLayerNetwork or a ComputationGraph, initialised
     * @return what watches it
     */
    public static Etascope attach(Model net) {
        return attach(net, PrometheusEndpoint.builder(), NAME.format(Instant.now()));
    }

    /**
     * Watches a network.
     *
     * @param net a MultiLayerNetwork or a ComputationGraph, initialised
     * @param port where to serve, 0 for any free port
     * @param run name of the run
     * @return what watches it
     */
    public static Etascope attach(Model net, int port, String run) {
        return attach(net, PrometheusEndpoint.builder().port(port), run);
    }

    // The endpoint first: if its port is taken, the network is left as it was.
    private static Etascope attach(Model net, PrometheusEndpoint.Builder builder, String run) {
        RunMonitor monitor = RunMonitor.builder(run).build();
        Etascope watched = new Etascope(monitor, builder.monitor(monitor).start());
        net.addListeners(new EtaListener(monitor));
        return watched;
    }

    /**
     * Watches a network while it is trained, under a name made of the time, on the configured port.
     *
     * @param net a MultiLayerNetwork or a ComputationGraph, initialised
     * @param training what trains it, such as {@code n -> n.fit(data)}
     * @param <N> the network
     * @param <E> what the training may throw
     * @return the run at its end
     * @throws E what the training throws: the run has failed
     */
    public static <N extends Model, E extends Exception> RunSnapshot run(N net, Training<N, E> training) throws E {
        return run(attach(net), net, training);
    }

    /**
     * Watches a network while it is trained.
     *
     * @param net a MultiLayerNetwork or a ComputationGraph, initialised
     * @param port where to serve, 0 for any free port
     * @param run name of the run
     * @param training what trains it, such as {@code n -> n.fit(data)}
     * @param <N> the network
     * @param <E> what the training may throw
     * @return the run at its end
     * @throws E what the training throws: the run has failed
     */
    public static <N extends Model, E extends Exception> RunSnapshot run(
            N net, int port, String run, Training<N, E> training) throws E {
        return run(attach(net, port, run), net, training);
    }

    static <N extends Model, E extends Exception> RunSnapshot run(Etascope watched, N net, Training<N, E> training)
            throws E {
        try (watched) {
            try {
                training.train(net);
                watched.finished();
            } finally {
                // An end that was told already stays.
                watched.monitor.end(Outcome.FAILED);
            }
            return watched.monitor.snapshot();
        }
    }

    /** Says that training has come to its end. What is not said shows in how the run is closed, see above. */
    public void finished() {
        monitor.end(Outcome.FINISHED);
    }

    /** {@return the run} */
    public RunMonitor monitor() {
        return monitor;
    }

    /** {@return where it is served} */
    public PrometheusEndpoint endpoint() {
        return endpoint;
    }

    /** Ends the run, waits until each scraper has seen the end, and stops serving. */
    @Override
    public void close() {
        endpoint.close();
    }
}
