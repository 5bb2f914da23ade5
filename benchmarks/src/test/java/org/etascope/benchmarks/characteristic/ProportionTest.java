package org.etascope.benchmarks.characteristic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ProportionTest {
    @Test
    void upperLimit_noHit_isTheExactRuleOfThree() {
        assertThat(new Proportion(0, 1_000).upperLimit()).isCloseTo(1 - Math.pow(0.05, 1e-3), within(1e-12));
    }

    @Test
    void upperLimit_allButOne_hasAClosedFormToo() {
        // P(at most n − 1 hits) = 1 − p^n.
        assertThat(new Proportion(9, 10).upperLimit()).isCloseTo(Math.pow(0.95, 0.1), within(1e-12));
    }

    @Test
    void upperLimit_onlyHits_isOne() {
        assertThat(new Proportion(7, 7).upperLimit()).isEqualTo(1);
    }

    @Test
    void upperLimit_large_staysFiniteAndAboveTheShare() {
        Proportion half = new Proportion(10_000, 14_000);
        assertThat(half.upperLimit()).isBetween(half.share(), half.share() + 0.01);
    }
}
