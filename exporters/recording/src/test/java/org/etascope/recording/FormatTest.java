package org.etascope.recording;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FormatTest {
    @Test
    void si_anySize_keepsThreeDigits() {
        assertThat(Format.si(0)).isEqualTo("0");
        assertThat(Format.si(7)).isEqualTo("7");
        assertThat(Format.si(0.123)).isEqualTo("0.123");
        assertThat(Format.si(999)).isEqualTo("999");
        assertThat(Format.si(999.7)).isEqualTo("1.00 k");
        assertThat(Format.si(14_449)).isEqualTo("14.4 k");
        assertThat(Format.si(99_960)).isEqualTo("100 k");
        assertThat(Format.si(-1_040_000)).isEqualTo("-1.04 M");
        assertThat(Format.si(999_999_999)).isEqualTo("1.00 G");
    }

    @Test
    void unknownValues_areADash() {
        assertThat(Format.si(Double.NaN)).isEqualTo("-");
        assertThat(Format.fixed(Double.POSITIVE_INFINITY, 2)).isEqualTo("-");
        assertThat(Format.scientific(Double.NaN)).isEqualTo("-");
    }

    @Test
    void clock_seconds_areMinutesAndSeconds() {
        assertThat(Format.clock(72.9)).isEqualTo("1:12");
        assertThat(Format.clock(3605)).isEqualTo("60:05");
    }
}
