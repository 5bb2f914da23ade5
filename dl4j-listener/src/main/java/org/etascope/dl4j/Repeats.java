package org.etascope.dl4j;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Finds U, the distinct tokens of the training data, by seeing the data come again: where {@value #PROOF} minibatches
 * follow each other once more, U is the tokens between. An iterator's epoch does not tell it: that may be several
 * passes, or a part of one. Data in another order each time are never seen to come again, nor are minibatches that all
 * look alike: then U stays unknown until it is told.
 *
 * <p>Minibatches are told apart by values of inputs and labels at fixed places. The ones that are looked for are the
 * first that were seen at all (those of a run resumed amid an epoch come again amid the next) and the latest epoch's.
 *
 * <p>Not thread-safe. Nothing is allocated. A minibatch costs at most {@value #PLACES} values of its inputs and as many of
 * its labels whatever its size, see {@code benchmarks/README.md}, and nothing once U is found.
 */
final class Repeats {
    private static final int PROOF = 4;
    private static final int PLACES = 512;
    /** In a view each place has to be computed. */
    private static final int PLACES_OF_A_VIEW = 64;

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final Beginning first = new Beginning();
    private final Beginning epoch = new Beginning();
    private final Beginning[] beginnings = {first, epoch};
    private final long[] latest = new long[PROOF];
    private final long[] tokensBefore = new long[PROOF];
    private long tokens;
    private long seen;
    private long seenInEpoch;
    private boolean found;

    /** {@return whether U was found, so that there is nothing more to do} */
    boolean found() {
        return found;
    }

    void epochStarts() {
        seenInEpoch = 0;
    }

    /**
     * Takes a step.
     *
     * @param mark of its minibatch
     * @return U once the data have come again, else 0
     */
    long add(long mark, long stepTokens) {
        int place = (int) (seen % PROOF);
        latest[place] = mark;
        tokensBefore[place] = tokens;
        tokens += stepTokens;
        seen++;
        seenInEpoch++;
        int oldest = (int) (seen % PROOF);
        for (Beginning beginning : beginnings) {
            if (beginning.comesAgain(latest, oldest)) {
                found = true;
                return tokensBefore[oldest] - beginning.tokensBefore;
            }
        }
        if (seen == PROOF) {
            first.keep(latest, oldest, tokensBefore[oldest]);
        }
        if (seenInEpoch == PROOF) {
            epoch.keep(latest, oldest, tokensBefore[oldest]);
        }
        return 0;
    }

    /** Minibatches that follow each other, and the tokens before them. */
    private static final class Beginning {
        private final long[] marks = new long[PROOF];
        private long tokensBefore;
        /** Minibatches that all look alike prove nothing. */
        private boolean telling;

        void keep(long[] latest, int oldest, long before) {
            tokensBefore = before;
            telling = false;
            for (int i = 0; i < PROOF; i++) {
                marks[i] = latest[(oldest + i) % PROOF];
                telling |= marks[i] != marks[0];
            }
        }

        boolean comesAgain(long[] latest, int oldest) {
            for (int i = 0; telling && i < PROOF; i++) {
                if (marks[i] != latest[(oldest + i) % PROOF]) {
                    return false;
                }
            }
            return telling;
        }
    }

    /** {@return what tells a minibatch from others; equal for equal ones} */
    static long mark(@Nullable INDArray inputs, INDArray labels) {
        return mark(labels, inputs == null ? 1 : mark(inputs, 1));
    }

    private static long mark(INDArray array, long start) {
        DataBuffer values = array.data();
        long length = array.length();
        boolean view = array.isView();
        long places = Math.min(length, view ? PLACES_OF_A_VIEW : PLACES);
        long mark = start ^ length;
        for (long i = 0; i < places; i++) {
            // Both ends, and evenly between.
            long index = places == 1 ? 0 : i * (length - 1) / (places - 1);
            double value = values.getDouble(view ? offset(array, index) : index);
            mark = (mark ^ Double.doubleToRawLongBits(value)) * MULTIPLIER;
            mark ^= mark >>> 29;
        }
        return mark;
    }

    private static long offset(INDArray array, long index) {
        long offset = 0;
        long rest = index;
        for (int axis = array.rank() - 1; axis >= 0; axis--) {
            offset += rest % array.size(axis) * array.stride(axis);
            rest /= array.size(axis);
        }
        return offset;
    }
}
