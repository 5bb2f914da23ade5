package org.etascope.dl4j;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Looks at the labels of each step: whether they are a code, and whether positions lack one. At the steps 1, 2, 4, 8 …
 * at all of them; at the others at some, each time elsewhere, so that what begins late is found soon: labels that a
 * share f of the positions lacks, or that are soft there, within some 1/(f·n) steps for n positions looked at.
 *
 * <p>On the host a look reads at most {@value #VALUES} values, or one position where that has more classes, and
 * allocates nothing: 0.4 to 2 µs of processor time up to 1,000 classes, 64 µs at 50,000.
 * On a device it is two reductions over one example.
 */
final class LabelLook {
    private static final int VALUES = 256;
    private static final double GOLDEN_RATIO = 0.6180339887498949;

    private final boolean onDevice;
    private long steps;
    private long last;
    private long stride = 1;
    private long strideFor = -1;
    private boolean someUnlabelled;

    LabelLook(boolean onDevice) {
        this.onDevice = onDevice;
    }

    /** {@return whether a position without a label was seen that no mask leaves out} */
    boolean someUnlabelled() {
        return someUnlabelled;
    }

    /**
     * Looks at dense labels.
     *
     * @param mask one value per position, if any
     * @param positions in them
     * @param classAxis axis of a position's classes, -1 if each value is a binary label of its own
     * @throws UnreadableLossException if they are no code
     */
    void at(INDArray labels, @Nullable INDArray mask, long positions, int classAxis) {
        long step = ++steps;
        if ((step & (step - 1)) == 0) {
            atAll(labels, mask, positions, classAxis);
        } else if (onDevice) {
            atOneExample(labels, mask, positions, classAxis);
        } else {
            atSome(labels, mask, positions, classAxis);
        }
    }

    /** {@return the next of so many places: far from those before, and each of them once in a round} */
    private long next(long places) {
        if (places != strideFor) {
            strideFor = places;
            stride = Math.max(1, Math.round(places * GOLDEN_RATIO));
            while (gcd(stride, places) != 1) {
                stride++;
            }
        }
        last = (last + stride) % places;
        return last;
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    private void atAll(INDArray labels, @Nullable INDArray mask, long positions, int classAxis) {
        double sum = Tokens.sum(labels);
        String softness = Tokens.softness(labels, sum, positions);
        if (softness != null) {
            throw new UnreadableLossException(softness);
        }
        someUnlabelled |= mask == null && classAxis >= 0 && Math.round(sum) < positions;
    }

    private void atOneExample(INDArray labels, @Nullable INDArray mask, long positions, int classAxis) {
        INDArray example = labels.slice(next(labels.size(0)));
        double sum = Tokens.sum(example);
        boolean incomplete = mask == null && classAxis >= 0 && Math.round(sum) < positions / labels.size(0);
        if (incomplete || Tokens.soft(sum, Tokens.squares(example))) {
            atAll(labels, mask, positions, classAxis);
        }
    }

    private void atSome(INDArray labels, @Nullable INDArray mask, long positions, int classAxis) {
        long classes = labels.length() / positions;
        long count = Math.min(positions, Math.max(1, VALUES / classes));
        for (long i = 0; i < count; i++) {
            long position = next(positions);
            int ones = ones(labels, position, classAxis);
            if (classAxis >= 0) {
                if (ones > 1) {
                    throw new UnreadableLossException(Tokens.SEVERAL);
                }
                someUnlabelled |= ones == 0 && (mask == null || keeps(mask, position, positions, labels.size(0)));
            }
        }
    }

    private static int ones(INDArray labels, long position, int classAxis) {
        long offset = 0;
        long rest = position;
        for (int axis = labels.rank() - 1; axis >= 0; axis--) {
            if (axis != classAxis) {
                offset += rest % labels.size(axis) * labels.stride(axis);
                rest /= labels.size(axis);
            }
        }
        DataBuffer values = labels.data();
        long classes = classAxis < 0 ? 1 : labels.size(classAxis);
        long stride = classAxis < 0 ? 0 : labels.stride(classAxis);
        int ones = 0;
        for (long i = 0; i < classes; i++) {
            double value = values.getDouble(offset + i * stride);
            if (value == 1) {
                ones++;
            } else if (value != 0) {
                throw new UnreadableLossException(Tokens.SOFT);
            }
        }
        return ones;
    }

    /** A mask with one value per position: minibatch × time, or as the column that an RnnOutputLayer makes of it. */
    private static boolean keeps(INDArray mask, long position, long positions, long minibatch) {
        if (mask.rank() != 2 || mask.length() != positions) {
            return false;
        }
        long time = positions / minibatch;
        long example = position / time;
        long step = position % time;
        long offset = mask.size(0) == minibatch
                ? example * mask.stride(0) + step * mask.stride(1)
                : (example + step * minibatch) * mask.stride(0);
        return mask.data().getDouble(offset) == 1;
    }

    /**
     * Looks at inputs whose labels cannot tell padding, and whose mask the network does not show: a last time step with
     * no input at all is padding.
     *
     * @param inputs minibatch × features × time, or time and features swapped
     * @param timeAxis 2, or 1 if they are swapped
     */
    boolean seesPadding(INDArray inputs, int timeAxis) {
        int featureAxis = 3 - timeAxis;
        long features = inputs.size(featureAxis);
        if (features < 2) {
            return false;
        }
        long example = next(inputs.size(0));
        long step = inputs.size(timeAxis) - 1;
        if (onDevice) {
            return Tokens.squares(inputs.slice(example).slice(step, timeAxis - 1)) == 0;
        }
        DataBuffer values = inputs.data();
        long offset = example * inputs.stride(0) + step * inputs.stride(timeAxis);
        for (long i = 0; i < features; i++) {
            if (values.getDouble(offset + i * inputs.stride(featureAxis)) != 0) {
                return false;
            }
        }
        return true;
    }
}
