package org.etascope.dl4j;

import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.layers.RecurrentLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.core.ModelSize;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;

/** What both of Deeplearning4j's network classes can tell, under one name each. */
final class Networks {
    private Networks() {}

    /** {@return whether this is a whole network; pretraining hands single layers to its listeners} */
    static boolean isNetwork(Model model) {
        return model instanceof MultiLayerNetwork || model instanceof ComputationGraph;
    }

    static Layer output(Model model, int index) {
        Layer layer = model instanceof ComputationGraph graph
                ? graph.getOutputLayer(index)
                : ((MultiLayerNetwork) model).getOutputLayer();
        return unwrapped(layer);
    }

    static List<String> outputNames(Model model) {
        return model instanceof ComputationGraph graph
                ? graph.getConfiguration().getNetworkOutputs()
                : List.of("output");
    }

    static Layer unwrapped(Layer layer) {
        if (layer instanceof FrozenLayerWithBackprop frozen) {
            return frozen.getInsideLayer();
        }
        return layer instanceof FrozenLayer frozen ? frozen.getInsideLayer() : layer;
    }

    static double regularization(Model model) {
        return model instanceof ComputationGraph graph
                ? graph.calcRegularizationScore(true)
                : ((MultiLayerNetwork) model).calcRegularizationScore(true);
    }

    /** {@return whether any parameter is regularised: asking for the score of nothing costs ten microseconds a step} */
    static boolean regularizes(Model model) {
        for (Layer layer : layers(model)) {
            for (String parameter : layer.paramTable().keySet()) {
                List<Regularization> found = layer.conf().getLayer().getRegularizationByParam(parameter);
                if (found != null && !found.isEmpty()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** {@return iterations that are done, as the network counts them} */
    static int iteration(Model model) {
        return model instanceof ComputationGraph graph
                ? graph.getConfiguration().getIterationCount()
                : ((MultiLayerNetwork) model).getLayerWiseConfigurations().getIterationCount();
    }

    static void iteration(Model model, int count) {
        if (model instanceof ComputationGraph graph) {
            graph.getConfiguration().setIterationCount(count);
        } else {
            ((MultiLayerNetwork) model).getLayerWiseConfigurations().setIterationCount(count);
        }
    }

    static long parameters(Model model) {
        INDArray parameters = model.params();
        return parameters == null ? 0 : parameters.length();
    }

    static int epoch(Model model) {
        return model instanceof ComputationGraph graph
                ? graph.getConfiguration().getEpochCount()
                : ((MultiLayerNetwork) model).getEpochCount();
    }

    static void epoch(Model model, int count) {
        if (model instanceof ComputationGraph graph) {
            graph.getConfiguration().setEpochCount(count);
        } else {
            ((MultiLayerNetwork) model).setEpochCount(count);
        }
    }

    /** {@return whether the inputs of this minibatch are masked} */
    static boolean featuresMasked(Model model) {
        return anyMask(model) != null;
    }

    /** {@return whether Deeplearning4j hands a mask of the inputs on through this network and keeps it nowhere} */
    static boolean hidesInputMask(Model model) {
        if (model instanceof ComputationGraph) {
            return false;
        }
        Layer[] layers = layers(model);
        for (int i = 0; i < layers.length - 1; i++) {
            if (!(unwrapped(layers[i]) instanceof RecurrentLayer) || layers[i].getMaskArray() != null) {
                return false;
            }
        }
        return true;
    }

    /** {@return whether a mask of this minibatch's inputs leaves anything out} */
    static boolean anyPadding(Model model, boolean onDevice) {
        if (model instanceof ComputationGraph graph && graph.getInputMaskArrays() != null) {
            for (INDArray mask : graph.getInputMaskArrays()) {
                if (mask != null && Tokens.inMask(mask, onDevice) < mask.length()) {
                    return true;
                }
            }
            return false;
        }
        INDArray mask = anyMask(model);
        return mask != null && Tokens.inMask(mask, onDevice) < mask.length();
    }

    /** {@return the first input of this minibatch, null if the network keeps none} */
    static @Nullable INDArray input(Model model) {
        if (model instanceof ComputationGraph graph) {
            INDArray[] inputs = graph.getInputs();
            return inputs == null || inputs.length == 0 ? null : inputs[0];
        }
        return ((MultiLayerNetwork) model).getInput();
    }

    /** {@return the inputs of this minibatch} */
    static INDArray[] inputs(Model model) {
        return model instanceof ComputationGraph graph
                ? graph.getInputs()
                : new INDArray[] {((MultiLayerNetwork) model).getInput()};
    }

    /** {@return the masks of this minibatch's inputs, null if there are none} */
    static @Nullable INDArray @Nullable [] inputMasks(Model model) {
        if (model instanceof ComputationGraph graph) {
            return graph.getInputMaskArrays();
        }
        INDArray mask = firstMask(model);
        return mask == null ? null : new INDArray[] {mask};
    }

    /** {@return a mask of the inputs, as it was given or as a later layer keeps it: an LSTM keeps none} */
    private static @Nullable INDArray anyMask(Model model) {
        INDArray first = firstMask(model);
        if (first != null || model instanceof ComputationGraph) {
            return first;
        }
        Layer[] layers = layers(model);
        for (int i = 1; i < layers.length - 1; i++) {
            if (layers[i].getMaskArray() != null) {
                return layers[i].getMaskArray();
            }
        }
        return null;
    }

    private static @Nullable INDArray firstMask(Model model) {
        if (!(model instanceof ComputationGraph graph)) {
            return layers(model)[0].getMaskArray();
        }
        INDArray[] masks = graph.getInputMaskArrays();
        if (masks != null) {
            for (INDArray mask : masks) {
                if (mask != null) {
                    return mask;
                }
            }
        }
        return null;
    }

    static Layer[] layers(Model model) {
        return model instanceof ComputationGraph graph ? graph.getLayers() : ((MultiLayerNetwork) model).getLayers();
    }

    /** {@return the first updater with a learning rate, null if no layer has one} */
    static @Nullable IUpdater updater(Model model) {
        for (Layer layer : layers(model)) {
            if (layer.conf().getLayer() instanceof BaseLayer configured
                    && configured.getIUpdater() != null
                    && configured.getIUpdater().hasLearningRate()) {
                return configured.getIUpdater();
            }
        }
        return null;
    }

    /**
     * {@return N; unknown for a network without parameters}
     *
     * @param trainableOnly leaves frozen layers out
     */
    static ModelSize size(Model model, boolean trainableOnly) {
        INDArray parameters = model.params();
        if (parameters == null) {
            return ModelSize.UNKNOWN;
        }
        long count = parameters.length();
        if (trainableOnly) {
            for (Layer layer : layers(model)) {
                if (layer instanceof FrozenLayer || layer instanceof FrozenLayerWithBackprop) {
                    count -= layer.numParams();
                }
            }
        }
        return new ModelSize(count, 8.0 * parameters.dataType().width());
    }
}
