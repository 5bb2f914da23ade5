package org.etascope.core;

/**
 * The size of a model, N = parameters · storage bits per parameter (the paper, Eq. 8). Tied tensors count once.
 *
 * @param parameters number of parameters, at least 0; 0 while unknown, and every ratio over N is then NaN
 * @param bitsPerParameter storage bits of one parameter, above 0 and at most 64; a fraction is fine for mixed storage
 */
public record ModelSize(long parameters, double bitsPerParameter) {
    /** Not known yet. */
    public static final ModelSize UNKNOWN = new ModelSize(0, 32);

    /**
     * Checks the ranges.
     *
     * @param parameters number of parameters
     * @param bitsPerParameter storage bits of one
     */
    public ModelSize {
        Arguments.notNegative("parameters", parameters);
        Arguments.within("bits per parameter", bitsPerParameter, Double.MIN_VALUE, 64);
    }

    /** {@return N in bits; 0 while unknown} */
    public double bits() {
        return parameters * bitsPerParameter;
    }

    /** {@return whether N is known, that is above 0} */
    public boolean known() {
        return parameters > 0;
    }
}
