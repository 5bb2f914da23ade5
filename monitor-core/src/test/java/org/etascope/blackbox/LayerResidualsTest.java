package org.etascope.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression;
import org.etascope.core.LayerPoint;
import org.etascope.core.LayerResiduals;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Test;

class LayerResidualsTest {
    private static LayerPoint measured(LayerResiduals residuals) {
        RunMonitor monitor = RunMonitor.builder("run").clock(() -> 0).build();
        monitor.step(1_000, 2.5);
        monitor.layers(residuals);
        return monitor.snapshot().layers();
    }

    /** @param layers of each layer the states, position by position */
    private static LayerResiduals taken(int[] ids, double[][]... layers) {
        LayerResiduals residuals = new LayerResiduals(
                Arrays.stream(layers).mapToInt(l -> l[0].length).toArray(), ids);
        take(residuals, 0, ids.length, layers);
        return residuals;
    }

    private static void take(LayerResiduals residuals, int from, int to, double[][]... layers) {
        for (int layer = 0; layer < layers.length; layer++) {
            for (int position = from; position < to; position++) {
                residuals.add(layer, position, layers[layer][position], 0);
            }
        }
    }

    private static LayerPoint measured(int[] ids, double[][]... layers) {
        return measured(taken(ids, layers));
    }

    private static double[] gaussian(Random random, int n) {
        return random.doubles(n).map(unused -> random.nextGaussian()).toArray();
    }

    private static double[][] gaussian(Random random, int n, int width) {
        return IntStream.range(0, n).mapToObj(i -> gaussian(random, width)).toArray(double[][]::new);
    }

    private static int[] tokens(Random random, int n) {
        return IntStream.range(0, n)
                .map(i -> (int) Math.min(60, Math.floor(Math.exp(random.nextGaussian() + 1.5))))
                .toArray();
    }

    /** What the states say of the tokens, beside noise. */
    private static double[][] states(Random random, int[] ids, int width, double noise) {
        double[][] states = gaussian(random, ids.length, width);
        double[] towards = gaussian(random, width);
        for (int i = 0; i < ids.length; i++) {
            for (int j = 0; j < width; j++) {
                states[i][j] = noise * states[i][j] + towards[j] * ids[i] + 3 * j;
            }
        }
        return states;
    }

    private static double independent(double[] y, double[][] x) {
        OLSMultipleLinearRegression fit = new OLSMultipleLinearRegression();
        fit.newSampleData(y, x);
        return fit.calculateResidualSumOfSquares() / fit.calculateTotalSumOfSquares();
    }

    private static double adjustment(int n, int width) {
        return (n - 1.0) / (n - width - 1.0);
    }

    private static double[] ids(int[] ids) {
        return Arrays.stream(ids).asDoubleStream().toArray();
    }

    private static double[] ranks(int[] ids) {
        return Arrays.stream(ids)
                .mapToDouble(id -> {
                    long own = count(ids, id);
                    long[] others = Arrays.stream(ids)
                            .distinct()
                            .mapToLong(other -> count(ids, other))
                            .toArray();
                    long above = Arrays.stream(others).filter(c -> c > own).count();
                    long equal = Arrays.stream(others).filter(c -> c == own).count();
                    return above + (equal + 1) / 2.0;
                })
                .toArray();
    }

    private static long count(int[] ids, int id) {
        return Arrays.stream(ids).filter(other -> other == id).count();
    }

    private static double[][] normalizedBut(double[][] states, int columnsLeftOut) {
        return Arrays.stream(states)
                .map(x -> {
                    double mean = Arrays.stream(x).average().orElseThrow();
                    double variance = Arrays.stream(x)
                            .map(v -> (v - mean) * (v - mean))
                            .average()
                            .orElseThrow();
                    return Arrays.stream(x)
                            .limit(x.length - columnsLeftOut)
                            .map(v -> (v - mean) / Math.sqrt(variance + 1e-5))
                            .toArray();
                })
                .toArray(double[][]::new);
    }

    @Test
    void residual_ofTheLastLayer_isThatOfAnIndependentLeastSquares() {
        Random random = new Random(1);
        int[] ids = tokens(random, 500);
        double[][] states = states(random, ids, 12, 40);

        LayerPoint point = measured(ids, states);

        double byId = independent(ids(ids), states) * adjustment(500, 12);
        double byRank = independent(ranks(ids), states) * adjustment(500, 12);
        assertThat(byId).isBetween(0.1, 0.9);
        assertThat(point.residuals().get(0)).isCloseTo(byId, within(1e-11));
        assertThat(point.residualsByFrequency().get(0)).isCloseTo(byRank, within(1e-11));
        assertThat(point.positions()).isEqualTo(500);
        assertThat(point.tokens()).isEqualTo(1_000);
    }

    /** Normalised states add up to 0, so the last column says nothing that the others do not: they are rank-deficient. */
    @Test
    void residual_ofAnInnerLayer_isThatOfTheNormalisedStates() {
        Random random = new Random(2);
        int[] ids = tokens(random, 900);
        double[][] states = states(random, ids, 10, 20);

        LayerPoint point = measured(ids, states, gaussian(random, 900, 5));

        double expected = independent(ids(ids), normalizedBut(states, 1)) * adjustment(900, 10);
        assertThat(expected).isBetween(0.1, 0.9);
        assertThat(point.residuals().get(0)).isCloseTo(expected, within(1e-9));
    }

    /**
     * State (z + σe, its negative, ±c) with c = √(K − |z + σe|²) has mean 0 and length √2K, so normalising only scales it, and
     * c is even in z, so it says nothing of y = w·z + τε. Then R² = |w|²/((1 + σ²)(|w|² + τ²)).
     */
    @Test
    void residuals_ofLinearGaussianLayers_areThoseInClosedForm() {
        Random random = new Random(3);
        int n = 40_000;
        int d = 6;
        double[] wanted = {0.9, 0.72, 0.576, 0.4608, 0.36864};
        double[][] z = gaussian(random, n, d);
        double[] w = gaussian(random, d);
        double power = Arrays.stream(w).map(v -> v * v).sum();
        double tau = Math.sqrt(power / 3); // the best that any layer could do is PR = 0.25
        int[] ids = new int[n];
        for (int i = 0; i < n; i++) {
            double y = tau * random.nextGaussian();
            for (int j = 0; j < d; j++) {
                y += w[j] * z[i][j];
            }
            ids[i] = (int) Math.round(1e6 * y);
        }
        double[][][] layers = new double[wanted.length][n][2 * d + 2];
        for (int layer = 0; layer < wanted.length; layer++) {
            double sigma = Math.sqrt(0.75 / (1 - wanted[layer]) - 1);
            for (int i = 0; i < n; i++) {
                double left = 4_000;
                for (int j = 0; j < d; j++) {
                    double x = z[i][j] + sigma * random.nextGaussian();
                    layers[layer][i][j] = x;
                    layers[layer][i][d + j] = -x;
                    left -= x * x;
                }
                layers[layer][i][2 * d] = Math.sqrt(left);
                layers[layer][i][2 * d + 1] = -Math.sqrt(left);
            }
        }

        LayerPoint point = measured(ids, layers);

        for (int layer = 0; layer < wanted.length; layer++) {
            double pr = wanted[layer];
            double error = 2 * Math.sqrt(1 - pr) * pr / Math.sqrt(n);
            assertThat(point.residual(layer + 1)).isCloseTo(pr, within(4 * error));
        }
        assertThat(point.law().decayRatio()).isCloseTo(0.8, within(0.005));
        assertThat(point.law().lower()).isLessThan(0.8);
        assertThat(point.law().upper()).isGreaterThan(0.8);
        assertThat(point.law().correlation()).isLessThan(-0.9995);
    }

    @Test
    void renumberedIds_leaveTheResidualByFrequencyAsItIs() {
        Random random = new Random(4);
        int[] ids = tokens(random, 800);
        double[][] states = states(random, ids, 8, 8);
        int[] renumbered = Arrays.stream(ids).map(id -> (id * 37 + 11) % 61).toArray();

        LayerPoint before = measured(ids, states);
        LayerPoint after = measured(renumbered, states);

        assertThat(after.residualsByFrequency()).isEqualTo(before.residualsByFrequency());
        assertThat(before.residual(1)).isLessThan(0.5);
        assertThat(after.residual(1)).isGreaterThan(0.9);
    }

    @Test
    void tooFewPositions_areNoResidual_andSaySo() {
        Random random = new Random(5);
        int[] ids = tokens(random, 160);

        assertThat(measured(ids, gaussian(random, 160, 8)).residual(1)).isPositive();
        LayerPoint tooFew = measured(ids, gaussian(random, 160, 9));

        assertThat(tooFew.residuals()).containsExactly(Double.NaN);
        assertThat(tooFew.residualsByFrequency()).containsExactly(Double.NaN);
        assertThat(tooFew.note()).contains("layer 1 is unknown: fewer than 20 positions for each of its dimensions");
        assertThat(tooFew.sentence()).isEqualTo("prediction residual unknown over 1 layer");
    }

    @Test
    void columnsThatDependOnEachOther_changeNothingButTheAdjustment() {
        Random random = new Random(6);
        int n = 1_000;
        int[] ids = tokens(random, n);
        double[][] states = states(random, ids, 7, 30);
        double[][] twice = Arrays.stream(states)
                .map(x -> IntStream.range(0, 21)
                        .mapToDouble(j -> j < 14 ? x[j % 7] * (1 + j) : x[j - 14] + 1e3 * x[(j + 1) % 7] - 5)
                        .toArray())
                .toArray(double[][]::new);

        double once = measured(ids, states).residual(1) / adjustment(n, 7);

        assertThat(measured(ids, twice).residual(1) / adjustment(n, 21)).isCloseTo(once, within(1e-8));
    }

    @Test
    void merge_ofParts_isTheWholeTo1e12() {
        Random random = new Random(7);
        int n = 2_000;
        int[] ids = tokens(random, n);
        double[][] inner = states(random, ids, 24, 40);
        double[][] last = states(random, ids, 16, 25);
        for (double[] state : last) {
            for (int j = 0; j < state.length; j++) {
                state[j] += 1e4; // means far from 0
            }
        }
        LayerPoint whole = measured(ids, inner, last);
        for (int cut : new int[] {0, 1, 7, 16, 1_000, 1_999, 2_000}) {
            LayerResiduals first = new LayerResiduals(new int[] {24, 16}, ids);
            LayerResiduals second = new LayerResiduals(new int[] {24, 16}, ids);
            take(first, 0, cut, inner, last);
            take(second, cut, n, inner, last);
            first.merge(second);
            LayerPoint merged = measured(first);
            for (int layer = 1; layer <= 2; layer++) {
                assertThat(merged.residual(layer)).isCloseTo(whole.residual(layer), within(1e-12));
            }
        }
        assertThatThrownBy(() -> taken(ids, inner).merge(taken(ids, last)))
                .hasMessage("residuals of other layers or ids, allowed: the same");
    }

    @Test
    void constantLayer_explainsNothing() {
        Random random = new Random(8);
        int[] ids = tokens(random, 400);
        double[] state = {0.1, 3.3, -7.7};
        double[][] constant = new double[400][];
        Arrays.fill(constant, state);

        LayerPoint point = measured(ids, constant, constant);

        assertThat(point.residuals()).containsExactly(1.0, 1.0);
        assertThat(point.residualsByFrequency()).containsExactly(1.0, 1.0);
        assertThat(point.law().decayRatio()).isEqualTo(1);
    }

    @Test
    void statesThatSayNothing_areAtMost1() {
        Random random = new Random(9);
        for (int i = 0; i < 20; i++) {
            assertThat(measured(tokens(random, 300), gaussian(random, 300, 15)).residual(1))
                    .isBetween(0.8, 1.0);
        }
    }

    @Test
    void stateThatIsTheToken_leavesNothing() {
        Random random = new Random(10);
        int[] ids = tokens(random, 300);
        double[][] states =
                Arrays.stream(ids).mapToObj(id -> new double[] {5 - 2.0 * id}).toArray(double[][]::new);

        assertThat(measured(ids, states).residual(1)).isCloseTo(0, within(1e-14));
    }

    @Test
    void stateThatIsNotFinite_makesItsLayerUnknown_andNoOther() {
        Random random = new Random(11);
        int[] ids = tokens(random, 400);
        double[][] broken = gaussian(random, 400, 4);
        broken[399][2] = Double.POSITIVE_INFINITY;
        double[][] sound = states(random, ids, 4, 10);

        LayerPoint point = measured(ids, sound, broken, sound, sound);

        assertThat(point.residual(2)).isNaN();
        assertThat(List.of(point.residual(1), point.residual(3), point.residual(4)))
                .allMatch(pr -> pr > 0 && pr < 1);
        assertThat(point.note()).startsWith("layer 2 is unknown:");
        assertThat(point.law().decayRatio()).isPositive();
    }

    @Test
    void oneTokenOnly_isUnknown() {
        int[] ids = new int[200];
        assertThat(measured(ids, gaussian(new Random(12), 200, 4)).residual(1)).isNaN();
    }

    @Test
    void wideLayerWithFewPositions_isProjected_alwaysTheSameWay() {
        Random random = new Random(13);
        int n = LayerResiduals.positionsNeeded(400);
        assertThat(n).isEqualTo(5_120);
        int[] ids = tokens(random, n);
        double[][] states = states(random, ids, 400, 150);

        double projected = measured(ids, states).residual(1);

        double all = independent(ids(ids), states);
        assertThat(projected).isGreaterThan(all * adjustment(n, 400)).isLessThan(1);
        assertThat(measured(ids, states).residual(1)).isEqualTo(projected);
        // One direction carries it: 256 of 400 dimensions see about that part of its signal-to-noise ratio.
        double ratio = (1 / projected - 1) / (1 / (all * adjustment(n, 400)) - 1);
        assertThat(ratio).isCloseTo(256.0 / 400, within(0.1));
    }

    @Test
    void badLayers_areRefusedInOneLine() {
        assertThatThrownBy(() -> new LayerResiduals(new int[0], new int[0]))
                .hasMessage("number of layers is 0.0, allowed: 1.0 to 256.0");
        assertThatThrownBy(() -> new LayerResiduals(new int[] {0}, new int[0]))
                .hasMessage("width of a layer is 0, allowed: 1 or more");
    }
}
