package org.etascope.examples;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.starter.Etascope;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** A model that learns a line character by character, watched at http://127.0.0.1:9464 while it trains. */
final class LanguageModel {
    private static final String TEXT = "to be or not to be ";

    public static void main(String[] arguments) {
        System.out.println(train(9464));
    }

    static String train(int port) {
        DataSet data = new DataSet(oneHot(TEXT), oneHot(TEXT.substring(1) + TEXT.charAt(0)));
        LSTM memory = new LSTM.Builder().nIn(128).nOut(64).build();
        RnnOutputLayer output = new RnnOutputLayer.Builder().nIn(64).nOut(128).build();
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .updater(new Adam(0.02))
                .list(memory, output)
                .build());
        net.init();
        try (Etascope watched = Etascope.attach(net, port, "language-model")) {
            net.fit(new SingletonDataSetIterator(data), 80);
            return watched.monitor().snapshot().verdict().sentence();
        }
    }

    private static INDArray oneHot(String text) {
        return Nd4j.eye(128).getRows(text.chars().toArray()).transpose().reshape(1, 128, text.length());
    }
}
