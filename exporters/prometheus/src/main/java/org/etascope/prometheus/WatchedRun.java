package org.etascope.prometheus;

import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.micrometer.RunMeters;
import org.etascope.recording.Recording;

/** A run on an endpoint, under one name in metrics, JSON and page. */
final class WatchedRun {
    private final RunMonitor monitor;
    private final RunMeters meters;
    private final String worker;

    WatchedRun(RunMonitor monitor) {
        this.monitor = monitor;
        this.meters = new RunMeters(monitor);
        this.worker = monitor.snapshot().info().worker();
    }

    RunMonitor monitor() {
        return monitor;
    }

    RunMeters meters() {
        return meters;
    }

    /** {@return the name it is shown under: not the monitor's own where another run has that} */
    String name() {
        return meters.run();
    }

    /** {@return the worker's name, empty for none} */
    String worker() {
        return worker;
    }

    RunSnapshot snapshot() {
        return monitor.snapshot().withRun(name());
    }

    Recording recording() {
        return Recording.of(monitor).withRun(name());
    }
}
