package org.etascope.examples;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.core.RunMonitor;
import org.etascope.dl4j.EtaListener;
import org.etascope.dl4j.Every;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** A classifier, with a validation loss after each epoch: a label is a token. */
final class Classifier {
    public static void main(String[] arguments) {
        RunMonitor monitor = RunMonitor.builder("classifier").build();
        train(monitor);
        System.out.println("validation loss: " + monitor.snapshot().validation().loss() + " nats");
    }

    static void train(RunMonitor monitor) {
        OutputLayer output = new OutputLayer.Builder().nIn(4).nOut(4).build();
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .updater(new Adam(0.05))
                .list(output)
                .build());
        net.init();
        net.setListeners(EtaListener.builder(monitor)
                .validateOn(new SingletonDataSetIterator(points(64)), Every.epochs(1))
                .build());
        net.fit(new SingletonDataSetIterator(points(256)), 20);
    }

    /** Points in space; the class of each is its largest coordinate. */
    private static DataSet points(int count) {
        var points = Nd4j.rand(count, 4);
        return new DataSet(points, Nd4j.eye(4).getRows(Nd4j.argMax(points, 1).toIntVector()));
    }
}
