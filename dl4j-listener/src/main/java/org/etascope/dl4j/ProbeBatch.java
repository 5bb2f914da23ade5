package org.etascope.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Sequences to look at a network's layers with: inputs, and of each position the next token's id. Position (row b, time t) is
 * at t·rows + b: Fortran's order, in which Deeplearning4j lays out time for layers that know none.
 */
@SuppressWarnings("try") // a workspace is left for as long as the block lasts
final class ProbeBatch {
    static final int NONE = -1;

    /** Rows of a batch made of single examples. */
    private static final int ROWS = 32;

    private final INDArray[] features;
    private final @Nullable INDArray[] masks;
    private final int[] ids;

    private ProbeBatch(INDArray[] features, @Nullable INDArray[] masks, int[] ids) {
        this.features = features;
        this.masks = masks;
        this.ids = ids;
    }

    INDArray[] features() {
        return features;
    }

    /** {@return the masks of the inputs, null if there is none} */
    @Nullable
    INDArray @Nullable [] masks() {
        return Arrays.stream(masks).allMatch(mask -> mask == null) ? null : masks;
    }

    /** {@return the next token's id by position, {@link #NONE} where there is none} */
    int[] ids() {
        return ids;
    }

    int rows() {
        return (int) features[0].size(0);
    }

    int times() {
        return ids.length / rows();
    }

    /** Reads held-out data until there are enough tokens; what is beyond them is left out. */
    static List<ProbeBatch> read(MultiDataSetIterator data, Head head, int mostTokens) {
        List<ProbeBatch> batches = new ArrayList<>();
        if (data.resetSupported()) {
            data.reset();
        }
        int left = mostTokens;
        while (left > 0 && data.hasNext()) {
            MultiDataSet next = data.next();
            try (MemoryWorkspace unused = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
                INDArray labels = next.getLabels(head.index());
                int[] ids = ids(head, labels);
                leaveOut(ids, weights(next.getLabelsMaskArray(head.index()), head, labels));
                for (int i = 0; i < ids.length; i++) {
                    if (ids[i] != NONE && --left < 0) {
                        ids[i] = NONE;
                    }
                }
                batches.add(
                        new ProbeBatch(copies(next.getFeatures(), -1), copies(next.getFeaturesMaskArrays(), -1), ids));
            }
        }
        return batches;
    }

    /** {@return some examples of a minibatch, copied} */
    static List<ProbeBatch> examples(
            INDArray[] features,
            @Nullable INDArray @Nullable [] masks,
            Head head,
            INDArray labels,
            @Nullable INDArray labelMask,
            int[] rows) {
        try (MemoryWorkspace unused = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            List<ProbeBatch> examples = new ArrayList<>();
            float @Nullable [] weights = weights(labelMask, head, labels);
            for (int row : rows) {
                int[] ids = ids(head, copy(labels, row));
                if (weights != null) {
                    float[] own = new float[ids.length];
                    for (int t = 0; t < own.length; t++) {
                        own[t] = weights[t * (int) labels.size(0) + row];
                    }
                    leaveOut(ids, own);
                }
                examples.add(new ProbeBatch(copies(features, row), copies(masks, row), ids));
            }
            return examples;
        }
    }

    /** @param row which, −1 for all */
    private static INDArray[] copies(@Nullable INDArray @Nullable [] arrays, int row) {
        INDArray[] copies = new INDArray[arrays == null ? 0 : arrays.length];
        for (int i = 0; i < copies.length; i++) {
            if (arrays != null && arrays[i] != null) {
                copies[i] = copy(arrays[i], row);
            }
        }
        return copies;
    }

    private static INDArray copy(INDArray array, int row) {
        if (row < 0) {
            return array.dup();
        }
        INDArrayIndex[] where = new INDArrayIndex[array.rank()];
        Arrays.fill(where, NDArrayIndex.all());
        where[0] = NDArrayIndex.interval(row, row + 1);
        return array.get(where).dup();
    }

    private static int[] ids(Head head, INDArray labels) {
        INDArray byTime =
                labels.permute(head.timeAxis(), 0, 3 - head.timeAxis()).dup('c');
        if (head.sparse()) {
            return byTime.data().asInt();
        }
        float[] values = byTime.data().asFloat();
        int classes = (int) byTime.size(2);
        int[] ids = new int[values.length / classes];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = NONE;
            for (int c = 0; c < classes; c++) {
                if (values[i * classes + c] > 0.5) {
                    ids[i] = c;
                }
            }
        }
        return ids;
    }

    /** {@return a label mask by position: it may have a value for each, in rows or in Fortran's order, or one for each row} */
    private static float @Nullable [] weights(@Nullable INDArray mask, Head head, INDArray labels) {
        if (mask == null) {
            return null;
        }
        int rows = (int) labels.size(0);
        int times = (int) labels.size(head.timeAxis());
        boolean byRow = mask.size(0) == rows;
        float[] values = (byRow ? mask.reshape(rows, mask.length() / rows).permute(1, 0) : mask)
                .dup('c')
                .data()
                .asFloat();
        float[] weights = new float[rows * times];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = values[i % values.length];
        }
        return weights;
    }

    private static void leaveOut(int[] ids, float @Nullable [] weights) {
        for (int i = 0; weights != null && i < ids.length; i++) {
            if (weights[i] == 0) {
                ids[i] = NONE;
            }
        }
    }

    /** {@return examples of equal shape side by side, in batches of some rows} */
    static List<ProbeBatch> joined(Iterable<ProbeBatch> examples) {
        Map<List<String>, List<ProbeBatch>> alike = new LinkedHashMap<>();
        for (ProbeBatch example : examples) {
            alike.computeIfAbsent(example.shapes(), shapes -> new ArrayList<>()).add(example);
        }
        List<ProbeBatch> batches = new ArrayList<>();
        try (MemoryWorkspace unused = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            for (List<ProbeBatch> group : alike.values()) {
                for (int from = 0; from < group.size(); from += ROWS) {
                    batches.add(join(group.subList(from, Math.min(from + ROWS, group.size()))));
                }
            }
        }
        return batches;
    }

    private List<String> shapes() {
        List<String> shapes = new ArrayList<>();
        for (INDArray input : features) {
            shapes.add(Arrays.toString(input.shape()));
        }
        for (INDArray mask : masks) {
            shapes.add(mask == null ? "" : Arrays.toString(mask.shape()));
        }
        return shapes;
    }

    private static ProbeBatch join(List<ProbeBatch> examples) {
        ProbeBatch first = examples.get(0);
        int rows = examples.size();
        INDArray[] features = new INDArray[first.features.length];
        for (int i = 0; i < features.length; i++) {
            int input = i;
            features[i] = concat(
                    examples.stream().map(example -> example.features[input]).toArray(INDArray[]::new));
        }
        INDArray[] masks = new INDArray[first.masks.length];
        for (int i = 0; i < masks.length; i++) {
            if (first.masks[i] != null) {
                int input = i;
                masks[i] = concat(
                        examples.stream().map(example -> example.masks[input]).toArray(INDArray[]::new));
            }
        }
        int[] ids = new int[rows * first.ids.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = examples.get(i % rows).ids[i / rows];
        }
        return new ProbeBatch(features, masks, ids);
    }

    private static INDArray concat(INDArray[] rows) {
        return Nd4j.concat(0, rows);
    }
}
