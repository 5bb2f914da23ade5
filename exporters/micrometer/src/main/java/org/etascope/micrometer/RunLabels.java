package org.etascope.micrometer;

import io.micrometer.core.instrument.Tags;
import java.util.List;
import org.etascope.core.ModelSize;
import org.etascope.core.RunInfo;
import org.etascope.core.RunSnapshot;
import org.etascope.core.Version;

/** The tags of {@link EtascopeMeter#RUN_INFO}; one that is not known is empty. */
final class RunLabels {
    static final String RUN = "run";

    static final List<String> KEYS =
            List.of(RUN, "model", "dataset", "baseline_method", "unit_convention", "bits_per_parameter", "version");

    private RunLabels() {}

    /** {@return the tags of a run's identity} */
    static Tags of(String run, RunSnapshot snapshot) {
        RunInfo info = snapshot.info();
        return Tags.of(
                RUN,
                run,
                "model",
                info.model(),
                "dataset",
                info.dataset(),
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
