package org.etascope.dl4j;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.core.TokenUnit;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * One training thread's view of its network: tokens and nats of the step under way, taken in the backward pass, when
 * labels, masks and score are at hand and the parameters are not yet changed. Keeps numbers only, no array.
 */
final class Reading {
    private static final int PASSES_WITHOUT_A_STEP = 10;

    private final long thread = Thread.currentThread().getId();
    private final WeakReference<Model> model;
    private final Head[] heads;
    /** Solvers other than gradient descent pass several times per step: the first pass has the loss before it. */
    private final boolean firstPassCounts;

    private final boolean regularized;
    private final @Nullable IUpdater updater;
    private final @Nullable String reason;
    private final boolean onDevice;
    private final LabelLook[] looks;

    private boolean taken;
    private long tokens;
    private double nats;
    private boolean labelsCounted;
    private boolean paddingUnseen;
    private long lastIteration = -1;
    private long nanos;

    private long mark;

    /** The penalties of the forward pass, NaN once they are used. */
    private double penalty = Double.NaN;

    // Solvers only: which step the numbers are of.
    private long takenAt = -1;
    private WeakReference<@Nullable INDArray> takenFrom = new WeakReference<>(null);

    // Since the last step, for training outside fit.
    private int passes;
    private long sumOfTokens;
    private double sumOfNats;

    private Reading(Model model, Head[] heads, @Nullable String reason, boolean onDevice) {
        this.model = new WeakReference<>(model);
        this.heads = heads;
        this.firstPassCounts = Networks.layers(model)[0].conf().getOptimizationAlgo()
                != OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT;
        this.regularized = Networks.regularizes(model);
        this.updater = Networks.updater(model);
        this.reason = reason;
        this.onDevice = onDevice;
        this.looks = new LabelLook[heads.length];
        Arrays.setAll(looks, i -> new LabelLook(onDevice));
    }

    /**
     * Looks at a network whose output layers hold their labels.
     *
     * @param wanted names of the outputs to read, empty for all
     * @param onDevice whether to read a value of an array is to wait for a device
     */
    static Reading of(Model model, Set<String> wanted, boolean onDevice) {
        List<String> names = Networks.outputNames(model);
        List<Head> heads = new ArrayList<>();
        String reason = "no such output: " + wanted + ", allowed: " + names;
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (wanted.isEmpty() || wanted.contains(name)) {
                Layer output = Networks.output(model, i);
                String whyNot = Head.whyNot(output, name);
                if (whyNot == null) {
                    heads.add(Head.of(output, i));
                } else {
                    reason = whyNot;
                }
            }
        }
        return new Reading(model, heads.toArray(new Head[0]), heads.isEmpty() ? reason : tooFewDigits(model), onDevice);
    }

    private static @Nullable String tooFewDigits(Model model) {
        INDArray parameters = model.params();
        return parameters != null && parameters.dataType() == DataType.FLOAT16
                ? "the parameters are HALF, and so is the score: 0.82 was seen for 4.09 nats; use FLOAT or DOUBLE"
                : null;
    }

    /** {@return whether this is the calling thread's view of that network} */
    boolean isOf(Model other) {
        return model.refersTo(other) && thread == Thread.currentThread().getId();
    }

    Head[] heads() {
        return heads;
    }

    /** {@return why this network has no code length, null if it has one} */
    @Nullable
    String reason() {
        return reason;
    }

    /** Takes the penalties, which are in the score of the backward pass that follows and cost it a wait on a GPU. */
    void takePenalty(Model from) {
        penalty = regularized ? Networks.regularization(from) : 0;
    }

    /**
     * Takes the numbers of a backward pass.
     *
     * @param repeats marks the minibatch, so that it is known when it comes again; null if nobody asks
     */
    void take(Model from, @Nullable Repeats repeats) {
        if (reason != null) {
            return;
        }
        passes++;
        if (taken && firstPassCounts && isOfTheSameStep(from)) {
            return;
        }
        if (Double.isNaN(penalty)) {
            takePenalty(from);
        }
        taken = false;
        tokens = 0;
        nats = 0;
        for (int i = 0; i < heads.length; i++) {
            Head head = heads[i];
            Layer layer = Networks.output(from, head.index());
            INDArray labels = ((IOutputLayer) layer).getLabels();
            // A graph adds the regularisation to its first output alone.
            double score = head.index() == 0 ? layer.score() - penalty : layer.score();
            nats += score * head.divisor(labels);
            tokens += tokens(from, head, looks[i], layer, labels);
        }
        if (repeats != null && marks() && !repeats.found()) {
            mark = repeats.mark(Networks.input(from), labels(from));
        }
        penalty = Double.NaN;
        sumOfTokens += tokens;
        sumOfNats += nats;
        taken = true;
        if (firstPassCounts) {
            takenAt = Networks.iteration(from);
            takenFrom = new WeakReference<>(labels(from));
        }
    }

    /** Whether a solver passes once more: an iteration that somebody aborted comes again, with other labels. */
    private boolean isOfTheSameStep(Model from) {
        return takenAt == Networks.iteration(from) && takenFrom.refersTo(labels(from));
    }

    private INDArray labels(Model from) {
        return ((IOutputLayer) Networks.output(from, heads[0].index())).getLabels();
    }

    /** {@return whether just now so many backward passes have come without a step that no fit can be under way} */
    boolean misses() {
        return !firstPassCounts && passes == PASSES_WITHOUT_A_STEP;
    }

    /** Makes all passes since the last step one: their gradients were added up. */
    void sumUp() {
        tokens = sumOfTokens;
        nats = sumOfNats;
    }

    private long tokens(Model from, Head head, LabelLook look, Layer layer, INDArray labels) {
        INDArray mask = layer.getMaskArray();
        boolean padded = mask == null && head.hasTime(labels) && Networks.featuresMasked(from);
        boolean dense = !head.sparse() && head.oneLabelEach();
        if (!head.sparse()) {
            look.at(labels, mask, head.positions(labels), head.classAxis(labels));
        }
        if (mask == null && !dense && head.hasTime(labels)) {
            if (anyPadding(from, head, look)) {
                throw new UnreadableLossException((head.sparse() ? "sparse" : "binary")
                        + " labels, padded features and no label mask: Deeplearning4j trains on the padding as if it"
                        + " were labels; give a label mask");
            }
            paddingUnseen |= Networks.hidesInputMask(from);
        }
        if (look.someUnlabelled() || (padded && dense)) {
            labelsCounted = true;
            return mask == null ? Tokens.inLabels(labels) : Tokens.inLabels(labels, head.classAxis(labels), mask);
        }
        return mask == null ? head.positions(labels) : head.kept(labels, mask, onDevice);
    }

    private boolean anyPadding(Model from, Head head, LabelLook look) {
        if (Networks.anyPadding(from, onDevice)) {
            return true;
        }
        // An LSTM keeps no mask of its inputs.
        INDArray inputs = from instanceof MultiLayerNetwork ? Networks.input(from) : null;
        return inputs != null && inputs.rank() == 3 && look.seesPadding(inputs, head.timeAxis());
    }

    /** {@return whether numbers were taken since the last {@link #done}} */
    boolean taken() {
        return taken;
    }

    /** Notes how long the taking took. */
    void took(long nanoseconds) {
        nanos += nanoseconds;
    }

    /** {@return how long the takings took since this was last asked} */
    long took() {
        long taking = nanos;
        nanos = 0;
        return taking;
    }

    long tokens() {
        return tokens;
    }

    /** {@return whether minibatches can be told apart: a device would have to be waited for} */
    boolean marks() {
        return !onDevice;
    }

    /** {@return what tells the minibatch from others} */
    long mark() {
        return mark;
    }

    /** {@return whether some positions had no label and no label mask said so} */
    boolean labelsCounted() {
        return labelsCounted;
    }

    /** {@return whether neither labels nor network could have shown a padding that is not zero} */
    boolean paddingUnseen() {
        return paddingUnseen;
    }

    double nats() {
        return nats;
    }

    /** {@return mean loss in nats per token} */
    double meanNats() {
        return nats / tokens;
    }

    @Nullable
    IUpdater updater() {
        return updater;
    }

    double learningRate(int iteration, int epoch) {
        return updater == null ? Double.NaN : updater.getLearningRate(iteration, epoch);
    }

    /** {@return the iteration of the last step on this thread, -1 before the first} */
    long lastIteration() {
        return lastIteration;
    }

    void done(long iteration) {
        taken = false;
        passes = 0;
        sumOfTokens = 0;
        sumOfNats = 0;
        lastIteration = iteration;
    }

    /** {@return what a token is: several outputs over one example give it several labels} */
    TokenUnit unit() {
        TokenUnit unit = heads.length == 0 ? TokenUnit.TOKEN : heads[0].unit();
        boolean alike = Arrays.stream(heads).allMatch(head -> head.unit() == unit);
        return alike && (heads.length < 2 || unit == TokenUnit.TOKEN) ? unit : TokenUnit.LABEL;
    }

    /** {@return V, NaN where the heads differ in it} */
    double vocabulary() {
        double vocabulary = Double.NaN;
        for (Head head : heads) {
            if (!Double.isNaN(vocabulary) && vocabulary != head.vocabulary()) {
                return Double.NaN;
            }
            vocabulary = head.vocabulary();
        }
        return vocabulary;
    }
}
