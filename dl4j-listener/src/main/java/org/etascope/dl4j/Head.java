package org.etascope.dl4j;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.layers.BaseOutputLayer;
import org.deeplearning4j.nn.layers.LossLayer;
import org.deeplearning4j.nn.layers.OutputLayer;
import org.deeplearning4j.nn.layers.recurrent.RnnLossLayer;
import org.deeplearning4j.nn.layers.recurrent.RnnOutputLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/**
 * One output layer of a network, read as a language head: how its score becomes nats and its labels tokens.
 *
 * <p>A score is the summed cross-entropy over {@code div}, plus regularisation; {@code div} is the minibatch, or 1 for
 * an output layer with {@code miniBatch(false)} (a loss layer always divides). Time steps and masks divide nothing.
 */
final class Head {
    private final int index;
    private final boolean sparse;
    private final int classAxis;
    private final boolean dividedByMinibatch;
    private final double vocabulary;
    private final @Nullable String reason;

    private Head(
            int index,
            boolean sparse,
            int classAxis,
            boolean dividedByMinibatch,
            double vocabulary,
            @Nullable String reason) {
        this.index = index;
        this.sparse = sparse;
        this.classAxis = classAxis;
        this.dividedByMinibatch = dividedByMinibatch;
        this.vocabulary = vocabulary;
        this.reason = reason;
    }

    /**
     * Looks at an output layer that holds its labels and input.
     *
     * @param index its place among the outputs
     * @param name its name for messages
     */
    static Head of(Layer layer, int index, String name) {
        String reason = whyNot(layer, name);
        if (reason != null) {
            return new Head(index, false, 1, true, Double.NaN, reason);
        }
        boolean sparse = loss(layer) instanceof LossSparseMCXENT;
        int axis = format(layer) == RNNFormat.NWC ? 2 : 1;
        boolean divided = !(layer instanceof BaseOutputLayer) || layer.conf().isMiniBatch();
        INDArray wide = sparse ? layer.input() : ((IOutputLayer) layer).getLabels();
        double vocabulary = wide.size(wide.rank() == 2 ? 1 : axis);
        if (sparse && layer instanceof BaseOutputLayer) {
            // The layer's input is what its weights turn into the vocabulary; a loss layer has none.
            vocabulary = ((FeedForwardLayer) layer.conf().getLayer()).getNOut();
        }
        return new Head(index, sparse, axis, divided, vocabulary, null);
    }

    private static @Nullable String whyNot(Layer layer, String name) {
        String place = "output \"" + name + "\"";
        if (!(layer instanceof RnnOutputLayer
                || layer instanceof OutputLayer
                || layer instanceof RnnLossLayer
                || layer instanceof LossLayer)) {
            return place + " is a " + layer.getClass().getSimpleName()
                    + ", supported: RnnOutputLayer, RnnLossLayer, OutputLayer, LossLayer";
        }
        ILossFunction loss = loss(layer);
        if (!(loss instanceof LossMCXENT crossEntropy)) {
            return place + " has the loss " + loss.getClass().getSimpleName()
                    + ", which is no code length; supported: MCXENT, SPARSE_MCXENT, NEGATIVELOGLIKELIHOOD";
        }
        if (crossEntropy.getWeights() != null) {
            return place + " weighs its classes: the loss is no code length";
        }
        if (!(activation(layer) instanceof ActivationSoftmax)) {
            return place + " has the activation " + activation(layer)
                    + ", supported: softmax (else the outputs are no probabilities and the loss is no code length)";
        }
        return null;
    }

    private static ILossFunction loss(Layer layer) {
        var conf = layer.conf().getLayer();
        if (conf instanceof org.deeplearning4j.nn.conf.layers.BaseOutputLayer output) {
            return output.getLossFn();
        }
        return conf instanceof org.deeplearning4j.nn.conf.layers.RnnLossLayer rnn
                ? rnn.getLossFn()
                : ((org.deeplearning4j.nn.conf.layers.LossLayer) conf).getLossFn();
    }

    private static IActivation activation(Layer layer) {
        return ((org.deeplearning4j.nn.conf.layers.BaseLayer) layer.conf().getLayer()).getActivationFn();
    }

    private static RNNFormat format(Layer layer) {
        var conf = layer.conf().getLayer();
        if (conf instanceof org.deeplearning4j.nn.conf.layers.RnnOutputLayer rnn) {
            return rnn.getRnnDataFormat();
        }
        return conf instanceof org.deeplearning4j.nn.conf.layers.RnnLossLayer rnn
                ? rnn.getRnnDataFormat()
                : RNNFormat.NCW;
    }

    /** {@return why this head has no code length, null if it has one} */
    @Nullable
    String reason() {
        return reason;
    }

    int index() {
        return index;
    }

    /** {@return V} */
    double vocabulary() {
        return vocabulary;
    }

    boolean sparse() {
        return sparse;
    }

    /** {@return what the score without regularisation must be multiplied with to give nats} */
    double divisor(INDArray labels) {
        return dividedByMinibatch ? labels.shape()[0] : 1;
    }

    /** {@return positions in the labels, masked or not} */
    long positions(INDArray labels) {
        long[] shape = labels.shape();
        int classes = sparse ? -1 : shape.length == 2 ? 1 : classAxis;
        long positions = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            positions *= axis == classes ? 1 : shape[axis];
        }
        return positions;
    }
}
