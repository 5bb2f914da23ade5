package org.etascope.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Sums and curve, each four ways: as they stream in; merged, or cut and gone on with; against arbitrary precision; against
 * numbers of another program (Python's fractions and fsum, over the same series).
 */
class FourWaysTest {
    private static final int STEPS = 20_000;

    /** The same doubles in every language: quotients and sums only. */
    private static double loss(int t) {
        return 1 + 1_000.0 / (t + 250) + (t * 7_919L % 1_000) / 4_096.0;
    }

    private static long tokens(int t) {
        return 1_000 + t * 31L % 17;
    }

    private static RunMonitor monitor() {
        return RunMonitor.builder("four ways").clock(() -> 0).build();
    }

    private static RunMonitor trained(int from, int to) {
        RunMonitor monitor = monitor();
        train(monitor, from, to);
        return monitor;
    }

    private static void train(RunMonitor monitor, int from, int to) {
        for (int t = from; t <= to; t++) {
            monitor.step(tokens(t), loss(t), t);
        }
    }

    private static BigDecimal exact(int from, int to) {
        BigDecimal sum = BigDecimal.ZERO;
        for (int t = from; t <= to; t++) {
            // What a step adds is the product rounded to a double.
            sum = sum.add(new BigDecimal(tokens(t) * loss(t)));
        }
        return sum;
    }

    @Test
    void codeLength_streamed_isTheExactSumToTheLastBit() {
        RunSnapshot run = trained(1, STEPS).snapshot();
        assertThat(run.ledger().codeLengthNats()).isEqualTo(exact(1, STEPS).doubleValue());
    }

    @Test
    void codeLength_mergedFromWorkersInAnyOrder_isTheExactSum() {
        Random random = new Random(5);
        for (int round = 0; round < 20; round++) {
            List<RunStatistics> workers = new ArrayList<>();
            for (int from = 1; from <= STEPS; ) {
                int to = Math.min(STEPS, from + random.nextInt(6_000));
                workers.add(
                        random.nextInt(workers.size() + 1),
                        trained(from, to).state().statistics());
                from = to + 1;
            }
            RunStatistics all = workers.stream().reduce(RunStatistics.NONE, RunStatistics::merge);
            assertThat(all.tokens()).isEqualTo(20_160_015);
            assertThat(all.steps()).isEqualTo(STEPS);
            double exact = exact(1, STEPS).doubleValue();
            assertThat(all.codeLengthNats()).isEqualTo(exact, within(Math.ulp(exact)));
        }
    }

    @Test
    void codeLength_byAnotherProgram_isTheSame() {
        RunSnapshot run = trained(1, STEPS).snapshot();
        assertThat(run.progress().tokens()).isEqualTo(20_160_015);
        assertThat(run.ledger().codeLengthNats()).isEqualTo(27_046_147.60173126, within(1e-7));
    }

    /** Terms of both signs over a dozen decades: what plain addition loses altogether. */
    @Test
    void sum_ofCancellingTerms_isTheExactSum() {
        Random random = new Random(6);
        for (int round = 0; round < 50; round++) {
            CompensatedSum sum = new CompensatedSum(0, 0);
            BigDecimal exact = BigDecimal.ZERO;
            for (int i = 0; i < 1_000; i++) {
                double term = random.nextGaussian() * Math.pow(10, random.nextInt(12));
                sum.add(term);
                exact = exact.add(new BigDecimal(term));
            }
            assertThat(sum.value())
                    .isEqualTo(exact.doubleValue(), within(1e-12 * Math.abs(exact.doubleValue()) + 1e-9));
        }
    }

    @Test
    void curve_streamed_hasTheBinsOfArbitraryPrecision() {
        int from = 1;
        for (CurvePoint point : trained(1, STEPS).curve()) {
            int to = (int) point.steps();
            BigDecimal sum = BigDecimal.ZERO;
            double lowest = Double.POSITIVE_INFINITY;
            double highest = Double.NEGATIVE_INFINITY;
            for (int t = from; t <= to; t++) {
                sum = sum.add(new BigDecimal(loss(t)));
                lowest = Math.min(lowest, loss(t));
                highest = Math.max(highest, loss(t));
            }
            double mean = sum.divide(BigDecimal.valueOf(to - from + 1), MathContext.DECIMAL64)
                    .doubleValue();
            assertThat(point.bin().mean()).isEqualTo(mean, within(1e-13 * mean));
            assertThat(point.bin().lowest()).isEqualTo(lowest);
            assertThat(point.bin().highest()).isEqualTo(highest);
            assertThat(point.codeLengthNats()).isEqualTo(exact(1, to).doubleValue());
            from = to + 1;
        }
    }

    @Test
    void curve_cutAnywhereAndGoneOnWith_isTheSame() {
        List<CurvePoint> whole = trained(1, STEPS).curve();
        Random random = new Random(7);
        for (int round = 0; round < 10; round++) {
            int cut = 1 + random.nextInt(STEPS - 1);
            RunMonitor first = trained(1, cut);
            RunMonitor second = monitor();
            second.restore(first.state());
            train(second, cut + 1, STEPS);
            assertThat(second.curve()).isEqualTo(whole);
        }
    }

    @Test
    void curve_byAnotherProgram_hasTheSameBins() {
        List<CurvePoint> curve = trained(1, STEPS).curve();
        assertThat(curve).hasSize(189);
        assertThat(curve.subList(0, 5)).extracting(CurvePoint::steps).containsExactly(4L, 8L, 12L, 16L, 20L);
        assertThat(curve.get(188).steps()).isEqualTo(19_517);
        isBin(curve.get(0), 7.713948867563284, 5.155175837750027, 5.102046936515748, 5.20842897939492);
        isBin(curve.get(99), 13.98726302244956, 1.8226139228801017, 1.7005262208732579, 1.943707485560875);
        isBin(curve.get(188), 16.779233739866516, 1.172924628527977, 1.051487873253264, 1.2954562955624123);
    }

    private static void isBin(CurvePoint point, double logTokens, double mean, double lowest, double highest) {
        assertThat(point.bin().logTokens()).isEqualTo(logTokens, within(1e-12));
        assertThat(point.bin().mean()).isEqualTo(mean, within(1e-13));
        assertThat(point.bin().lowest()).isEqualTo(lowest);
        assertThat(point.bin().highest()).isEqualTo(highest);
    }
}
