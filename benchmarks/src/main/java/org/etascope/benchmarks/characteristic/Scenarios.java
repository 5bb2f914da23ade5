package org.etascope.benchmarks.characteristic;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import org.etascope.benchmarks.characteristic.LossLaw.Power;
import org.etascope.benchmarks.characteristic.Scenario.Data;
import org.etascope.benchmarks.characteristic.Scenario.Kind;
import org.etascope.benchmarks.characteristic.Scenario.Log;

/** The scenarios. Most follow a language model with a GPT-2 vocabulary over 20,000 steps: from 10.8 nats towards 2.6. */
final class Scenarios {
    private static final int STEPS = 20_000;
    private static final int STOP = 6_000;
    private static final int VOCABULARY = 50_257;
    private static final Power LANGUAGE = new Power(10.8, 2.6, 5, 0.40);
    private static final Power CHARACTERS = new Power(4.16, 1.2, 10, 0.45);
    private static final double[] DEVIATIONS = {0.02, 0.05, 0.1, 0.2};
    private static final Data DATA = new Data(524_288, VOCABULARY, false, 0, 1);
    private static final Supplier<Noise> USUAL = Noise.white(0.05);

    private final List<Scenario> all = new ArrayList<>();

    private Scenarios() {}

    static List<Scenario> all() {
        Scenarios scenarios = new Scenarios();
        scenarios.addLearning();
        scenarios.addStopping();
        scenarios.addClearing();
        scenarios.addRising();
        scenarios.addLimits();
        return List.copyOf(scenarios.all);
    }

    private void addLearning() {
        Curve losses = LANGUAGE.over(STEPS);
        for (double deviation : DEVIATIONS) {
            learns("noise " + deviation, losses, Noise.white(deviation));
        }
        learns("AR(1) 0.9, noise 0.05", losses, Noise.autoregressive(0.9, 0.05));
        learns("AR(1) 0.99, noise 0.05", losses, Noise.autoregressive(0.99, 0.05));
        learns("AR(1) 0.99, noise 0.1", losses, Noise.autoregressive(0.99, 0.1));
        learns("AR(1) 0.999, noise 0.05", losses, Noise.autoregressive(0.999, 0.05));
        learns(
                "white 0.05 and AR(1) 0.999, 0.03",
                losses,
                Noise.mixed(Noise.white(0.05), Noise.autoregressive(0.999, 0.03)));
        learns("heavy tails (t₃), noise 0.1", losses, Noise.heavyTailed(0.1));
        learns("spikes 1/1000, noise 0.05", losses, Noise.spiky(0.05));
        learns("five steps of +3 every 997", losses, Noise.bursts(0.05));
        learns("noise that falls from 0.3 to 0.03", losses, Noise.calming(0.3, 0.03, STEPS));
        learns("log smoothed (EMA 0.9)", losses, USUAL, DATA, new Log(1, -1, 0.9, 0, null));
        learns("log smoothed (EMA 0.99)", losses, USUAL, DATA, new Log(1, -1, 0.99, 0, null));
        learns("two decimals", losses, USUAL, DATA, new Log(1, 2, 0, 0, null));
        learns("one decimal, noise 0.05", losses, USUAL, DATA, new Log(1, 1, 0, 0, null));
        learns("one decimal, noise 0.005", losses, Noise.white(0.005), DATA, new Log(1, 1, 0, 0, null));
        learns("every 10th step logged", losses, USUAL, DATA, new Log(10, -1, 0, 0, null));
        learns("every 50th step logged", losses, USUAL, DATA, new Log(50, -1, 0, 0, null));
        learns("every 100th step logged", losses, USUAL, DATA, new Log(100, -1, 0, 0, null));
        learns("50 of 2,500 steps not finite", losses, USUAL, DATA, new Log(1, -1, 0, 2_500, null));
        learns("no vocabulary", losses, USUAL, new Data(524_288, 0, false, 0, 1), Log.ALL);
        learnsUnder("cosine learning rate", LossLaw.cosine(400, 24_000, 0.1, STEPS), 0.15);
        learnsUnder("warm-up, stable, decay", LossLaw.warmUpStableDecay(400, 16_000, STEPS), 0.3);
        learnsUnder("warm-up of 2,000 steps", LossLaw.warmUpStableDecay(2_000, 2 * STEPS, STEPS), 0.1);
        learnsUnder("learning rate to a third at half", Curve.of(STEPS, t -> t <= STEPS / 2.0 ? 1 : 1 / 3.0), 0.1);
        learnsUnder("cyclic learning rate", Curve.of(STEPS, t -> 1 - 0.9 * Math.abs((t - 1) % 4_000 / 2_000 - 1)), 0.1);
        learns("five epochs, a stair each", LANGUAGE.withEpochs(4_000, 0.1, STEPS), USUAL);
        learns("season ± 0.05 of 400 steps", losses, Noise.mixed(USUAL, Noise.season(0.05, 400)));
        learns("season ± 0.02 of 2,000 steps", losses, Noise.mixed(USUAL, Noise.season(0.02, 2_000)));
        learns("batch × 2 at half", losses, USUAL, new Data(524_288, VOCABULARY, false, STEPS / 2, 2), Log.ALL);
        learns("batch × 4 at a quarter", losses, USUAL, new Data(524_288, VOCABULARY, false, STEPS / 4, 4), Log.ALL);
        Curve easier = losses.plus(jump(STEPS / 2, -0.3));
        String name = "data become easier by 0.3";
        all.add(new Scenario(name, Kind.LEARNS, false, losses, easier, 0, USUAL, DATA, Log.ALL));
        learns("short: 600 steps, noise 0.1", LANGUAGE.over(600), Noise.white(0.1));
        learns("short: 2,000 steps", LANGUAGE.over(2_000), USUAL);
        learns("characters", CHARACTERS.over(10_000), USUAL, new Data(1_600, 64, false, 0, 1), Log.ALL);
        learns("close to the bar, noise 0.1", new Power(10.8, 2.6, 5, 0.45).over(STEPS), Noise.white(0.1));
        learns("slow law without a floor", new Power(10.8, 0, 5, 0.12).over(STEPS), USUAL);
        Data resumed = new Data(524_288, VOCABULARY, true, 0, 1);
        learns(
                "resumed at step 10,000 without state",
                Curve.of(10_000, t -> LANGUAGE.at(10_000 + t)),
                USUAL,
                resumed,
                Log.ALL);
        learns("fine-tuning, baseline assumed", new Power(2.4, 1.6, 50, 0.3).over(3_000), USUAL, resumed, Log.ALL);
        learns(
                "stuck for 2,000 steps, then learns",
                Curve.of(STEPS, t -> t <= 2_000 ? 10.82 : new Power(10.82, 2.6, 100, 0.4).at(t - 2_000)),
                USUAL);
    }

    private void addStopping() {
        Curve stopped = LANGUAGE.stoppedAt(STOP, STEPS);
        for (double deviation : DEVIATIONS) {
            stops("hard stop, noise " + deviation, stopped, Noise.white(deviation));
        }
        stops("stop, AR(1) 0.9, noise 0.05", stopped, Noise.autoregressive(0.9, 0.05));
        stops("stop, heavy tails (t₃), noise 0.1", stopped, Noise.heavyTailed(0.1));
        stops("stop, spikes 1/1000, noise 0.05", stopped, Noise.spiky(0.05));
        stops("stop, log smoothed (EMA 0.99)", stopped, USUAL, DATA, new Log(1, -1, 0.99, 0, null));
        stops("stop, two decimals", stopped, USUAL, DATA, new Log(1, 2, 0, 0, null));
        stops("stop, every 10th step logged", stopped, USUAL, DATA, new Log(10, -1, 0, 0, null));
        stops("stop, 50 of 2,500 steps not finite", stopped, USUAL, DATA, new Log(1, -1, 0, 2_500, null));
        stops("stop, no vocabulary", stopped, USUAL, new Data(524_288, 0, false, 0, 1), Log.ALL);
        stops("stop, batch × 2 at 3,000", stopped, USUAL, new Data(524_288, VOCABULARY, false, 3_000, 2), Log.ALL);
        stops("smooth stop", LANGUAGE.fadingAt(STOP, STEPS), USUAL);
        stops("dying away over 40,000 steps", LANGUAGE.dyingAway(4_000, 2 * STEPS), USUAL);
        stops("short: stop at 600 of 2,000, noise 0.1", LANGUAGE.stoppedAt(600, 2_000), Noise.white(0.1));
        stops(
                "characters: stop at 3,000 of 10,000",
                CHARACTERS.stoppedAt(3_000, 10_000),
                USUAL,
                new Data(1_600, 64, false, 0, 1),
                Log.ALL);
        Curve slow = new Power(10.8, 2.6, 5, 0.70).over(STEPS);
        stops("learning sinks to R 0.02, noise 0.02", slow, Noise.white(0.02));
        stops("learning sinks to R 0.02, noise 0.1", slow, Noise.white(0.1));
    }

    private void addClearing() {
        Curve stopped = LANGUAGE.stoppedAt(2_000, STEPS);
        clears("plateau, then −1 over 500 steps", stopped.plus(ramp(12_000, 500, -1)), 12_000);
        clears("plateau, then −0.3 at once", stopped.plus(jump(12_000, -0.3)), 12_000);
        clears("plateau, then −0.1 over 200 steps", stopped.plus(ramp(12_000, 200, -0.1)), 12_000);
        clears(
                "plateau, then the power law goes on",
                Curve.of(2 * STEPS, t -> LANGUAGE.at(Math.min(t, STOP) + Math.max(0, t - 14_000))),
                14_000);
        clears("plateau, then a drift of +0.3 over 10,000 steps", stopped.plus(ramp(9_000, 10_000, 0.3)), 9_000);
    }

    private void addRising() {
        Curve losses = LANGUAGE.over(STEPS);
        rises("jump of 0.5", losses.plus(jump(10_000, 0.5)), 10_000, USUAL);
        rises("jump of 0.5, noise 0.1", losses.plus(jump(10_000, 0.5)), 10_000, Noise.white(0.1));
        rises("jump of 2.5", losses.plus(jump(10_000, 2.5)), 10_000, USUAL);
        rises("jump of 10", losses.plus(jump(10_000, 10)), 10_000, USUAL);
        rises(
                "jump of 0.5, repaired after 400 steps",
                losses.plus(jump(10_000, 0.5)).plus(jump(10_400, -0.5)),
                10_000,
                USUAL);
        rises("jump of 2.5 at 5,000, never repaired", losses.plus(jump(5_000, 2.5)), 5_000, USUAL);
        rises("jump of 0.3 after 2,000 steps", losses.plus(jump(2_000, 0.3)), 2_000, USUAL);
        rises("ramp of +2 over 3,000 steps", losses.plus(ramp(15_000, 3_000, 2)), 15_000, USUAL);
        rises("plateau, then a jump of 0.5", LANGUAGE.stoppedAt(2_000, STEPS).plus(jump(12_000, 0.5)), 12_000, USUAL);
        add(
                Kind.RISES,
                false,
                "jump of 0.5, every 10th step logged",
                losses.plus(jump(10_000, 0.5)),
                10_000,
                USUAL,
                DATA,
                new Log(10, -1, 0, 0, null));
    }

    private void addLimits() {
        Curve losses = LANGUAGE.over(STEPS);
        Curve stopped = LANGUAGE.stoppedAt(STOP, STEPS);
        limit(
                Kind.LEARNS,
                "white 0.05 and AR(1) 0.9995, 0.03",
                losses,
                0,
                Noise.mixed(USUAL, Noise.autoregressive(0.9995, 0.03)),
                DATA,
                Log.ALL);
        limit(
                Kind.LEARNS,
                "white 0.05 and AR(1) 0.9999, 0.03",
                losses,
                0,
                Noise.mixed(USUAL, Noise.autoregressive(0.9999, 0.03)),
                DATA,
                Log.ALL);
        for (double size : new double[] {0.03, 0.05}) {
            for (int period : new int[] {6_000, 10_000, 20_000}) {
                String name = String.format(Locale.ROOT, "season ± %s of %,d steps", size, period);
                limit(
                        Kind.LEARNS,
                        name,
                        losses,
                        0,
                        Noise.mixed(Noise.white(0.03), Noise.season(size, period)),
                        DATA,
                        Log.ALL);
            }
        }
        limit(Kind.STOPS, "stop, noise 0.5", stopped, 0, Noise.white(0.5), DATA, Log.ALL);
        limit(Kind.STOPS, "stop, AR(1) 0.99, noise 0.05", stopped, 0, Noise.autoregressive(0.99, 0.05), DATA, Log.ALL);
        limit(
                Kind.STOPS,
                "stop, AR(1) 0.999, noise 0.05",
                stopped,
                0,
                Noise.autoregressive(0.999, 0.05),
                DATA,
                Log.ALL);
        limit(Kind.STOPS, "stop, every 100th step logged", stopped, 0, USUAL, DATA, new Log(100, -1, 0, 0, null));
        limit(
                Kind.STOPS,
                "resumed at 5,000 without state, stop 1,000 later",
                Curve.of(STEPS, t -> LANGUAGE.at(5_000 + Math.min(t, 1_000))),
                0,
                USUAL,
                new Data(524_288, VOCABULARY, true, 0, 1),
                Log.ALL);
        limit(
                Kind.RISES,
                "jump of 0.5, noise 0.23",
                losses.plus(jump(10_000, 0.5)),
                10_000,
                Noise.white(0.23),
                DATA,
                Log.ALL);
    }

    private static DoubleUnaryOperator jump(int after, double size) {
        return t -> t > after ? size : 0;
    }

    private static DoubleUnaryOperator ramp(int after, int length, double size) {
        return t -> size * Math.min(Math.max((t - after) / length, 0), 1);
    }

    private void learns(String name, Curve losses, Supplier<Noise> noise) {
        learns(name, losses, noise, DATA, Log.ALL);
    }

    private void learns(String name, Curve losses, Supplier<Noise> noise, Data data, Log log) {
        add(Kind.LEARNS, false, name, losses, 0, noise, data, log);
    }

    private void learnsUnder(String name, Curve rate, double annealing) {
        learns(name, LANGUAGE.under(rate, annealing), USUAL, DATA, new Log(1, -1, 0, 0, rate));
    }

    private void stops(String name, Curve losses, Supplier<Noise> noise) {
        stops(name, losses, noise, DATA, Log.ALL);
    }

    private void stops(String name, Curve losses, Supplier<Noise> noise, Data data, Log log) {
        add(Kind.STOPS, false, name, losses, 0, noise, data, log);
    }

    private void clears(String name, Curve losses, int change) {
        add(Kind.CLEARS, false, name, losses, change, USUAL, DATA, Log.ALL);
    }

    private void rises(String name, Curve losses, int change, Supplier<Noise> noise) {
        add(Kind.RISES, false, name, losses, change, noise, DATA, Log.ALL);
    }

    private void limit(Kind kind, String name, Curve losses, int change, Supplier<Noise> noise, Data data, Log log) {
        add(kind, true, name, losses, change, noise, data, log);
    }

    private void add(
            Kind kind,
            boolean limit,
            String name,
            Curve losses,
            int change,
            Supplier<Noise> noise,
            Data data,
            Log log) {
        all.add(new Scenario(name, kind, limit, losses, losses, change, noise, data, log));
    }
}
