package org.etascope.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** One way to train a language model in Deeplearning4j: a network of it, minibatches for it, and its loss by hand. */
record Case(
        boolean graph,
        Kind head,
        LossFunction loss,
        RNNFormat format,
        boolean masked,
        boolean truncated,
        boolean miniBatch,
        Penalty penalty) {
    enum Kind {
        RNN_OUTPUT,
        RNN_LOSS,
        OUTPUT,
        LOSS;

        boolean recurrent() {
            return this == RNN_OUTPUT || this == RNN_LOSS;
        }
    }

    enum Penalty {
        NONE,
        L1_L2,
        WEIGHT_DECAY
    }

    static final int VOCABULARY = 5;
    static final int MINIBATCH = 4;
    static final int LENGTH = 7;
    static final int SEGMENT = 3;

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        for (boolean graph : new boolean[] {false, true}) {
            for (Kind head : Kind.values()) {
                for (LossFunction loss :
                        List.of(LossFunction.MCXENT, LossFunction.SPARSE_MCXENT, LossFunction.NEGATIVELOGLIKELIHOOD)) {
                    for (RNNFormat format : RNNFormat.values()) {
                        for (int switches = 0; switches < 8; switches++) {
                            for (Penalty penalty : Penalty.values()) {
                                cases.add(new Case(
                                        graph,
                                        head,
                                        loss,
                                        format,
                                        (switches & 1) != 0,
                                        (switches & 2) != 0,
                                        (switches & 4) != 0,
                                        penalty));
                            }
                        }
                    }
                }
            }
        }
        return cases;
    }

    /** {@return why Deeplearning4j 1.0.0-M2.1 cannot train this, null if it can} */
    @Nullable
    String impossible() {
        if (!head.recurrent() && format == RNNFormat.NWC) {
            return "no time axis to put elsewhere";
        }
        if (!head.recurrent() && truncated && !graph) {
            return "a MultiLayerNetwork refuses to truncate without a time axis";
        }
        if (head == Kind.RNN_LOSS && format == RNNFormat.NWC) {
            return "RnnLossLayer takes its input for its labels";
        }
        if (truncated && format == RNNFormat.NWC) {
            return "truncated BPTT always cuts the last axis, which is the classes";
        }
        return null;
    }

    /** {@return steps per minibatch: a graph takes one without a time axis whole, whatever it is told to truncate} */
    int segments() {
        return truncated && head.recurrent() ? (LENGTH + SEGMENT - 1) / SEGMENT : 1;
    }

    boolean sparse() {
        return loss == LossFunction.SPARSE_MCXENT;
    }

    Model network() {
        NeuralNetConfiguration.Builder common = new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .miniBatch(miniBatch)
                .updater(new Sgd(0.05));
        if (penalty == Penalty.L1_L2) {
            common.l1(0.01).l2(0.02);
        } else if (penalty == Penalty.WEIGHT_DECAY) {
            common.weightDecay(0.03);
        }
        return graph ? graph(common) : sequence(common);
    }

    private MultiLayerNetwork sequence(NeuralNetConfiguration.Builder common) {
        NeuralNetConfiguration.ListBuilder list =
                common.list().layer(body()).layer(headLayer()).setInputType(inputType());
        if (truncated) {
            list.backpropType(BackpropType.TruncatedBPTT).tBPTTLength(SEGMENT);
        }
        MultiLayerNetwork net = new MultiLayerNetwork(list.build());
        net.init();
        return net;
    }

    private ComputationGraph graph(NeuralNetConfiguration.Builder common) {
        var builder = common.graphBuilder()
                .addInputs("in")
                .addLayer("body", body(), "in")
                .addLayer("out", headLayer(), "body")
                .setOutputs("out")
                .setInputTypes(inputType());
        if (truncated) {
            builder.backpropType(BackpropType.TruncatedBPTT).tBPTTLength(SEGMENT);
        }
        ComputationGraph net = new ComputationGraph(builder.build());
        net.init();
        return net;
    }

    private InputType inputType() {
        return head.recurrent() ? InputType.recurrent(VOCABULARY, format) : InputType.feedForward(VOCABULARY);
    }

    private Layer body() {
        return head.recurrent()
                ? new SimpleRnn.Builder()
                        .nIn(VOCABULARY)
                        .nOut(VOCABULARY)
                        .dataFormat(format)
                        .build()
                : new DenseLayer.Builder().nIn(VOCABULARY).nOut(VOCABULARY).build();
    }

    private Layer headLayer() {
        return switch (head) {
            case RNN_OUTPUT ->
                new RnnOutputLayer.Builder(loss)
                        .activation(Activation.SOFTMAX)
                        .nIn(VOCABULARY)
                        .nOut(VOCABULARY)
                        .dataFormat(format)
                        .build();
            case RNN_LOSS ->
                new RnnLossLayer.Builder(loss)
                        .activation(Activation.SOFTMAX)
                        .dataFormat(format)
                        .build();
            case OUTPUT ->
                new OutputLayer.Builder(loss)
                        .activation(Activation.SOFTMAX)
                        .nIn(VOCABULARY)
                        .nOut(VOCABULARY)
                        .build();
            case LOSS ->
                new LossLayer.Builder(loss).activation(Activation.SOFTMAX).build();
        };
    }

    /** {@return a minibatch as this case wants it; the mask, if any, leaves at least one position} */
    DataSet batch(long seed) {
        Random random = new Random(seed);
        int length = head.recurrent() ? LENGTH : 1;
        INDArray features = Nd4j.zeros(DataType.DOUBLE, MINIBATCH, VOCABULARY, length);
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, MINIBATCH, sparse() ? 1 : VOCABULARY, length);
        INDArray mask = Nd4j.zeros(DataType.DOUBLE, MINIBATCH, length);
        for (int b = 0; b < MINIBATCH; b++) {
            for (int t = 0; t < length; t++) {
                features.putScalar(new int[] {b, random.nextInt(VOCABULARY), t}, 1);
                int label = random.nextInt(VOCABULARY);
                labels.putScalar(new int[] {b, sparse() ? 0 : label, t}, sparse() ? label : 1);
                mask.putScalar(b, t, b == 0 ? 1 : random.nextInt(2));
            }
        }
        // Sparse labels cut by truncated BPTT must lie in order, or LossSparseMCXENT refuses them.
        INDArray ordered = sparse() ? shaped(labels).dup('f') : shaped(labels);
        return new DataSet(shaped(features), ordered, null, masked ? mask : null);
    }

    private INDArray shaped(INDArray array) {
        if (!head.recurrent()) {
            return array.reshape(array.size(0), array.size(1));
        }
        return format == RNNFormat.NWC ? array.permute(0, 2, 1).dup() : array;
    }

    static INDArray output(Model net, INDArray features) {
        return net instanceof ComputationGraph graph
                ? graph.output(true, features)[0]
                : ((MultiLayerNetwork) net).output(features, true);
    }

    static INDArray timeStep(Model net, INDArray features) {
        return net instanceof ComputationGraph graph
                ? graph.rnnTimeStep(features)[0]
                : ((MultiLayerNetwork) net).rnnTimeStep(features);
    }

    static void clearState(Model net) {
        if (net instanceof ComputationGraph graph) {
            graph.rnnClearPreviousState();
        } else {
            ((MultiLayerNetwork) net).rnnClearPreviousState();
        }
    }

    /** Loss-bearing tokens of a minibatch and their nats, position by position. */
    record Sum(long tokens, double nats) {}

    Sum sum(INDArray probabilities, INDArray labels, @Nullable INDArray mask) {
        long tokens = 0;
        double nats = 0;
        for (int b = 0; b < labels.size(0); b++) {
            for (int t = 0; t < length(labels); t++) {
                if (mask == null || mask.getDouble(b, t) != 0) {
                    tokens++;
                    nats -= Math.log(at(probabilities, b, label(labels, b, t), t));
                }
            }
        }
        return new Sum(tokens, nats);
    }

    private long length(INDArray labels) {
        return head.recurrent() ? labels.size(format == RNNFormat.NWC ? 1 : 2) : 1;
    }

    private int label(INDArray labels, int b, int t) {
        if (sparse()) {
            return (int) at(labels, b, 0, t);
        }
        int label = 0;
        while (at(labels, b, label, t) != 1) {
            label++;
        }
        return label;
    }

    private double at(INDArray array, int b, int symbol, int t) {
        if (!head.recurrent()) {
            return array.getDouble(b, symbol);
        }
        return format == RNNFormat.NWC ? array.getDouble(b, t, symbol) : array.getDouble(b, symbol, t);
    }
}
