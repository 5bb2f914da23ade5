package org.etascope.cli;

import java.util.Map;
import java.util.function.Consumer;
import org.etascope.logs.Role;

/**
 * What a log says of its run before the first point counts. What the user says comes first.
 *
 * @param counts such as {@link Role#PARAMETERS}, by role
 * @param firstLossNats loss of the first point, NaN if it is not finite
 * @param notes told of how the log is understood
 */
record LogFacts(Map<Role, Long> counts, double firstLossNats, Consumer<String> notes) {
    /** Nothing is known. */
    static final LogFacts NONE = new LogFacts(Map.of(), Double.NaN, note -> {});
}
