package org.etascope.micrometer;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.etascope.core.OneLine;
import org.etascope.core.RunMonitor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One label per run in this JVM. A second run of a name in use by one that goes on is shown as {@code name-2}, since two runs under one label
 * would be one garbled series.
 *
 * <p>A label is in use as long as one of its holders is. They are held strongly: a registry's function counters refer to
 * their state weakly and would read 0 once it is gone.
 */
final class RunNames {
    private static final Logger LOG = LoggerFactory.getLogger(RunNames.class);

    private record Use(RunMonitor monitor, Set<RunMeters> holders) {}

    private static final Map<String, Use> USES = new HashMap<>();

    private RunNames() {}

    /** {@return who still holds the name of this run for another that has ended} */
    static synchronized List<RunMeters> ended(RunMonitor monitor) {
        Use use = USES.get(monitor.name());
        return use == null || use.monitor == monitor || !use.monitor.closed() ? List.of() : List.copyOf(use.holders);
    }

    /** {@return the label of the monitor's run, from now on held} */
    static synchronized String claim(RunMonitor monitor, RunMeters holder) {
        String name = monitor.name();
        String label = name;
        for (int n = 2; !free(label, monitor); n++) {
            label = name + "-" + n;
        }
        Use use = USES.get(label);
        if (use == null) {
            use = new Use(monitor, new HashSet<>());
            USES.put(label, use);
            if (!label.equals(name)) {
                LOG.warn(
                        "run name \"{}\" is in use in this JVM, so this run is shown as \"{}\"",
                        OneLine.of(name),
                        OneLine.of(label));
            }
        }
        use.holders.add(holder);
        return label;
    }

    private static boolean free(String label, RunMonitor monitor) {
        Use use = USES.get(label);
        return use == null || use.monitor == monitor;
    }

    /** {@return who still holds the label} */
    static synchronized List<RunMeters> release(String label, RunMeters holder) {
        Use use = USES.get(label);
        if (use == null || !use.holders.remove(holder)) {
            return List.of();
        }
        if (use.holders.isEmpty()) {
            USES.remove(label);
        }
        return List.copyOf(use.holders);
    }
}
