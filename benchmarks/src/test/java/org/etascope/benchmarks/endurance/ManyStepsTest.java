package org.etascope.benchmarks.endurance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The short form of {@code bin/soak steps}. */
class ManyStepsTest {
    @Test
    void run_twentyMillionSteps_countsAreExactAndTheVerdictStays() throws Exception {
        ManySteps run = new ManySteps(20_000_000);
        System.out.print(run.run());
        assertThat(run.faults()).isEmpty();
    }

    @Test
    void exactSum_beyond64Bits_isExact() {
        ExactSum sum = new ExactSum();
        for (int i = 0; i < 5; i++) {
            sum.add(Long.MAX_VALUE);
        }
        assertThat(sum.times2ToTheMinus(1)).isEqualByComparingTo("23058430092136939517.5");
    }
}
