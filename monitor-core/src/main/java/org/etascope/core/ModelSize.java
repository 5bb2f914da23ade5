package org.etascope.core;

/**
 * The size of a model, N = parameters · storage bits per parameter (the paper, Eq. 8). Tied tensors count once.
 *
 * @param parameters P, number of parameters, at least 0; 0 while unknown, and N and every ratio over it are then NaN
 * @param bitsPerParameter b, storage bits of one parameter, above 0 and at most 64; a fraction is fine for mixed storage.
 *     NaN while the parameters are unknown: without them it says nothing
 */
public record ModelSize(long parameters, double bitsPerParameter) {
    /** Not known yet. */
    public static final ModelSize UNKNOWN = new ModelSize(0, Double.NaN);

    /**
     * Checks the ranges; 0 parameters are {@link #UNKNOWN} whatever their storage.
     *
     * @param parameters number of parameters
     * @param bitsPerParameter storage bits of one
     */
    public ModelSize {
        Arguments.notNegative("parameters", parameters);
        if (parameters == 0) {
            bitsPerParameter = Double.NaN;
        } else {
            Arguments.within("bits per parameter", bitsPerParameter, Double.MIN_VALUE, 64);
        }
    }

    /** {@return N in bits; NaN while unknown} */
    public double bits() {
        return parameters * bitsPerParameter;
    }

    /** {@return whether N is known, that is above 0} */
    public boolean known() {
        return parameters > 0;
    }
}
