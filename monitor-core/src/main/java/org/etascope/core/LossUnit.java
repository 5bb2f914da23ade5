package org.etascope.core;

/** The unit of a source's losses. Converted once, where a loss enters; everything inside is in nats. */
public enum LossUnit {
    /** Natural logarithm: what nearly every framework reports. */
    NATS(1),
    /** Base-2 logarithm. */
    BITS(InformationCapacity.LN2);

    private final double nats;

    LossUnit(double nats) {
        this.nats = nats;
    }

    /**
     * {@return the loss in nats; NaN and infinities stay what they are}
     *
     * @param loss a loss in this unit
     */
    public double toNats(double loss) {
        return loss * nats;
    }
}
