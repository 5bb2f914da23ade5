package org.etascope.dl4j;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.layers.BaseOutputLayer;
import org.deeplearning4j.nn.layers.LossLayer;
import org.deeplearning4j.nn.layers.OutputLayer;
import org.deeplearning4j.nn.layers.convolution.CnnLossLayer;
import org.deeplearning4j.nn.layers.recurrent.RnnLossLayer;
import org.deeplearning4j.nn.layers.recurrent.RnnOutputLayer;
import org.etascope.core.TokenUnit;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/**
 * One output layer of a network, read as a code: how its score becomes nats and its labels tokens.
 *
 * <p>A score is the summed cross-entropy over {@code div}, plus regularisation; {@code div} is the minibatch, or 1 for
 * an output layer with {@code miniBatch(false)} (a loss layer always divides). Time steps, pixels and masks divide
 * nothing.
 *
 * <p><b>Softmax</b>: each position has one of V classes; a position is a time step, a pixel, or the example itself.
 * <b>Sigmoid with XENT</b>: each output of each position is a binary label of its own, coded by its Bernoulli
 * probability; V = 2, ln 2 nats before anything is learnt.
 *
 * @param index its place among the outputs
 * @param sparse whether labels are numbers of classes
 * @param binary whether each output is a label of its own
 * @param classAxis axis of the classes in labels of more than two dimensions
 * @param dividedByMinibatch whether the score is a mean over the minibatch
 * @param vocabulary V
 * @param unit what one position is
 */
record Head(
        int index,
        boolean sparse,
        boolean binary,
        int classAxis,
        boolean dividedByMinibatch,
        double vocabulary,
        TokenUnit unit) {
    /**
     * Looks at an output layer that holds its labels and input, and has a code length.
     *
     * @param index its place among the outputs
     */
    static Head of(Layer layer, int index) {
        boolean sparse = loss(layer) instanceof LossSparseMCXENT;
        boolean binary = loss(layer) instanceof LossBinaryXENT;
        int classAxis = format(layer) == RNNFormat.NWC ? 2 : 1;
        return new Head(
                index,
                sparse,
                binary,
                classAxis,
                !(layer instanceof BaseOutputLayer) || layer.conf().isMiniBatch(),
                binary ? 2 : classes(layer, sparse, classAxis),
                unit(layer, binary));
    }

    private static TokenUnit unit(Layer layer, boolean binary) {
        if (binary || layer instanceof CnnLossLayer) {
            return binary ? TokenUnit.LABEL : TokenUnit.PIXEL;
        }
        return ((IOutputLayer) layer).getLabels().rank() == 3 ? TokenUnit.TOKEN : TokenUnit.EXAMPLE;
    }

    private static double classes(Layer layer, boolean sparse, int classAxis) {
        if (sparse && layer instanceof BaseOutputLayer) {
            // The layer's input is what its weights turn into the vocabulary; a loss layer has none.
            return ((FeedForwardLayer) layer.conf().getLayer()).getNOut();
        }
        INDArray wide = sparse ? layer.input() : ((IOutputLayer) layer).getLabels();
        return wide.size(wide.rank() == 2 ? 1 : classAxis);
    }

    /**
     * {@return why an output layer has no code length, null if it has one}
     *
     * @param name its name for messages
     */
    static @Nullable String whyNot(Layer layer, String name) {
        String place = "output \"" + name + "\"";
        if (!(layer instanceof RnnOutputLayer
                || layer instanceof OutputLayer
                || layer instanceof RnnLossLayer
                || layer instanceof LossLayer
                || layer instanceof CnnLossLayer)) {
            return place + " is a " + layer.getClass().getSimpleName()
                    + ", supported: RnnOutputLayer, RnnLossLayer, OutputLayer, LossLayer, CnnLossLayer";
        }
        if (conf(layer) instanceof org.deeplearning4j.nn.conf.layers.CnnLossLayer pixels
                && pixels.getFormat() == CNN2DFormat.NHWC) {
            return place + " is a CnnLossLayer in NHWC, whose score Deeplearning4j 1.0.0-M2.1 computes as if it were"
                    + " NCHW; supported: NCHW";
        }
        ILossFunction loss = loss(layer);
        if (weights(loss) != null) {
            return place + " weighs its classes: the loss is no code length";
        }
        IActivation activation = activation(layer);
        if (loss instanceof LossBinaryXENT) {
            return activation instanceof ActivationSigmoid
                    ? null
                    : place + " has the loss XENT and the activation " + activation
                            + ", supported: sigmoid (else the outputs are no probabilities and the loss is no code"
                            + " length)";
        }
        if (!(loss instanceof LossMCXENT)) {
            return place + " has the loss " + loss.getClass().getSimpleName()
                    + ", which is no code length; supported: MCXENT, SPARSE_MCXENT, NEGATIVELOGLIKELIHOOD, XENT";
        }
        if (!(activation instanceof ActivationSoftmax)) {
            return place + " has the activation " + activation
                    + ", supported: softmax (else the outputs are no probabilities and the loss is no code length)";
        }
        return null;
    }

    private static @Nullable INDArray weights(ILossFunction loss) {
        if (loss instanceof LossMCXENT categorical) {
            return categorical.getWeights();
        }
        return loss instanceof LossBinaryXENT binary ? binary.getWeights() : null;
    }

    private static ILossFunction loss(Layer layer) {
        var conf = conf(layer);
        if (conf instanceof org.deeplearning4j.nn.conf.layers.BaseOutputLayer output) {
            return output.getLossFn();
        }
        if (conf instanceof org.deeplearning4j.nn.conf.layers.CnnLossLayer pixels) {
            return pixels.getLossFn();
        }
        return conf instanceof org.deeplearning4j.nn.conf.layers.RnnLossLayer rnn
                ? rnn.getLossFn()
                : ((org.deeplearning4j.nn.conf.layers.LossLayer) conf).getLossFn();
    }

    private static org.deeplearning4j.nn.conf.layers.Layer conf(Layer layer) {
        return layer.conf().getLayer();
    }

    private static IActivation activation(Layer layer) {
        return ((org.deeplearning4j.nn.conf.layers.BaseLayer) conf(layer)).getActivationFn();
    }

    private static RNNFormat format(Layer layer) {
        var conf = conf(layer);
        if (conf instanceof org.deeplearning4j.nn.conf.layers.RnnOutputLayer rnn) {
            return rnn.getRnnDataFormat();
        }
        return conf instanceof org.deeplearning4j.nn.conf.layers.RnnLossLayer rnn
                ? rnn.getRnnDataFormat()
                : RNNFormat.NCW;
    }

    /** {@return whether each position has one label at most} */
    boolean oneLabelEach() {
        return !binary;
    }

    /** {@return whether the labels have a time axis, along which sequences may be padded} */
    boolean hasTime(INDArray labels) {
        return labels.rank() == 3;
    }

    /** {@return the axis of time in labels and inputs of three dimensions} */
    int timeAxis() {
        return 3 - classAxis;
    }

    /** {@return what the score without regularisation must be multiplied with to give nats} */
    double divisor(INDArray labels) {
        return dividedByMinibatch ? labels.size(0) : 1;
    }

    /** {@return the axis of the classes of one position; -1 if each value is a position of its own} */
    int classAxis(INDArray labels) {
        return binary || sparse ? -1 : labels.rank() == 2 ? 1 : classAxis;
    }

    /** {@return positions in the labels, masked or not} */
    long positions(INDArray labels) {
        if (binary) {
            return labels.length();
        }
        long positions = 1;
        int classes = classAxis(labels);
        for (int axis = 0, rank = labels.rank(); axis < rank; axis++) {
            positions *= axis == classes ? 1 : labels.size(axis);
        }
        return positions;
    }

    /**
     * {@return positions that a label mask keeps}
     *
     * @throws UnreadableLossException if it weighs them, or parts of them
     */
    long kept(INDArray labels, INDArray mask, boolean onDevice) {
        long positions = positions(labels);
        if (mask.length() > positions) {
            throw new UnreadableLossException("the label mask has a value per class: the loss is no code length");
        }
        return Tokens.inMask(mask, onDevice) * (positions / mask.length());
    }
}
