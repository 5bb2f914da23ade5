package org.etascope.dl4j;

import org.etascope.core.LearningRateSchedule;
import org.etascope.core.RunMonitor;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Tells a run whose length is planned how its learning rate is meant to go: what the updater's schedule gives at 1,001
 * iterations, equally spaced until the end. A rate that stays as it is is a plan too.
 *
 * <p>A schedule that goes by epochs is read once an epoch has ended, since only then their length is known. It is read
 * anew in each epoch: the end of a run planned in tokens is known better and better. One training thread at a time; a
 * reading costs some 50 µs.
 */
final class PlannedRates {
    private static final int PARTS = 1_000;
    /** Where schedules by epochs are likely to differ from epoch 0. */
    private static final int[] EPOCHS = {1, 2, 3, 5, 10, 20, 50, 100, 1_000};

    private boolean told;

    /** The next step reads the schedule anew. */
    void epochEnded() {
        told = false;
    }

    /**
     * To be called after a step.
     *
     * @param updater null if no layer has one with a learning rate
     * @param iteration of the step, from 0
     * @param epoch completed epochs
     */
    void stepDone(RunMonitor monitor, @Nullable IUpdater updater, int iteration, int epoch) {
        if (told || updater == null) {
            return;
        }
        double steps = monitor.plannedSteps();
        boolean byEpoch = goesByEpochs(updater);
        told = !byEpoch || epoch > 0;
        if (told && steps >= 1) {
            double iterationsPerEpoch = byEpoch ? (double) iteration / epoch : Double.POSITIVE_INFINITY;
            double[] rates = new double[PARTS + 1];
            for (int i = 0; i <= PARTS; i++) {
                int at = (int) Math.max(0, Math.rint(i * steps / PARTS) - 1);
                rates[i] = updater.getLearningRate(at, (int) (at / iterationsPerEpoch));
            }
            monitor.schedule(LearningRateSchedule.ofRates(rates));
        }
    }

    private static boolean goesByEpochs(IUpdater updater) {
        double rate = updater.getLearningRate(0, 0);
        for (int epoch : EPOCHS) {
            if (updater.getLearningRate(0, epoch) != rate) {
                return true;
            }
        }
        return false;
    }
}
