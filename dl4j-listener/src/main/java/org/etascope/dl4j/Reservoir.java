package org.etascope.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A sample of the sequences trained on so far, each equally likely to be in it: Vitter's algorithm R, with random numbers of
 * its own. A sequence is copied when it is taken, which becomes rare: one in k minibatches after k times its size. Not
 * thread-safe.
 */
final class Reservoir {
    /** What its inputs may take; sequences of wide one-hot inputs are then fewer. */
    private static final long MOST_BYTES = 64 << 20;

    private final int mostTokens;
    private final SplittableRandom random = new SplittableRandom(1);
    private final List<ProbeBatch> examples = new ArrayList<>();
    private int capacity;
    private long seen;

    Reservoir(int mostTokens) {
        this.mostTokens = mostTokens;
    }

    /** Looks at a minibatch in its backward pass, when the output layer has its labels. */
    void see(Model training, Head head) {
        INDArray[] features = Networks.inputs(training);
        Layer output = Networks.output(training, head.index());
        INDArray labels = ((IOutputLayer) output).getLabels();
        int minibatch = (int) labels.size(0);
        if (capacity == 0) {
            capacity = capacity(features, minibatch, labels.size(head.timeAxis()));
        }
        int[] rows = new int[minibatch];
        int[] places = new int[minibatch];
        int taken = 0;
        for (int row = 0; row < minibatch; row++) {
            long place = seen < capacity ? seen : random.nextLong(seen + 1);
            seen++;
            if (place < capacity) {
                rows[taken] = row;
                places[taken++] = (int) place;
            }
        }
        if (taken == 0) {
            return;
        }
        List<ProbeBatch> copies = ProbeBatch.examples(
                features,
                Networks.inputMasks(training),
                head,
                labels,
                output.getMaskArray(),
                Arrays.copyOf(rows, taken));
        for (int i = 0; i < taken; i++) {
            if (places[i] == examples.size()) {
                examples.add(copies.get(i));
            } else {
                examples.set(places[i], copies.get(i));
            }
        }
    }

    private int capacity(INDArray[] features, int minibatch, long times) {
        long bytes = 0;
        for (INDArray input : features) {
            bytes += input.length() * input.dataType().width();
        }
        long byMemory = MOST_BYTES * minibatch / Math.max(1, bytes);
        return (int) Math.max(1, Math.min(byMemory, (mostTokens + times - 1) / times));
    }

    boolean full() {
        return capacity > 0 && examples.size() == capacity;
    }

    List<ProbeBatch> batches() {
        return ProbeBatch.joined(examples);
    }
}
