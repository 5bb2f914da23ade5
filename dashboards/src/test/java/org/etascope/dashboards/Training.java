package org.etascope.dashboards;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.core.RunMonitor;
import org.etascope.dl4j.EtaListener;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A real training run that is over within seconds: softmax regression on a Markov source of eight symbols. It learns all
 * there is within some hundred steps and is flat from then on.
 */
final class Training {
    private static final int SYMBOLS = 8;
    private static final int MINIBATCH = 512;
    private static final int BATCHES = 8;

    private final RunMonitor monitor;
    private final MultiLayerNetwork network;
    private final List<DataSet> epoch = new ArrayList<>();
    private final DataSet heldOut;

    Training(RunMonitor monitor) {
        this.monitor = monitor;
        this.network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(7)
                .dataType(DataType.DOUBLE)
                .updater(new Adam(0.02))
                .list()
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nIn(SYMBOLS)
                        .nOut(SYMBOLS)
                        .build())
                .build());
        network.init();
        network.setListeners(new EtaListener(monitor));
        Random random = new Random(7);
        for (int i = 0; i < BATCHES; i++) {
            epoch.add(batch(random, 1));
        }
        heldOut = batch(random, 1);
    }

    /** Trains whole epochs, with a validation loss after each. */
    void epochsUntil(BooleanSupplier enough) {
        while (!enough.getAsBoolean()) {
            network.fit(iterator());
            monitor.validation(network.score(heldOut));
        }
    }

    /** Trains whole epochs; the data end one too early, in an exception that nobody catches. */
    void epochsThatEndInAnException(BooleanSupplier enough) {
        epochsUntil(enough);
        network.fit(new ListDataSetIterator<>(epoch, 1) {
            private int given;

            @Override
            public synchronized DataSet next() {
                if (++given == BATCHES) {
                    throw new IllegalStateException("the data cannot be read");
                }
                return super.next();
            }
        });
    }

    /** Trains on a few minibatches of infinite features, which end every finite loss. */
    void breakIt() {
        Random random = new Random(8);
        for (int i = 0; i < 3; i++) {
            network.fit(batch(random, Double.POSITIVE_INFINITY));
        }
    }

    private DataSetIterator iterator() {
        return new ListDataSetIterator<>(epoch, 1);
    }

    /** The next symbol is the one after in three of four cases. */
    private static DataSet batch(Random random, double size) {
        INDArray features = Nd4j.zeros(DataType.DOUBLE, MINIBATCH, SYMBOLS);
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, MINIBATCH, SYMBOLS);
        for (int i = 0; i < MINIBATCH; i++) {
            int symbol = random.nextInt(SYMBOLS);
            int next = random.nextInt(4) == 0 ? random.nextInt(SYMBOLS) : (symbol + 1) % SYMBOLS;
            features.putScalar(i, symbol, size);
            labels.putScalar(i, next, 1);
        }
        return new DataSet(features, labels);
    }
}
