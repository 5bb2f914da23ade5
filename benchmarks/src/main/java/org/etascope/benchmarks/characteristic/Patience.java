package org.etascope.benchmarks.characteristic;

/**
 * Rival: patience on the best value, as early stopping is usually set up. The loss is averaged over a 200th of the run
 * at a time; ten averages in a row that are no new best raise the alarm.
 */
final class Patience {
    private static final int AVERAGES_PER_RUN = 200;
    private static final int PATIENCE = 10;

    private Patience() {}

    /** {@return the step of the first alarm over a finished run's losses, each of one step} */
    static int alarm(double[] losses) {
        int interval = Math.max(1, losses.length / AVERAGES_PER_RUN);
        double best = Double.POSITIVE_INFINITY;
        int sinceBest = 0;
        double sum = 0;
        for (int step = 1; step <= losses.length; step++) {
            sum += losses[step - 1];
            if (step % interval == 0) {
                double average = sum / interval;
                sum = 0;
                if (average < best) {
                    best = average;
                    sinceBest = 0;
                } else {
                    sinceBest++;
                }
                if (sinceBest == PATIENCE) {
                    return step;
                }
            }
        }
        return Trial.NEVER;
    }
}
