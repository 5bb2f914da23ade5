package org.etascope.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The price of an absorbed bit, e·ln 2/b, against finite differences of the ledger: what the bits absorbed over the slope's
 * window have cost, on the golden runs that neither jump nor swing, wherever the slope is known to half of itself.
 */
class GoldenPriceTest {
    private static final double JOULES_PER_TOKEN = 0.25;
    private static final double NEXT_MOMENT = 1.02;

    @TestFactory
    Stream<DynamicTest> price_isThatOfTheLedgersDifferences() {
        List<GoldenVerdict> smooth = GoldenVerdict.all().stream()
                .filter(row -> Stream.of(
                                "start", "len1", "len2", "spike_every", "nan_every", "lr_period", "season_period")
                        .allMatch(column -> row.number(column) == 0))
                .toList();
        assertThat(smooth).hasSizeGreaterThan(8);
        return smooth.stream().map(row -> DynamicTest.dynamicTest(row.toString(), () -> check(row)));
    }

    private static void check(GoldenVerdict row) {
        RunMonitor run = RunMonitor.builder("golden")
                .modelSize(new ModelSize(1_000_000, 32))
                .build();
        List<RunSnapshot> moments = new ArrayList<>();
        int priced = 0;
        int within = 0;
        double logRatios = 0;
        long trained = 0;
        for (GoldenVerdict.Point point : row.points()) {
            long tokens = point.tokens() - trained;
            trained = point.tokens();
            run.step(tokens, point.loss());
            run.energy(new EnergyReport(JOULES_PER_TOKEN * tokens, 1, true, false, List.of(), null));
            if (!moments.isEmpty() && trained < NEXT_MOMENT * tokens(moments.get(moments.size() - 1))) {
                continue;
            }
            RunSnapshot now = run.snapshot();
            moments.add(now);
            Slope slope = now.verdict().slope();
            double begin = trained * Math.exp(-now.verdict().window());
            if (slope.lower() > 0.5 * slope.perEFold() && tokens(moments.get(0)) <= begin) {
                double cost = cost(last(moments, begin), now);
                priced++;
                logRatios += Math.log(cost / Figure.JOULES_PER_ABSORBED_BIT.value(now));
                within += cost >= Figure.JOULES_PER_ABSORBED_BIT_LOWER.value(now)
                                && cost <= Figure.JOULES_PER_ABSORBED_BIT_UPPER.value(now)
                        ? 1
                        : 0;
            }
        }
        assertThat(priced).isGreaterThan(10);
        assertThat(within).as("of %d moments", priced).isGreaterThanOrEqualTo((int) Math.ceil(0.97 * priced));
        assertThat(Math.exp(logRatios / priced)).isBetween(0.93, 1.1);
    }

    private static double cost(RunSnapshot then, RunSnapshot now) {
        return JOULES_PER_TOKEN
                * (tokens(now) - tokens(then))
                / (now.ledger().absorbed().bits() - then.ledger().absorbed().bits());
    }

    private static double tokens(RunSnapshot moment) {
        return moment.ledger().tokens();
    }

    private static RunSnapshot last(List<RunSnapshot> moments, double tokens) {
        RunSnapshot last = moments.get(0);
        for (RunSnapshot one : moments) {
            last = tokens(one) <= tokens ? one : last;
        }
        return last;
    }
}
