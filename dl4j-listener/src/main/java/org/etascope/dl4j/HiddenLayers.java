package org.etascope.dl4j;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The layers of a network that turn states into states, and their states. */
final class HiddenLayers {
    private HiddenLayers() {}

    /**
     * {@return the names of a network's layers from input to output: those with parameters, but for embeddings, batch
     * normalisation and outputs}
     */
    static List<String> names(Model network) {
        List<String> names = new ArrayList<>();
        if (network instanceof ComputationGraph graph) {
            for (int index : graph.topologicalSortOrder()) {
                GraphVertex vertex = graph.getVertices()[index];
                if (vertex.hasLayer() && !vertex.isOutputVertex() && isHidden(vertex.getLayer())) {
                    names.add(vertex.getVertexName());
                }
            }
            return names;
        }
        Layer[] layers = Networks.layers(network);
        for (int i = 0; i < layers.length - 1; i++) {
            if (isHidden(layers[i])) {
                names.add(name(layers[i], i));
            }
        }
        return names;
    }

    /** A layer of a MultiLayerNetwork that was given no name has its number, from 0. */
    private static String name(Layer layer, int index) {
        String given = layer.conf().getLayer().getLayerName();
        return given == null ? Integer.toString(index) : given;
    }

    private static boolean isHidden(Layer layer) {
        org.deeplearning4j.nn.conf.layers.Layer conf =
                Networks.unwrapped(layer).conf().getLayer();
        return layer.numParams() > 0
                && !(conf instanceof EmbeddingLayer
                        || conf instanceof EmbeddingSequenceLayer
                        || conf instanceof BatchNormalization);
    }

    /** {@return of each layer, and of each vertex of a graph, its activations, by name} */
    static Map<String, INDArray> activations(Model twin, ProbeBatch batch) {
        if (twin instanceof ComputationGraph graph) {
            graph.setLayerMaskArrays(batch.masks(), null);
            try {
                return graph.feedForward(batch.features(), false);
            } finally {
                graph.clearLayerMaskArrays();
            }
        }
        MultiLayerNetwork net = (MultiLayerNetwork) twin;
        INDArray[] masks = batch.masks();
        net.setLayerMaskArrays(masks == null ? null : masks[0], null);
        try {
            Layer[] layers = net.getLayers();
            List<INDArray> states = net.feedForwardToLayer(layers.length - 2, batch.features()[0], false);
            Map<String, INDArray> named = new LinkedHashMap<>();
            for (int i = 0; i < layers.length - 1; i++) {
                // The first is the input.
                named.put(name(layers[i], i), states.get(i + 1));
            }
            return named;
        } finally {
            net.clearLayerMaskArrays();
        }
    }

    /** {@return whether this is one state for each position} */
    static boolean fits(INDArray states, ProbeBatch batch) {
        if (states.rank() == 2) {
            return states.size(0) == batch.ids().length;
        }
        return states.rank() == 3
                && states.size(0) == batch.rows()
                && (states.size(1) == batch.times() || states.size(2) == batch.times());
    }

    /**
     * {@return the states one after the other, in the order of the batch's positions}
     *
     * @param timeAxis where the output has time: decides where both axes would fit
     */
    static double[] values(INDArray states, ProbeBatch batch, int timeAxis) {
        if (states.rank() == 2) {
            return states.dup('c').data().asDouble();
        }
        boolean both = states.size(1) == batch.times() && states.size(2) == batch.times();
        int time = both ? timeAxis : states.size(2) == batch.times() ? 2 : 1;
        return states.permute(time, 0, 3 - time).dup('c').data().asDouble();
    }
}
