package org.etascope.benchmarks.characteristic;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.etascope.benchmarks.characteristic.LossLaw.Power;
import org.etascope.benchmarks.characteristic.Scenario.Kind;

/** The curves. Most follow a language model with a GPT-2 vocabulary over 20,000 steps: from 10.8 nats towards 2.6. */
final class Scenarios {
    private static final int STEPS = 20_000;
    private static final int STOP = 6_000;
    private static final Power LANGUAGE = new Power(10.8, 2.6, 5, 0.40);
    private static final Power CHARACTERS = new Power(4.16, 1.2, 10, 0.45);
    private static final double[] DEVIATIONS = {0.02, 0.05, 0.1, 0.2};

    private Scenarios() {}

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        addHealthy(all);
        addSlow(all);
        addStopping(all);
        return all;
    }

    private static void addHealthy(List<Scenario> all) {
        Curve losses = LANGUAGE.over(STEPS);
        for (double deviation : DEVIATIONS) {
            all.add(language("noise " + deviation, Kind.HEALTHY, losses, Noise.white(deviation)));
        }
        all.add(language("AR(1) 0.9, noise 0.05", Kind.HEALTHY, losses, Noise.autoregressive(0.9, 0.05)));
        all.add(language("AR(1) 0.99, noise 0.05", Kind.HEALTHY, losses, Noise.autoregressive(0.99, 0.05)));
        all.add(language("AR(1) 0.99, noise 0.1", Kind.HEALTHY, losses, Noise.autoregressive(0.99, 0.1)));
        all.add(language("heavy tails (t₃), noise 0.1", Kind.HEALTHY, losses, Noise.heavyTailed(0.1)));
        all.add(language("spikes 1/1000, noise 0.05", Kind.HEALTHY, losses, Noise.spiky(0.05)));
        all.add(language(
                "cosine learning rate",
                Kind.HEALTHY,
                LANGUAGE.under(LossLaw.cosine(400, 24_000, 0.1, STEPS), 0.15),
                Noise.white(0.05)));
        all.add(language(
                "warm-up, stable, decay",
                Kind.HEALTHY,
                LANGUAGE.under(LossLaw.warmUpStableDecay(400, 16_000, STEPS), 0.3),
                Noise.white(0.05)));
        all.add(language(
                "five epochs, a stair each", Kind.HEALTHY, LANGUAGE.withEpochs(4_000, 0.1, STEPS), Noise.white(0.05)));
        all.add(language("short: 600 steps, noise 0.1", Kind.HEALTHY, LANGUAGE.over(600), Noise.white(0.1)));
        all.add(characters("characters, noise 0.05", Kind.HEALTHY, CHARACTERS.over(10_000)));
        all.add(language(
                "close to the bar, noise 0.1",
                Kind.HEALTHY,
                new Power(10.8, 2.6, 5, 0.45).over(STEPS),
                Noise.white(0.1)));
    }

    private static void addSlow(List<Scenario> all) {
        Curve losses = new Power(10.8, 2.6, 5, 0.70).over(STEPS);
        all.add(language("slow, noise 0.02", Kind.SLOW, losses, Noise.white(0.02)));
        all.add(language("slow, noise 0.1", Kind.SLOW, losses, Noise.white(0.1)));
    }

    private static void addStopping(List<Scenario> all) {
        Curve stopped = LANGUAGE.stoppedAt(STOP, STEPS);
        for (double deviation : DEVIATIONS) {
            all.add(language("hard stop, noise " + deviation, Kind.HARD_STOP, stopped, Noise.white(deviation)));
        }
        all.add(language("smooth, noise 0.05", Kind.OTHER_STOP, LANGUAGE.fadingAt(STOP, STEPS), Noise.white(0.05)));
        all.add(language(
                "short: stop at 600 of 2,000, noise 0.1",
                Kind.OTHER_STOP,
                LANGUAGE.stoppedAt(600, 2_000),
                Noise.white(0.1)));
        all.add(characters(
                "characters: stop at 3,000 of 10,000, noise 0.05",
                Kind.OTHER_STOP,
                CHARACTERS.stoppedAt(3_000, 10_000)));
        all.add(language("spikes 1/1000, noise 0.05", Kind.OTHER_STOP, stopped, Noise.spiky(0.05)));
        all.add(language(
                "dying away over 40,000 steps, noise 0.05",
                Kind.FADING,
                LANGUAGE.dyingAway(4_000, 2 * STEPS),
                Noise.white(0.05)));
    }

    private static Scenario language(String name, Kind kind, Curve losses, Supplier<Noise> noise) {
        return new Scenario(name, kind, losses, noise, 524_288, 50_257);
    }

    private static Scenario characters(String name, Kind kind, Curve losses) {
        return new Scenario(name, kind, losses, Noise.white(0.05), 1_600, 64);
    }
}
