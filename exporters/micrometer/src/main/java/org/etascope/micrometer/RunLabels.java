package org.etascope.micrometer;

import io.micrometer.core.instrument.Tags;
import java.util.List;
import org.etascope.core.ModelSize;
import org.etascope.core.RunInfo;
import org.etascope.core.RunSnapshot;
import org.etascope.core.Version;

/**
 * The tags of every series of a run, and those of {@link EtascopeMeter#RUN_INFO}; one that is not known is empty. All series
 * of one name must have the same keys, so a run of one process has an empty {@code worker}; to Prometheus that is no label.
 */
final class RunLabels {
    private static final String RUN = "run";
    private static final String WORKER = "worker";

    /** The keys that every series has. */
    static final List<String> OF_SERIES = List.of(RUN, WORKER);

    static final List<String> KEYS = List.of(
            RUN,
            WORKER,
            "model",
            "dataset",
            "unit",
            "baseline_method",
            "unit_convention",
            "bits_per_parameter",
            "version");

    private RunLabels() {}

    /** {@return the tags that every series of a run has} */
    static Tags ofSeries(String run, RunSnapshot snapshot) {
        return Tags.of(RUN, run, WORKER, snapshot.info().worker());
    }

    /** {@return the tags of a run's identity} */
    static Tags of(String run, RunSnapshot snapshot) {
        RunInfo info = snapshot.info();
        return ofSeries(run, snapshot)
                .and(
                        "model",
                        info.model(),
                        "dataset",
                        info.dataset(),
                        "unit",
                        info.unit().label(),
                        "baseline_method",
                        snapshot.baseline().method().label(),
                        "unit_convention",
                        info.convention().label(),
                        "bits_per_parameter",
                        bits(info.size()),
                        "version",
                        Version.CURRENT);
    }

    /** {@return whether the identity is settled: H is frozen, or will never be} */
    static boolean settled(RunSnapshot snapshot) {
        return snapshot.baseline().known()
                || snapshot.info().unsupportedReason() != null
                || snapshot.timeline().ended();
    }

    private static String bits(ModelSize size) {
        if (!size.known()) {
            return "";
        }
        double bits = size.bitsPerParameter();
        return bits == Math.rint(bits) ? Long.toString((long) bits) : Double.toString(bits);
    }
}
