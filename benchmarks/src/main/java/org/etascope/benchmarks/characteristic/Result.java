package org.etascope.benchmarks.characteristic;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.LongStream;
import org.etascope.core.RunEvent.Kind;

/**
 * All trials of one scenario.
 *
 * @param scenario the scenario
 * @param stop {@link Scenario#stop}
 * @param trials its runs, each with a seed of its own
 */
record Result(Scenario scenario, int stop, List<Trial> trials) {
    /** Runs a scenario; the same seed gives the same result, whatever the number of cores. */
    static Result of(Scenario scenario, int runs, long seed) {
        long base = seed * 1_000_003 + (scenario.kind() + scenario.name()).hashCode();
        return new Result(
                scenario,
                scenario.stop(),
                LongStream.range(0, runs)
                        .parallel()
                        .mapToObj(run -> Trial.of(scenario, base * 1_000_000 + run))
                        .toList());
    }

    private Proportion share(Predicate<Trial> holds) {
        return new Proportion((int) trials.stream().filter(holds).count(), trials.size());
    }

    /** Whether it is false to call the run flat at a step: it still learnt over the half e-fold before, or had not stopped. */
    private boolean learns(int step) {
        return scenario.kind() == Scenario.Kind.STOPS ? step <= stop : scenario.trueR(step) >= Scenario.HEALTHY_R;
    }

    /** {@return runs called flat, at any time, while they learnt} */
    Proportion falselySaturated() {
        return share(trial ->
                trial.events().stream().anyMatch(event -> event.kind() == Kind.SATURATED && learns(event.step())));
    }

    /** {@return runs in which this was told before there was any reason} */
    Proportion falsely(Kind kind) {
        int until = scenario.kind() == Scenario.Kind.RISES ? scenario.change() : Integer.MAX_VALUE;
        return share(trial -> trial.events().stream().anyMatch(event -> event.kind() == kind && event.step() <= until));
    }

    /** {@return runs that a rival called flat while they learnt} */
    Proportion falsely(ToIntFunction<Trial> rival) {
        return share(trial -> rival.applyAsInt(trial) != Trial.NEVER && learns(rival.applyAsInt(trial)));
    }

    /** {@return the step of the first entry into saturation that is none of the false ones} */
    int found(Trial trial) {
        return trial.events().stream()
                .filter(event -> event.kind() == Kind.SATURATED && !learns(event.step()))
                .mapToInt(Trial.Told::step)
                .findFirst()
                .orElse(Trial.NEVER);
    }

    int foundBy(ToIntFunction<Trial> rival, Trial trial) {
        int step = rival.applyAsInt(trial);
        return step == Trial.NEVER || learns(step) ? Trial.NEVER : step;
    }

    /** {@return runs in which a step was given} */
    Proportion told(ToIntFunction<Trial> step) {
        return share(trial -> step.applyAsInt(trial) != Trial.NEVER);
    }

    /**
     * {@return a quantile of a step over all runs, {@link Trial#NEVER} if not so many have one}
     *
     * @param step gives it
     * @param quantile 0.5 for the median; runs without it count as infinitely late
     */
    int quantile(ToIntFunction<Trial> step, double quantile) {
        int[] sorted = trials.stream().mapToInt(step).sorted().toArray();
        return sorted[(int) (quantile * (sorted.length - 1))];
    }

    /** {@return D at a step over D at another, infinite if it never came} */
    double tokensRatio(int step, int over) {
        return step == Trial.NEVER
                ? Double.POSITIVE_INFINITY
                : (double) scenario.data().tokensUntil(step) / scenario.data().tokensUntil(over);
    }

    /** {@return the median size that was told with a kind of event after the change, NaN without one} */
    double medianSize(Kind kind) {
        double[] sizes = trials.stream()
                .flatMap(trial -> trial.events().stream()
                        .filter(event -> event.kind() == kind && event.step() > scenario.change())
                        .limit(1))
                .mapToDouble(Trial.Told::nats)
                .sorted()
                .toArray();
        return sizes.length == 0 ? Double.NaN : sizes[sizes.length / 2];
    }

    /** {@return shares of several scenarios as one} */
    static Proportion together(List<Proportion> shares) {
        return new Proportion(
                shares.stream().mapToInt(Proportion::hits).sum(),
                shares.stream().mapToInt(Proportion::trials).sum());
    }
}
