package org.etascope.prometheus;

import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.micrometer.RunMeters;
import org.etascope.recording.Recording;

/**
 * A run on an endpoint, under one name in metrics, JSON and page.
 *
 * @param monitor the run
 * @param meters its meters
 * @param worker the worker's name, empty for none
 */
record WatchedRun(RunMonitor monitor, RunMeters meters, String worker) {
    WatchedRun(RunMonitor monitor) {
        this(monitor, new RunMeters(monitor), monitor.snapshot().info().worker());
    }

    /** {@return the name it is shown under: not the monitor's own where another run has that} */
    String name() {
        return meters.run();
    }

    RunSnapshot snapshot() {
        return monitor.snapshot().withRun(name());
    }

    Recording recording() {
        return Recording.of(monitor).withRun(name());
    }
}
