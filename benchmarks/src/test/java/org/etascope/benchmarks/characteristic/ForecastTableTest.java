package org.etascope.benchmarks.characteristic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ForecastTableTest {
    @Test
    void run_ofAnOrdinaryFamily_mostlyHolds() {
        RateFamily.Tally[] tallies = new RateFamily("cosine", "cosine", 1, 0, 0, false).run(20, 3);
        for (RateFamily.Tally tally : tallies) {
            assertThat(tally.asked + tally.refused).isEqualTo(60);
            assertThat(tally.asked).isGreaterThan(40);
            assertThat(tally.held).isGreaterThan(4 * tally.asked / 5);
            assertThat(tally.meanWidth()).isBetween(0.001, 0.5);
        }
    }

    @Test
    void run_withNewData_isMostlyRefusedAfterIt() {
        RateFamily.Tally[] tallies = new RateFamily("new data", "constant", 1, 0, 0.5, true).run(20, 3);
        assertThat(tallies[1].refused + tallies[1].asked).isEqualTo(40);
        assertThat(tallies[1].refused).isGreaterThan(30);
    }

    @Test
    void of_anyRuns_hasARowForEachFamily() {
        String table = ForecastTable.of(2);
        assertThat(table.lines().filter(line -> line.startsWith("| ") && line.contains(" % |")))
                .hasSizeGreaterThanOrEqualTo(11);
        assertThat(table).contains("limits").doesNotContain("NaN");
    }
}
