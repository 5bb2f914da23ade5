package org.etascope.dl4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.deeplearning4j.util.ModelSerializer;
import org.etascope.core.OneLine;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunState;
import org.etascope.core.TokenUnit;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the training of a MultiLayerNetwork or a ComputationGraph.
 *
 * <pre>{@code
 * RunMonitor monitor = RunMonitor.builder("char-lm").build();
 * net.setListeners(new EtaListener(monitor));
 * net.fit(data, epochs);
 * }</pre>
 *
 * <p><b>What it reads.</b> Each step's loss-bearing tokens and their cross-entropy in nats, exactly as the network
 * computed it before the update: regularisation is taken off, masks and truncated back-propagation are counted
 * position by position. N comes from the parameters and their data type, V from the labels' class axis, the learning
 * rate from the first updater that has one, U from the first epoch seen whole. What the monitor was given wins.
 *
 * <p><b>What it cannot read</b> (a loss that is no code length: mean squared error, class weights, soft labels, HALF
 * parameters) is said once in the log and in {@link org.etascope.core.RunInfo#unsupportedReason()}; the steps count as
 * skipped.
 *
 * <p><b>Training comes first.</b> No callback throws or keeps an array, and none waits but as {@link RunMonitor} tells;
 * faults are counted, the first is logged. A step costs a few microseconds, mostly because the training has taken the
 * cache; with L1, L2 or weight decay one more pass over the parameters, with a label mask one over the mask. Nothing is
 * allocated but what ND4J makes of the labels at the steps 1, 2, 4, 8 ..., when all of them are looked at. One listener
 * may serve several training threads (ParallelWrapper): each has its own reading, and they commit under the monitor's
 * lock.
 */
public final class EtaListener implements TrainingListener {
    private static final Logger LOG = LoggerFactory.getLogger(EtaListener.class);

    private final RunMonitor monitor;
    private final PlannedRates plannedRates = new PlannedRates();
    private final Watch watch;
    /** Stands for this listener where the listener itself must not be kept. */
    private final Object token = new Object();

    private final Set<String> wantedOutputs;
    private final boolean trainableOnly;
    private final boolean onDevice;
    // A thread's reading belongs to one listener, and listeners are few and live as long as their run.
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<@Nullable Reading> readings = new ThreadLocal<>();

    /** A hint, for whichever thread: it spares a look into the thread-local. */
    private @Nullable Reading lastUsed;

    private final Faults faults;
    private final int logEvery;
    private final @Nullable Validator validator;
    private final @Nullable LayerProbe probe;
    private final @Nullable Checkpoints checkpoints;
    /** What is computed beside the training is computed on it. */
    private final Twin twin = new Twin();

    private final Repeats repeats = new Repeats();

    // Guarded by the watch.
    private int sinceLogged;
    private boolean described;
    private boolean paddingTold;
    private boolean strangerTold;
    private boolean second;
    private boolean outsideFitTold;
    private @Nullable String unsupported;

    /**
     * Creates a listener with all defaults.
     *
     * @param monitor what it reports to
     */
    public EtaListener(RunMonitor monitor) {
        this(builder(monitor));
    }

    private EtaListener(Builder builder) {
        this.monitor = builder.monitor;
        this.watch = Watch.of(builder.monitor);
        this.onDevice = builder.onDevice;
        this.wantedOutputs = builder.outputs;
        this.trainableOnly = builder.trainableOnly;
        this.faults = new Faults(monitor, LOG);
        this.logEvery = builder.logEvery;
        this.validator = builder.validator;
        this.probe = builder.probe;
        this.checkpoints = builder.checkpointListener == null
                ? null
                : new Checkpoints(builder.checkpointListener, builder.stateStore);
    }

    /**
     * {@return a builder with all defaults}
     *
     * @param monitor what the listener reports to
     */
    public static Builder builder(RunMonitor monitor) {
        return new Builder(monitor);
    }

    /**
     * Goes on with a run from a saved model: the state kept with it becomes the monitor's, exactly. To be called before
     * training goes on from that model. Without a usable state the log says so and the run goes on in a new segment,
     * its baseline assumed.
     *
     * <pre>{@code
     * MultiLayerNetwork net = MultiLayerNetwork.load(file.toFile(), true);
     * net.setListeners(EtaListener.resume(monitor, file));
     * }</pre>
     *
     * @param monitor what the listener reports to
     * @param model file of the saved model
     * @return a listener with all defaults
     */
    public static EtaListener resume(RunMonitor monitor, Path model) {
        return builder(monitor).resumeFrom(model).build();
    }

    // ---- callbacks, on the training threads ----

    @Override
    public void onBackwardPass(Model model) {
        long start = System.nanoTime();
        try {
            take(model, start);
        } catch (Throwable e) {
            faults.contain(e);
        }
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        long start = System.nanoTime();
        try {
            start -= commit(model, iteration, epoch);
        } catch (Throwable e) {
            faults.contain(e);
        }
        faults.time(start);
        validate(model, validator != null && validator.when().dueAfterIteration(iteration));
        probeLayers(model);
        if (checkpoints != null) {
            checkpoints.iterationDone(model, iteration, epoch);
            keepState();
        }
    }

    @Override
    public void onEpochEnd(Model model) {
        long start = System.nanoTime();
        try {
            synchronized (watch) {
                monitor.endEpoch(false);
                plannedRates.epochEnded();
            }
        } catch (Throwable e) {
            faults.contain(e);
        }
        faults.time(start);
        validate(model, validator != null && validator.when().dueAfterEpoch(Networks.epoch(model)));
        if (checkpoints != null) {
            checkpoints.onEpochEnd(model);
            keepState();
        }
    }

    @Override
    public void onEpochStart(Model model) {
        try {
            synchronized (watch) {
                monitor.startEpoch();
                repeats.epochStarts();
            }
        } catch (Throwable e) {
            faults.contain(e);
        }
    }

    @Override
    public void onForwardPass(Model model, List<INDArray> activations) {
        takePenalty(model);
    }

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
        takePenalty(model);
    }

    @Override
    public void onGradientCalculation(Model model) {}

    // ---- what they do ----

    private void takePenalty(Model model) {
        long start = System.nanoTime();
        try {
            Reading reading = reading(model);
            if (reading != null) {
                reading.takePenalty(model);
                reading.took(System.nanoTime() - start);
            }
        } catch (Throwable e) {
            faults.contain(e);
        }
    }

    private void take(Model model, long start) {
        if (second || !Networks.isNetwork(model) || watch.isStranger(model)) {
            return;
        }
        Reading reading = reading(model);
        if (reading == null) {
            if (!admitted(model)) {
                return;
            }
            reading = Reading.of(model, wantedOutputs, onDevice);
            readings.set(reading);
        }
        try {
            reading.take(model, repeats);
            if (probe != null) {
                probe.see(model, reading);
            }
        } catch (UnreadableLossException e) {
            refuse(String.valueOf(e.getMessage()));
        }
        if (reading.misses()) {
            tellOfTrainingOutsideFit();
        }
        reading.took(System.nanoTime() - start);
    }

    /** Another network than the one that this thread has trained: a worker's replica, the run's own one, or neither. */
    private boolean admitted(Model model) {
        long last = Watch.lastIteration(monitor);
        long iteration = Networks.iteration(model);
        boolean admitted = watch.admit(
                model,
                Networks.parameters(model),
                iteration == last + 1 || iteration == last,
                () -> watch.network() instanceof Model before
                        && Networks.isNetwork(before)
                        && before.params().equals(model.params()));
        if (!admitted) {
            tellOfStranger();
        }
        return admitted;
    }

    private void tellOfStranger() {
        synchronized (watch) {
            if (!strangerTold) {
                strangerTold = true;
                LOG.warn(
                        "Run {} is of another network: this one's steps count as skipped. Give it a RunMonitor and a"
                                + " listener of its own; one restored from a file goes on with EtaListener.resume.",
                        OneLine.of(monitor.name()));
            }
        }
    }

    private void tellOfTrainingOutsideFit() {
        synchronized (watch) {
            if (!outsideFitTold) {
                outsideFitTold = true;
                String reason =
                        "backward passes come without the end of an iteration (training outside fit): no step is"
                                + " reported; call stepDone(net) of the listener after each update";
                LOG.warn("Run {}: {}.", OneLine.of(monitor.name()), reason);
                if (unsupported == null) {
                    monitor.unsupported(reason);
                }
            }
        }
    }

    /** This thread's reading of that network: with one training thread always the one that was used last. */
    private @Nullable Reading reading(Model model) {
        Reading last = lastUsed;
        if (last != null && last.isOf(model)) {
            return last;
        }
        Reading own = readings.get();
        lastUsed = own;
        return own != null && own.isOf(model) ? own : null;
    }

    /** {@return how long this step's numbers took to take, nanoseconds} */
    private long commit(Model model, int iteration, int epoch) {
        if (!Networks.isNetwork(model)) {
            return 0;
        }
        Reading reading = reading(model);
        synchronized (watch) {
            if (isCounted(model, iteration)) {
                if (reading != null) {
                    follow(reading, iteration);
                }
                report(model, reading, iteration, epoch);
            }
        }
        if (reading == null) {
            return 0;
        }
        reading.done(iteration);
        return reading.took();
    }

    private boolean isCounted(Model model, int iteration) {
        if (!second && !watch.claim(token, model, iteration)) {
            second = true;
            LOG.warn("Run {} has two listeners on this network: this one reports nothing.", OneLine.of(monitor.name()));
        }
        return !second;
    }

    private void report(Model model, @Nullable Reading reading, int iteration, int epoch) {
        if (reading != null) {
            describe(model, reading);
        }
        if (reading == null || unsupported != null || !reading.taken()) {
            monitor.skip();
            return;
        }
        tellOfPadding(reading);
        double rate = reading.learningRate(iteration, epoch);
        monitor.step(iteration, epoch, rate, reading.tokens(), reading.meanNats(), System.currentTimeMillis());
        plannedRates.stepDone(monitor, reading.updater(), iteration, epoch);
        if (logEvery > 0 && ++sinceLogged >= logEvery) {
            sinceLogged = 0;
            Voice.step(monitor.snapshot());
        }
        if (reading.marks() && !repeats.found()) {
            monitor.uniqueTokens(repeats.add(reading.mark(), reading.tokens()));
        }
    }

    /**
     * Reports one step of training outside {@code fit}, where nothing tells of its end: the backward passes ({@code
     * computeGradientAndScore}) since the last step, summed. To be called after each update, on the training thread.
     *
     * @param net the network in training
     */
    public void stepDone(Model net) {
        long start = System.nanoTime();
        try {
            Reading reading = reading(net);
            synchronized (watch) {
                int iteration = followingIteration();
                if (isCounted(net, iteration)) {
                    if (reading != null) {
                        reading.sumUp();
                    }
                    forgetOutsideFit();
                    report(net, reading, iteration, Networks.epoch(net));
                }
            }
            if (reading != null) {
                // The network's own count stands still outside fit.
                reading.done(Networks.iteration(net) - 1L);
                start -= reading.took();
            }
        } catch (Throwable e) {
            faults.contain(e);
        }
        faults.time(start);
    }

    /**
     * Reports one step whose loss was computed outside the network (external errors). To be called after each update,
     * on the training thread.
     *
     * @param net the network in training
     * @param tokens positions that bear a loss
     * @param lossNats their mean cross-entropy in nats, measured before the update
     */
    public void stepDone(Model net, long tokens, double lossNats) {
        long start = System.nanoTime();
        try {
            synchronized (watch) {
                int iteration = followingIteration();
                if (isCounted(net, iteration)) {
                    describe(net, Double.NaN, TokenUnit.TOKEN);
                    forgetOutsideFit();
                    long now = System.currentTimeMillis();
                    monitor.step(iteration, Networks.epoch(net), Double.NaN, tokens, lossNats, now);
                }
            }
        } catch (Throwable e) {
            faults.contain(e);
        }
        faults.time(start);
    }

    private int followingIteration() {
        return (int) (Watch.lastIteration(monitor) + 1);
    }

    private void forgetOutsideFit() {
        if (outsideFitTold && unsupported == null) {
            outsideFitTold = false;
            monitor.unsupported(null);
        }
    }

    /** A gap in the iterations means steps that were not seen, or a network set back: a new segment. */
    private void follow(Reading reading, int iteration) {
        boolean first = !described;
        long last = first ? Watch.lastIteration(monitor) : reading.lastIteration();
        boolean otherWorker = !first && last < 0;
        // A checkpoint written while its iteration was being reported resumes with that iteration once more.
        boolean follows = iteration == last + 1 || (first && iteration == last);
        if (!otherWorker && !follows) {
            monitor.beginSegment();
        }
    }

    private void describe(Model model, Reading reading) {
        if (!described) {
            describe(model, reading.vocabulary(), reading.unit());
            String reason = reading.reason();
            if (reason != null) {
                refuse(reason);
            }
        }
    }

    private void describe(Model model, double vocabulary, TokenUnit unit) {
        if (!described) {
            described = true;
            monitor.describe(model.getClass().getSimpleName(), Networks.size(model, trainableOnly), vocabulary);
            monitor.unit(unit);
            Voice.attached(monitor.snapshot());
        }
    }

    private void tellOfPadding(Reading reading) {
        if (paddingTold) {
            return;
        }
        if (reading.paddingUnseen()) {
            paddingTold = true;
            LOG.info("Every position counts as a token: neither sparse or binary labels nor a network of recurrent"
                    + " layers alone show padding that is not zero. If sequences are padded, give a label mask.");
        } else if (reading.labelsCounted()) {
            paddingTold = true;
            LOG.warn("There is padding (a features mask without a label mask, or positions without a label): tokens are"
                    + " counted by their labels, one by one. A label mask is faster, and keeps padding out of"
                    + " training.");
        }
    }

    private void refuse(String reason) {
        synchronized (watch) {
            if (unsupported == null) {
                unsupported = reason;
                LOG.warn("No eta for this run: {}.", reason);
                monitor.unsupported(reason);
            }
        }
    }

    /**
     * Reports that the epoch which ends here was one pass over the training data, each token once: U is then known, if
     * it was not given. Without it U is found when the same minibatches come again in the same order. To be called
     * after an epoch in another order each time, of ParallelWrapper, or on a GPU.
     */
    public void endEpoch() {
        synchronized (watch) {
            monitor.endEpoch();
        }
    }

    /**
     * Reports a validation loss computed elsewhere, as of the tokens trained so far.
     *
     * @param lossNats mean cross-entropy in nats per token, without regularisation
     */
    public void validation(double lossNats) {
        synchronized (watch) {
            monitor.validation(lossNats);
        }
    }

    /** The user's own evaluation, so its time is not the monitor's. */
    private void validate(Model model, boolean due) {
        Reading reading = readings.get();
        if (due && validator != null && reading != null && reading.reason() == null) {
            try {
                synchronized (twin) {
                    validation(validator.lossNats(twin.of(model), reading));
                }
            } catch (Throwable e) {
                faults.contain(e);
            }
        }
    }

    /** Asked for by the user as a validation is, with a share of the time of its own. */
    private void probeLayers(Model model) {
        if (probe == null || second) {
            return;
        }
        try {
            Reading reading = reading(model);
            if (reading != null && probe.due(reading.tokens(), System.nanoTime())) {
                synchronized (twin) {
                    probe.probe(twin.of(model), reading, monitor);
                }
            }
        } catch (Throwable e) {
            probe.stop();
            faults.contain(e);
        }
    }

    // ---- saving ----

    private void keepState() {
        if (checkpoints != null) {
            try {
                Path written = checkpoints.newlyWritten();
                if (written != null) {
                    saveState(written, checkpoints.where());
                }
            } catch (Throwable e) {
                faults.contain(e);
            }
        }
    }

    /**
     * Saves a network with its updater and this run's state in one file. To be called between steps. The file holds
     * all of it or what it held before.
     *
     * @param model the network in training
     * @param file where to
     * @throws IOException if it cannot be written
     */
    public void saveModel(Model model, Path file) throws IOException {
        Path copy = StateFiles.temporary(file);
        try {
            ModelSerializer.writeModel(model, copy.toFile(), true);
            StateFiles.addTo(copy, state());
            StateFiles.replace(file, copy);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    /**
     * Keeps this run's state with a model that was saved since the last step.
     *
     * @param model file of the saved model
     * @param where inside it or beside it
     * @throws IOException if it cannot be written
     */
    public void saveState(Path model, StateStore where) throws IOException {
        StateFiles.save(state(), model, where);
        monitor.saved();
    }

    private RunState state() {
        synchronized (watch) {
            return monitor.state();
        }
    }

    /** Options of a listener. Defaults: all outputs with a code length, N from all parameters. */
    public static final class Builder {
        private final RunMonitor monitor;
        private Set<String> outputs = Set.of();
        private boolean trainableOnly;
        private int logEvery;
        private @Nullable Validator validator;
        private @Nullable LayerProbe probe;
        private @Nullable CheckpointListener checkpointListener;
        private StateStore stateStore = StateStore.IN_MODEL;
        private boolean onDevice = Tokens.onDevice();

        Builder(RunMonitor monitor) {
            this.monitor = monitor;
        }

        /** For tests, which have no device. */
        Builder onDevice(boolean device) {
            this.onDevice = device;
            return this;
        }

        /**
         * Chooses the outputs of a ComputationGraph to read; their tokens and nats are summed. Default: all that have
         * a code length.
         *
         * @param names names of outputs
         * @return this builder
         */
        public Builder outputs(String... names) {
            this.outputs = Set.of(names);
            return this;
        }

        /**
         * Leaves frozen layers out of N.
         *
         * @return this builder
         */
        public Builder trainableParametersOnly() {
            this.trainableOnly = true;
            return this;
        }

        /**
         * Logs a line at INFO every so many steps: loss, D, η and the verdict, in place of a ScoreIterationListener. The
         * line is made on the training thread.
         *
         * @param steps how many, at least 1
         * @return this builder
         */
        public Builder logEvery(int steps) {
            if (steps < 1) {
                throw new IllegalArgumentException("logEvery " + steps + " steps, allowed: 1 or more");
            }
            this.logEvery = steps;
            return this;
        }

        /**
         * Computes a validation loss now and then, on a twin of the network.
         *
         * @param data validation data, resettable; another iterator than the training data's
         * @param when how often
         * @return this builder
         */
        public Builder validateOn(DataSetIterator data, Every when) {
            return validateOn(new MultiDataSetIteratorAdapter(data), when);
        }

        /**
         * The same for a ComputationGraph of several inputs or outputs.
         *
         * @param data validation data, resettable; another iterator than the training data's
         * @param when how often
         * @return this builder
         */
        public Builder validateOn(MultiDataSetIterator data, Every when) {
            this.validator = new Validator(data, when);
            return this;
        }

        /**
         * Measures now and then how much of the next token each layer of a language model leaves unexplained ({@link
         * org.etascope.core.LayerResiduals}), on held-out data and a twin of the network: at the first step and about each
         * time D has grown by an eighth of an e-fold, as long as that takes at most 1 % of the time. Layers with
         * parameters count, from the input on, but for embeddings, batch normalisation and the output.
         *
         * @param data what to look at, read once; another iterator than the training data's
         * @param maxTokens how many tokens of it, at least 1; a layer of d units needs 20·d, or 20·256 if that is less
         * @return this builder
         */
        public Builder probeLayersOn(DataSetIterator data, int maxTokens) {
            return probeLayersOn(new MultiDataSetIteratorAdapter(data), maxTokens);
        }

        /**
         * The same for a ComputationGraph of several inputs.
         *
         * @param data what to look at, read once; another iterator than the training data's
         * @param maxTokens how many tokens of it, at least 1
         * @return this builder
         */
        public Builder probeLayersOn(MultiDataSetIterator data, int maxTokens) {
            if (maxTokens < 1) {
                throw new IllegalArgumentException("probeLayersOn " + maxTokens + " tokens, allowed: 1 or more");
            }
            this.probe = new LayerProbe(data, maxTokens);
            return this;
        }

        /**
         * The same with {@value LayerProbe#ENOUGH_TOKENS} tokens of the training data: a sample in which each sequence
         * trained on so far is equally likely. A sequence is copied on the training thread when it is taken.
         *
         * @return this builder
         */
        public Builder probeLayers() {
            this.probe = new LayerProbe(null, LayerProbe.ENOUGH_TOKENS);
            return this;
        }

        /**
         * Keeps this run's state with every checkpoint. The network gets this listener alone: it passes the events on
         * to the checkpoint listener, at the moment when parameters and ledger belong together.
         *
         * @param listener writes the checkpoints; not to be added to the network as well
         * @param where inside the checkpoint or beside it
         * @return this builder
         */
        public Builder checkpoints(CheckpointListener listener, StateStore where) {
            this.checkpointListener = listener;
            this.stateStore = where;
            return this;
        }

        /**
         * Restores the state kept with a saved model, see {@link EtaListener#resume}.
         *
         * @param model file of the saved model
         * @return this builder
         */
        public Builder resumeFrom(Path model) {
            StateFiles.restore(monitor, model, StateFiles::load, LOG);
            return this;
        }

        /** {@return the listener} */
        public EtaListener build() {
            return new EtaListener(this);
        }
    }
}
