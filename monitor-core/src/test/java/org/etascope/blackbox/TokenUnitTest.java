package org.etascope.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.etascope.core.ModelSize;
import org.etascope.core.RunEvent;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunObserver;
import org.etascope.core.RunSnapshot;
import org.etascope.core.RunState;
import org.etascope.core.TokenUnit;
import org.junit.jupiter.api.Test;

/** A run of examples never speaks of tokens. */
class TokenUnitTest {
    private static RunMonitor.Builder builder() {
        return RunMonitor.builder("lenet").modelSize(new ModelSize(1_000, 32));
    }

    /** Learns, flattens, and comes apart. */
    private static void train(RunMonitor monitor) {
        Random random = new Random(3);
        for (int t = 1; t <= 6_000; t++) {
            double level = 0.3 + 2 / (1 + Math.min(t, 600) / 10.0) + (t > 4_500 ? 1.5 : 0);
            monitor.step(t, 0, 0.01, 64, level + 0.02 * random.nextGaussian(), t * 1_000L);
        }
    }

    private static List<String> sentences(RunMonitor monitor) {
        RunSnapshot now = monitor.snapshot();
        List<String> all = new ArrayList<>(now.forecast().sentences());
        all.add(now.forecast().tokensAt(0.2).sentence());
        all.add(now.verdict().sentence());
        monitor.events().forEach(event -> all.add(event.sentence()));
        return all;
    }

    @Test
    void sentences_ofARunOfExamples_sayExamples() throws InterruptedException {
        List<RunEvent> told = new ArrayList<>();
        CountDownLatch end = new CountDownLatch(1);
        try (RunMonitor monitor = builder()
                .observer(new RunObserver() {
                    @Override
                    public void happened(String run, RunEvent event) {
                        told.add(event);
                    }

                    @Override
                    public void ended(RunSnapshot last) {
                        end.countDown();
                    }
                })
                .build()) {
            monitor.unit(TokenUnit.EXAMPLE);
            train(monitor);

            assertThat(monitor.events()).hasSizeGreaterThan(2);
            assertThat(sentences(monitor)).noneMatch(sentence -> sentence.contains("token"));
            assertThat(monitor.snapshot().verdict().sentence()).endsWith("since 289 k examples: blow-up");
        }
        assertThat(end.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(told).isNotEmpty().allMatch(event -> event.unit() == TokenUnit.EXAMPLE);
    }

    @Test
    void forecast_beforeAndAfterTheUnitIsKnown_saysIt() {
        RunMonitor monitor = builder().build();
        Random random = new Random(5);
        for (int t = 1; t <= 4_000; t++) {
            monitor.step(t, 0, 0.01, 64, 1 + 2 * Math.pow(t, -0.4) + 0.01 * random.nextGaussian(), t * 1_000L);
        }
        assertThat(monitor.snapshot().forecast().decayNow().sentence()).contains("20 % of the tokens");
        monitor.unit(TokenUnit.PIXEL);
        assertThat(monitor.snapshot().forecast().decayNow().sentence())
                .contains("20 % of the pixels")
                .endsWith("by the pixels alone.");
        assertThat(monitor.snapshot().forecast().tokensAt(1.05).sentence()).contains(" pixels (");
    }

    @Test
    void unit_thatWasGiven_staysWhateverAFrameworkOrAStateSays() {
        RunMonitor given = builder().unit(TokenUnit.TOKEN).build();
        given.unit(TokenUnit.EXAMPLE);
        assertThat(given.snapshot().info().unit()).isEqualTo(TokenUnit.TOKEN);
        RunMonitor other = builder().unit(TokenUnit.LABEL).build();
        given.restore(other.state());
        assertThat(given.snapshot().info().unit()).isEqualTo(TokenUnit.TOKEN);
    }

    @Test
    void state_writtenAndRead_keepsTheUnit() throws Exception {
        RunMonitor monitor = builder().unit(TokenUnit.EXAMPLE).build();
        train(monitor);
        RunMonitor resumed = builder().build();
        resumed.restore(RunState.fromBytes(monitor.state().toBytes()));
        assertThat(resumed.snapshot().info().unit()).isEqualTo(TokenUnit.EXAMPLE);
        assertThat(sentences(resumed)).isEqualTo(sentences(monitor));
    }
}
