package org.etascope.dl4j;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Passes every event on to another listener, which may be changed between events. */
class Relay implements TrainingListener {
    private TrainingListener target;

    Relay(TrainingListener target) {
        this.target = target;
    }

    final void to(TrainingListener next) {
        target = next;
    }

    /** The model that the other one sees. */
    Model shown(Model model) {
        return model;
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        target.iterationDone(shown(model), iteration, epoch);
    }

    @Override
    public void onEpochStart(Model model) {
        target.onEpochStart(shown(model));
    }

    @Override
    public void onEpochEnd(Model model) {
        target.onEpochEnd(shown(model));
    }

    @Override
    public void onForwardPass(Model model, List<INDArray> activations) {
        target.onForwardPass(shown(model), activations);
    }

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
        target.onForwardPass(shown(model), activations);
    }

    @Override
    public void onGradientCalculation(Model model) {
        target.onGradientCalculation(shown(model));
    }

    @Override
    public void onBackwardPass(Model model) {
        target.onBackwardPass(shown(model));
    }
}
