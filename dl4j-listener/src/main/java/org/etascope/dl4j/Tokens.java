package org.etascope.dl4j;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Counts the loss-bearing positions of a minibatch. */
final class Tokens {
    /** How far sums of float labels may stray from whole numbers. */
    private static final double ROUNDING = 1e-4;

    private Tokens() {}

    /**
     * {@return the ones in a mask with one value per position}
     *
     * @throws UnreadableLossException if it weighs positions
     */
    static long inMask(INDArray mask) {
        // A mask is often a view with the strides of its minibatch; the plain loop is faster than a native sum.
        INDArray whole = mask.isView() ? mask.dup() : mask;
        DataBuffer values = whole.data();
        long ones = 0;
        for (long i = 0, n = whole.length(); i < n; i++) {
            double value = values.getDouble(i);
            if (value == 1) {
                ones++;
            } else if (value != 0) {
                throw new UnreadableLossException(
                        "the label mask holds " + value + ", allowed: 0 and 1 (a weighted loss is no code length)");
            }
        }
        return ones;
    }

    /** {@return the ones in one-hot labels: the positions that have a label} */
    static long inLabels(INDArray labels) {
        return Math.round(sum(labels));
    }

    static double sum(INDArray labels) {
        return real(labels).sumNumber().doubleValue();
    }

    /**
     * {@return what is wrong with dense labels as a code, null if each position has one class or none}
     *
     * @param sum of the labels
     */
    static @Nullable String softness(INDArray labels, double sum, long positions) {
        double squares = Math.pow(real(labels).norm2Number().doubleValue(), 2);
        if (Math.abs(sum - squares) > ROUNDING * Math.max(1, sum)) {
            return "the labels are soft (not 0 or 1): their own entropy is in the loss, which is no code length";
        }
        if (sum > positions * (1 + ROUNDING)) {
            return "positions have several labels: the loss is no code length";
        }
        return null;
    }

    private static INDArray real(INDArray array) {
        return array.dataType().isFPType() ? array : array.castTo(DataType.FLOAT);
    }
}
