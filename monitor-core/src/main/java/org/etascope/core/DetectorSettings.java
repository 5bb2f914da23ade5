package org.etascope.core;

/**
 * Settings of the saturation detector. The defaults are the calibrated ones; docs/theory.md shows their error rates.
 *
 * @param z half-width of the slope's interval in standard deviations of Kendall's statistic, 0.1 to 10; default 2
 * @param lowestKappa least fraction of the average slope that counts as flat, above 0; default 0.02
 * @param highestKappa largest such fraction, at least the least, below 1; default 0.10. Equal to {@code lowestKappa}: a
 *     fixed κ
 */
public record DetectorSettings(double z, double lowestKappa, double highestKappa) {
    /** z = 2, κ between 0.02 and 0.10 as the noise demands. */
    public static final DetectorSettings DEFAULT = new DetectorSettings(2, 0.02, 0.10);

    /**
     * Checks the ranges.
     *
     * @param z half-width of the interval
     * @param lowestKappa least κ
     * @param highestKappa largest κ
     */
    public DetectorSettings {
        Arguments.within("z", z, 0.1, 10);
        Arguments.within("lowest kappa", lowestKappa, 1e-6, 1);
        Arguments.within("highest kappa", highestKappa, lowestKappa, 1);
    }
}
