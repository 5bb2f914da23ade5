package org.etascope.prometheus;

import java.util.Random;
import org.etascope.core.LearningRateSchedule;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;

/** A run as long as a real one: the size, pace and losses of a GPT-2 124M over 10 billion tokens, made up and seeded. */
final class LongRun {
    private static final long TOKENS_PER_STEP = 524_288;
    private static final long MILLIS_PER_STEP = 245;
    private static final int PLANNED_STEPS = 19_560;
    private static final int WARMUP_STEPS = 700;

    private LongRun() {}

    /** A monitor that has not seen a step yet; its run began so that a replay of so many steps ends now. */
    static RunMonitor monitor(String name, int steps) {
        long start = System.currentTimeMillis() - steps * MILLIS_PER_STEP;
        return RunMonitor.builder(name)
                .model("GPT-2 124M")
                .dataset("FineWeb 10B")
                .modelSize(new ModelSize(124_475_904, 16))
                .vocabularySize(50_257)
                .plannedTokens(PLANNED_STEPS * TOKENS_PER_STEP)
                .schedule(LearningRateSchedule.parse("cosine").withWarmup(WARMUP_STEPS))
                .clock(() -> start)
                .build();
    }

    static RunMonitor replayed(String name, int steps) {
        RunMonitor monitor = monitor(name, steps);
        replay(monitor, steps, () -> {});
        return monitor;
    }

    /** Trains the first steps; every hundred of them something else may be done. */
    static void replay(RunMonitor monitor, int steps, Runnable everyHundredSteps) {
        long start = (long) (monitor.snapshot().timeline().startSeconds() * 1e3);
        Random random = new Random(124);
        for (int t = 1; t <= steps; t++) {
            double loss = 3.0 + 8.0 * Math.pow(1 + (t - 1) / 30.0, -0.42);
            monitor.learningRate(rate(t));
            monitor.step(TOKENS_PER_STEP, loss + 0.03 * random.nextGaussian(), start + t * MILLIS_PER_STEP);
            if (t % 250 == 0) {
                monitor.validation(loss + 0.01);
            }
            if (t % 100 == 0) {
                everyHundredSteps.run();
            }
        }
    }

    /** Warmed up, then along half a cosine to 0. */
    private static double rate(int t) {
        double past = (t - WARMUP_STEPS) / (double) (PLANNED_STEPS - WARMUP_STEPS);
        return 6e-4 * (t < WARMUP_STEPS ? t / (double) WARMUP_STEPS : 0.5 * (1 + Math.cos(Math.PI * past)));
    }
}
