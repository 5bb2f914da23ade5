package org.etascope.core;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What names this process where several train one run. */
final class Worker {
    private Worker() {}

    /** {@return what the process is told to be, empty for none; an empty setting counts as not set} */
    static String told() {
        return told(System::getProperty, System::getenv);
    }

    static String told(Function<String, @Nullable String> properties, Function<String, @Nullable String> environment) {
        String property = properties.apply("etascope.worker");
        String told = property == null || property.isEmpty() ? environment.apply("ETASCOPE_WORKER") : property;
        return told == null ? "" : Arguments.name("etascope.worker (or ETASCOPE_WORKER)", told);
    }
}
