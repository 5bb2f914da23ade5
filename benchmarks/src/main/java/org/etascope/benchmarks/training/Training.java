package org.etascope.benchmarks.training;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A small character LSTM and minibatches for it. */
final class Training {
    private static final int VOCABULARY = 50;
    private static final int HIDDEN = 64;
    private static final int MINIBATCH = 16;
    private static final int LENGTH = 25;
    private static final long SEED = 7;
    private static final int MINIBATCHES = 64;
    private static final int SHORT_FOR_ONE = 15;

    private Training() {}

    static MultiLayerNetwork network(TrainingListener listener) {
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
        network.setListeners(listener);
        return network;
    }

    /** {@return what is measured on} */
    static List<DataSet> minibatches() {
        return of(LENGTH).toList();
    }

    /** {@return one token of each sequence: quickly trained on, so that a run soon has many iterations behind it} */
    static List<DataSet> shortMinibatches() {
        return of(1).toList();
    }

    /**
     * {@return mostly short ones and some of what is measured on: code that was compiled for one shape alone would have to
     * be compiled anew}
     */
    static List<DataSet> minibatchesToWarmUpOn() {
        Stream<DataSet> shorts =
                Collections.nCopies(SHORT_FOR_ONE, shortMinibatches()).stream().flatMap(List::stream);
        return Stream.concat(shorts, of(LENGTH)).toList();
    }

    private static Stream<DataSet> of(int length) {
        return IntStream.range(0, MINIBATCHES).mapToObj(i -> minibatch(SEED + i, length));
    }

    private static DataSet minibatch(long seed, int length) {
        Random random = new Random(seed);
        INDArray features = Nd4j.zeros(MINIBATCH, VOCABULARY, length);
        INDArray labels = Nd4j.zeros(MINIBATCH, VOCABULARY, length);
        for (int row = 0; row < MINIBATCH; row++) {
            for (int t = 0; t < length; t++) {
                features.putScalar(new int[] {row, random.nextInt(VOCABULARY), t}, 1);
                labels.putScalar(new int[] {row, random.nextInt(VOCABULARY), t}, 1);
            }
        }
        return new DataSet(features, labels);
    }
}
