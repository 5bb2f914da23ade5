package org.etascope.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunStatistics;
import org.junit.jupiter.api.Test;

/** Workers' statistics: streamed, merged, in any order, and against exact arithmetic. */
class RunStatisticsTest {

    @Test
    void merge_inAnyOrder_givesTheSameTotalsAsOneStream() {
        Random random = new Random(3);
        RunMonitor whole = RunMonitor.builder("whole").build();
        List<RunMonitor> workers = new ArrayList<>();
        for (int w = 0; w < 7; w++) {
            workers.add(RunMonitor.builder("worker " + w).build());
        }
        BigDecimal exact = BigDecimal.ZERO;
        for (int i = 0; i < 5_000; i++) {
            long tokens = random.nextLong(1, 100_000);
            double loss = random.nextInt(50) == 0 ? Double.NaN : 12 * random.nextDouble();
            whole.step(tokens, loss);
            workers.get(random.nextInt(7)).step(tokens, loss);
            if (!Double.isNaN(loss)) {
                exact = exact.add(new BigDecimal(tokens * loss));
            }
        }
        RunStatistics stream = whole.state().statistics();
        for (int order = 0; order < 20; order++) {
            Collections.shuffle(workers, random);
            RunStatistics merged = workers.stream()
                    .map(worker -> worker.state().statistics())
                    .reduce(RunStatistics.NONE, RunStatistics::merge);
            assertThat(merged.tokens()).isEqualTo(stream.tokens());
            assertThat(merged.steps()).isEqualTo(stream.steps());
            assertThat(merged.points()).isEqualTo(stream.points());
            assertThat(merged.nonFiniteSteps()).isEqualTo(stream.nonFiniteSteps());
            assertThat(merged.codeLengthNats())
                    .isEqualTo(exact.doubleValue(), within(1e-15 * exact.doubleValue()))
                    .isEqualTo(stream.codeLengthNats(), within(1e-15 * exact.doubleValue()));
        }
    }

    @Test
    void merge_ofBaselines_weighsThemByTheirFirstStepsTokens() {
        RunMonitor a = RunMonitor.builder("a").build();
        RunMonitor b = RunMonitor.builder("b").build();
        a.step(100, 4);
        b.step(300, 5);
        a.step(100, 3);
        RunStatistics merged = b.state().statistics().merge(a.state().statistics());
        assertThat(merged.baselineNats()).isEqualTo((100 * 4.0 + 300 * 5.0) / 400);
        assertThat(RunStatistics.NONE.baselineNats()).isNaN();
    }
}
