package org.etascope.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnergyTallyTest {
    private static final double RANGE = 65_532.610987;

    private final EnergyTally tally = new EnergyTally();
    private long nanos;

    private double read(double counter, double range, double seconds) {
        nanos += Math.round(seconds * 1e9);
        return tally.read(counter, range, nanos);
    }

    @Test
    void read_first_isABeginningAndNoGap() {
        assertThat(read(5_000, RANGE, 1)).isNaN();
        assertThat(tally.joules()).isZero();
        assertThat(tally.gaps()).isZero();
    }

    @Test
    void read_growing_countsDifferencesAndTheirTime() {
        read(5_000, RANGE, 1);
        assertThat(read(5_042.5, RANGE, 1)).isEqualTo(42.5, within(1e-9));
        assertThat(read(5_042.5, RANGE, 0.5)).isZero();
        assertThat(tally.joules()).isEqualTo(42.5, within(1e-9));
        assertThat(tally.seconds()).isEqualTo(1.5);
    }

    @Test
    void read_wrapped_addsTheRange() {
        read(65_500, RANGE, 1);
        assertThat(read(10, RANGE, 1)).isEqualTo(42.610987, within(1e-9));
        assertThat(tally.gaps()).isZero();
    }

    @Test
    void read_goneBackTooFarForAWrap_isAGapOfNoJoules() {
        read(20_000, RANGE, 1);
        assertThat(read(100, RANGE, 1)).isNaN();
        assertThat(read(150, RANGE, 1)).isEqualTo(50, within(1e-9));
        assertThat(tally.joules()).isEqualTo(50, within(1e-9));
        assertThat(tally.seconds()).isEqualTo(1);
        assertThat(tally.gaps()).isEqualTo(1);
    }

    @Test
    void read_wrappedAtJustAKilowatt_isAGapAndJustBelowIsNone() {
        read(RANGE - 900, RANGE, 1);
        assertThat(read(100, RANGE, 1)).isNaN();
        read(RANGE - 900, RANGE, 1);
        assertThat(read(99.9, RANGE, 1)).isEqualTo(999.9, within(1e-6));
    }

    @Test
    void read_goneBackWithoutARange_isAGap() {
        read(700, Double.NaN, 1);
        assertThat(read(3, Double.NaN, 1)).isNaN();
        assertThat(tally.gaps()).isEqualTo(1);
    }

    @Test
    void read_afterAPauseInWhichItMayHaveWrappedTwice_isAGap() {
        read(1_000, RANGE, 1);
        assertThat(read(2_000, RANGE, 60)).as("a wrap more would be 1.1 kW").isEqualTo(1_000, within(1e-9));
        assertThat(read(3_000, RANGE, 120)).as("a wrap more would be 550 W").isNaN();
        assertThat(read(2_999, RANGE, 200)).as("a wrap, or two: 655 W").isNaN();
    }

    @Test
    void read_afterALongPauseWithoutARange_isTheDifference() {
        read(1_000, Double.NaN, 1);
        assertThat(read(61_000, Double.NaN, 600)).isEqualTo(60_000, within(1e-6));
    }

    @Test
    void missing_thenBack_countsNothingOfTheTimeBetween() {
        read(1_000, RANGE, 1);
        tally.missing();
        tally.missing();
        assertThat(read(1_500, RANGE, 3)).isNaN();
        assertThat(read(1_510, RANGE, 1)).isEqualTo(10, within(1e-9));
        assertThat(tally.joules()).isEqualTo(10, within(1e-9));
        assertThat(tally.seconds()).isEqualTo(1);
        assertThat(tally.gaps()).isEqualTo(1);
    }

    @Test
    void read_noNumber_isAGap() {
        read(1_000, RANGE, 1);
        assertThat(read(Double.NaN, RANGE, 1)).isNaN();
        assertThat(read(Double.POSITIVE_INFINITY, RANGE, 1)).isNaN();
        assertThat(read(1_020, RANGE, 1)).isNaN();
        assertThat(tally.joules()).isZero();
    }

    @Test
    void read_timeThatStandsStill_countsNothing() {
        read(1_000, RANGE, 1);
        assertThat(read(1_020, RANGE, 0)).isNaN();
    }

    @ParameterizedTest
    @CsvSource({
        // A wrap of the counter that most processors have, and one set back to 0.
        "262093.328850, 50, 262143.328850, 100",
        "56.328850, 0, 262143.328850, NaN",
        // More than a processor takes; more than a power station gives; a meter of a whole hall.
        "1000, 11001, 262143.328850, NaN",
        "1000, 2000001000, NaN, NaN",
        "1000, 500001000, NaN, 500000000",
        // Beyond its range.
        "1000, 9223372036854.775, 262143.328850, NaN",
    })
    void read_aSecondLater_countsWhatAMachineCanTake(double before, double now, double range, double taken) {
        read(before, range, 1);
        boolean gap = Double.isNaN(taken);
        assertThat(Double.isNaN(read(now, range, 1))).isEqualTo(gap);
        assertThat(tally.gaps()).isEqualTo(gap ? 1 : 0);
        assertThat(tally.joules()).isEqualTo(gap ? 0 : taken, within(1e-7));
        assertThat(tally.seconds()).isEqualTo(gap ? 0 : 1);
    }

    @Test
    void read_garbageBetween_leavesNothingInTheSum() {
        read(1_000, RANGE, 1);
        assertThat(read(Long.MAX_VALUE * 1e-6, RANGE, 1)).isNaN();
        assertThat(read(1_200, RANGE, 1)).as("from a number that is none").isNaN();
        assertThat(read(1_300, RANGE, 1)).isEqualTo(100, within(1e-9));
        assertThat(tally.joules()).isEqualTo(100, within(1e-9));
        assertThat(tally.gaps()).isEqualTo(1);
    }
}
