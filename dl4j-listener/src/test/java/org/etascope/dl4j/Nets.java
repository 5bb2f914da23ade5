package org.etascope.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Tiny networks and minibatches, always the same for the same seed. */
final class Nets {
    static final int VOCABULARY = 7;
    static final int MINIBATCH = 3;
    static final int LENGTH = 5;

    private Nets() {}

    /** A character LSTM in DOUBLE, ready to train. */
    static MultiLayerNetwork lstm() {
        return network(lstmConf(11).build());
    }

    static NeuralNetConfiguration.ListBuilder lstmConf(long seed) {
        return new NeuralNetConfiguration.Builder()
                .seed(seed)
                .dataType(DataType.DOUBLE)
                .updater(new Adam(0.01))
                .list()
                .layer(new LSTM.Builder().nIn(VOCABULARY).nOut(6).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nIn(6)
                        .nOut(VOCABULARY)
                        .build());
    }

    static MultiLayerNetwork network(MultiLayerConfiguration conf) {
        MultiLayerNetwork net = new MultiLayerNetwork(conf);
        net.init();
        return net;
    }

    static DataSet batch(long seed) {
        return batch(seed, MINIBATCH, LENGTH);
    }

    /** Learnable sequences: the next symbol is mostly the one after. One-hot, minibatch × V × length. */
    static DataSet batch(long seed, int minibatch, int length) {
        Random random = new Random(seed);
        INDArray features = Nd4j.zeros(DataType.DOUBLE, minibatch, VOCABULARY, length);
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, minibatch, VOCABULARY, length);
        for (int b = 0; b < minibatch; b++) {
            int symbol = random.nextInt(VOCABULARY);
            for (int t = 0; t < length; t++) {
                features.putScalar(new int[] {b, symbol, t}, 1);
                symbol = random.nextInt(4) == 0 ? random.nextInt(VOCABULARY) : (symbol + 1) % VOCABULARY;
                labels.putScalar(new int[] {b, symbol, t}, 1);
            }
        }
        return new DataSet(features, labels);
    }

    static List<DataSet> batches(int count) {
        List<DataSet> batches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batches.add(batch(100 + i));
        }
        return batches;
    }

    /** Cross-entropy of a minibatch in nats, summed over the positions of the mask, from the network's output. */
    static double nats(MultiLayerNetwork net, DataSet data) {
        INDArray probabilities = net.output(data.getFeatures(), true, data.getFeaturesMaskArray(), null);
        return nats(probabilities, data.getLabels(), data.getLabelsMaskArray());
    }

    static double nats(INDArray probabilities, INDArray labels, INDArray mask) {
        double nats = 0;
        for (int b = 0; b < labels.size(0); b++) {
            for (int t = 0; t < labels.size(2); t++) {
                if (mask == null || mask.getDouble(b, t) != 0) {
                    for (int v = 0; v < labels.size(1); v++) {
                        if (labels.getDouble(b, v, t) != 0) {
                            nats -= Math.log(probabilities.getDouble(b, v, t));
                        }
                    }
                }
            }
        }
        return nats;
    }
}
