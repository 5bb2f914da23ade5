package org.etascope.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarkovSourceTest {
    /** Entropy of the next symbol given the ones before it, from counts: the rate, if the source is what it says. */
    private static double countedRate(MarkovSource source, int order, int windows) {
        Map<Integer, int[]> counts = new HashMap<>();
        int[] window = new int[64];
        for (int i = 0; i < windows; i++) {
            source.window(i, window);
            for (int t = order; t < window.length; t++) {
                int context = order == 1
                        ? window[t - 1]
                        : window[t - 2] * source.facts().symbols() + window[t - 1];
                counts.computeIfAbsent(context, c -> new int[source.facts().symbols()])[window[t]]++;
            }
        }
        double total = 0;
        double nats = 0;
        for (int[] row : counts.values()) {
            double sum = 0;
            for (int count : row) {
                sum += count;
            }
            for (int count : row) {
                nats -= count > 0 ? count * Math.log(count / sum) : 0;
            }
            total += sum;
        }
        return nats / total;
    }

    @ParameterizedTest
    @CsvSource({"16, 1, 7", "16, 2, 7", "5, 1, 99", "4, 2, 3"})
    void entropyRate_longSample_equalsTheRateOfItsCounts(int symbols, int order, long seed) {
        MarkovSource source = new MarkovSource(symbols, order, seed);

        assertThat(countedRate(source, order, 20_000)).isEqualTo(source.facts().entropyRateNats(), within(0.005));
        assertThat(source.facts().entropyRateNats()).isBetween(0.1, Math.log(symbols));
    }

    @Test
    void window_firstSymbols_comeFromTheSameDistributionAsLaterOnes() {
        MarkovSource source = new MarkovSource(4, 1, 11);
        double[] first = new double[4];
        double[] last = new double[4];
        int[] window = new int[20];
        for (int i = 0; i < 50_000; i++) {
            source.window(i, window);
            first[window[0]] += 1 / 50_000.0;
            last[window[19]] += 1 / 50_000.0;
        }

        assertThat(first).containsExactly(last, within(0.015));
    }

    @Test
    void window_sameIndex_isTheSame_otherIndexIsNot() {
        int[] window = new int[50];
        int[] again = new int[50];
        int[] other = new int[50];
        new MarkovSource(16, 2, 7).window(12, window);
        new MarkovSource(16, 2, 7).window(12, again);
        new MarkovSource(16, 2, 7).window(13, other);

        assertThat(again).containsExactly(window);
        assertThat(other).isNotEqualTo(window);
    }
}
