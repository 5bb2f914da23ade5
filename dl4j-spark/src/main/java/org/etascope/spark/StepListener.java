package org.etascope.spark;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.core.storage.listener.RoutingIterationListener;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.etascope.dl4j.StepReader;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs on the executors, as a fresh copy for each task, and notes each step.
 *
 * <p>Under parameter averaging a step goes to the router of its task: Deeplearning4j ships what is there inside the very
 * result that carries the averaged parameters. What did not enter the model cannot enter the ledger, whatever is killed,
 * lost or computed twice. Under gradient sharing a step goes to the {@link Outbox} of its executor.
 */
final class StepListener extends BaseTrainingListener implements RoutingIterationListener {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(StepListener.class);

    private final boolean throughPlugin;
    private String session;
    private String worker = "";
    private transient @Nullable StatsStorageRouter router;

    // Threads of a ParallelWrapper may share one copy.
    @SuppressWarnings("ThreadLocalUsage")
    private transient @Nullable ThreadLocal<StepReader> readers;

    private transient boolean told;

    StepListener(String session, boolean throughPlugin) {
        this.session = session;
        this.throughPlugin = throughPlugin;
    }

    private synchronized StepReader reader() {
        ThreadLocal<StepReader> own = readers;
        if (own == null) {
            own = ThreadLocal.withInitial(StepReader::new);
            readers = own;
        }
        return own.get();
    }

    @Override
    public void onForwardPass(Model model, List<INDArray> activations) {
        try {
            reader().forward(model);
        } catch (Throwable e) {
            contain(e);
        }
    }

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
        onForwardPass(model, List.of());
    }

    @Override
    public void onBackwardPass(Model model) {
        try {
            reader().backward(model);
        } catch (Throwable e) {
            contain(e);
        }
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        try {
            StepReader reader = reader();
            StepReader.Step step = reader.done(iteration, epoch);
            StepUpdate update = new StepUpdate(session, worker, System.currentTimeMillis(), reader, step);
            StatsStorageRouter own = router;
            if (throughPlugin) {
                Outbox.put(update);
            } else if (own != null) {
                own.putUpdate(update);
            }
        } catch (Throwable e) {
            contain(e);
        }
    }

    /** Training comes first. */
    private void contain(Throwable fault) {
        if (!told) {
            told = true;
            LOG.warn("Etascope failed inside a training callback; training goes on. Later faults are not told.", fault);
        }
    }

    @Override
    public void setStorageRouter(@Nullable StatsStorageRouter storageRouter) {
        this.router = storageRouter;
    }

    @Override
    public @Nullable StatsStorageRouter getStorageRouter() {
        return router;
    }

    @Override
    public void setWorkerID(String workerId) {
        this.worker = workerId;
    }

    @Override
    public String getWorkerID() {
        return worker;
    }

    @Override
    public void setSessionID(String sessionId) {
        this.session = sessionId;
    }

    @Override
    public String getSessionID() {
        return session;
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod") // A copy with a reader of its own.
    public StepListener clone() {
        StepListener copy = new StepListener(session, throughPlugin);
        copy.worker = worker;
        copy.router = router;
        return copy;
    }
}
