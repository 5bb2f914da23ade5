package org.etascope.dl4j;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Computes a validation loss on a twin of the network, so that the trained one's state, recurrent and other, is never
 * touched. The twin has the memory of a second copy of the parameters.
 */
final class Validator {
    private final DataSetIterator data;
    private final Every when;
    private @Nullable Model twin;

    Validator(DataSetIterator data, Every when) {
        this.data = data;
        this.when = when;
    }

    Every when() {
        return when;
    }

    /** {@return mean cross-entropy over all the data, nats per token; NaN without a token} */
    double lossNats(Model trained, Reading reading) {
        Model network = twinOf(trained);
        double regularization = Networks.regularization(network);
        double nats = 0;
        long tokens = 0;
        data.reset();
        while (data.hasNext()) {
            DataSet batch = data.next();
            score(network, batch);
            for (Head head : reading.heads()) {
                Layer layer = Networks.output(network, head.index());
                INDArray labels = batch.getLabels();
                double score = head.index() == 0 ? layer.score() - regularization : layer.score();
                nats += score * head.divisor(labels);
                tokens += tokens(head, batch);
            }
        }
        return nats / tokens;
    }

    private static long tokens(Head head, DataSet batch) {
        if (batch.getLabelsMaskArray() != null) {
            return Tokens.inMask(batch.getLabelsMaskArray());
        }
        boolean padded = batch.getFeaturesMaskArray() != null && !head.sparse();
        return padded ? Tokens.inLabels(batch.getLabels()) : head.positions(batch.getLabels());
    }

    private static void score(Model network, DataSet batch) {
        if (network instanceof ComputationGraph graph) {
            graph.score(batch, false);
        } else {
            ((MultiLayerNetwork) network).score(batch, false);
        }
    }

    private Model twinOf(Model trained) {
        if (twin == null) {
            twin = copy(trained);
        } else {
            twin.setParams(trained.params());
        }
        return twin;
    }

    private static Model copy(Model trained) {
        if (trained instanceof ComputationGraph graph) {
            ComputationGraph copy =
                    new ComputationGraph(graph.getConfiguration().clone());
            copy.init(graph.params(), true);
            return copy;
        }
        MultiLayerNetwork net = (MultiLayerNetwork) trained;
        MultiLayerNetwork copy =
                new MultiLayerNetwork(net.getLayerWiseConfigurations().clone());
        copy.init(net.params(), true);
        return copy;
    }
}
