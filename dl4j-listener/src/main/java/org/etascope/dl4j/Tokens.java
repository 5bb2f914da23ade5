package org.etascope.dl4j;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Counts the loss-bearing positions of a minibatch, and looks whether its labels are a code.
 *
 * <p>On the host values are read one by one: a loop over a mask takes 1–3 µs, a native sum about 20. On a device each
 * value read is a wait for it, so there everything is a reduction.
 */
final class Tokens {
    static final String SOFT =
            "the labels are soft (not 0 or 1): their own entropy is in the loss, which is no code length";
    static final String SEVERAL = "positions have several labels: the loss is no code length";

    /** How far sums of float labels may stray from whole numbers. */
    private static final double ROUNDING = 1e-4;

    private Tokens() {}

    /** {@return whether reading one value means to wait for a device} */
    static boolean onDevice() {
        return Nd4j.getExecutioner().type() != ExecutionerType.NATIVE_CPU;
    }

    /**
     * {@return the ones in a mask}
     *
     * @throws UnreadableLossException if it weighs positions
     */
    static long inMask(INDArray mask, boolean onDevice) {
        if (onDevice) {
            double sum = sum(mask);
            if (Math.abs(sum - squares(mask)) > ROUNDING * Math.max(1, sum)) {
                throw new UnreadableLossException(
                        "the label mask holds weights, allowed: 0 and 1 (a weighted loss is no code length)");
            }
            return Math.round(sum);
        }
        DataBuffer values = mask.data();
        if (mask.isView() && mask.rank() == 2) {
            long ones = 0;
            long rowStride = mask.stride(0);
            long columnStride = mask.stride(1);
            for (long row = 0, rows = mask.size(0), columns = mask.size(1); row < rows; row++) {
                for (long column = 0; column < columns; column++) {
                    ones += one(values.getDouble(row * rowStride + column * columnStride));
                }
            }
            return ones;
        }
        if (mask.isView()) {
            values = mask.dup().data();
        }
        long ones = 0;
        for (long i = 0, n = mask.length(); i < n; i++) {
            ones += one(values.getDouble(i));
        }
        return ones;
    }

    private static int one(double value) {
        if (value == 1) {
            return 1;
        }
        if (value == 0) {
            return 0;
        }
        throw new UnreadableLossException(
                "the label mask holds " + value + ", allowed: 0 and 1 (a weighted loss is no code length)");
    }

    /** {@return the ones in one-hot labels: the positions that have a label} */
    static long inLabels(INDArray labels) {
        return Math.round(sum(labels));
    }

    /** {@return the positions that have a label and that the mask, one value per position, keeps} */
    static long inLabels(INDArray labels, int classAxis, INDArray mask) {
        INDArray labelled = real(labels).sum(classAxis);
        // A column is minibatch × time in Fortran's order.
        char order = mask.size(0) == labels.size(0) ? 'c' : 'f';
        return Math.round(sum(labelled.mul(mask.reshape(order, labelled.shape()).castTo(labelled.dataType()))));
    }

    static double sum(INDArray array) {
        return real(array).sumNumber().doubleValue();
    }

    static double squares(INDArray array) {
        return Math.pow(real(array).norm2Number().doubleValue(), 2);
    }

    /**
     * {@return what is wrong with dense labels as a code, null if each position has one class or none}
     *
     * @param sum of the labels
     */
    static @Nullable String softness(INDArray labels, double sum, long positions) {
        if (soft(sum, squares(labels))) {
            return SOFT;
        }
        return sum > positions * (1 + ROUNDING) ? SEVERAL : null;
    }

    static boolean soft(double sum, double squares) {
        return Math.abs(sum - squares) > ROUNDING * Math.max(1, sum);
    }

    private static INDArray real(INDArray array) {
        return array.dataType().isFPType() ? array : array.castTo(DataType.FLOAT);
    }
}
