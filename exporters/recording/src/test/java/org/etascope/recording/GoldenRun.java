package org.etascope.recording;

import java.util.Random;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;

/** One run with all that can happen in it, the same on every machine: the frozen files were made of it. */
final class GoldenRun {
    private static final long START = 1_700_000_000_000L;
    private static final int STEPS = 4_000;

    private GoldenRun() {}

    static RunMonitor monitor() {
        return RunMonitor.builder("golden")
                .model("char LSTM")
                .dataset("made up")
                .plannedTokens(1_000_000)
                .uniqueTokens(150_000)
                .clock(() -> START)
                .build();
    }

    /** Learns, pauses, loses a few steps, repeats its data, and is flat at the end; every 100 steps something is done. */
    static void train(RunMonitor monitor, Runnable everyHundredSteps) {
        Random random = new Random(11);
        for (int t = 1; t <= STEPS; t++) {
            long at = START + 250L * t;
            if (t == 60) {
                monitor.describe("char LSTM", new ModelSize(10_000, 16), 100);
            }
            double noise = 0.02 * random.nextGaussian();
            double loss = t % 997 == 0 ? Double.NaN : 1.25 + 3.35 / (1 + Math.min(t, 900) / 30.0) + noise;
            monitor.step(t, t / 600, 1e-3 / (1 + t / 1000), 100, loss, at);
            if (t % 1111 == 0) {
                monitor.skip();
            }
            if (t % 200 == 0) {
                monitor.validation(loss + 0.05 + t * 1e-5);
            }
            if (t % 100 == 0) {
                everyHundredSteps.run();
            }
        }
    }
}
