package org.etascope.core;

/**
 * One reading of the information capacity: information, the same by the model's size, and its error. η is bits/N, so η·N
 * equals the bits within a rounding.
 *
 * @param bits information in bits (under {@link UnitConvention#PAPER_LITERAL} the paper's "bits"); 0 before any token,
 *     otherwise NaN while something it needs is unknown; may be negative
 * @param eta bits/N, no unit; NaN while N is unknown; not bounded by 1
 * @param standardError standard error of η, NaN while unknown
 */
public record Reading(double bits, double eta, double standardError) {
    /**
     * {@return the information in one parameter, η·b bits; NaN while N is unknown}
     *
     * @param size N
     */
    public double bitsPerParameter(ModelSize size) {
        return eta * size.bitsPerParameter();
    }
}
