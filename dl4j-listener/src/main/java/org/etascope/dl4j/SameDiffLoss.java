package org.etascope.dl4j;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.etascope.core.TokenUnit;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.BaseReduceOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * How the value of a SameDiff loss variable becomes nats per row of its labels. Follows the graph back from the variable
 * through any means and sums (over all dimensions or some) to a softmax cross-entropy, and from that one's labels back
 * to the data set. Anything it does not know it refuses by name.
 *
 * <p>SameDiff sums what is left of the loss variable's dimensions. So the value is the sum over all rows divided by the
 * size of each dimension that a mean went over; a mean over a scalar divides nothing.
 *
 * @param name of the loss variable
 * @param sparse whether the data set's labels are numbers of classes
 * @param labelsIndex which of the data set's label arrays
 * @param classAxis axis of the classes in dense labels, negative from the end
 * @param vocabulary V, NaN if only dense labels tell
 * @param inside how the operation itself reduces its rows
 * @param reductions what follows on it, in order
 */
record SameDiffLoss(
        String name,
        boolean sparse,
        int labelsIndex,
        int classAxis,
        double vocabulary,
        Inside inside,
        List<Reduction> reductions) {
    private static final String SOFTMAX = "softmax_cross_entropy_loss";
    private static final String SOFTMAX_VECTOR = "softmax_cross_entropy_loss_with_logits";
    private static final String SPARSE_VECTOR = "sparse_softmax_cross_entropy_loss_with_logits";
    private static final Set<String> REDUCTIONS = Set.of("reduce_mean", "reduce_sum");
    private static final int REDUCE_NONE = 0;
    private static final int REDUCE_SUM = 1;

    /** What is left of the rows when the cross-entropy is computed. */
    enum Inside {
        ROWS,
        SUM,
        MEAN
    }

    /**
     * A mean or a sum.
     *
     * @param axes what it goes over, empty for all
     */
    private record Reduction(boolean mean, boolean keepsDimensions, List<Integer> axes) {}

    /** The labels of the operation, traced back to the data set. */
    private record Labels(int index, boolean sparse, boolean asGiven) {}

    /**
     * Looks at a loss variable.
     *
     * @throws UnreadableLossException if its value is no known sum or mean of a cross-entropy
     */
    static SameDiffLoss of(SameDiff sd, String name) {
        List<Reduction> reductions = new ArrayList<>();
        DifferentialFunction op = sd.getVariableOutputOp(name);
        while (op instanceof BaseReduceOp reduce && REDUCTIONS.contains(op.opName())) {
            reductions.add(0, reduction(name, reduce));
            op = sd.getVariableOutputOp(op.arg(0).name());
        }
        return switch (opName(op)) {
            case SOFTMAX -> {
                checkWeights(sd, name, op.arg(1));
                checkSmoothing(name, (DynamicCustomOp) op);
                long how = ((DynamicCustomOp) op).iArgs()[0];
                Inside inside = how == REDUCE_NONE ? Inside.ROWS : how == REDUCE_SUM ? Inside.SUM : Inside.MEAN;
                yield of(sd, name, op.arg(2), op.arg(0), -1, inside, reductions);
            }
            case SOFTMAX_VECTOR -> {
                long[] axis = ((DynamicCustomOp) op).iArgs();
                int classAxis = axis.length == 0 ? -1 : (int) axis[0];
                yield of(sd, name, op.arg(1), op.arg(0), classAxis, Inside.ROWS, reductions);
            }
            case SPARSE_VECTOR -> {
                Labels labels = labels(sd, op.arg(0), true);
                checkTraced(name, labels, reductions);
                yield new SameDiffLoss(name, true, labels.index(), -1, width(sd, op.arg(1)), Inside.ROWS, reductions);
            }
            default ->
                throw new UnreadableLossException("loss variable \"" + name + "\" comes from the operation "
                        + opName(op) + "; supported: " + SOFTMAX + ", " + SOFTMAX_VECTOR + ", " + SPARSE_VECTOR
                        + ", and the mean or sum of one of them");
        };
    }

    private static SameDiffLoss of(
            SameDiff sd,
            String name,
            SDVariable labelsVariable,
            SDVariable logits,
            int classAxis,
            Inside inside,
            List<Reduction> reductions) {
        Labels labels = labels(sd, labelsVariable, false);
        if (inside == Inside.ROWS) {
            checkTraced(name, labels, reductions);
        }
        if (!labels.asGiven() && classAxis != -1 && !labels.sparse()) {
            throw new UnreadableLossException("loss variable \"" + name
                    + "\" reshapes its labels and has its classes not in the last dimension: its tokens cannot"
                    + " be counted");
        }
        double width = width(sd, logits);
        return new SameDiffLoss(name, labels.sparse(), labels.index(), classAxis, width, inside, reductions);
    }

    /** A mean over some dimensions needs to know them, and the data set tells them only of labels used as they are. */
    private static void checkTraced(String name, Labels labels, List<Reduction> reductions) {
        if (!labels.asGiven()
                && reductions.stream()
                        .anyMatch(step -> step.mean() && !step.axes().isEmpty())) {
            throw new UnreadableLossException("loss variable \"" + name
                    + "\" reshapes its labels and takes a mean over some of their dimensions: its nats cannot be told");
        }
    }

    private static Reduction reduction(String name, BaseReduceOp op) {
        if (op.args().length > 1) {
            throw new UnreadableLossException("loss variable \"" + name + "\" is reduced over dimensions that are"
                    + " computed: its nats cannot be told");
        }
        INDArray dimensions = op.dimensions();
        List<Integer> axes = new ArrayList<>();
        for (int i = 0; dimensions != null && i < dimensions.length(); i++) {
            axes.add(dimensions.getInt(i));
        }
        boolean all = axes.contains(Integer.MAX_VALUE);
        return new Reduction(op.opName().equals("reduce_mean"), op.isKeepDims(), all ? List.of() : List.copyOf(axes));
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

    /** The labels array of the data set that the loss is computed from, through what only gives it another form. */
    private static Labels labels(SameDiff sd, SDVariable used, boolean sparse) {
        List<String> mapping = sd.getTrainingConfig().getDataSetLabelMapping();
        String name = used.name();
        boolean numbers = sparse;
        boolean asGiven = true;
        while (!mapping.contains(name)) {
            DifferentialFunction op = sd.getVariableOutputOp(name);
            switch (opName(op)) {
                case "identity", "cast" -> {}
                case "reshape", "expand_dims", "squeeze" -> asGiven = false;
                case "onehot" -> {
                    double[] values = ((DynamicCustomOp) op).tArgs();
                    if (values.length > 1 && (values[0] != 1 || values[1] != 0)) {
                        throw new UnreadableLossException(Tokens.SOFT);
                    }
                    numbers = true;
                }
                default ->
                    throw new UnreadableLossException("the labels of the loss, \"" + used.name()
                            + "\", come from the operation " + opName(op) + " and none of the data set's labels "
                            + mapping + " in a known way: its tokens cannot be counted");
            }
            name = op.arg(0).name();
        }
        return new Labels(mapping.indexOf(name), numbers, asGiven);
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

    /** {@return rows of labels in a minibatch, with or without a label} */
    long rows(MultiDataSet data) {
        INDArray labels = data.getLabels(labelsIndex);
        return sparse ? labels.length() : labels.length() / labels.size(classAxis);
    }

    /**
     * {@return tokens in a minibatch}
     *
     * @param look looks at dense labels
     * @throws UnreadableLossException if the labels are no code
     */
    long tokens(MultiDataSet data, LabelLook look) {
        long rows = rows(data);
        if (sparse) {
            return rows;
        }
        INDArray labels = data.getLabels(labelsIndex);
        look.at(labels, null, rows, Math.floorMod(classAxis, labels.rank()));
        return look.someUnlabelled() ? Tokens.inLabels(labels) : rows;
    }

    /** {@return what tells a minibatch from others} */
    long mark(Repeats repeats, MultiDataSet data) {
        return repeats.mark(data.numFeatureArrays() == 0 ? null : data.getFeatures(0), data.getLabels(labelsIndex));
    }

    /** {@return V, from the labels where they are one-hot} */
    double vocabulary(MultiDataSet data) {
        return sparse ? vocabulary : data.getLabels(labelsIndex).size(classAxis);
    }

    /** {@return what a row is: a position where an example has several} */
    TokenUnit unit(MultiDataSet data) {
        return rows(data) > data.getLabels(labelsIndex).size(0) ? TokenUnit.TOKEN : TokenUnit.EXAMPLE;
    }

    /** {@return nats of a minibatch} */
    double nats(double value, MultiDataSet data) {
        return value * divisor(data, rows(data));
    }

    /** {@return what the sum over all rows was divided by} */
    private double divisor(MultiDataSet data, long rows) {
        if (inside != Inside.ROWS) {
            // A scalar: whatever mean follows goes over one value.
            return inside == Inside.MEAN ? rows : 1;
        }
        List<Long> shape = shapeOfRows(data.getLabels(labelsIndex));
        double divisor = 1;
        for (Reduction step : reductions) {
            Set<Integer> over = new TreeSet<>(Comparator.reverseOrder());
            for (int axis = 0; axis < shape.size(); axis++) {
                if (step.axes().isEmpty()
                        || step.axes().contains(axis)
                        || step.axes().contains(axis - shape.size())) {
                    over.add(axis);
                }
            }
            for (int axis : over) {
                divisor *= step.mean() ? shape.get(axis) : 1;
                if (step.keepsDimensions()) {
                    shape.set(axis, 1L);
                } else {
                    shape.remove(axis);
                }
            }
        }
        return divisor;
    }

    private List<Long> shapeOfRows(INDArray labels) {
        List<Long> shape = new ArrayList<>();
        int classes = sparse ? labels.rank() : Math.floorMod(classAxis, labels.rank());
        for (int axis = 0; axis < labels.rank(); axis++) {
            if (axis != classes) {
                shape.add(labels.size(axis));
            }
        }
        return shape;
    }
}
