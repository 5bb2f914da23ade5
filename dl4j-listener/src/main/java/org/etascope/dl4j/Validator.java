package org.etascope.dl4j;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** Computes a validation loss. */
final class Validator {
    private final MultiDataSetIterator data;
    private final Every when;

    Validator(MultiDataSetIterator data, Every when) {
        this.data = data;
        this.when = when;
    }

    Every when() {
        return when;
    }

    /**
     * {@return mean cross-entropy over all the data, nats per token; NaN without a token}
     *
     * @param network not the one in training, but its {@link Twin}
     */
    double lossNats(Model network, Reading reading) {
        double regularization = Networks.regularization(network);
        double nats = 0;
        long tokens = 0;
        data.reset();
        while (data.hasNext()) {
            MultiDataSet batch = data.next();
            score(network, batch);
            for (Head head : reading.heads()) {
                Layer layer = Networks.output(network, head.index());
                INDArray labels = batch.getLabels(head.index());
                double score = head.index() == 0 ? layer.score() - regularization : layer.score();
                nats += score * head.divisor(labels);
                tokens += tokens(head, labels, batch.getLabelsMaskArray(head.index()));
            }
        }
        return nats / tokens;
    }

    /** One by one: this is no training step. */
    private static long tokens(Head head, INDArray labels, @Nullable INDArray mask) {
        if (mask != null) {
            return head.kept(labels, mask, Tokens.onDevice());
        }
        return head.sparse() || !head.oneLabelEach() ? head.positions(labels) : Tokens.inLabels(labels);
    }

    private static void score(Model network, MultiDataSet batch) {
        if (network instanceof ComputationGraph graph) {
            graph.score(batch, false);
        } else {
            DataSet single = new DataSet(
                    batch.getFeatures(0),
                    batch.getLabels(0),
                    batch.getFeaturesMaskArray(0),
                    batch.getLabelsMaskArray(0));
            ((MultiLayerNetwork) network).score(single, false);
        }
    }
}
