package org.etascope.core;

/**
 * A learning slope b = −dL/d ln D with its interval, in nats per e-fold of the tokens; positive while the loss falls. All
 * NaN while there are too few bins for one. ×ln 2 gives nats per doubling.
 *
 * @param perEFold b
 * @param lower lower end of its interval
 * @param upper upper end of its interval
 * @param threshold κ·b̄, below which a slope counts as flat
 */
public record Slope(double perEFold, double lower, double upper, double threshold) {
    /** No slope yet. */
    public static final Slope UNKNOWN = new Slope(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    /** {@return b·ln 2, nats gained per doubling of the tokens} */
    public double natsPerDoubling() {
        return perEFold * InformationCapacity.LN2;
    }

    /** {@return lower end of the interval of {@link #natsPerDoubling()}} */
    public double natsPerDoublingLower() {
        return lower * InformationCapacity.LN2;
    }

    /** {@return upper end of the interval of {@link #natsPerDoubling()}} */
    public double natsPerDoublingUpper() {
        return upper * InformationCapacity.LN2;
    }

    /** {@return half the width of the interval of {@link #natsPerDoubling()}, the figure after "±"} */
    public double natsPerDoublingError() {
        return (natsPerDoublingUpper() - natsPerDoublingLower()) / 2;
    }

    /** {@return the threshold in nats per doubling} */
    public double thresholdNatsPerDoubling() {
        return threshold * InformationCapacity.LN2;
    }
}
