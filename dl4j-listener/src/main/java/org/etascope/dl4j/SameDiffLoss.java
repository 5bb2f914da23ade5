package org.etascope.dl4j;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * How a SameDiff loss variable is to be read: as the mean over the rows of its labels, or as their sum (a vector is
 * summed by SameDiff). Follows the graph one or two operations back; anything it does not know it refuses by name.
 */
record SameDiffLoss(String name, boolean mean, boolean sparse, int labelsIndex, double vocabulary) {
    private static final String SOFTMAX = "softmax_cross_entropy_loss";
    private static final String SOFTMAX_VECTOR = "softmax_cross_entropy_loss_with_logits";
    private static final String SPARSE_VECTOR = "sparse_softmax_cross_entropy_loss_with_logits";
    private static final int REDUCE_NONE = 0;
    private static final int REDUCE_SUM = 1;

    /**
     * Looks at a loss variable.
     *
     * @throws UnreadableLossException if its value is no known sum or mean of a cross-entropy
     */
    static SameDiffLoss of(SameDiff sd, String name) {
        DifferentialFunction op = sd.getVariableOutputOp(name);
        boolean mean = opName(op).equals("reduce_mean");
        if (mean || opName(op).equals("reduce_sum")) {
            op = sd.getVariableOutputOp(op.arg(0).name());
        }
        return switch (opName(op)) {
            case SOFTMAX -> {
                checkWeights(sd, name, op.arg(1));
                checkSmoothing(name, (DynamicCustomOp) op);
                long reduction = ((DynamicCustomOp) op).iArgs()[0];
                boolean meanInside = reduction != REDUCE_NONE && reduction != REDUCE_SUM;
                yield new SameDiffLoss(name, mean || meanInside, false, labels(sd, op.arg(2)), width(sd, op.arg(0)));
            }
            case SOFTMAX_VECTOR -> new SameDiffLoss(name, mean, false, labels(sd, op.arg(1)), width(sd, op.arg(0)));
            case SPARSE_VECTOR -> new SameDiffLoss(name, mean, true, labels(sd, op.arg(0)), width(sd, op.arg(1)));
            default ->
                throw new UnreadableLossException("loss variable \"" + name + "\" comes from the operation "
                        + opName(op) + "; supported: " + SOFTMAX + ", " + SOFTMAX_VECTOR + ", " + SPARSE_VECTOR
                        + ", and the mean or sum of one of them");
        };
    }

    private static String opName(@Nullable DifferentialFunction op) {
        return op == null ? "none" : op.opName();
    }

    private static void checkWeights(SameDiff sd, String name, SDVariable weights) {
        INDArray values =
                weights.getVariableType() == VariableType.CONSTANT ? sd.getArrForVarName(weights.name()) : null;
        if (values == null || !values.eq(1).all()) {
            throw new UnreadableLossException(
                    "loss variable \"" + name + "\" weighs its rows: the loss is no code length");
        }
    }

    private static void checkSmoothing(String name, DynamicCustomOp op) {
        if (op.tArgs().length > 0 && op.tArgs()[0] != 0) {
            throw new UnreadableLossException(
                    "loss variable \"" + name + "\" smooths its labels: the loss is no code length");
        }
    }

    /** The labels array of the data set that the loss is computed from, whatever reshapes it on the way. */
    private static int labels(SameDiff sd, SDVariable variable) {
        List<String> mapping = sd.getTrainingConfig().getDataSetLabelMapping();
        if (mapping.size() == 1) {
            return 0;
        }
        int index = mapping.indexOf(variable.name());
        if (index >= 0) {
            return index;
        }
        throw new UnreadableLossException("several labels " + mapping + ", and none of them is the loss's own \""
                + variable.name() + "\": its tokens cannot be counted");
    }

    /** The width of the logits: of what they were multiplied with, or of the bias added to that; NaN if neither. */
    private static double width(SameDiff sd, SDVariable logits) {
        DifferentialFunction op = sd.getVariableOutputOp(logits.name());
        if (!opName(op).equals("matmul") && !opName(op).equals("add")) {
            return Double.NaN;
        }
        SDVariable right = op.arg(1);
        if (right.getVariableType() != VariableType.VARIABLE || right.getShape().length == 0) {
            return Double.NaN;
        }
        boolean transposed = opName(op).equals("matmul")
                && op instanceof DynamicCustomOp product
                && product.numIArguments() > 1
                && product.iArgs()[1] != 0;
        return right.getShape()[transposed ? 0 : right.getShape().length - 1];
    }

    /** {@return rows of labels in a minibatch} */
    long tokens(MultiDataSet data) {
        INDArray labels = data.getLabels(labelsIndex);
        return sparse ? labels.length() : labels.length() / labels.size(-1);
    }

    /** {@return V, from the labels where they are one-hot} */
    double vocabulary(MultiDataSet data) {
        return sparse ? vocabulary : data.getLabels(labelsIndex).size(-1);
    }

    /** {@return mean loss in nats per token} */
    double meanNats(double value, long tokens) {
        return mean ? value : value / tokens;
    }

    /** {@return what is wrong with the labels as a code, null if nothing} */
    @Nullable
    String softness(MultiDataSet data) {
        if (sparse) {
            return null;
        }
        INDArray labels = data.getLabels(labelsIndex);
        return Tokens.softness(labels, Tokens.sum(labels), tokens(data));
    }
}
