package org.etascope.benchmarks.characteristic;

/**
 * Rival: patience on the best value, as early stopping is usually set up. The loss is averaged over a 200th of the run
 * at a time; ten averages in a row that are no new best raise the alarm.
 */
final class Patience {
    private static final int AVERAGES_PER_RUN = 200;
    private static final int PATIENCE = 10;

    private final int interval;
    private int step;
    private double sum;
    private double best = Double.POSITIVE_INFINITY;
    private int sinceBest;
    private int alarm = Trial.NEVER;

    Patience(int steps) {
        this.interval = Math.max(1, steps / AVERAGES_PER_RUN);
    }

    void step(double loss) {
        step++;
        sum += loss;
        if (step % interval == 0) {
            judge(sum / interval);
            sum = 0;
        }
    }

    private void judge(double average) {
        if (average < best) {
            best = average;
            sinceBest = 0;
        } else {
            sinceBest++;
        }
        if (sinceBest == PATIENCE && alarm == Trial.NEVER) {
            alarm = step;
        }
    }

    int alarm() {
        return alarm;
    }
}
