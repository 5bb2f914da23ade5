package org.etascope.benchmarks.characteristic;

import java.util.List;
import java.util.SplittableRandom;
import org.etascope.core.CurvePoint;
import org.etascope.core.RunMonitor;

/**
 * What three detectors said of one run.
 *
 * @param etascope step of the monitor's first alarm, {@link #NEVER} without one
 * @param patience step of the first alarm of {@link Patience}
 * @param slope step of the first alarm of {@link InsignificantSlope}
 */
record Trial(int etascope, int patience, int slope) {
    static final int NEVER = Integer.MAX_VALUE;

    private static final int MILLIS_PER_STEP = 100;

    /** Runs a scenario once; the same seed gives the same run. */
    static Trial of(Scenario scenario, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Noise noise = scenario.noise().get();
        Patience patience = new Patience(scenario.steps());
        RunMonitor monitor = RunMonitor.builder("trial")
                .vocabularySize(scenario.vocabulary())
                .clock(() -> 0)
                .build();
        for (int step = 1; step <= scenario.steps(); step++) {
            double loss = scenario.losses().at(step) + noise.next(random);
            monitor.step(scenario.tokensPerStep(), loss, (long) step * MILLIS_PER_STEP);
            patience.step(loss);
        }
        List<CurvePoint> curve = monitor.curve();
        double saturatedAt = monitor.snapshot().verdict().saturation().atTokens();
        return new Trial(
                Double.isNaN(saturatedAt) ? NEVER : (int) (saturatedAt / scenario.tokensPerStep()),
                patience.alarm(),
                InsignificantSlope.alarm(curve));
    }
}
