package org.etascope.core;

import java.util.Locale;

/** The one spelling of enum constants outside Java: lower case with underscores. */
final class Labels {
    private Labels() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
