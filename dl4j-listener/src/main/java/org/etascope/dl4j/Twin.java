package org.etascope.dl4j;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;

/**
 * A second copy of the network in training, on which anything may be computed: the trained one's state, recurrent and other,
 * is never touched. It has the memory of the parameters once more. Whoever uses it holds its lock.
 */
final class Twin {
    private @Nullable Model copy;

    /** {@return the copy, with the parameters of now} */
    Model of(Model trained) {
        if (copy == null) {
            copy = copy(trained);
        } else {
            copy.setParams(trained.params());
        }
        return copy;
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
