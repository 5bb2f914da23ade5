package org.etascope.spark;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.jspecify.annotations.Nullable;

/** The driver's side: makes the workers' steps the run's. Thread-safe. */
final class StepLedger {
    private final RunMonitor monitor;
    private final String model;
    private final ModelSize size;
    private boolean described;
    private @Nullable String refusal;

    StepLedger(RunMonitor monitor, String model, ModelSize size) {
        this.monitor = monitor;
        this.model = model;
        this.size = size;
    }

    private static final class Sum {
        private long epoch;
        private double learningRate;
        private long tokens;
        private double nats;
        private long timeStamp;
    }

    /**
     * Takes one round of parameter averaging: workers that were at the same iteration made one step together. The first
     * one's mean over all of its tokens is the baseline.
     */
    synchronized void averaged(Collection<StepUpdate> round) {
        Map<Long, Sum> steps = new TreeMap<>();
        for (StepUpdate update : round) {
            if (readable(update)) {
                Sum sum = steps.computeIfAbsent(update.iteration, i -> new Sum());
                sum.epoch = update.epoch;
                sum.learningRate = update.learningRate;
                sum.tokens += update.tokens;
                sum.nats += update.nats;
                sum.timeStamp = Math.max(sum.timeStamp, update.getTimeStamp());
            }
        }
        steps.forEach((iteration, sum) ->
                monitor.step(iteration, sum.epoch, sum.learningRate, sum.tokens, sum.nats / sum.tokens, sum.timeStamp));
    }

    /** Takes steps of gradient sharing: each minibatch is a step. */
    synchronized void shared(Collection<StepUpdate> updates) {
        for (StepUpdate update : updates) {
            if (readable(update)) {
                monitor.step(
                        update.iteration,
                        update.epoch,
                        update.learningRate,
                        update.tokens,
                        update.nats / update.tokens,
                        update.getTimeStamp());
            }
        }
    }

    private boolean readable(StepUpdate update) {
        if (!described) {
            described = true;
            monitor.describe(model, size, update.vocabulary);
            monitor.unit(update.unit());
        }
        String reason = update.refusal;
        if (reason != null && refusal == null) {
            refusal = reason;
            monitor.unsupported(reason);
        }
        if (refusal != null || update.tokens == 0) {
            monitor.skip();
            return false;
        }
        return true;
    }

    /** Steps that an executor had no room for. */
    synchronized void lost(long steps) {
        for (long i = 0; i < steps; i++) {
            monitor.skip();
        }
    }
}
