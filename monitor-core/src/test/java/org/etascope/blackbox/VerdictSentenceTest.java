package org.etascope.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Test;

class VerdictSentenceTest {
    @Test
    void sentence_blowUpAndRecovery_neverShowsAnUnknownFigure() {
        RunMonitor monitor = RunMonitor.builder("blown up").build();
        Random random = new Random(11);
        boolean anew = false;
        for (int t = 1; t <= 3_000; t++) {
            double jump = t > 2_000 && t <= 2_100 ? 3 : 0;
            monitor.step(1_000, 2 + 8 * Math.pow(1 + t / 5.0, -0.4) + jump + 0.05 * random.nextGaussian());
            String sentence = monitor.snapshot().verdict().sentence();
            assertThat(sentence).as("step %d", t).doesNotContain("NaN");
            anew |= sentence.equals("learning: too early for a slope, the window begins anew");
        }
        assertThat(anew).isTrue();
    }
}
