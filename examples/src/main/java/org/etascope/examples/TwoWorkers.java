package org.etascope.examples;

import java.util.Collections;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.etascope.core.RunMonitor;
import org.etascope.dl4j.EtaListener;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Two workers train one network and share one listener; no epoch reaches a listener there, so it is told. */
final class TwoWorkers {
    public static void main(String[] arguments) {
        RunMonitor monitor = RunMonitor.builder("two-workers").build();
        train(monitor);
        System.out.println(monitor.snapshot().progress().tokens() + " tokens by two workers");
    }

    static void train(RunMonitor monitor) {
        OutputLayer output = new OutputLayer.Builder().nIn(4).nOut(4).build();
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .updater(new Adam(0.05))
                .list(output)
                .build());
        net.init();
        ParallelWrapper workers = new ParallelWrapper.Builder<>(net).workers(2).build();
        EtaListener listener = new EtaListener(monitor);
        workers.setListeners(listener);
        DataSet batch = new DataSet(Nd4j.eye(4), Nd4j.eye(4));
        for (int epoch = 0; epoch < 5; epoch++) {
            workers.fit(new ExistingDataSetIterator(Collections.nCopies(16, batch)));
            listener.endEpoch();
        }
        workers.shutdown();
    }
}
