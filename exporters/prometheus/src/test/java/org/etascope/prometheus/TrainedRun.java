package org.etascope.prometheus;

import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;

/** A run that learns, one step a second. */
final class TrainedRun {
    private TrainedRun() {}

    static RunMonitor of(String name, int steps) {
        RunMonitor monitor = RunMonitor.builder(name)
                .modelSize(new ModelSize(1_000, 32))
                .vocabularySize(95)
                .build();
        for (int t = 0; t < steps; t++) {
            monitor.step(1600, 1.4 + 3.15 * Math.pow(1 + t / 5.0, -0.4), 1_000L * t);
        }
        return monitor;
    }
}
