package org.etascope.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The energy that a machine took since the report before, for {@link RunMonitor#energy}.
 *
 * @param joules measured in that time, NaN if nothing was; a number that is negative or infinite is none
 * @param seconds its length
 * @param whole whether that is all there was to measure: if not, the joules count but no price is made of them
 * @param shared whether other runs went on at the machine meanwhile
 * @param parts what of the machine was measured, for people
 * @param reason one line of what is not measured and why, null where nothing is missing
 */
public record EnergyReport(
        double joules,
        double seconds,
        boolean whole,
        boolean shared,
        List<String> parts,
        @Nullable String reason) {
    /**
     * {@return a report of a time without a measurement}
     *
     * @param seconds its length, 0 if the run had not begun
     * @param reason why
     */
    public static EnergyReport gap(double seconds, String reason) {
        return new EnergyReport(Double.NaN, seconds, false, false, List.of(), reason);
    }
}
