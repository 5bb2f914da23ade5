package org.etascope.benchmarks.training;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Measures the processor time that the training thread spends inside another listener's callbacks. */
final class CpuTimedListener implements TrainingListener {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final TrainingListener timed;
    private long nanos;

    CpuTimedListener(TrainingListener timed) {
        this.timed = timed;
    }

    /** {@return the time so far, and begins anew} */
    long take() {
        long taken = nanos;
        nanos = 0;
        return taken;
    }

    private void time(Runnable callback) {
        long before = THREADS.getCurrentThreadCpuTime();
        callback.run();
        nanos += THREADS.getCurrentThreadCpuTime() - before;
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        time(() -> timed.iterationDone(model, iteration, epoch));
    }

    @Override
    public void onEpochStart(Model model) {
        time(() -> timed.onEpochStart(model));
    }

    @Override
    public void onEpochEnd(Model model) {
        time(() -> timed.onEpochEnd(model));
    }

    @Override
    public void onForwardPass(Model model, List<INDArray> activations) {
        time(() -> timed.onForwardPass(model, activations));
    }

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
        time(() -> timed.onForwardPass(model, activations));
    }

    @Override
    public void onGradientCalculation(Model model) {
        time(() -> timed.onGradientCalculation(model));
    }

    @Override
    public void onBackwardPass(Model model) {
        time(() -> timed.onBackwardPass(model));
    }
}
