package org.etascope.core;

/**
 * How nats become the information that is divided by the model's size in bits.
 *
 * <p>The paper divides nats by bits (§5.1: [0.115, 0.268]); in consistent units the same runs have [0.166, 0.387]. All
 * readings, their bits and the energy floor follow the convention, so that η·N equals the information in either.
 */
public enum UnitConvention {
    /** Nats are converted to bits: divided by ln 2. The default. */
    CONSISTENT(1 / InformationCapacity.LN2),
    /** Nats are taken for bits, as the paper prints them. For comparison with its numbers only. */
    PAPER_LITERAL(1);

    private final double informationPerNat;

    UnitConvention(double informationPerNat) {
        this.informationPerNat = informationPerNat;
    }

    /** {@return the information of one nat: 1/ln 2 bits, or 1 in the paper's literal reading} */
    public double informationPerNat() {
        return informationPerNat;
    }

    /** {@return the name that metrics, JSON and pages use: lower case with underscores} */
    public String label() {
        return Labels.of(this);
    }
}
