package org.etascope.dl4j;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Looks at the labels of each step: whether they are a code, and whether positions lack one. At the steps 1, 2, 4, 8 …
 * at all of them; at the others at some, each time elsewhere, so that what begins late is found soon: labels that a
 * share f of the positions lacks, or that are soft there, within some 1/(f·n) steps for n positions looked at.
 *
 * <p>On the host a look reads some {@value #VALUES} values (one position, where a position has more classes) and
 * allocates nothing. On a device it is two reductions over one example.
 */
final class LabelLook {
    private static final int VALUES = 256;
    /** Odd, and its multiples are spread evenly. */
    private static final long STRIDE = 0x9E3779B97F4A7C15L;

    private final boolean onDevice;
    private long steps;
    private long looks;
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

    private void atAll(INDArray labels, @Nullable INDArray mask, long positions, int classAxis) {
        double sum = Tokens.sum(labels);
        String softness = Tokens.softness(labels, sum, positions);
        if (softness != null) {
            throw new UnreadableLossException(softness);
        }
        someUnlabelled |= mask == null && classAxis >= 0 && Math.round(sum) < positions;
    }

    private void atOneExample(INDArray labels, @Nullable INDArray mask, long positions, int classAxis) {
        INDArray example = labels.slice(Long.remainderUnsigned(++looks * STRIDE, labels.size(0)));
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
            long position = Long.remainderUnsigned(++looks * STRIDE, positions);
            int ones = ones(labels, position, classAxis);
            if (classAxis >= 0) {
                if (ones > 1) {
                    throw new UnreadableLossException(Tokens.SEVERAL);
                }
                someUnlabelled |= ones == 0 && (mask == null || keeps(mask, position, labels));
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

    /** A mask with one value per position of a sequence; any other is not looked into. */
    private static boolean keeps(INDArray mask, long position, INDArray labels) {
        if (mask.rank() != 2 || labels.rank() > 3 || mask.length() != labels.size(0) * mask.size(1)) {
            return false;
        }
        long columns = mask.size(1);
        long offset = position / columns * mask.stride(0) + position % columns * mask.stride(1);
        return mask.data().getDouble(offset) == 1;
    }
}
