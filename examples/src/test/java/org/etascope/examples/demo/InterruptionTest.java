package org.etascope.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterruptionTest {
    @Test
    void arrived_once_asksToEnd_twice_endsAtOnce() {
        List<Integer> ended = new ArrayList<>();
        Interruption interruption = new Interruption(ended::add);
        assertThat(interruption.arrived()).isFalse();
        assertThat(interruption.exitCode()).isZero();

        interruption.arrived(130);
        assertThat(interruption.arrived()).isTrue();
        assertThat(interruption.exitCode()).isEqualTo(130);
        assertThat(ended).isEmpty();

        interruption.arrived(143);
        assertThat(ended).containsExactly(143);
        assertThat(interruption.exitCode()).isEqualTo(130);
    }
}
