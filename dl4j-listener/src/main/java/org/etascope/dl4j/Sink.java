package org.etascope.dl4j;

import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunState;

/** Where a listener's findings go: the part of {@link RunMonitor} that it writes, so that a test can let it fail. */
interface Sink {
    /** {@return the iteration last reported, -1 if none} */
    long lastIteration();

    void describe(String model, ModelSize size, double vocabularySize);

    void beginSegment();

    void step(long iteration, long epoch, double learningRate, long tokens, double lossNats, long epochMillis);

    void skip();

    void validation(double lossNats);

    void startEpoch();

    void endEpoch();

    void unsupported(String reason);

    RunState state();

    void countError();

    void addCallbackNanos(long nanos);

    static Sink of(RunMonitor monitor) {
        return new Sink() {
            @Override
            public long lastIteration() {
                double last = monitor.snapshot().progress().position().iteration();
                return Double.isNaN(last) ? -1 : (long) last;
            }

            @Override
            public void describe(String model, ModelSize size, double vocabularySize) {
                monitor.describe(model, size, vocabularySize);
            }

            @Override
            public void beginSegment() {
                monitor.beginSegment();
            }

            @Override
            public void step(
                    long iteration, long epoch, double learningRate, long tokens, double lossNats, long epochMillis) {
                monitor.step(iteration, epoch, learningRate, tokens, lossNats, epochMillis);
            }

            @Override
            public void skip() {
                monitor.skip();
            }

            @Override
            public void validation(double lossNats) {
                monitor.validation(lossNats);
            }

            @Override
            public void startEpoch() {
                monitor.startEpoch();
            }

            @Override
            public void endEpoch() {
                monitor.endEpoch();
            }

            @Override
            public void unsupported(String reason) {
                monitor.unsupported(reason);
            }

            @Override
            public RunState state() {
                return monitor.state();
            }

            @Override
            public void countError() {
                monitor.countError();
            }

            @Override
            public void addCallbackNanos(long nanos) {
                monitor.addCallbackNanos(nanos);
            }
        };
    }
}
