package org.etascope.benchmarks.training;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;

/** Another listener that can be switched on and off, while the network sees one listener all the time. */
final class SwitchedListener extends BaseTrainingListener {
    private final TrainingListener switched;
    private boolean on;

    SwitchedListener(TrainingListener switched) {
        this.switched = switched;
    }

    void on(boolean watches) {
        on = watches;
    }

    @Override
    public void onBackwardPass(Model model) {
        if (on) {
            switched.onBackwardPass(model);
        }
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        if (on) {
            switched.iterationDone(model, iteration, epoch);
        }
    }
}
