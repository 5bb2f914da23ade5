package org.etascope.dl4j;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Finds U, the distinct tokens of the training data, by seeing the data come again: where {@value #PROOF} minibatches
 * follow each other once more, U is the tokens between. An iterator's epoch does not tell it: that may be several
 * passes, or a part of one. Data in another order each time are never seen to come again, nor are minibatches that all
 * look alike: then U stays unknown until it is told.
 *
 * <p>The minibatches that are looked for are the first that were seen at all (those of a run resumed amid an epoch come
 * again amid the next) and the latest epoch's. They are told apart by a mark of the values at {@value #PLACES} places of
 * the inputs and as many of the labels. Few others need one: nearly all differ from the one that is looked for in the
 * first value that is compared.
 *
 * <p>Thread-safe. Nothing is allocated. A minibatch costs a few values, or those of a whole mark where an epoch begins or
 * comes again; in memory that the training has just filled each of them is far away, see {@code benchmarks/README.md}.
 * Once U is found it costs nothing.
 */
final class Repeats {
    private static final int PROOF = 4;
    private static final int PLACES = 512;
    /** Values that say whether to look closer. */
    private static final int HINTS = 16;

    private static final long UNMARKED = 0;
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
    synchronized boolean found() {
        return found;
    }

    synchronized void epochStarts() {
        seenInEpoch = 0;
    }

    /** {@return what tells a minibatch from others, for {@link #add}: the same for the same one if it is looked for} */
    synchronized long mark(@Nullable INDArray inputs, INDArray labels) {
        if (seen == 0) {
            first.begin(inputs, labels);
        }
        if (seenInEpoch == 0) {
            epoch.begin(inputs, labels);
        }
        long last = latest[(int) ((seen + PROOF - 1) % PROOF)];
        boolean needed =
                seenInEpoch < PROOF || first.mayGoOn(last, inputs, labels) || epoch.mayGoOn(last, inputs, labels);
        return needed ? mark(labels, inputs == null ? 1 : mark(inputs, 1)) : UNMARKED;
    }

    /**
     * Takes a step.
     *
     * @param mark of its minibatch
     * @return U once the data have come again, else 0
     */
    synchronized long add(long mark, long stepTokens) {
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
        /** Of the first of them. */
        private Hints hints = new Hints();
        /** Of what may take their place. */
        private Hints next = new Hints();

        private long tokensBefore;
        /** Minibatches that all look alike prove nothing, nor does one without a mark. */
        private boolean telling;

        void begin(@Nullable INDArray inputs, INDArray labels) {
            next.take(inputs, labels);
        }

        void keep(long[] latest, int oldest, long before) {
            tokensBefore = before;
            Hints old = hints;
            hints = next;
            next = old;
            boolean marked = true;
            boolean alike = true;
            for (int i = 0; i < PROOF; i++) {
                marks[i] = latest[(oldest + i) % PROOF];
                marked &= marks[i] != UNMARKED;
                alike &= marks[i] == marks[0];
            }
            telling = marked && !alike;
        }

        /**
         * {@return whether a minibatch may be the first of these, or one behind them}
         *
         * @param last mark of the one before it
         */
        boolean mayGoOn(long last, @Nullable INDArray inputs, INDArray labels) {
            if (!telling) {
                return false;
            }
            for (long mark : marks) {
                if (mark == last) {
                    return true;
                }
            }
            return hints.hold(inputs, labels);
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

    /** Some values of a minibatch that another one is unlikely to have: none of the zeros that most data are full of. */
    private static final class Hints {
        private final long[] indices = new long[HINTS];
        private final double[] values = new double[HINTS];
        private int ofInputs;
        private int count;

        void take(@Nullable INDArray inputs, INDArray labels) {
            count = 0;
            if (inputs != null) {
                add(inputs, HINTS / 2);
            }
            ofInputs = count;
            add(labels, HINTS);
        }

        private void add(INDArray array, int most) {
            long length = array.length();
            long places = Math.min(length, PLACES);
            for (long i = 0; i < places && count < most; i++) {
                long index = index(i, places, length);
                double value = value(array, index);
                if (value != 0) {
                    indices[count] = index;
                    values[count++] = value;
                }
            }
        }

        boolean hold(@Nullable INDArray inputs, INDArray labels) {
            for (int i = 0; i < count; i++) {
                INDArray array = i < ofInputs && inputs != null ? inputs : labels;
                if (indices[i] >= array.length() || value(array, indices[i]) != values[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    private static long mark(INDArray array, long start) {
        long length = array.length();
        long places = Math.min(length, PLACES);
        long mark = start ^ length;
        for (long i = 0; i < places; i++) {
            double value = value(array, index(i, places, length));
            mark = (mark ^ Double.doubleToRawLongBits(value)) * MULTIPLIER;
            mark ^= mark >>> 29;
        }
        return mark == UNMARKED ? MULTIPLIER : mark;
    }

    /** Both ends, and evenly between. */
    private static long index(long i, long places, long length) {
        return places == 1 ? 0 : i * (length - 1) / (places - 1);
    }

    private static double value(INDArray array, long index) {
        return array.data().getDouble(array.isView() ? offset(array, index) : index);
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
