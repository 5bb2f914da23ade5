package org.etascope.core;

/** Student's t. */
final class StudentT {
    /** 97.5 % points for 1 to 5 degrees of freedom, where the series below is not good enough. */
    private static final double[] FEW = {12.706205, 4.302653, 3.182446, 2.776445, 2.570582};

    private static final double NORMAL = 1.959964;

    private StudentT() {}

    /**
     * {@return the half width of a central 95 % interval in standard errors, to 4 digits: Fisher and Cornish's series,
     * Abramowitz and Stegun 26.7.5}
     *
     * @param freedom degrees of freedom, from 1
     */
    static double of95(double freedom) {
        if (freedom <= FEW.length) {
            return FEW[(int) freedom - 1];
        }
        double z = NORMAL;
        double z2 = z * z;
        double g1 = z * (z2 + 1) / 4;
        double g2 = z * (3 + z2 * (16 + z2 * 5)) / 96;
        double g3 = z * (-15 + z2 * (17 + z2 * (19 + z2 * 3))) / 384;
        double g4 = z * (-945 + z2 * (-1920 + z2 * (1482 + z2 * (776 + z2 * 79)))) / 92_160;
        return z + (g1 + (g2 + (g3 + g4 / freedom) / freedom) / freedom) / freedom;
    }
}
