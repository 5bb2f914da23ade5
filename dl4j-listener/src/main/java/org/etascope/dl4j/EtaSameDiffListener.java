package org.etascope.dl4j;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.etascope.core.ModelSize;
import org.etascope.core.OneLine;
import org.etascope.core.RunMonitor;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.BaseListener;
import org.nd4j.autodiff.listeners.ListenerResponse;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.listeners.records.LossCurve;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.IUpdater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches {@code SameDiff.fit}.
 *
 * <p>SameDiff 1.0.0-M2.1 reports every training loss as 0 unless the training configuration asks for the loss variable
 * itself: {@code new TrainingConfig.Builder()….trainEvaluation("loss", 0)}, without any evaluation. The listener says so
 * when it meets the zero. The loss must be a softmax cross-entropy, or means and sums of one; every row of the labels
 * that has a label counts as a token.
 *
 * <p>As in {@link EtaListener}, no callback throws and no array is kept.
 */
public final class EtaSameDiffListener extends BaseListener {
    private static final Logger LOG = LoggerFactory.getLogger(EtaSameDiffListener.class);

    private final RunMonitor monitor;
    private final PlannedRates plannedRates = new PlannedRates();
    private final Watch watch;
    /** Stands for this listener where the listener itself must not be kept. */
    private final Object token = new Object();

    private final @Nullable String lossVariable;
    private final Faults faults;
    private final Repeats repeats = new Repeats();
    private final LabelLook look = new LabelLook(Tokens.onDevice());
    private WeakReference<@Nullable SameDiff> trained = new WeakReference<>(null);
    private boolean stranger;
    private boolean strangerTold;
    private boolean second;
    private @Nullable ModelSize size;
    private @Nullable SameDiffLoss form;
    private @Nullable String unsupported;
    private long lastIteration = -1;

    /**
     * Creates a listener for a graph with one loss variable.
     *
     * @param monitor what it reports to
     */
    public EtaSameDiffListener(RunMonitor monitor) {
        this(monitor, null, Watch.of(monitor));
    }

    /**
     * Creates a listener for one of several loss variables.
     *
     * @param monitor what it reports to
     * @param lossVariable name of the loss variable that is the language model's
     */
    public EtaSameDiffListener(RunMonitor monitor, String lossVariable) {
        this(monitor, lossVariable, Watch.of(monitor));
    }

    private EtaSameDiffListener(RunMonitor monitor, @Nullable String lossVariable, Watch watch) {
        this.monitor = monitor;
        this.watch = watch;
        this.lossVariable = lossVariable;
        this.faults = new Faults(monitor, LOG);
    }

    /**
     * Goes on with a run from a saved graph: the state kept beside it becomes the monitor's, exactly. To be called
     * before training goes on from that graph. Without a usable state the log says so and the run goes on in a new
     * segment, its baseline assumed.
     *
     * <pre>{@code
     * SameDiff sd = SameDiff.load(file.toFile(), true);
     * sd.setListeners(EtaSameDiffListener.resume(monitor, file));
     * }</pre>
     *
     * @param monitor what it reports to
     * @param model file of the saved graph
     * @return a listener for a graph with one loss variable
     */
    public static EtaSameDiffListener resume(RunMonitor monitor, Path model) {
        StateFiles.restore(monitor, model, StateFiles::loadBeside, LOG);
        return new EtaSameDiffListener(monitor);
    }

    /**
     * The same for one of several loss variables.
     *
     * @param monitor what it reports to
     * @param model file of the saved graph
     * @param lossVariable name of the loss variable that is the language model's
     * @return a listener for that variable
     */
    public static EtaSameDiffListener resume(RunMonitor monitor, Path model, String lossVariable) {
        StateFiles.restore(monitor, model, StateFiles::loadBeside, LOG);
        return new EtaSameDiffListener(monitor, lossVariable);
    }

    /**
     * Saves a graph with its updater, and this run's state beside it as {@code <model>.etascope}. To be called between
     * two calls of {@code fit}, on their thread. Each file is replaced as a whole, the graph first: a process killed
     * between the two leaves a state that does not follow, which is noticed when training goes on.
     *
     * @param sd the graph in training
     * @param file where to
     * @throws IOException if it cannot be written
     */
    public void saveModel(SameDiff sd, Path file) throws IOException {
        Path copy = StateFiles.temporary(file);
        try {
            sd.save(copy.toFile(), true);
            StateFiles.replace(file, copy);
        } finally {
            Files.deleteIfExists(copy);
        }
        saveState(file);
    }

    /**
     * Keeps this run's state beside a graph that was saved since the last step.
     *
     * @param model file of the saved graph
     * @throws IOException if it cannot be written
     */
    public void saveState(Path model) throws IOException {
        StateFiles.saveBeside(monitor.state(), model);
        monitor.saved();
    }

    @Override
    public boolean isActive(Operation operation) {
        return operation == Operation.TRAINING;
    }

    /** The graph that trains later has variables of its own besides the user's, so N is taken here. */
    @Override
    public void iterationStart(SameDiff sd, At at, MultiDataSet data, long etlMs) {
        try {
            stranger = watch.isStranger(sd);
            if (!stranger && !trained.refersTo(sd)) {
                meet(sd, at);
            }
        } catch (Throwable e) {
            faults.contain(e);
        }
    }

    private void meet(SameDiff sd, At at) {
        ModelSize found = sizeOf(sd);
        long last = Watch.lastIteration(monitor);
        boolean follows = at.iteration() == last + 1 || at.iteration() == last;
        stranger = !watch.admit(sd, found.parameters(), follows, () -> sameParameters(watch.network(), sd));
        if (!stranger) {
            size = found;
            trained = new WeakReference<>(sd);
        } else if (!strangerTold) {
            strangerTold = true;
            LOG.warn(
                    "Run {} is of another network: this one's steps count as skipped. Give it a RunMonitor and a"
                            + " listener of its own; one restored from a file goes on with EtaSameDiffListener.resume.",
                    OneLine.of(monitor.name()));
        }
    }

    private static boolean sameParameters(@Nullable Object before, SameDiff now) {
        if (!(before instanceof SameDiff known)) {
            return false;
        }
        for (SDVariable variable : now.variables()) {
            if (variable.getVariableType() == VariableType.VARIABLE
                    && !(known.hasVariable(variable.name())
                            && variable.getArr()
                                    .equals(known.getVariable(variable.name()).getArr()))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void iterationDone(SameDiff sd, At at, MultiDataSet dataSet, Loss loss) {
        long start = System.nanoTime();
        try {
            commit(sd, at, dataSet, loss);
        } catch (UnreadableLossException e) {
            refuse(String.valueOf(e.getMessage()));
        } catch (Throwable e) {
            faults.contain(e);
        }
        faults.time(start);
    }

    @Override
    public void epochStart(SameDiff sd, At at) {
        try {
            monitor.startEpoch();
            repeats.epochStarts();
        } catch (Throwable e) {
            faults.contain(e);
        }
    }

    @Override
    public ListenerResponse epochEnd(SameDiff sd, At at, LossCurve lossCurve, long epochTimeMillis) {
        try {
            monitor.endEpoch(false);
            plannedRates.epochEnded();
        } catch (Throwable e) {
            faults.contain(e);
        }
        return ListenerResponse.CONTINUE;
    }

    /**
     * Reports that the epoch which ends here was one pass over the training data, each token once: U is then known, if
     * it was not given. Without it U is found when the same minibatches come again in the same order.
     */
    public void endEpoch() {
        monitor.endEpoch();
    }

    private void commit(SameDiff sd, At at, MultiDataSet data, Loss loss) {
        Object network = trained.get();
        if (network != null && !second && !stranger && !watch.claim(token, network, at.iteration())) {
            second = true;
            LOG.warn("Run {} has two listeners on this network: this one reports nothing.", OneLine.of(monitor.name()));
        }
        if (second) {
            return;
        }
        if (stranger || unsupported != null) {
            monitor.skip();
            return;
        }
        SameDiffLoss how = form;
        if (how == null) {
            how = begin(sd, at, data, loss);
            form = how;
        } else if (at.iteration() != lastIteration + 1) {
            monitor.beginSegment();
        }
        lastIteration = at.iteration();
        long tokens = how.tokens(data, look);
        IUpdater updater = updater(sd);
        monitor.step(
                at.iteration(),
                at.epoch(),
                updater == null ? Double.NaN : updater.getLearningRate(at.iteration(), at.epoch()),
                tokens,
                how.nats(loss.getLoss(how.name()), data) / tokens,
                System.currentTimeMillis());
        plannedRates.stepDone(monitor, updater, at.iteration(), at.epoch());
        if (!Tokens.onDevice() && !repeats.found()) {
            monitor.uniqueTokens(repeats.add(how.mark(repeats, data), tokens));
        }
    }

    private SameDiffLoss begin(SameDiff sd, At at, MultiDataSet data, Loss loss) {
        SameDiffLoss how = SameDiffLoss.of(sd, lossName(sd, loss));
        if (loss.getLoss(how.name()) == 0) {
            throw new UnreadableLossException("SameDiff reports the loss as 0; let the training configuration say"
                    + " .trainEvaluation(\"" + how.name() + "\", 0), without evaluations");
        }
        long last = Watch.lastIteration(monitor);
        if (at.iteration() != last + 1 && at.iteration() != last) {
            monitor.beginSegment();
        }
        monitor.describe("SameDiff", size == null ? ModelSize.UNKNOWN : size, how.vocabulary(data));
        monitor.unit(how.unit(data));
        Voice.attached(monitor.snapshot());
        return how;
    }

    private String lossName(SameDiff sd, Loss loss) {
        // Penalties are listed among the losses, under the names of their classes.
        List<String> names = loss.lossNames().stream().filter(sd::hasVariable).toList();
        if (lossVariable != null && names.contains(lossVariable)) {
            return lossVariable;
        }
        if (lossVariable == null && names.size() == 1) {
            return names.get(0);
        }
        throw new UnreadableLossException("no such loss variable: "
                + (lossVariable == null ? "none was named" : "\"" + lossVariable + "\"") + ", allowed: " + names);
    }

    private static @Nullable IUpdater updater(SameDiff sd) {
        TrainingConfig config = sd.getTrainingConfig();
        IUpdater updater = config == null ? null : config.getUpdater();
        return updater != null && updater.hasLearningRate() ? updater : null;
    }

    /** All trainable variables; mixed storage gives a fraction of bits per parameter. */
    private static ModelSize sizeOf(SameDiff sd) {
        long parameters = 0;
        double bits = 0;
        for (SDVariable variable : sd.variables()) {
            if (variable.getVariableType() == VariableType.VARIABLE) {
                long count = 1;
                for (long side : variable.getShape()) {
                    count *= side;
                }
                parameters += count;
                bits += count * 8.0 * variable.dataType().width();
            }
        }
        return parameters == 0 ? ModelSize.UNKNOWN : new ModelSize(parameters, bits / parameters);
    }

    private void refuse(String reason) {
        unsupported = reason;
        LOG.warn("No eta for this run: {}.", reason);
        try {
            monitor.unsupported(reason);
            monitor.skip();
        } catch (Throwable e) {
            faults.contain(e);
        }
    }
}
