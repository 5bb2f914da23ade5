package org.etascope.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.SparkListenable;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;

/**
 * Watches a training on Spark from its driver: one run, one ledger, exact through failing tasks.
 *
 * <pre>{@code
 * RunMonitor monitor = RunMonitor.builder("char-lm").build();
 * SparkEta eta = SparkEta.attach(net, monitor);
 * for (int epoch = 0; epoch < epochs; epoch++) {
 *     net.fit(data);
 *     eta.endEpoch();
 * }
 * eta.close();
 * }</pre>
 *
 * <p>ParameterAveragingTrainingMaster needs nothing more; the steps of a round appear when it is averaged. For
 * SharedTrainingMaster the context's configuration has to name {@link EtascopePlugin}; its steps appear within a second.
 */
public final class SparkEta implements AutoCloseable {
    private static final Map<String, SparkEta> OPEN = new ConcurrentHashMap<>();

    private final String session = UUID.randomUUID().toString();
    private final RunMonitor monitor;
    private final StepLedger ledger;
    private final Map<String, Long> received = new ConcurrentHashMap<>();

    private SparkEta(RunMonitor monitor, Model network) {
        this.monitor = monitor;
        long parameters = network.params().length();
        ModelSize size =
                new ModelSize(parameters, 8.0 * network.params().dataType().width());
        this.ledger = new StepLedger(monitor, network.getClass().getSimpleName(), size);
    }

    /**
     * Watches a network. To be called before {@code fit}; takes the place of the network's {@code setListeners}.
     *
     * @param net the network
     * @param monitor what it reports to
     * @param others other listeners of the network, serializable
     * @return what watches it
     */
    public static SparkEta attach(SparkDl4jMultiLayer net, RunMonitor monitor, TrainingListener... others) {
        return new SparkEta(monitor, net.getNetwork())
                .listen(net, net.getTrainingMaster(), net.getSparkContext().sc(), others);
    }

    /**
     * The same for a ComputationGraph.
     *
     * @param net the network
     * @param monitor what it reports to
     * @param others other listeners of the network, serializable
     * @return what watches it
     */
    public static SparkEta attach(SparkComputationGraph net, RunMonitor monitor, TrainingListener... others) {
        return new SparkEta(monitor, net.getNetwork())
                .listen(net, net.getTrainingMaster(), net.getSparkContext().sc(), others);
    }

    private SparkEta listen(
            SparkListenable net, TrainingMaster<?, ?> master, SparkContext context, TrainingListener... others) {
        boolean throughPlugin = !(master instanceof ParameterAveragingTrainingMaster);
        String plugins = context.getConf().get("spark.plugins", "");
        if (throughPlugin && !Arrays.asList(plugins.split(",")).contains(EtascopePlugin.class.getName())) {
            throw new IllegalStateException(master.getClass().getSimpleName() + " sends nothing back to the driver: set"
                    + " spark.plugins to " + EtascopePlugin.class.getName() + " before the Spark context is made");
        }
        List<TrainingListener> listeners = new ArrayList<>();
        listeners.add(new StepListener(session, throughPlugin));
        listeners.addAll(Arrays.asList(others));
        if (throughPlugin) {
            net.setListeners(listeners);
        } else {
            net.setListeners(new DriverRouter(ledger), listeners);
        }
        OPEN.put(session, this);
        return this;
    }

    /** Called by the plugin, for each message once or more. A run that was closed takes none. */
    static void receive(StepMessage message) {
        List<StepUpdate> updates = message.updates();
        SparkEta run = OPEN.get(updates.get(0).getSessionID());
        if (run != null) {
            synchronized (run.received) {
                if (run.received.getOrDefault(message.executor(), 0L) < message.sequence()) {
                    run.received.put(message.executor(), message.sequence());
                    run.ledger.shared(updates);
                    run.ledger.lost(message.lost());
                }
            }
        }
    }

    /** Reports the end of an epoch that was one pass over the data; to be called after {@code fit} returns. */
    public void endEpoch() {
        monitor.endEpoch();
    }

    /** {@return the run} */
    public RunMonitor monitor() {
        return monitor;
    }

    /** Ends the run. */
    @Override
    public void close() {
        OPEN.remove(session);
        monitor.close();
    }
}
