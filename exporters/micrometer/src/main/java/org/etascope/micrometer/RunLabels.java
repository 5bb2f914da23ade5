package org.etascope.micrometer;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.etascope.core.ModelSize;
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

    private record Label(String key, Function<RunSnapshot, String> value) {}

    private static final List<Label> OF_IDENTITY = List.of(
            new Label("model", now -> now.info().model()),
            new Label("dataset", now -> now.info().dataset()),
            new Label("unit", now -> now.info().unit().label()),
            new Label("baseline_method", now -> now.baseline().method().label()),
            new Label("unit_convention", now -> now.info().convention().label()),
            new Label("bits_per_parameter", now -> bits(now.info().size())),
            new Label("version", now -> Version.CURRENT));

    /** The keys of the identity. */
    static final List<String> KEYS = Stream.concat(
                    OF_SERIES.stream(), OF_IDENTITY.stream().map(Label::key))
            .toList();

    private RunLabels() {}

    /** {@return the tags that every series of a run has} */
    static Tags ofSeries(String run, RunSnapshot snapshot) {
        return Tags.of(RUN, run, WORKER, snapshot.info().worker());
    }

    /** {@return the tags of a run's identity} */
    static Tags of(String run, RunSnapshot snapshot) {
        return ofSeries(run, snapshot)
                .and(OF_IDENTITY.stream()
                        .map(label -> Tag.of(label.key, label.value.apply(snapshot)))
                        .toList());
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
