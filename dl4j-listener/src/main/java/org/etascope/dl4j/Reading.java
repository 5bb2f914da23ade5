package org.etascope.dl4j;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * One training thread's view of its network: tokens and nats of the step under way, taken in the backward pass, when
 * labels, masks and score are at hand and the parameters are not yet changed. Keeps numbers only, no array.
 */
final class Reading {
    private final long thread = Thread.currentThread().getId();
    private final WeakReference<Model> model;
    private final Head[] heads;
    /** Solvers other than gradient descent pass several times per step: the first pass has the loss before it. */
    private final boolean firstPassCounts;

    private final boolean regularized;
    private final @Nullable IUpdater updater;
    private final @Nullable String reason;

    private boolean taken;
    private long tokens;
    private double nats;
    private boolean countLabels;
    private boolean labelsCounted;
    private long steps;
    private long lastIteration = -1;
    private long nanos;

    private Reading(Model model, Head[] heads, @Nullable String reason) {
        this.model = new WeakReference<>(model);
        this.heads = heads;
        this.firstPassCounts = Networks.layers(model)[0].conf().getOptimizationAlgo()
                != OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT;
        this.regularized = Networks.regularizes(model);
        this.updater = Networks.updater(model);
        this.reason = reason;
    }

    /**
     * Looks at a network whose output layers hold their labels.
     *
     * @param wanted names of the outputs to read, empty for all
     */
    static Reading of(Model model, Set<String> wanted) {
        List<String> names = Networks.outputNames(model);
        List<Head> heads = new ArrayList<>();
        String reason = "no such output: " + wanted + ", allowed: " + names;
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (wanted.isEmpty() || wanted.contains(name)) {
                Head head = Head.of(Networks.output(model, i), i, name);
                if (head.reason() == null) {
                    heads.add(head);
                } else {
                    reason = head.reason();
                }
            }
        }
        return new Reading(model, heads.toArray(new Head[0]), heads.isEmpty() ? reason : tooFewDigits(model));
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

    /** Takes the numbers of a backward pass. */
    void take(Model from) {
        if (reason != null || (taken && firstPassCounts)) {
            return;
        }
        taken = false;
        tokens = 0;
        nats = 0;
        double regularization = regularized ? Networks.regularization(from) : 0;
        for (Head head : heads) {
            Layer layer = Networks.output(from, head.index());
            INDArray labels = ((IOutputLayer) layer).getLabels();
            // A graph adds the regularisation to its first output alone.
            double score = head.index() == 0 ? layer.score() - regularization : layer.score();
            nats += score * head.divisor(labels);
            tokens += tokens(from, head, layer, labels);
        }
        taken = true;
    }

    private long tokens(Model from, Head head, Layer layer, INDArray labels) {
        long positions = head.positions(labels);
        INDArray mask = layer.getMaskArray();
        if (!head.sparse() && isPowerOfTwo(steps + 1)) {
            check(labels, positions, mask == null);
        }
        if (mask != null) {
            return Tokens.inMask(mask);
        }
        if (countLabels || (!head.sparse() && Networks.featuresMasked(from))) {
            labelsCounted = true;
            return Tokens.inLabels(labels);
        }
        return positions;
    }

    /** A whole pass over the labels, so only now and then. */
    private void check(INDArray labels, long positions, boolean unmasked) {
        double sum = Tokens.sum(labels);
        String softness = Tokens.softness(labels, sum, positions);
        if (softness != null) {
            throw new UnreadableLossException(softness);
        }
        countLabels |= unmasked && Math.round(sum) < positions;
    }

    private static boolean isPowerOfTwo(long n) {
        return (n & (n - 1)) == 0;
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

    /** {@return whether some positions had no label and no label mask said so} */
    boolean labelsCounted() {
        return labelsCounted;
    }

    /** {@return mean loss in nats per token} */
    double meanNats() {
        return nats / tokens;
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
        steps++;
        lastIteration = iteration;
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
