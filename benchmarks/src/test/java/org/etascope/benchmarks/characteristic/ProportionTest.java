package org.etascope.benchmarks.characteristic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ProportionTest {
    @Test
    void limits_noHit_haveAClosedForm() {
        Proportion none = new Proportion(0, 1_000);
        assertThat(none.upperLimit()).isCloseTo(1 - Math.pow(0.025, 1e-3), within(1e-12));
        assertThat(none.lowerLimit()).isZero();
    }

    @Test
    void limits_allButOne_haveAClosedFormToo() {
        // P(at most n − 1 hits) = 1 − p^n.
        assertThat(new Proportion(9, 10).upperLimit()).isCloseTo(Math.pow(0.975, 0.1), within(1e-12));
    }

    @Test
    void limits_onlyHits_mirrorThoseOfNone() {
        assertThat(new Proportion(7, 7).upperLimit()).isEqualTo(1);
        assertThat(new Proportion(7, 7).lowerLimit()).isCloseTo(Math.pow(0.025, 1 / 7.0), within(1e-12));
    }

    @Test
    void limits_ofHitsAndMisses_mirrorEachOther() {
        Proportion three = new Proportion(3, 40);
        Proportion rest = new Proportion(37, 40);
        assertThat(three.lowerLimit()).isCloseTo(1 - rest.upperLimit(), within(1e-12));
        assertThat(three.upperLimit()).isCloseTo(1 - rest.lowerLimit(), within(1e-12));
    }

    @Test
    void limits_ofMany_stayFiniteAroundTheShare() {
        Proportion many = new Proportion(10_000, 14_000);
        assertThat(many.upperLimit()).isBetween(many.share(), many.share() + 0.01);
        assertThat(many.lowerLimit()).isBetween(many.share() - 0.01, many.share());
    }
}
