package org.etascope.benchmarks.characteristic;

import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * All trials of one scenario.
 *
 * @param scenario the scenario
 * @param trials its runs, each with a seed of its own
 */
record Result(Scenario scenario, List<Trial> trials) {
    /** Runs a scenario; the same seed gives the same result, whatever the number of cores. */
    static Result of(Scenario scenario, int runs, long seed) {
        long base = seed * 1_000_003 + (scenario.kind() + scenario.name()).hashCode();
        return new Result(
                scenario,
                LongStream.range(0, runs)
                        .parallel()
                        .mapToObj(run -> Trial.of(scenario, base * 1_000_000 + run))
                        .toList());
    }

    /** {@return how many runs one detector alarmed at all} */
    Proportion alarms(ToIntFunction<Trial> detector) {
        return count(detector, 0, Trial.NEVER);
    }

    /** {@return how many runs were called flat before they were} */
    Proportion early(ToIntFunction<Trial> detector) {
        return count(detector, 0, scenario.stop());
    }

    /** {@return how many runs were rightly called flat, not before the stop} */
    Proportion detected(ToIntFunction<Trial> detector) {
        return count(detector, scenario.stop(), Trial.NEVER);
    }

    private Proportion count(ToIntFunction<Trial> detector, int from, int before) {
        long hits = trials.stream()
                .mapToInt(detector)
                .filter(step -> step >= from && step < before)
                .count();
        return new Proportion((int) hits, trials.size());
    }

    /**
     * {@return when the alarm came, as a multiple of the tokens at the stop; infinite if not this many runs had one}
     *
     * @param detector whose alarm
     * @param quantile 0.5 for the median over all runs, those without an alarm counted as infinitely late
     */
    double delay(ToIntFunction<Trial> detector, double quantile) {
        return ratio(trials.stream().mapToInt(detector), quantile);
    }

    /** {@return like {@link #delay}, over the runs with an alarm alone; NaN if there is none} */
    double delayWhereDetected(ToIntFunction<Trial> detector, double quantile) {
        return ratio(alarmSteps(detector), quantile);
    }

    private double ratio(IntStream steps, double quantile) {
        int[] sorted = steps.sorted().toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int step = sorted[(int) (quantile * sorted.length)];
        return step == Trial.NEVER ? Double.POSITIVE_INFINITY : (double) step / scenario.stop();
    }

    /** {@return the median step of the alarms there were; there must be one} */
    int medianAlarm(ToIntFunction<Trial> detector) {
        int[] sorted = alarmSteps(detector).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private IntStream alarmSteps(ToIntFunction<Trial> detector) {
        return trials.stream().mapToInt(detector).filter(step -> step != Trial.NEVER);
    }

    /** {@return the trials of several results as one share} */
    static Proportion together(List<Result> results, ToIntFunction<Trial> detector) {
        int[] hitsAndTrials = new int[2];
        for (Result result : results) {
            Proportion alarms = result.alarms(detector);
            hitsAndTrials[0] += alarms.hits();
            hitsAndTrials[1] += alarms.trials();
        }
        return new Proportion(hitsAndTrials[0], hitsAndTrials[1]);
    }
}
