package org.etascope.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.util.List;
import org.etascope.core.CurvePoint;
import org.etascope.core.EnergyReport;
import org.etascope.core.Figure;
import org.etascope.core.InformationCapacity;
import org.etascope.core.ModelSize;
import org.etascope.core.Outcome;
import org.etascope.core.RunEnergy;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.core.RunState;
import org.etascope.core.Slope;
import org.etascope.core.UnitConvention;
import org.junit.jupiter.api.Test;

class RunEnergyTest {
    private static final double LN2 = InformationCapacity.LN2;

    private final RunMonitor monitor = monitor(Long.MAX_VALUE);

    private static RunMonitor monitor(long plannedTokens) {
        return RunMonitor.builder("energy")
                .modelSize(new ModelSize(1_000, 32))
                .plannedTokens(plannedTokens)
                .clock(() -> 1_000)
                .build();
    }

    private static void train(RunMonitor run, int from, int to, double joulesPerStep) {
        for (int t = from; t <= to; t++) {
            run.step(t, 0, 0.01, 100, 1.5 + 2.4 * Math.pow(t, -0.3), 1_000L * t);
            run.energy(new EnergyReport(joulesPerStep, 0.5, true, false, List.of("CPU package"), null));
        }
    }

    @Test
    void energy_nothingMeasures_isUnknownAndNeverZero() {
        monitor.step(100, 3.9);
        RunSnapshot run = monitor.snapshot();
        assertThat(run.energy().known()).isFalse();
        assertThat(run.energy().joules()).isNaN();
        assertThat(Figure.ENERGY_JOULES.appliesTo(run)).isFalse();
        assertThat(Figure.ENERGY_JOULES.read(run)).isNull();
        assertThat(Figure.JOULES_PER_ABSORBED_BIT.value(run)).isNaN();
        assertThat(Figure.ENERGY_REASON.read(run)).isNull();
    }

    @Test
    void energy_measured_sumsJoulesTimeAndTokens() {
        train(monitor, 1, 400, 5);
        RunSnapshot run = monitor.snapshot();
        RunEnergy energy = run.energy();
        assertThat(energy.joules()).isEqualTo(2_000);
        assertThat(energy.coverage().seconds()).isEqualTo(200);
        assertThat(energy.coverage().tokens()).isEqualTo(40_000);
        assertThat(energy.joulesPerToken()).isEqualTo(0.05, within(1e-12));
        assertThat(energy.joulesPerTokenNow()).isEqualTo(0.05, within(1e-12));
        assertThat(energy.joulesSincePlateau()).isNaN();
        assertThat(energy.shared()).isFalse();
        double floor = run.ledger().landauerFloorJoules();
        assertThat(Figure.LOG10_ENERGY_RATIO.value(run)).isEqualTo(Math.log10(2_000 / floor), within(1e-12));
        assertThat(Figure.LOG10_ENERGY_RATIO.value(run)).isBetween(15.0, 20.0);
    }

    @Test
    void price_isWhatATokenCostsOverTheBitsItBrings() {
        train(monitor, 1, 2_000, 5);
        RunSnapshot run = monitor.snapshot();
        Slope b = run.verdict().slope();
        assertThat(b.lower()).isPositive();
        assertThat(Figure.JOULES_PER_ABSORBED_BIT.value(run)).isEqualTo(0.05 * LN2 / b.perEFold(), within(1e-12));
        assertThat(Figure.JOULES_PER_ABSORBED_BIT_LOWER.value(run)).isEqualTo(0.05 * LN2 / b.upper(), within(1e-12));
        assertThat(Figure.JOULES_PER_ABSORBED_BIT_UPPER.value(run)).isEqualTo(0.05 * LN2 / b.lower(), within(1e-12));
        // The same by the ledger, joules over the growth of M, where b is that of the window behind: the curve bends.
        double before = run.ledger().absorbed().bits();
        train(monitor, 2_001, 2_400, 5);
        double grown = monitor.snapshot().ledger().absorbed().bits() - before;
        assertThat(400 * 5 / grown).isCloseTo(Figure.JOULES_PER_ABSORBED_BIT.value(run), withinPercentage(12));
    }

    @Test
    void price_nothingLearnt_isInfiniteAndNullInJson() {
        assertThat(new RunEnergy(1, new RunEnergy.Coverage(1, 1, 1), 1, 0.05, Double.NaN, false, List.of(), null)
                        .joulesPerAbsorbedBit(0, UnitConvention.CONSISTENT))
                .isInfinite();
        for (int t = 1; t <= 3_000; t++) {
            monitor.step(100, t < 20 ? 4 - 0.1 * t : 2 + 0.01 * Math.sin(t), t);
            monitor.energy(new EnergyReport(5, 1, true, false, List.of("CPU package"), null));
        }
        RunSnapshot run = monitor.snapshot();
        assertThat(run.verdict().slope().lower()).isNegative();
        assertThat(Figure.JOULES_PER_ABSORBED_BIT_UPPER.value(run)).isInfinite();
        assertThat(Figure.JOULES_PER_ABSORBED_BIT_UPPER.read(run)).isNull();
    }

    @Test
    void plateau_whatCameSince_isWhatStoppingWouldHaveSaved() {
        long saturatedAt = 0;
        int t = 0;
        while (saturatedAt == 0 || t < saturatedAt + 500) {
            t++;
            monitor.step(100, t < 20 ? 4 - 0.1 * t : 2 + 0.01 * Math.sin(t), t);
            monitor.energy(new EnergyReport(3, 1, true, false, List.of("CPU package"), null));
            double since = monitor.snapshot().energy().joulesSincePlateau();
            if (Double.isNaN(since)) {
                assertThat(saturatedAt).as("a plateau that ended").isZero();
            } else if (saturatedAt == 0) {
                assertThat(since).isEqualTo(3);
                saturatedAt = t;
            }
            assertThat(t).isLessThan(20_000);
        }
        assertThat(monitor.snapshot().energy().joulesSincePlateau()).isEqualTo(3 + 3 * 500);
    }

    @Test
    void priceOfNow_followsAChangeOfPowerWhileTheMeanLagsBehind() {
        train(monitor, 1, 1_000, 5);
        train(monitor, 1_001, 2_000, 10);
        RunEnergy energy = monitor.snapshot().energy();
        assertThat(energy.joulesPerToken()).isEqualTo(0.075, within(1e-12));
        assertThat(energy.joulesPerTokenNow()).isBetween(0.098, 0.1);
    }

    @Test
    void gap_joulesThatWereMeasuredCountButMakeNoPrice() {
        train(monitor, 1, 100, 5);
        for (int t = 101; t <= 200; t++) {
            monitor.step(100, 2);
            monitor.energy(new EnergyReport(1, 0.5, false, false, List.of("CPU package"), "nvml GPU-1 has a gap"));
        }
        RunSnapshot run = monitor.snapshot();
        assertThat(run.energy().joules()).isEqualTo(600);
        assertThat(run.energy().coverage().seconds()).isEqualTo(50);
        assertThat(run.energy().joulesPerToken()).isEqualTo(0.05, within(1e-12));
        assertThat(run.energy().reason()).isEqualTo("nvml GPU-1 has a gap");
        assertThat(Figure.LOG10_ENERGY_RATIO.value(run))
                .as("half of the tokens is no basis")
                .isNaN();
    }

    @Test
    void gap_thatLasts_makesThePriceUnknown() {
        train(monitor, 1, 100, 5);
        for (int t = 101; t <= 1_000; t++) {
            monitor.step(100, 2);
            monitor.energy(EnergyReport.gap(1, "powercap: gone"));
        }
        assertThat(monitor.snapshot().energy().joulesPerTokenNow()).isNaN();
        assertThat(monitor.snapshot().energy().joules()).isEqualTo(500);
    }

    @Test
    void gap_alone_hasAReasonAndNoJoules() {
        monitor.step(100, 3);
        monitor.energy(EnergyReport.gap(1, "powercap: only root may read"));
        RunSnapshot run = monitor.snapshot();
        assertThat(run.energy().known()).isTrue();
        assertThat(run.energy().joules()).isNaN();
        assertThat(Figure.ENERGY_REASON.read(run)).isEqualTo("powercap: only root may read");
    }

    @Test
    void energy_noNumber_changesNothing() {
        train(monitor, 1, 10, 5);
        monitor.energy(new EnergyReport(-3, 1, true, false, List.of("CPU package"), null));
        monitor.energy(new EnergyReport(Double.POSITIVE_INFINITY, 1, true, false, List.of("CPU package"), null));
        monitor.energy(new EnergyReport(Double.NaN, 1, true, false, List.of("CPU package"), null));
        assertThat(monitor.snapshot().energy().joules()).isEqualTo(50);
        assertThat(monitor.snapshot().energy().coverage().seconds()).isEqualTo(5);
    }

    @Test
    void energy_afterTheEnd_isNoLongerTheRuns() {
        train(monitor, 1, 10, 5);
        monitor.end(Outcome.FINISHED);
        monitor.energy(new EnergyReport(5, 1, true, false, List.of("CPU package"), null));
        assertThat(monitor.snapshot().energy().joules()).isEqualTo(50);
    }

    @Test
    void shared_once_staysShared() {
        train(monitor, 1, 10, 5);
        monitor.energy(new EnergyReport(5, 1, true, true, List.of("CPU package"), null));
        train(monitor, 11, 20, 5);
        assertThat(monitor.snapshot().energy().shared()).isTrue();
        assertThat(Figure.ENERGY_SHARED.read(monitor.snapshot())).isEqualTo(true);
    }

    @Test
    void beginning_ofARunThatGoesOn_hasNoTokensFromBeforeIt() {
        for (int t = 1; t <= 1_000; t++) {
            monitor.step(100, 3);
        }
        monitor.energy(EnergyReport.gap(1, "measuring begins"));
        train(monitor, 1_001, 2_000, 5);
        assertThat(monitor.snapshot().energy().joulesPerToken()).isEqualTo(0.05, within(1e-12));
    }

    @Test
    void state_restored_goesOnExactly() throws Exception {
        train(monitor, 1, 300, 5);
        RunState state = RunState.fromBytes(monitor.state().toBytes());
        RunMonitor resumed = monitor(Long.MAX_VALUE);
        resumed.restore(state);
        assertThat(resumed.snapshot().energy()).isEqualTo(monitor.snapshot().energy());
        train(resumed, 301, 400, 7);
        train(monitor, 301, 400, 7);
        assertThat(resumed.snapshot().energy()).isEqualTo(monitor.snapshot().energy());
        assertThat(resumed.state().toBytes()).isEqualTo(monitor.state().toBytes());
    }

    @Test
    void curve_keepsTheJoulesAtEachBin() {
        train(monitor, 1, 400, 5);
        List<CurvePoint> curve = monitor.curve();
        CurvePoint last = curve.get(curve.size() - 1);
        // A step is reported before the joules that it took.
        assertThat(last.bin().energyJoules()).isEqualTo(5 * (last.steps() - 1));
        assertThat(Figure.ENERGY_JOULES.read(last, monitor.snapshot())).isEqualTo(5.0 * (last.steps() - 1));
    }

    @Test
    void plannedEnd_costsThePriceOfNow() {
        RunMonitor planned = monitor(100_000);
        train(planned, 1, 400, 5);
        assertThat(Figure.PLANNED_END_JOULES.value(planned.snapshot())).isEqualTo(60_000 * 0.05, within(1e-9));
        train(planned, 401, 1_200, 5);
        assertThat(Figure.PLANNED_END_JOULES.value(planned.snapshot())).isZero();
    }

    @Test
    void nextHundredth_costsWhatTheForecastSays() {
        train(monitor, 1, 2_000, 5);
        RunSnapshot run = monitor.snapshot();
        double tokens = run.forecast().nextHundredth().tokens();
        assertThat(tokens).isGreaterThan(200_000);
        assertThat(run.forecast()
                        .tokensAt(run.forecast().currentLossNats() - 0.01)
                        .tokens())
                .isEqualTo(tokens);
        assertThat(Figure.NEXT_HUNDREDTH_NAT_JOULES.value(run)).isEqualTo(0.05 * (tokens - 200_000), within(1e-6));
        assertThat(Figure.NEXT_HUNDREDTH_NAT_JOULES_LOWER.value(run))
                .isLessThanOrEqualTo(Figure.NEXT_HUNDREDTH_NAT_JOULES.value(run));
        // By the curve itself: 2.4 t^-0.3 falls by 0.01 nats in about 3.3 % of the steps from t = 2,000 on.
        assertThat(tokens / 200_000).isBetween(1.02, 1.3);
    }

    @Test
    void sentences_learning_sayWhatWasTakenAndWhatMoreCosts() {
        RunMonitor planned = monitor(1_000_000);
        train(planned, 1, 2_000, 5);
        RunSnapshot run = planned.snapshot();
        assertThat(run.energySentences()).hasSize(5);
        assertThat(run.energySentences().get(0))
                .isEqualTo(
                        "10.0 kJ measured at this machine: CPU package, 100 % of the run's time; whatever else ran is"
                                + " included; what no counter shows, such as power supply, fans and network, is not.");
        assertThat(run.energySentences().get(1))
                .matches("That is 50\\.0 mJ a token, 10\\^\\d\\d\\.\\d times the Landauer floor\\.");
        assertThat(run.energySentences().get(2))
                .matches("An absorbed bit costs \\d{3} mJ now \\(\\d{3} mJ to \\d{3} mJ\\)\\.");
        assertThat(run.energySentences().get(3)).matches("The next 0\\.01 nats cost 1\\.\\d\\d kJ \\(.*\\)\\.");
        assertThat(run.energySentences().get(4)).isEqualTo("The way to the planned end costs 40.0 kJ.");
    }

    @Test
    void sentences_flat_sayWhatThePlateauCost() {
        for (int t = 1; t <= 3_000; t++) {
            monitor.step(100, t < 20 ? 4 - 0.1 * t : 2 + 0.01 * Math.sin(t), t);
            monitor.energy(new EnergyReport(5, 1, true, t == 1, List.of("CPU package"), null));
        }
        List<String> sentences = monitor.snapshot().energySentences();
        assertThat(sentences.get(0))
                .startsWith("15.0 kJ measured at this machine: CPU package, 100 % of the run's time;")
                .contains("; whatever else ran is included, other runs too; ");
        assertThat(sentences)
                .anySatisfy(one -> assertThat(one)
                        .matches("Since the plateau: \\d+\\.\\d+ kJ, what stopping there would have saved\\."));
        assertThat(sentences)
                .anySatisfy(one -> assertThat(one).matches("(An absorbed bit costs .*|Nothing is learnt now.*)"));
    }

    @Test
    void sentences_gaps_sayWhy() {
        train(monitor, 1, 100, 5);
        for (int t = 101; t <= 200; t++) {
            monitor.step(100, 2);
        }
        monitor.energy(EnergyReport.gap(50, "nvml: it does not answer"));
        assertThat(monitor.snapshot().energySentences())
                .anySatisfy(one -> assertThat(one).contains(": CPU package, 50 % of the run's time; "))
                .endsWith("Not all is measured: nvml: it does not answer.");
    }

    @Test
    void sentences_severalParts_areNamedAndStayThroughAResume() throws IOException {
        monitor.step(100, 3);
        monitor.energy(new EnergyReport(5, 1, true, false, List.of("CPU package", "memory"), null));
        monitor.energy(new EnergyReport(5, 1, true, false, List.of("CPU package", "GPU board"), null));
        String said = monitor.snapshot().energySentences().get(0);
        assertThat(said).startsWith("10.0 J measured at this machine: CPU package, memory and GPU board, 100 % of");
        RunMonitor resumed = RunMonitor.builder("resumed").build();
        resumed.restore(RunState.fromBytes(monitor.state().toBytes()));
        assertThat(resumed.snapshot().energySentences().get(0)).isEqualTo(said);
    }

    @Test
    void sentences_nothingMeasures_sayThatNothingIsMeasured() {
        monitor.step(100, 3);
        assertThat(monitor.snapshot().energySentences()).containsExactly("Not measured: no source of energy.");
    }
}
