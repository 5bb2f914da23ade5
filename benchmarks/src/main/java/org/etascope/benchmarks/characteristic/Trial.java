package org.etascope.benchmarks.characteristic;

import java.util.List;
import java.util.SplittableRandom;
import org.etascope.core.RunEvent;
import org.etascope.core.RunMonitor;

/**
 * What three detectors said of one run.
 *
 * @param events the monitor's turning points, in order
 * @param patience step of the first alarm of {@link Patience}, {@link #NEVER} without one
 * @param slope step of the first alarm of {@link InsignificantSlope}
 */
record Trial(List<Told> events, int patience, int slope) {
    static final int NEVER = Integer.MAX_VALUE;

    /** One turning point: what, when, by how much. */
    record Told(RunEvent.Kind kind, int step, double nats) {}

    /** Runs a scenario once; the same seed gives the same run. */
    static Trial of(Scenario scenario, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Scenario.Log log = scenario.log();
        Noise noise = scenario.noise().get();
        double[] losses = new double[scenario.steps() / log.every()];
        RunMonitor.Builder builder = RunMonitor.builder("trial").clock(() -> 0);
        if (scenario.data().vocabulary() > 0) {
            builder.vocabularySize(scenario.data().vocabulary());
        }
        RunMonitor monitor = builder.build();
        if (scenario.data().resumed()) {
            monitor.beginSegment();
        }
        double logged = Double.NaN;
        long tokens = 0;
        for (int step = 1; step <= scenario.steps(); step++) {
            double loss = scenario.losses().at(step) + scenario.data().noise(step) * noise.next(random);
            logged = Double.isNaN(logged) ? loss : log.memory() * logged + (1 - log.memory()) * loss;
            tokens += scenario.data().tokens(step);
            if (step % log.every() == 0) {
                if (log.rates() != null) {
                    monitor.learningRate(log.rates().at(step));
                }
                double told = lost(log, step) ? Double.NaN : rounded(logged, log.decimals());
                monitor.steps(log.every(), tokens, told, step);
                losses[step / log.every() - 1] = told;
                tokens = 0;
            }
        }
        List<Told> events = monitor.events().stream()
                .map(event -> new Told(event.kind(), Math.toIntExact(event.step()), event.nats()))
                .toList();
        int alarm = Patience.alarm(losses);
        return new Trial(
                events, alarm == NEVER ? NEVER : alarm * log.every(), InsignificantSlope.alarm(monitor.curve()));
    }

    private static boolean lost(Scenario.Log log, int step) {
        return log.lostEvery() > 0 && step % log.lostEvery() >= 0.98 * log.lostEvery();
    }

    private static double rounded(double loss, int decimals) {
        double unit = Math.pow(10, decimals);
        return decimals < 0 ? loss : Math.rint(loss * unit) / unit;
    }

    /** {@return the step of the first event of these kinds after a step, {@link #NEVER} without one} */
    int first(int after, RunEvent.Kind... kinds) {
        List<RunEvent.Kind> wanted = List.of(kinds);
        return events.stream()
                .filter(event -> event.step() > after && wanted.contains(event.kind()))
                .mapToInt(Told::step)
                .findFirst()
                .orElse(NEVER);
    }
}
