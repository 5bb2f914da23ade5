package org.etascope.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void si_anySize_keepsThreeDigits() {
        assertThat(Figures.si(0)).isEqualTo("0");
        assertThat(Figures.si(7)).isEqualTo("7");
        assertThat(Figures.si(0.123)).isEqualTo("0.123");
        assertThat(Figures.si(999)).isEqualTo("999");
        assertThat(Figures.si(999.7)).isEqualTo("1.00 k");
        assertThat(Figures.si(14_449)).isEqualTo("14.4 k");
        assertThat(Figures.si(99_960)).isEqualTo("100 k");
        assertThat(Figures.si(-1_040_000)).isEqualTo("-1.04 M");
        assertThat(Figures.si(999_999_999)).isEqualTo("1.00 G");
    }

    @Test
    void unknownValues_areADash() {
        assertThat(Figures.si(Double.NaN)).isEqualTo("-");
        assertThat(Figures.fixed(Double.POSITIVE_INFINITY, 2)).isEqualTo("-");
        assertThat(Figures.scientific(Double.NaN)).isEqualTo("-");
    }

    @Test
    void clock_seconds_areMinutesAndSeconds() {
        assertThat(Figures.clock(72.9)).isEqualTo("1:12");
        assertThat(Figures.clock(3605)).isEqualTo("60:05");
    }
}
