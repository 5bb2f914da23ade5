package org.etascope.dashboards;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a colour means, never which query it is; the palette of Okabe and Ito, which the colour-blind can tell apart. */
enum Color {
    /** The figure that the panel is about. */
    MAIN("#0072B2"),
    /** A second figure beside it. */
    SECOND("#CC79A7"),
    /** As it should be. */
    GOOD("#009E73"),
    /** Neither good nor bad. */
    NEUTRAL("#56B4E9"),
    /** To be looked at. */
    WARNING("#E69F00"),
    /** Broken. */
    BAD("#D55E00"),
    /** Context: limits, raw values, what is over. */
    FAINT("#8E8E8E");

    private final String hex;

    Color(String hex) {
        this.hex = hex;
    }

    /** {@return how documents write it} */
    @JsonValue
    String hex() {
        return hex;
    }
}
