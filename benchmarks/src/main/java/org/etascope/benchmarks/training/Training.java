package org.etascope.benchmarks.training;

import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A small character LSTM and minibatches for it, always the same. */
final class Training {
    private static final int VOCABULARY = 50;
    private static final int HIDDEN = 64;
    private static final int MINIBATCH = 16;
    private static final int LENGTH = 25;
    private static final long SEED = 7;

    private Training() {}

    static MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(SEED)
                .updater(new Adam(0.01))
                .list()
                .layer(new LSTM.Builder().nIn(VOCABULARY).nOut(HIDDEN).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nIn(HIDDEN)
                        .nOut(VOCABULARY)
                        .build())
                .build());
        network.init();
        return network;
    }

    static DataSet minibatch() {
        return minibatch(MINIBATCH, LENGTH);
    }

    /** A quarter of the tokens, side by side: quicker to train on, so that a run soon has many iterations behind it. */
    static DataSet shortMinibatch() {
        return minibatch(MINIBATCH * LENGTH / 4, 1);
    }

    private static DataSet minibatch(int rows, int length) {
        Random random = new Random(SEED);
        INDArray features = Nd4j.zeros(rows, VOCABULARY, length);
        INDArray labels = Nd4j.zeros(rows, VOCABULARY, length);
        for (int row = 0; row < rows; row++) {
            for (int t = 0; t < length; t++) {
                features.putScalar(new int[] {row, random.nextInt(VOCABULARY), t}, 1);
                labels.putScalar(new int[] {row, random.nextInt(VOCABULARY), t}, 1);
            }
        }
        return new DataSet(features, labels);
    }
}
