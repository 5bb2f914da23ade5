package org.etascope.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.etascope.core.Figure;
import org.etascope.core.Forecast;
import org.etascope.core.LearningRateSchedule;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.core.RunState;
import org.junit.jupiter.api.Test;

/** The forecast of a run that is watched: its plan, its learning rates, its state. */
class RunForecastTest {
    private static final int N = 8000;

    private static RunMonitor.Builder planned() {
        return RunMonitor.builder("r").plannedSteps(N).schedule(LearningRateSchedule.parse("linear"));
    }

    /** A power law; with told, the rate of each step is reported as well. */
    private static void train(RunMonitor monitor, int from, int to, boolean told) {
        for (int t = from; t <= to; t++) {
            if (told) {
                monitor.learningRate(1 - t / (double) N);
            }
            double noise = 0.02 * (new SplittableRandom(t).nextDouble() - 0.5);
            monitor.step(100, 2 + 9 * Math.pow(100.0 * t, -0.3) + noise);
        }
    }

    @Test
    void forecast_ofAPlannedRun_answersAllThree() {
        RunMonitor monitor = planned().build();
        train(monitor, 1, N / 2, true);
        RunSnapshot now = monitor.snapshot();
        Forecast forecast = now.forecast();
        assertThat(forecast.refused()).isNull();
        assertThat(forecast.plannedEnd().tokens()).isEqualTo(100.0 * N);
        assertThat(forecast.plannedEnd().lossNats()).isLessThan(forecast.currentLossNats());
        assertThat(forecast.nextDoubling().tokens()).isEqualTo(100.0 * N);
        assertThat(forecast.decayNow().tokens()).isEqualTo(60.0 * N, within(1e-6));
        assertThat(now.info().plannedTokens()).isEqualTo(100.0 * N);
        assertThat(monitor.plannedSteps()).isEqualTo(N);
    }

    @Test
    void forecast_isKeptUntilTheNextStep() {
        RunMonitor monitor = planned().build();
        train(monitor, 1, 2000, true);
        Forecast first = monitor.snapshot().forecast();
        assertThat(monitor.snapshot().forecast()).isSameAs(first);
        train(monitor, 2001, 2001, true);
        assertThat(monitor.snapshot().forecast()).isNotSameAs(first);
    }

    @Test
    void forecast_amongTheMetrics_isKeptUntilABinClosesOrThePlanChanges() {
        RunMonitor monitor = planned().build();
        train(monitor, 1, 4000, true);
        int bins = monitor.curve().size();
        int t = 4000;
        while (monitor.curve().size() == bins) {
            train(monitor, ++t, t, true);
        }
        RunSnapshot first = monitor.snapshot();
        double shown = metric(first);
        assertThat(shown).isEqualTo(first.forecast().plannedEnd().lossNats());

        train(monitor, ++t, t + 20, true);
        t += 20;
        RunSnapshot later = monitor.snapshot();
        assertThat(monitor.curve()).hasSize(bins + 1);
        assertThat(metric(later)).isEqualTo(shown);
        assertThat(later.forecast().plannedEnd().lossNats()).isNotEqualTo(shown);

        while (monitor.curve().size() == bins + 1) {
            train(monitor, ++t, t, true);
        }
        RunSnapshot next = monitor.snapshot();
        assertThat(metric(next))
                .isEqualTo(next.forecast().plannedEnd().lossNats())
                .isNotEqualTo(shown);
    }

    @Test
    void forecast_amongTheMetrics_planComes_isMadeAnew() {
        RunMonitor monitor = RunMonitor.builder("r").plannedSteps(N).build();
        train(monitor, 1, 4000, true);
        assertThat(metric(monitor.snapshot())).isNaN();
        monitor.schedule(LearningRateSchedule.parse("linear"));
        RunSnapshot told = monitor.snapshot();
        assertThat(metric(told)).isEqualTo(told.forecast().plannedEnd().lossNats());
        assertThat(metric(told)).isNotNaN();
    }

    private static double metric(RunSnapshot run) {
        return Figure.FORECAST_LOSS_NATS.value(run, "planned_end");
    }

    @Test
    void forecast_ratesBySchedule_areThoseTold() {
        RunMonitor told = planned().build();
        RunMonitor scheduled = planned().build();
        train(told, 1, 5000, true);
        train(scheduled, 1, 5000, false);
        Forecast.Answer expected = told.snapshot().forecast().plannedEnd();
        assertThat(expected.refused()).isNull();
        assertThat(scheduled.snapshot().forecast().plannedEnd()).isEqualTo(expected);
        assertThat(scheduled.snapshot().progress().learningRate()).isNaN();
    }

    @Test
    void forecast_plannedTokens_areThePlannedSteps() {
        RunMonitor steps = planned().build();
        RunMonitor tokens = RunMonitor.builder("r")
                .plannedTokens(100L * N)
                .schedule(LearningRateSchedule.parse("linear"))
                .build();
        train(steps, 1, 5000, true);
        train(tokens, 1, 5000, true);
        assertThat(tokens.snapshot().forecast()).isEqualTo(steps.snapshot().forecast());
        assertThat(tokens.plannedSteps()).isEqualTo(N);
    }

    @Test
    void schedule_ofAFramework_counts_unlessTheBuilderHadOne() {
        RunMonitor monitor = RunMonitor.builder("r").plannedSteps(N).build();
        train(monitor, 1, 5000, true);
        assertThat(monitor.snapshot().forecast().plannedEnd().refused()).isEqualTo("unknown schedule or end");
        monitor.schedule(LearningRateSchedule.ofRates(1, 0));
        Forecast.Answer end = monitor.snapshot().forecast().plannedEnd();
        assertThat(end.refused()).isNull();

        RunMonitor given = planned().build();
        train(given, 1, 5000, true);
        Forecast.Answer before = given.snapshot().forecast().plannedEnd();
        given.schedule(LearningRateSchedule.constant());
        assertThat(given.snapshot().forecast().plannedEnd()).isEqualTo(before);
    }

    @Test
    void negativeAndNaNRates_areUnknown_zeroIsARate() {
        RunMonitor monitor = planned().build();
        for (double rate : new double[] {Double.NaN, -1, Double.NEGATIVE_INFINITY}) {
            monitor.learningRate(rate);
            monitor.step(100, 4);
            assertThat(monitor.snapshot().progress().learningRate()).isNaN();
        }
        monitor.learningRate(0);
        assertThat(monitor.snapshot().progress().learningRate()).isZero();
    }

    @Test
    void restored_goesOnBitForBit() throws Exception {
        RunMonitor whole = planned().build();
        train(whole, 1, 5000, true);
        RunMonitor half = planned().build();
        train(half, 1, 3001, true);
        RunMonitor resumed = planned().build();
        resumed.restore(RunState.fromBytes(half.state().toBytes()));
        train(resumed, 3002, 5000, true);
        assertThat(whole.snapshot().forecast().refused()).isNull();
        assertThat(resumed.snapshot().forecast()).isEqualTo(whole.snapshot().forecast());
    }
}
