package org.etascope.micrometer;

import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.etascope.core.ModelSize;
import org.etascope.core.RunInfo;
import org.etascope.core.RunSnapshot;

/** The tags of {@link EtascopeMeters#RUN_INFO}; one that is not known is empty. */
final class RunLabels {
    static final String RUN = "run";

    static final List<String> KEYS =
            List.of(RUN, "model", "dataset", "baseline_method", "unit_convention", "bits_per_parameter", "version");

    static final String VERSION = readVersion();

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
                VERSION);
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

    private static String readVersion() {
        try (InputStream in = RunLabels.class.getResourceAsStream("version.txt")) {
            return new String(Objects.requireNonNull(in, "version.txt").readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
