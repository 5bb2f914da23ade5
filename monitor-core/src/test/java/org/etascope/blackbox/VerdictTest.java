package org.etascope.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.etascope.core.BaselineRule;
import org.etascope.core.Condition;
import org.etascope.core.ModelSize;
import org.etascope.core.Phase;
import org.etascope.core.RunEvent;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.core.SaturationCause;
import org.etascope.core.Slope;
import org.etascope.core.StopWhenBlownUp;
import org.etascope.core.StopWhenSaturated;
import org.etascope.core.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Phases, conditions, causes and words, on seeded curves whose truth is known. */
class VerdictTest {
    private static final int STOPS_AT = 1_500;

    private static RunMonitor monitor() {
        return RunMonitor.builder("verdict")
                .modelSize(new ModelSize(1_000_000, 16))
                .vocabularySize(5_000)
                .clock(() -> 0)
                .build();
    }

    /** Learns as a power law until a step, then stays flat. */
    private static IntToDoubleFunction stopsAt(int stop) {
        Random random = new Random(11);
        return t -> 2.6 + 5.9 * Math.pow(1 + Math.min(t, stop) / 5.0, -0.4) + 0.03 * random.nextGaussian();
    }

    private static Verdict run(RunMonitor monitor, int steps, IntToDoubleFunction loss) {
        for (int t = 1; t <= steps; t++) {
            monitor.step(1_000, loss.applyAsDouble(t), t);
        }
        return monitor.snapshot().verdict();
    }

    @Test
    void phase_ofALearningRun_leavesInitialOnceAndStaysTraining() {
        RunMonitor monitor = monitor();
        List<Phase> phases = new ArrayList<>(List.of(Phase.INITIAL));
        IntToDoubleFunction loss = stopsAt(Integer.MAX_VALUE);
        for (int t = 1; t <= 6_000; t++) {
            monitor.step(1_000, loss.applyAsDouble(t), t);
            Phase now = monitor.snapshot().verdict().phase();
            if (now != phases.get(phases.size() - 1)) {
                phases.add(now);
            }
        }
        assertThat(phases).containsExactly(Phase.INITIAL, Phase.TRAINING);
    }

    @Test
    void slope_ofALearningRun_isTheDerivativeOfItsCurve() {
        Verdict verdict = run(monitor(), 6_000, stopsAt(Integer.MAX_VALUE));
        // In the middle of the window: -dL/d ln t = 5.9 * 0.4 * t/5 * (1 + t/5)^-1.4.
        double t = 6_000 * Math.exp(-verdict.window() / 2);
        double b = 5.9 * 0.4 * t / 5 * Math.pow(1 + t / 5, -1.4);
        assertThat(b).isBetween(verdict.slope().lower(), verdict.slope().upper());
        assertThat(verdict.window()).isBetween(1 / 6.0, 1.1);
        assertThat(verdict.slope().natsPerDoubling()).isEqualTo(verdict.slope().perEFold() * Math.log(2));
        assertThat(verdict.progressRatio()).isEqualTo(verdict.slope().perEFold() / verdict.scale());
        assertThat(verdict.thresholdRatio()).isEqualTo(verdict.slope().threshold() / verdict.scale());
        assertThat(verdict.sentence())
                .matches(
                        "learning: 0\\.\\d+ ± 0\\.\\d+ nats per doubling over the window behind \\(threshold 0\\.\\d+\\)");
    }

    @Test
    void phase_ofARunThatStops_saturatesAfterItNotBefore() {
        RunMonitor monitor = monitor();
        Verdict verdict = run(monitor, 4_000, stopsAt(STOPS_AT));
        assertThat(verdict.phase()).isEqualTo(Phase.SATURATED);
        double firstEntry = verdict.saturation().atTokens() / 1_000;
        assertThat(firstEntry).isBetween(1.25 * STOPS_AT, 2.0 * STOPS_AT);
        assertThat(monitor.snapshot().timeline().saturationSeconds()).isEqualTo(firstEntry / 1e3, within(1e-9));
        assertThat(verdict.sentence()).startsWith("flat under the current learning rate and data: ");
        assertThat(verdict.conditions()).doesNotContain(Condition.INCONCLUSIVE);
    }

    @Test
    void phase_ofARunThatLearnsAgain_returnsToTraining() {
        RunMonitor monitor = monitor();
        IntToDoubleFunction flat = stopsAt(STOPS_AT);
        assertThat(run(monitor, 4_000, flat).phase()).isEqualTo(Phase.SATURATED);
        for (int t = 4_001; t <= 9_000; t++) {
            monitor.step(1_000, flat.applyAsDouble(t) - 0.3 * Math.log(t / 4_000.0), t);
        }
        assertThat(monitor.snapshot().verdict().phase()).isEqualTo(Phase.TRAINING);
        assertThat(monitor.snapshot().verdict().saturation().cause()).isNull();
        assertThat(monitor.snapshot().verdict().saturation().atTokens()).isPositive();
    }

    @Test
    void phase_ofARunThatRises_isTrainingWithRising() {
        RunMonitor monitor = monitor();
        IntToDoubleFunction flat = stopsAt(STOPS_AT);
        run(monitor, 1_500, flat);
        for (int t = 1_501; t <= 4_000; t++) {
            monitor.step(1_000, flat.applyAsDouble(t) + 0.14 * Math.log(t / 1_500.0), t);
        }
        Verdict verdict = monitor.snapshot().verdict();
        assertThat(verdict.phase()).isEqualTo(Phase.TRAINING);
        assertThat(verdict.conditions()).contains(Condition.RISING).doesNotContain(Condition.RISEN);
        assertThat(verdict.sentence()).startsWith("rising: -0.");
    }

    @Test
    void phase_ofARunThatNeverLearns_staysInitialAndSaysSo() {
        Random random = new Random(5);
        Verdict verdict = run(monitor(), 3_000, t -> Math.log(5_000) + 0.05 * random.nextGaussian());
        assertThat(verdict.phase()).isEqualTo(Phase.INITIAL);
        assertThat(verdict.conditions()).contains(Condition.NOT_LEARNING);
        assertThat(verdict.sentence()).isEqualTo("not learning: the loss has not left its baseline");
    }

    @Test
    void conditions_early_warmingUp() {
        Verdict verdict = run(monitor(), 60, stopsAt(Integer.MAX_VALUE));
        assertThat(verdict.bins()).isLessThan(16);
        assertThat(verdict.conditions()).contains(Condition.WARMING_UP);
        assertThat(verdict.sentence()).matches("learning: too early for a slope \\(\\d+ of 16 bins\\)");
        assertThat(run(monitor(), 15, stopsAt(Integer.MAX_VALUE)).slope()).isEqualTo(Slope.UNKNOWN);
    }

    @Test
    void conditions_ofAVeryNoisyFlatRun_areInconclusiveNotSaturated() {
        Random random = new Random(8);
        IntToDoubleFunction noisy = t -> 4 + 4 * Math.pow(1 + Math.min(t, 40) / 5.0, -0.4) + random.nextGaussian();
        RunMonitor monitor = monitor();
        run(monitor, 150, noisy);
        boolean seen = false;
        for (int t = 151; t <= 600; t++) {
            monitor.step(1_000, noisy.applyAsDouble(t), t);
            Verdict verdict = monitor.snapshot().verdict();
            if (verdict.conditions().contains(Condition.INCONCLUSIVE)) {
                seen = true;
                assertThat(verdict.phase()).isEqualTo(Phase.TRAINING);
                assertThat(verdict.sentence())
                        .matches("inconclusive: -?\\d\\.\\d+ ± \\d\\.\\d+ nats per doubling against \\d\\.\\d+"
                                + "(; about [\\d.]+( [kMG])? more tokens would tell)?");
            }
        }
        assertThat(seen).isTrue();
    }

    @Test
    void tokensUntilConclusive_whileOpen_isSaidAndThenZero() {
        Random random = new Random(4);
        RunMonitor monitor = monitor();
        IntToDoubleFunction loss =
                t -> 2.6 + 5.9 * Math.pow(1 + Math.min(t, 2_000) / 5.0, -0.4) + 0.2 * random.nextGaussian();
        Verdict open = run(monitor, 3_000, loss);
        assertThat(open.conditions()).contains(Condition.INCONCLUSIVE);
        assertThat(open.sentence()).contains("; about ").endsWith(" more tokens would tell");
        assertThat(open.tokensUntilConclusive()).isBetween(1e5, 1e7);
        for (int t = 3_001; t <= 8_000; t++) {
            monitor.step(1_000, loss.applyAsDouble(t), t);
        }
        assertThat(monitor.snapshot().verdict().phase()).isEqualTo(Phase.SATURATED);
        assertThat(monitor.snapshot().verdict().tokensUntilConclusive()).isZero();
    }

    // ---- turning points ----

    private static List<RunEvent.Kind> kinds(RunMonitor monitor) {
        return monitor.events().stream().map(RunEvent::kind).toList();
    }

    @Test
    void events_ofABlowUpThatIsRepaired_areToldWithinFiftySteps() {
        RunMonitor monitor = monitor();
        IntToDoubleFunction loss = stopsAt(Integer.MAX_VALUE);
        run(monitor, 4_000, t -> loss.applyAsDouble(t) + (t > 3_000 && t <= 3_400 ? 2 : 0));
        assertThat(kinds(monitor))
                .containsExactly(
                        RunEvent.Kind.TRAINING, RunEvent.Kind.RISEN, RunEvent.Kind.BLOW_UP, RunEvent.Kind.RECOVERED);
        RunEvent blowUp = monitor.events().get(2);
        assertThat(blowUp.step()).isBetween(3_001L, 3_050L);
        assertThat(blowUp.sinceTokens()).isBetween(2_960e3, 3_020e3);
        assertThat(blowUp.entered()).isNull();
        assertThat(blowUp.sentence())
                .matches("loss is \\d\\.\\d+ ± 0\\.\\d+ nats above its lowest level, since 3\\.0 M tokens: blow-up");
        assertThat(monitor.events().get(3).step()).isBetween(3_401L, 3_450L);
    }

    @Test
    void conditions_whileBlownUp_sayByHowMuchAndStopWhoAsked() {
        RunMonitor monitor = monitor();
        IntToDoubleFunction loss = stopsAt(Integer.MAX_VALUE);
        Verdict before = run(monitor, 3_000, loss);
        assertThat(before.aboveLowest().nats()).isLessThan(0.1);
        assertThat(before.aboveLowest().sinceTokens()).isNaN();
        assertThat(new StopWhenBlownUp().test(monitor.snapshot())).isFalse();
        for (int t = 3_001; t <= 3_100; t++) {
            monitor.step(1_000, loss.applyAsDouble(t) + 2, t);
        }
        Verdict verdict = monitor.snapshot().verdict();
        assertThat(verdict.conditions()).contains(Condition.BLOW_UP).doesNotContain(Condition.RISEN);
        assertThat(verdict.aboveLowest().nats()).isCloseTo(2, within(0.1));
        assertThat(verdict.aboveLowest().sinceTokens()).isBetween(2_960e3, 3_020e3);
        assertThat(verdict.sentence())
                .startsWith("loss is ")
                .endsWith(" nats above its lowest level, since 3.0 M tokens: blow-up");
        assertThat(new StopWhenBlownUp().test(monitor.snapshot())).isTrue();
        assertThat(new StopWhenSaturated(1).test(monitor.snapshot())).isFalse();
    }

    @Test
    void events_ofAFallFromAPlateau_sizeItAndEnterTraining() {
        RunMonitor monitor = monitor();
        IntToDoubleFunction flat = stopsAt(STOPS_AT);
        run(monitor, 5_000, t -> flat.applyAsDouble(t) - (t > 4_000 ? 0.5 : 0));
        assertThat(kinds(monitor)).startsWith(RunEvent.Kind.TRAINING, RunEvent.Kind.SATURATED, RunEvent.Kind.FELL);
        RunEvent fell = monitor.events().get(2);
        assertThat(fell.entered()).isEqualTo(Phase.TRAINING);
        assertThat(fell.nats()).isCloseTo(0.5, within(0.03));
        assertThat(fell.sinceTokens()).isBetween(3_950e3, 4_020e3);
        assertThat(fell.step()).isBetween(4_001L, 4_060L);
        assertThat(fell.sentence()).matches("loss fell 0\\.[45]\\d+ ± 0\\.\\d+ nats, since 4\\.0 M tokens");
    }

    @ParameterizedTest
    @EnumSource(names = {"FELL", "RISEN", "RECOVERED"})
    void slope_rightAfterTheLevelChanged_isNoLongerThatOfBefore(RunEvent.Kind kind) {
        RunMonitor monitor = monitor();
        boolean falls = kind == RunEvent.Kind.FELL;
        IntToDoubleFunction level = stopsAt(falls ? STOPS_AT : Integer.MAX_VALUE);
        IntToDoubleFunction change = t -> falls ? (t > 4_000 ? -0.5 : 0) : t > 3_000 && t <= 3_400 ? 2 : 0;
        int step = 0;
        while (!kinds(monitor).contains(kind)) {
            step++;
            monitor.step(1_000, level.applyAsDouble(step) + change.applyAsDouble(step), step);
        }
        int closed = monitor.curve().size();
        // Till the next bin closes nothing is known of a slope since then.
        while (monitor.curve().size() == closed) {
            Verdict verdict = monitor.snapshot().verdict();
            assertThat(verdict.slope()).isEqualTo(Slope.UNKNOWN);
            if (kind != RunEvent.Kind.RISEN) {
                assertThat(verdict.sentence()).isEqualTo("learning: too early for a slope, the window begins anew");
            }
            step++;
            monitor.step(1_000, level.applyAsDouble(step) + change.applyAsDouble(step), step);
        }
        assertThat(step).isGreaterThan(3_010);
    }

    @Test
    void sentence_ofARunThatIsFlatForAShortWhile_doesNotCallItLearning() {
        RunMonitor monitor = monitor();
        IntToDoubleFunction flat = stopsAt(STOPS_AT);
        // Flat from the first step after a fall, but for less than the third of an e-fold that the verdict asks for.
        Verdict verdict = run(monitor, 5_200, t -> flat.applyAsDouble(t) - (t > 4_000 ? 0.5 : 0));
        assertThat(verdict.phase()).isEqualTo(Phase.TRAINING);
        assertThat(verdict.slope().upper()).isLessThan(verdict.slope().threshold());
        assertThat(verdict.sentence())
                .matches("not yet flat: below the threshold, but not steadily for long enough: -?0\\.\\d+ ± 0\\.\\d+"
                        + " nats per doubling over the window behind \\(threshold 0\\.\\d+\\)");
    }

    @Test
    void verdict_ofLossesThatDoNotFitTheVocabulary_isNone() {
        // Summed over 8 accumulated micro-batches, as a trainer once logged them.
        IntToDoubleFunction loss = stopsAt(Integer.MAX_VALUE);
        Verdict verdict = run(monitor(), 3_000, t -> 8 * loss.applyAsDouble(t));
        assertThat(verdict.conditions())
                .contains(Condition.BASELINE_SUSPECT)
                .doesNotContain(Condition.NOT_LEARNING, Condition.RISING, Condition.RISEN, Condition.BLOW_UP);
        assertThat(verdict.sentence()).startsWith("no verdict: the first loss does not fit the vocabulary");
    }

    // ---- causes, in their order ----

    private static SaturationCause cause(RunMonitor monitor, double lastRate) {
        monitor.learningRate(0.01);
        run(monitor, 4_000, stopsAt(STOPS_AT));
        monitor.learningRate(lastRate);
        return monitor.snapshot().verdict().saturation().cause();
    }

    @Test
    void cause_isTheFirstThatHolds() {
        assertThat(cause(monitor(), 0.0009)).isEqualTo(SaturationCause.LEARNING_RATE_EXHAUSTED);
        assertThat(cause(monitor(), 0.006)).isEqualTo(SaturationCause.FLAT_AT_CURRENT_LEARNING_RATE);
        assertThat(cause(monitor(), 0.004)).isEqualTo(SaturationCause.UNKNOWN);
        assertThat(cause(monitor(), Double.NaN)).isEqualTo(SaturationCause.UNKNOWN);
        RunMonitor repeated = RunMonitor.builder("repeated")
                .uniqueTokens(900_000)
                .modelSize(new ModelSize(1_000_000, 16))
                .clock(() -> 0)
                .build();
        assertThat(cause(repeated, 0.006)).isEqualTo(SaturationCause.DATA_REPEAT);
        RunMonitor tiny = RunMonitor.builder("tiny")
                .modelSize(new ModelSize(1_000, 16))
                .clock(() -> 0)
                .build();
        assertThat(cause(tiny, 0.006)).isEqualTo(SaturationCause.CAPACITY_SUSPECT);
    }

    // ---- validation ----

    @Test
    void validation_risingWhileTrainingFalls_isOverfittingOnceItDecides() {
        RunMonitor monitor = RunMonitor.builder("overfit")
                .modelSize(new ModelSize(1_000_000, 16))
                .uniqueTokens(500_000)
                .baseline(BaselineRule.fixed(8.5))
                .clock(() -> 0)
                .build();
        IntToDoubleFunction loss = stopsAt(Integer.MAX_VALUE);
        for (int t = 1; t <= 6_000; t++) {
            monitor.step(1_000, loss.applyAsDouble(t), t);
            if (t % 10 == 0) {
                double turned = t < 600 ? 0 : 0.5 * Math.log(t / 600.0);
                monitor.validation(loss.applyAsDouble(t) + 0.05 + turned);
            }
            if (t == 500) {
                assertThat(monitor.snapshot().validation().deciding()).isFalse();
                assertThat(monitor.snapshot().validation().memorizedBits()).isNaN();
            }
        }
        RunSnapshot s = monitor.snapshot();
        assertThat(s.validation().deciding()).isTrue();
        assertThat(s.verdict().conditions()).contains(Condition.OVERFITTING, Condition.RISING);
        assertThat(s.verdict().sentence()).startsWith("overfitting, the validation loss rises: ");
        assertThat(s.validation().generalizationGap())
                .isEqualTo(s.validation().loss() - s.losses().current());
        assertThat(s.validation().memorizedBits())
                .isEqualTo(500_000 * (s.validation().best() - s.losses().current()) / Math.log(2), within(1e-6));
    }

    @Test
    void validation_notFinite_isShownAndUsedForNothing() {
        RunMonitor monitor = monitor();
        run(monitor, 10, stopsAt(Integer.MAX_VALUE));
        monitor.validation(4.5);
        monitor.validation(Double.NaN);
        assertThat(monitor.snapshot().validation().loss()).isNaN();
        assertThat(monitor.snapshot().validation().best()).isEqualTo(4.5);
    }

    // ---- stopping early ----

    @Test
    void stopWhenSaturated_countsEvaluationsInARow() {
        RunMonitor monitor = monitor();
        IntToDoubleFunction loss = stopsAt(STOPS_AT);
        long first = -1;
        long fifth = -1;
        for (int t = 1; t <= 6_000; t++) {
            monitor.step(1_000, loss.applyAsDouble(t), t);
            RunSnapshot s = monitor.snapshot();
            first = first < 0 && new StopWhenSaturated(1).test(s) ? t : first;
            fifth = fifth < 0 && new StopWhenSaturated(5).test(s) ? t : fifth;
        }
        assertThat(first * 1e3)
                .isEqualTo(monitor.snapshot().verdict().saturation().atTokens());
        // Four more bins of 1/32 of an e-fold each.
        assertThat((double) fifth).isEqualTo(first * Math.exp(4 / 32.0), within(0.01 * first));
    }
}
