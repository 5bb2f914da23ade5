package org.etascope.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairwiseSlopesTest {
    private static final int BINS = 200;

    private final double[] x = new double[BINS];
    private final double[] loss = new double[BINS];

    @ParameterizedTest
    @ValueSource(ints = {16, 32})
    void add_binAfterBin_holdsTheSameBitsAsSortingAllOfThem(int window) {
        fill(7);
        PairwiseSlopes slopes = new PairwiseSlopes(window);
        for (int bin = 0; bin < BINS; bin++) {
            slopes.add(x, loss, bin);
            assertSameBits(slopes, sorted(window, bin + 1));
        }
    }

    @Test
    void restore_atAnyBin_goesOnAsIfNeverStopped() {
        fill(8);
        PairwiseSlopes restored = new PairwiseSlopes(16);
        for (int stop = 0; stop < BINS - 20; stop++) {
            restored.restore(x, loss, stop);
            for (int bin = stop; bin < stop + 20; bin++) {
                restored.add(x, loss, bin);
            }
            assertSameBits(restored, sorted(16, stop + 20));
        }
    }

    @Test
    void at_outOfRange_givesTheNearestEnd() {
        fill(9);
        PairwiseSlopes slopes = new PairwiseSlopes(16);
        slopes.restore(x, loss, BINS);
        assertThat(slopes.at(-1)).isEqualTo(slopes.at(0));
        assertThat(slopes.at(1_000)).isEqualTo(slopes.at(slopes.count() - 1));
    }

    /** Ordinary bins, with stretches of equal losses and one that is not a number: a sum of losses may overflow. */
    private void fill(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int bin = 0; bin < BINS; bin++) {
            x[bin] = (bin == 0 ? 7 : x[bin - 1]) + 1.0 / 32 + 0.01 * random.nextDouble();
            boolean equal = bin > 0 && random.nextInt(4) == 0;
            loss[bin] = equal ? loss[bin - 1] : 3 + random.nextGaussian();
        }
        loss[100] = Double.POSITIVE_INFINITY;
        loss[105] = Double.POSITIVE_INFINITY;
    }

    private double[] sorted(int window, int bins) {
        int first = Math.max(0, bins - window);
        double[] all = new double[(bins - first) * (bins - first - 1) / 2];
        int n = 0;
        for (int i = first; i < bins; i++) {
            for (int j = i + 1; j < bins; j++) {
                all[n++] = (loss[i] - loss[j]) / (x[j] - x[i]);
            }
        }
        Arrays.sort(all);
        return all;
    }

    private static void assertSameBits(PairwiseSlopes slopes, double[] expected) {
        double[] held = new double[slopes.count()];
        Arrays.setAll(held, slopes::at);
        assertThat(held).isEqualTo(expected);
        if (expected.length > 0) {
            assertThat(slopes.median()).isEqualTo(Medians.ofSorted(expected, expected.length));
        }
    }
}
