package org.etascope.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.etascope.core.BaselineMethod;
import org.etascope.core.BaselineRule;
import org.etascope.core.Condition;
import org.etascope.core.CurvePoint;
import org.etascope.core.InformationCapacity;
import org.etascope.core.Ledger;
import org.etascope.core.LossUnit;
import org.etascope.core.ModelSize;
import org.etascope.core.Phase;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.core.Slope;
import org.etascope.core.UnitConvention;
import org.etascope.core.ValidationPoint;
import org.junit.jupiter.api.Test;

/** The monitor as a user sees it: public types only. */
class RunMonitorTest {
    private static final double LN2 = Math.log(2);

    private static RunMonitor.Builder small() {
        return RunMonitor.builder("test").modelSize(new ModelSize(1_000, 32)).clock(() -> 5_000);
    }

    @Test
    void snapshot_beforeAnyStep_hasZeroBitsAndNothingInvented() {
        RunSnapshot s = small().build().snapshot();
        assertThat(s.ledger().eta()).isZero();
        assertThat(s.ledger().transmitted().bits()).isZero();
        assertThat(s.ledger().landauerFloorJoules()).isZero();
        assertThat(s.baseline().nats()).isNaN();
        assertThat(s.losses().last()).isNaN();
        assertThat(s.losses().mean()).isNaN();
        assertThat(s.verdict().phase()).isEqualTo(Phase.INITIAL);
        assertThat(s.verdict().slope()).isEqualTo(Slope.UNKNOWN);
        assertThat(s.verdict().saturation().atTokens()).isNaN();
        assertThat(s.timeline().lastStepSeconds()).isNaN();
    }

    @Test
    void ledger_ofTwoSteps_isTheFormula() {
        RunMonitor monitor = small().build();
        monitor.step(100, 4);
        monitor.step(300, 2);
        Ledger ledger = monitor.snapshot().ledger();
        double mean = (100 * 4.0 + 300 * 2.0) / 400;
        assertThat(monitor.snapshot().baseline().nats()).isEqualTo(4);
        assertThat(ledger.transmitted().bits()).isEqualTo(400 * (4 - mean) / LN2, within(1e-9));
        assertThat(ledger.eta()).isEqualTo(ledger.transmitted().bits() / 32_000);
        assertThat(ledger.transmitted().bitsPerParameter(new ModelSize(1_000, 32)))
                .isEqualTo(ledger.eta() * 32);
        assertThat(ledger.landauerFloorJoules())
                .isEqualTo(ledger.transmitted().bits() * 1.380649e-23 * 300 * LN2, within(1e-30));
        // SE(H) = 0.5/sqrt(100) and SE(eta) = D SE(H)/(N ln 2).
        assertThat(ledger.transmitted().standardError()).isEqualTo(400 * 0.05 / (32_000 * LN2), within(1e-12));
    }

    /** G = S + M while D is at most U, whatever the losses: 40 seeded runs. */
    @Test
    void ledger_withinTheFirstEpoch_datasetIsTransmittedPlusAbsorbed() {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            RunMonitor monitor = small().uniqueTokens(1_000_000).build();
            while (monitor.snapshot().progress().tokens() < 900_000) {
                monitor.step(1 + random.nextInt(3_000), 10 * random.nextDouble());
                Ledger l = monitor.snapshot().ledger();
                assertThat(l.dataset().bits())
                        .isEqualTo(
                                l.transmitted().bits() + l.absorbed().bits(),
                                within(1e-9
                                        * (Math.abs(l.dataset().bits())
                                                + Math.abs(l.transmitted().bits()))));
            }
        }
    }

    @Test
    void ledger_beyondTheFirstEpoch_datasetStopsAtUniqueTokens() {
        RunMonitor monitor = small().uniqueTokens(100).build();
        monitor.step(100, 4);
        monitor.step(100, 2);
        RunSnapshot s = monitor.snapshot();
        assertThat(s.ledger().dataset().bits()).isEqualTo(100 * (4 - s.losses().current()) / LN2, within(1e-9));
        assertThat(s.ledger().effectiveTokens()).isBetween(190.0, 200.0);
        assertThat(s.progress().epochs()).isEqualTo(2);
        assertThat(s.ledger().transmitted().bits()).isEqualTo(200 * (4 - 3) / LN2, within(1e-9));
    }

    @Test
    void unitConvention_paperLiteral_dividesNatsByBits() {
        RunMonitor literal =
                small().unitConvention(UnitConvention.PAPER_LITERAL).build();
        RunMonitor consistent = small().build();
        for (RunMonitor monitor : List.of(literal, consistent)) {
            monitor.step(100, 4);
            monitor.step(300, 2);
        }
        Ledger paper = literal.snapshot().ledger();
        Ledger ours = consistent.snapshot().ledger();
        assertThat(paper.eta()).isEqualTo(600.0 / 32_000, within(1e-15));
        assertThat(ours.eta()).isEqualTo(paper.eta() / LN2, within(1e-15));
        assertThat(paper.transmitted().bits()).isEqualTo(paper.eta() * 32_000, within(1e-9));
        assertThat(paper.landauerFloorJoules() / ours.landauerFloorJoules()).isEqualTo(LN2, within(1e-12));
    }

    /** 20,000 steps against exact decimal arithmetic: C keeps all its digits, and with it M = C - D L. */
    @Test
    void codeLength_manySteps_isExactToAnUlp() {
        Random random = new Random(7);
        RunMonitor monitor = small().build();
        BigDecimal exact = BigDecimal.ZERO;
        for (int i = 0; i < 20_000; i++) {
            long tokens = random.nextLong(1, 1 << 20);
            double loss = 3 + random.nextDouble();
            monitor.step(tokens, loss);
            // The step hands over one double product; only the sum is ours to keep exact.
            exact = exact.add(new BigDecimal(tokens * loss));
        }
        double c = monitor.snapshot().ledger().codeLengthNats();
        assertThat(c).isEqualTo(exact.round(MathContext.DECIMAL64).doubleValue(), within(Math.ulp(c)));
    }

    // ---- baseline ----

    @Test
    void baseline_firstStep_isFrozen() {
        RunMonitor monitor = small().vocabularySize(50).build();
        monitor.step(1_600, 3.95);
        monitor.step(1_600, 1.0);
        assertThat(monitor.snapshot().baseline().nats()).isEqualTo(3.95);
        assertThat(monitor.snapshot().baseline().method()).isEqualTo(BaselineMethod.INITIAL_LOSS);
        assertThat(monitor.snapshot().baseline().standardError()).isEqualTo(0.5 / 40);
        assertThat(monitor.snapshot().verdict().conditions())
                .doesNotContain(Condition.BASELINE_ASSUMED, Condition.BASELINE_SUSPECT);
    }

    @Test
    void baseline_microBatches_weightedByTokensWithTheirSpread() {
        RunMonitor monitor = small().build();
        monitor.microBatch(100, 4.0);
        monitor.microBatch(100, 4.2);
        monitor.microBatch(100, 4.4);
        monitor.microBatch(300, 4.6);
        monitor.endStep(1);
        RunSnapshot s = monitor.snapshot();
        assertThat(s.progress().steps()).isEqualTo(1);
        assertThat(s.progress().tokens()).isEqualTo(600);
        assertThat(s.baseline().nats()).isEqualTo((4.0 + 4.2 + 4.4 + 3 * 4.6) / 6, within(1e-12));
        double mean = 4.3;
        double variance = (0.09 + 0.01 + 0.01 + 0.09) / 3;
        assertThat(mean).isEqualTo(4.3);
        assertThat(s.baseline().standardError()).isEqualTo(Math.sqrt(variance / 4), within(1e-12));
    }

    @Test
    void baseline_measuredFarAboveUniform_isReplacedAndSuspect() {
        RunMonitor monitor = small().vocabularySize(50257).build();
        monitor.step(1_000, 22.6);
        RunSnapshot s = monitor.snapshot();
        assertThat(s.baseline().nats()).isEqualTo(Math.log(50257));
        assertThat(s.baseline().method()).isEqualTo(BaselineMethod.UNIFORM);
        assertThat(s.baseline().initialLossNats()).isEqualTo(22.6);
        assertThat(s.verdict().conditions()).contains(Condition.BASELINE_SUSPECT);
    }

    @Test
    void baseline_measuredFarAboveUniformButTrusted_isKeptAndSuspect() {
        RunMonitor monitor = small().vocabularySize(50257)
                .baseline(BaselineRule.initialLoss().trusted())
                .build();
        monitor.step(1_000, 22.6);
        assertThat(monitor.snapshot().baseline().nats()).isEqualTo(22.6);
        assertThat(monitor.snapshot().baseline().suspect()).isTrue();
    }

    @Test
    void baseline_measuredFarBelowUniform_isKeptAndSuspect() {
        RunMonitor monitor = small().vocabularySize(50257).build();
        monitor.step(1_000, 3.3);
        assertThat(monitor.snapshot().baseline().nats()).isEqualTo(3.3);
        assertThat(monitor.snapshot().baseline().suspect()).isTrue();
    }

    @Test
    void baseline_firstStepNotFiniteWithVocabulary_isUniformAndAssumed() {
        RunMonitor monitor = small().vocabularySize(50).build();
        monitor.step(100, Double.NaN);
        monitor.step(100, 3);
        assertThat(monitor.snapshot().baseline().nats()).isEqualTo(Math.log(50));
        assertThat(monitor.snapshot().baseline().assumed()).isTrue();
    }

    @Test
    void baseline_firstStepNotFiniteWithoutVocabulary_isFirstFiniteStepAndAssumed() {
        RunMonitor monitor = small().build();
        monitor.step(100, Double.POSITIVE_INFINITY);
        monitor.step(100, 3);
        assertThat(monitor.snapshot().baseline().nats()).isEqualTo(3);
        assertThat(monitor.snapshot().baseline().assumed()).isTrue();
        assertThat(monitor.snapshot().verdict().conditions()).contains(Condition.BASELINE_ASSUMED);
    }

    @Test
    void baseline_resumedWithoutState_isUniformAndAssumed() {
        RunMonitor monitor = small().vocabularySize(50).build();
        monitor.beginSegment();
        monitor.step(100, 1.5);
        assertThat(monitor.snapshot().baseline().nats()).isEqualTo(Math.log(50));
        assertThat(monitor.snapshot().baseline().assumed()).isTrue();
        assertThat(monitor.snapshot().progress().segment()).isEqualTo(1);
    }

    @Test
    void baseline_resumedWithoutStateOrVocabulary_staysUnknownAndEtaIsNaN() {
        RunMonitor monitor = small().build();
        monitor.beginSegment();
        monitor.step(100, 1.5);
        assertThat(monitor.snapshot().baseline().nats()).isNaN();
        assertThat(monitor.snapshot().ledger().eta()).isNaN();
        assertThat(monitor.snapshot().verdict().conditions()).contains(Condition.BASELINE_ASSUMED);
    }

    @Test
    void baseline_resumedWithAGivenOne_keepsIt() {
        RunMonitor monitor = small().baseline(BaselineRule.fixed(4.2)).build();
        monitor.beginSegment();
        monitor.step(100, 1.5);
        assertThat(monitor.snapshot().baseline().nats()).isEqualTo(4.2);
        assertThat(monitor.snapshot().baseline().assumed()).isFalse();
    }

    @Test
    void baseline_unigram_isTheEntropyOfTheCounts() {
        RunMonitor monitor = small().baseline(BaselineRule.unigram(1, 1, 2, 0)).build();
        monitor.step(100, 9);
        assertThat(monitor.snapshot().baseline().nats()).isEqualTo(1.5 * LN2, within(1e-15));
        assertThat(monitor.snapshot().baseline().standardError()).isZero();
        assertThat(monitor.snapshot().baseline().method()).isEqualTo(BaselineMethod.UNIGRAM);
    }

    // ---- bad input: each has a stated result ----

    @Test
    void step_notFinite_isCountedAndChangesNothingElse() {
        RunMonitor monitor = small().build();
        monitor.step(100, 4);
        Ledger before = monitor.snapshot().ledger();
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            monitor.step(100, bad);
        }
        RunSnapshot s = monitor.snapshot();
        assertThat(s.ledger()).isEqualTo(before);
        assertThat(s.progress().nonFiniteSteps()).isEqualTo(3);
        assertThat(s.progress().steps()).isEqualTo(1);
        assertThat(s.verdict().conditions()).contains(Condition.FAULT);
        monitor.step(100, 4);
        assertThat(monitor.snapshot().verdict().conditions()).doesNotContain(Condition.FAULT);
    }

    @Test
    void step_productBeyondDouble_countsAsNotFinite() {
        RunMonitor monitor = small().build();
        monitor.step(1_000, 1e306);
        assertThat(monitor.snapshot().progress().nonFiniteSteps()).isEqualTo(1);
        assertThat(monitor.snapshot().progress().tokens()).isZero();
    }

    @Test
    void step_zeroOrNegativeTokens_isSkipped() {
        RunMonitor monitor = small().build();
        monitor.step(0, Double.NaN);
        monitor.step(-5, 4);
        assertThat(monitor.snapshot().progress().skippedSteps()).isEqualTo(2);
        assertThat(monitor.snapshot().progress().steps()).isZero();
        assertThat(monitor.snapshot().baseline().known()).isFalse();
    }

    @Test
    void step_lossAboveBaseline_givesNegativeEtaAndNoEnergy() {
        RunMonitor monitor = small().build();
        monitor.step(100, 4);
        monitor.step(100, 16);
        assertThat(monitor.snapshot().ledger().eta()).isNegative();
        assertThat(monitor.snapshot().ledger().landauerFloorJoules()).isZero();
    }

    @Test
    void step_tokensBeyond2To53_areCountedExactly() {
        RunMonitor monitor = small().build();
        monitor.step(1L << 53, 4);
        monitor.step(1, 4);
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo((1L << 53) + 1);
    }

    @Test
    void step_tokensBeyondLong_areSkippedNotWrapped() {
        RunMonitor monitor = small().build();
        monitor.step(Long.MAX_VALUE - 10, 4);
        monitor.step(11, 4);
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo(Long.MAX_VALUE - 10);
        assertThat(monitor.snapshot().progress().skippedSteps()).isEqualTo(1);
    }

    @Test
    void modelSize_unknown_makesEveryEtaNaN() {
        RunMonitor monitor = RunMonitor.builder("test").build();
        monitor.step(100, 4);
        monitor.step(100, 3);
        Ledger ledger = monitor.snapshot().ledger();
        assertThat(ledger.eta()).isNaN();
        assertThat(ledger.transmitted().standardError()).isNaN();
        assertThat(ledger.transmitted().bits()).isEqualTo(100 / LN2, within(1e-9));
    }

    @Test
    void vocabulary_ofOne_hasAUniformBaselineOfZero() {
        RunMonitor monitor =
                small().vocabularySize(1).baseline(BaselineRule.uniform()).build();
        monitor.step(100, 0.5);
        assertThat(monitor.snapshot().baseline().nats()).isZero();
        assertThat(monitor.snapshot().ledger().eta()).isNegative();
    }

    @Test
    void clock_goingBack_keepsTheLastStepTime() {
        AtomicLong now = new AtomicLong(10_000);
        RunMonitor monitor = small().clock(now::get).build();
        monitor.step(1, 4);
        now.set(3_000);
        monitor.step(1, 4);
        assertThat(monitor.snapshot().timeline().lastStepSeconds()).isEqualTo(10);
        assertThat(monitor.snapshot().progress().steps()).isEqualTo(2);
    }

    @Test
    void builder_badValues_areRefusedWithNameValueAndRange() {
        assertThatThrownBy(() -> small().temperatureKelvin(0))
                .hasMessage("temperature in kelvin is 0.0, allowed: a finite number above 0");
        assertThatThrownBy(() -> small().temperatureKelvin(Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> small().vocabularySize(0)).hasMessage("vocabulary size is 0, allowed: 1 or more");
        assertThatThrownBy(() -> new ModelSize(-1, 16)).hasMessage("parameters is -1, allowed: 0 or more");
        assertThatThrownBy(() -> new ModelSize(1, 0)).hasMessageContaining("bits per parameter is 0.0");
        assertThatThrownBy(() -> BaselineRule.fixed(-2)).hasMessageContaining("baseline in nats is -2.0");
        assertThatThrownBy(() -> BaselineRule.unigram(0, 0)).hasMessageContaining("sum of the token counts is 0.0");
        assertThatThrownBy(() -> RunMonitor.builder(" ")).hasMessage("run name is blank, allowed: any other text");
        assertThatThrownBy(() -> RunMonitor.builder("x".repeat(201)))
                .hasMessage("run name has 201 characters, allowed: up to 200");
    }

    // ---- the rest of a run ----

    @Test
    void steps_oneValueForSeveral_countsAllOfThem() {
        RunMonitor monitor = small().build();
        monitor.steps(50, 50 * 1_000, 3.5, 1);
        assertThat(monitor.snapshot().progress().steps()).isEqualTo(50);
        assertThat(monitor.snapshot().progress().points()).isEqualTo(1);
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo(50_000);
    }

    @Test
    void steps_notFiniteForSeveral_countsTheOneValueThatWasSeen() {
        RunMonitor monitor = small().build();
        monitor.steps(50, 50 * 1_000, Double.NaN, 1);
        assertThat(monitor.snapshot().progress().nonFiniteSteps()).isEqualTo(1);
        assertThat(monitor.snapshot().progress().steps()).isZero();
        assertThat(monitor.snapshot().verdict().conditions()).doesNotContain(Condition.FAULT);
    }

    @Test
    void endEpoch_firstOneSeenWhole_teachesUniqueTokensIncludingUnusableOnes() {
        RunMonitor monitor = small().build();
        monitor.step(700, 4);
        monitor.step(200, Double.NaN);
        monitor.step(100, 4);
        monitor.endEpoch();
        monitor.step(700, 4);
        monitor.endEpoch();
        assertThat(monitor.snapshot().progress().uniqueTokens()).isEqualTo(1_000);
    }

    @Test
    void endEpoch_firstOneJoinedMidway_teachesFromTheSecond() {
        RunMonitor monitor = small().vocabularySize(50).build();
        monitor.beginSegment();
        monitor.step(300, 4);
        monitor.endEpoch();
        assertThat(monitor.snapshot().progress().uniqueTokens()).isNaN();
        monitor.step(1_000, 4);
        monitor.endEpoch();
        assertThat(monitor.snapshot().progress().uniqueTokens()).isEqualTo(1_000);
    }

    @Test
    void startEpoch_afterStepsOutsideAnyEpoch_leavesThemOutOfUniqueTokens() {
        RunMonitor monitor = small().build();
        monitor.step(300, 4);
        monitor.step(50, Double.NaN);
        monitor.startEpoch();
        monitor.step(1_000, 4);
        monitor.endEpoch();
        assertThat(monitor.snapshot().progress().uniqueTokens()).isEqualTo(1_000);
    }

    @Test
    void startEpoch_restoredInTheMiddleOfOne_goesOnWithIt() {
        RunMonitor first = small().build();
        first.startEpoch();
        first.step(300, 4);
        RunMonitor second = small().build();
        second.restore(first.state());
        second.startEpoch();
        second.step(700, 4);
        second.endEpoch();
        assertThat(second.snapshot().progress().uniqueTokens()).isEqualTo(1_000);
    }

    @Test
    void endEpoch_restoredInTheMiddleOfOneWhoseStartNothingTold_knowsUniqueTokens() {
        RunMonitor first = small().build();
        first.step(300, 4);
        RunMonitor second = small().build();
        second.restore(first.state());
        second.step(700, 4);
        second.endEpoch();
        assertThat(second.snapshot().progress().uniqueTokens()).isEqualTo(1_000);
    }

    @Test
    void startEpoch_restoredBetweenTwo_beginsTheNext() {
        RunMonitor first = small().vocabularySize(50).build();
        first.beginSegment();
        first.step(300, 4);
        first.endEpoch();
        RunMonitor second = small().build();
        second.restore(first.state());
        second.step(40, 4);
        second.startEpoch();
        second.step(1_000, 4);
        second.endEpoch();
        assertThat(second.snapshot().progress().uniqueTokens()).isEqualTo(1_000);
    }

    @Test
    void step_withAllThatAFrameworkTells_isAsReportedOneByOne() {
        RunMonitor inOneGo = small().build();
        RunMonitor oneByOne = small().build();
        for (int t = 0; t < 500; t++) {
            double loss = 2 + 3 / Math.sqrt(t + 1);
            inOneGo.step(t, t / 100, 0.1 / (t + 1), 10, loss, t * 1_000L);
            oneByOne.position(t, t / 100);
            oneByOne.learningRate(0.1 / (t + 1));
            oneByOne.step(10, loss, t * 1_000L);
        }
        assertThat(inOneGo.snapshot()).isEqualTo(oneByOne.snapshot());
        assertThat(inOneGo.snapshot().progress().position().iteration()).isEqualTo(499);
        assertThat(inOneGo.snapshot().progress().learningRatePeak()).isEqualTo(0.1);
    }

    @Test
    void validationCurve_everyClosedBin_atTheGeometricMeanOfItsTokens() {
        RunMonitor monitor = small().build();
        assertThat(monitor.validationCurve()).isEmpty();
        monitor.step(100, 4);
        monitor.validation(3.9);
        assertThat(monitor.validationCurve()).isEmpty();
        monitor.step(100, 3.5);
        monitor.validation(3.7);
        monitor.step(200, 3);
        monitor.validation(Double.NaN);
        monitor.validation(3.0);
        List<ValidationPoint> points = monitor.validationCurve();
        assertThat(points).hasSize(2);
        assertThat(points.get(0).tokens()).isCloseTo(Math.sqrt(100.0 * 200), within(1e-9));
        assertThat(points.get(0).lossNats()).isCloseTo(3.8, within(1e-12));
        assertThat(points.get(1).tokens()).isCloseTo(400, within(1e-9));
        assertThat(points.get(1).lossNats()).isEqualTo(3);
    }

    @Test
    void validationCurve_restored_isTheStoredOne() {
        RunMonitor first = small().build();
        for (int t = 1; t <= 50; t++) {
            first.step(100, 4);
            first.validation(3 + 1.0 / t);
        }
        RunMonitor second = small().build();
        second.restore(first.state());
        assertThat(second.validationCurve()).isEqualTo(first.validationCurve()).hasSizeGreaterThan(20);
    }

    @Test
    void compressionRatio_isBaselineOverMeanLoss() {
        RunMonitor monitor = small().build();
        assertThat(monitor.snapshot().compressionRatio()).isNaN();
        monitor.step(100, 4);
        assertThat(monitor.snapshot().compressionRatio()).isEqualTo(1);
        monitor.step(300, 2);
        assertThat(monitor.snapshot().compressionRatio()).isEqualTo(4 / 2.5);
    }

    @Test
    void describe_doesNotOverrideWhatWasGiven() {
        RunMonitor monitor = small().vocabularySize(50).model("mine").build();
        monitor.describe("theirs", new ModelSize(5, 16), 99);
        assertThat(monitor.snapshot().info().model()).isEqualTo("mine");
        assertThat(monitor.snapshot().info().vocabularySize()).isEqualTo(50);
        assertThat(monitor.snapshot().info().size()).isEqualTo(new ModelSize(1_000, 32));
    }

    @Test
    void curve_givesEveryClosedBinOnce() {
        RunMonitor monitor = small().build();
        for (int t = 1; t <= 5_000; t++) {
            monitor.step(10, 2 + 3 / Math.sqrt(t), t * 1_000L);
        }
        List<CurvePoint> all = monitor.curve();
        assertThat(all).hasSize(monitor.snapshot().verdict().bins());
        List<CurvePoint> parts = new ArrayList<>(all.subList(0, 20));
        parts.addAll(monitor.curve(20));
        assertThat(parts).isEqualTo(all);
        for (int i = 0; i < all.size(); i++) {
            CurvePoint point = all.get(i);
            assertThat(point.bin().mean())
                    .isBetween(point.bin().lowest(), point.bin().highest());
            assertThat(point.seconds()).isEqualTo(point.steps());
            Ledger then = point.ledger(monitor.snapshot());
            assertThat(then.dataset().eta())
                    .isEqualTo(then.eta() + then.absorbed().eta(), within(1e-9));
        }
    }

    /** Closed bins of a long run number what theory says: 75 after 540 steps, 314 after a million. */
    @Test
    void curve_hasAsManyBinsAsSpecified() {
        RunMonitor monitor = small().build();
        for (int t = 1; t <= 1_000_000; t++) {
            monitor.step(1, 3);
            if (t == 540) {
                assertThat(monitor.snapshot().verdict().bins()).isEqualTo(75);
            }
        }
        assertThat(monitor.snapshot().verdict().bins()).isEqualTo(314);
    }

    @Test
    void lossUnit_bits_areConvertedOnce() {
        assertThat(LossUnit.BITS.toNats(2)).isEqualTo(2 * InformationCapacity.LN2);
        assertThat(LossUnit.NATS.toNats(2)).isEqualTo(2);
        assertThat(LossUnit.BITS.toNats(Double.NaN)).isNaN();
    }

    @Test
    void stepDurations_areCountedByTheirLength() {
        RunMonitor monitor = small().build();
        assertThat(monitor.stepDurations().counts()).hasSize(11).containsOnly(0L);
        long at = 1_000;
        monitor.step(10, 4, at);
        for (long millis : new long[] {1, 2, 3, 4, 100, 101, 30_000, 30_001, 0}) {
            at += millis;
            monitor.step(10, 4, at);
        }
        assertThat(monitor.stepDurations().counts()).containsExactly(2L, 2L, 1L, 0L, 1L, 1L, 0L, 0L, 0L, 1L, 1L);
        assertThat(monitor.stepDurations().sumSeconds()).isEqualTo(60.212);

        // A loss that is none ends a step too; a clock that went back measures none; one value for ten steps counts
        // ten.
        monitor.step(10, Double.NaN, at += 20);
        monitor.step(10, 4, at - 5);
        monitor.steps(10, 100, 4, at += 200);
        monitor.endStep(at + 1_000_000);
        monitor.microBatch(10, 4);
        monitor.endStep(at + 7);
        assertThat(monitor.stepDurations().counts()).containsExactly(2L, 2L, 2L, 11L, 1L, 1L, 0L, 0L, 0L, 1L, 1L);
        assertThat(monitor.stepDurations().sumSeconds()).isEqualTo(60.439);
    }
}
