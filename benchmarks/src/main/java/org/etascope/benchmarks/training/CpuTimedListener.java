package org.etascope.benchmarks.training;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Measures what another listener's callbacks take of the training thread: processor time, and the longest on the clock. */
final class CpuTimedListener implements TrainingListener {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final TrainingListener timed;
    private long nanos;
    private long longestNanos;

    CpuTimedListener(TrainingListener timed) {
        this.timed = timed;
    }

    /** {@return the time so far, and begins anew} */
    long take() {
        long taken = nanos;
        nanos = 0;
        return taken;
    }

    /** {@return the longest callback so far on the clock, nanoseconds, and begins anew} */
    long takeLongest() {
        long taken = longestNanos;
        longestNanos = 0;
        return taken;
    }

    private void time(Runnable callback) {
        long start = System.nanoTime();
        long before = THREADS.getCurrentThreadCpuTime();
        callback.run();
        nanos += THREADS.getCurrentThreadCpuTime() - before;
        longestNanos = Math.max(longestNanos, System.nanoTime() - start);
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
