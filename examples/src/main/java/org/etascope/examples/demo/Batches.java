package org.etascope.examples.demo;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Cuts a corpus into training steps: windows side by side, one-hot, the labels one symbol ahead. */
final class Batches {
    private final Corpus corpus;
    private final int symbols;
    private final int windows;
    private final int length;
    private final int[] window;

    /**
     * Prepares batches of one shape.
     *
     * @param corpus the data
     * @param windows windows side by side in a batch
     * @param length symbols that each window predicts
     */
    Batches(Corpus corpus, int windows, int length) {
        this.corpus = corpus;
        this.symbols = corpus.facts().symbols();
        this.windows = windows;
        this.length = length;
        this.window = new int[length + 1];
    }

    /**
     * {@return the batch of a step: features and labels, each [windows, symbols, length]}
     *
     * @param step the step, from 0 without end
     */
    DataSet at(long step) {
        float[] features = new float[windows * symbols * length];
        float[] labels = new float[features.length];
        for (int row = 0; row < windows; row++) {
            corpus.window(step * windows + row, window);
            for (int t = 0; t < length; t++) {
                features[place(row, window[t], t)] = 1;
                labels[place(row, window[t + 1], t)] = 1;
            }
        }
        return new DataSet(array(features), array(labels));
    }

    /** Fortran order, rows fastest: the order in which the recurrent layers work. */
    private int place(int row, int symbol, int t) {
        return row + windows * (symbol + symbols * t);
    }

    private INDArray array(float[] values) {
        return Nd4j.create(values, new int[] {windows, symbols, length}, 'f');
    }
}
