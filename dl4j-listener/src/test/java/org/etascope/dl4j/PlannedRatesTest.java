package org.etascope.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.core.Forecast;
import org.etascope.core.LearningRateSchedule;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

class PlannedRatesTest {
    private static final int N = 8000;
    private static final int STEPS_AN_EPOCH = 1000;

    /** Straight from 0.01 to 0 at N. Deeplearning4j's own PolySchedule grows. */
    private static final class Linear implements ISchedule {
        private static final long serialVersionUID = 1;

        @Override
        public double valueAt(int iteration, int epoch) {
            return 0.01 * (1 - iteration / (double) N);
        }

        @Override
        public ISchedule clone() {
            return this;
        }
    }

    /** A power law, with the rates of an updater. */
    private static Forecast.Answer plannedEnd(RunMonitor monitor, IUpdater updater, int steps) {
        PlannedRates rates = new PlannedRates();
        for (int t = 1; t <= steps; t++) {
            int epoch = (t - 1) / STEPS_AN_EPOCH;
            double noise = 0.02 * (new SplittableRandom(t).nextDouble() - 0.5);
            double loss = 2 + 9 * Math.pow(100.0 * t, -0.3) + noise;
            monitor.step(t - 1, epoch, updater.getLearningRate(t - 1, epoch), 100, loss, t);
            rates.stepDone(monitor, updater, t - 1, epoch);
            if (t % STEPS_AN_EPOCH == 0) {
                rates.epochEnded();
            }
        }
        return monitor.snapshot().forecast().plannedEnd();
    }

    private static RunMonitor planned() {
        return RunMonitor.builder("run").plannedSteps(N).build();
    }

    @Test
    void scheduleByIterations_isThePlan() {
        RunMonitor given = RunMonitor.builder("run")
                .plannedSteps(N)
                .schedule(LearningRateSchedule.parse("linear"))
                .build();
        IUpdater updater = new Adam(new Linear());
        Forecast.Answer expected = plannedEnd(given, updater, 5000);
        Forecast.Answer found = plannedEnd(planned(), updater, 5000);
        assertThat(expected.refused()).isNull();
        assertThat(found.tokens()).isEqualTo(100.0 * N);
        assertThat(found.lossNats()).isEqualTo(expected.lossNats(), within(1e-4));
    }

    @Test
    void constantRate_isAPlanToo() {
        Forecast.Answer end = plannedEnd(planned(), new Adam(0.01), 5000);
        assertThat(end.refused()).isNull();
    }

    @Test
    void plannedTokens_areStepsOnceAStepIsKnown() {
        RunMonitor monitor = RunMonitor.builder("run").plannedTokens(100L * N).build();
        assertThat(plannedEnd(monitor, new Adam(0.01), 5000).refused()).isNull();
    }

    @Test
    void scheduleByEpochs_isKnownAfterTheFirst() {
        IUpdater updater = new Adam(new StepSchedule(ScheduleType.EPOCH, 0.01, 0.1, 6));
        assertThat(plannedEnd(planned(), updater, STEPS_AN_EPOCH).refused()).isEqualTo("unknown schedule or end");
        Forecast.Answer end = plannedEnd(planned(), updater, 4 * STEPS_AN_EPOCH);
        Forecast.Answer constant = plannedEnd(planned(), new Adam(0.01), 4 * STEPS_AN_EPOCH);
        assertThat(end.refused()).isNull();
        assertThat(end.lossNats()).isLessThan(constant.lossNats());
    }

    @Test
    void nothingPlanned_isNoPlan() {
        RunMonitor monitor = RunMonitor.builder("run").build();
        assertThat(plannedEnd(monitor, new Adam(0.01), 2000).refused()).isEqualTo("unknown schedule or end");
    }

    @Test
    void listener_ofAPlannedRun_readsTheUpdater() {
        RunMonitor monitor = RunMonitor.builder("run").plannedSteps(300).build();
        MultiLayerNetwork net = Nets.lstm();
        net.setLearningRate(new MapSchedule(ScheduleType.ITERATION, Map.of(0, 0.01, 200, 0.02)));
        net.setListeners(new EtaListener(monitor));
        Nets.batches(100).forEach(net::fit);
        // What it found is told before what the curve says.
        assertThat(monitor.snapshot().forecast().plannedEnd().refused()).isEqualTo("the learning rate will rise again");
    }
}
