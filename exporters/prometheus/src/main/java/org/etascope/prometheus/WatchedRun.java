package org.etascope.prometheus;

import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.micrometer.RunMeters;
import org.etascope.recording.Recording;

/** A run on an endpoint, under one name in metrics, JSON and page. */
final class WatchedRun {
    private final RunMonitor monitor;
    private final RunMeters meters;

    WatchedRun(RunMonitor monitor) {
        this.monitor = monitor;
        this.meters = new RunMeters(monitor);
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

    RunSnapshot snapshot() {
        return named(monitor.snapshot());
    }

    Recording recording() {
        Recording recording = Recording.of(monitor);
        return new Recording(
                named(recording.snapshot()), recording.curve(), recording.validationCurve(), recording.events());
    }

    private RunSnapshot named(RunSnapshot now) {
        return now.info().run().equals(name()) ? now : now.withRun(name());
    }
}
