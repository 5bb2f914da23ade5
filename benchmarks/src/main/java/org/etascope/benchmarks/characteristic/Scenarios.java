package org.etascope.benchmarks.characteristic;

import static org.etascope.benchmarks.characteristic.Scenario.Kind.CLEARS;
import static org.etascope.benchmarks.characteristic.Scenario.Kind.LEARNS;
import static org.etascope.benchmarks.characteristic.Scenario.Kind.RISES;
import static org.etascope.benchmarks.characteristic.Scenario.Kind.STOPS;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.etascope.benchmarks.characteristic.LossLaw.Power;
import org.etascope.benchmarks.characteristic.Scenario.Data;
import org.etascope.benchmarks.characteristic.Scenario.Log;

/** The scenarios. Most follow a language model with a GPT-2 vocabulary over 20,000 steps: from 10.8 nats towards 2.6. */
final class Scenarios {
    private static final int STEPS = 20_000;
    private static final int STOP = 6_000;
    private static final Power LANGUAGE = new Power(10.8, 2.6, 5, 0.40);
    private static final Power CHARACTERS = new Power(4.16, 1.2, 10, 0.45);
    private static final Data CHARACTER_DATA = new Data(1_600, 64, false, 0, 1);
    private static final Data RESUMED = new Data(524_288, Data.VOCABULARY, true, 0, 1);
    private static final Data NO_VOCABULARY = new Data(524_288, 0, false, 0, 1);
    private static final Log LOSSES_MISSING = new Log(1, -1, 0, 2_500, null);

    private Scenarios() {}

    static List<Scenario> all() {
        return Stream.of(learning(), stopping(), clearing(), rising(), limits())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Scenario> learning() {
        Curve losses = LANGUAGE.over(STEPS);
        return List.of(
                new Scenario("noise 0.02", LEARNS, losses).with(Noise.white(0.02)),
                new Scenario("noise 0.05", LEARNS, losses).with(Noise.white(0.05)),
                new Scenario("noise 0.1", LEARNS, losses).with(Noise.white(0.1)),
                new Scenario("noise 0.2", LEARNS, losses).with(Noise.white(0.2)),
                new Scenario("AR(1) 0.9, noise 0.05", LEARNS, losses).with(Noise.autoregressive(0.9, 0.05)),
                new Scenario("AR(1) 0.99, noise 0.05", LEARNS, losses).with(Noise.autoregressive(0.99, 0.05)),
                new Scenario("AR(1) 0.99, noise 0.1", LEARNS, losses).with(Noise.autoregressive(0.99, 0.1)),
                new Scenario("AR(1) 0.999, noise 0.05", LEARNS, losses).with(Noise.autoregressive(0.999, 0.05)),
                new Scenario("white 0.05 and AR(1) 0.999, 0.03", LEARNS, losses)
                        .withMore(Noise.autoregressive(0.999, 0.03)),
                new Scenario("heavy tails (t₃), noise 0.1", LEARNS, losses).with(Noise.heavyTailed(0.1)),
                new Scenario("spikes 1/1000, noise 0.05", LEARNS, losses).with(Noise.spiky(0.05)),
                new Scenario("five steps of +3 every 997", LEARNS, losses).with(Noise.bursts(0.05)),
                new Scenario("noise that falls from 0.3 to 0.03", LEARNS, losses).with(Noise.calming(0.3, 0.03, STEPS)),
                new Scenario("log smoothed (EMA 0.9)", LEARNS, losses).with(new Log(1, -1, 0.9, 0, null)),
                new Scenario("log smoothed (EMA 0.99)", LEARNS, losses).with(new Log(1, -1, 0.99, 0, null)),
                new Scenario("two decimals", LEARNS, losses).with(new Log(1, 2, 0, 0, null)),
                new Scenario("one decimal, noise 0.05", LEARNS, losses).with(new Log(1, 1, 0, 0, null)),
                new Scenario("one decimal, noise 0.005", LEARNS, losses)
                        .with(Noise.white(0.005))
                        .with(new Log(1, 1, 0, 0, null)),
                new Scenario("every 10th step logged", LEARNS, losses).with(Log.every(10)),
                new Scenario("every 50th step logged", LEARNS, losses).with(Log.every(50)),
                new Scenario("every 100th step logged", LEARNS, losses).with(Log.every(100)),
                new Scenario("50 of 2,500 steps not finite", LEARNS, losses).with(LOSSES_MISSING),
                new Scenario("no vocabulary", LEARNS, losses).with(NO_VOCABULARY),
                under("cosine learning rate", LossLaw.cosine(400, 24_000, 0.1, STEPS), 0.15),
                under("warm-up, stable, decay", LossLaw.warmUpStableDecay(400, 16_000, STEPS), 0.3),
                under("warm-up of 2,000 steps", LossLaw.warmUpStableDecay(2_000, 2 * STEPS, STEPS), 0.1),
                under("learning rate to a third at half", Curve.of(STEPS, t -> t <= STEPS / 2.0 ? 1 : 1 / 3.0), 0.1),
                under(
                        "cyclic learning rate",
                        Curve.of(STEPS, t -> 1 - 0.9 * Math.abs((t - 1) % 4_000 / 2_000 - 1)),
                        0.1),
                new Scenario("five epochs, a stair each", LEARNS, LANGUAGE.withEpochs(4_000, 0.1, STEPS)),
                new Scenario("season ± 0.05 of 400 steps", LEARNS, losses).withMore(Noise.season(0.05, 400)),
                new Scenario("season ± 0.02 of 2,000 steps", LEARNS, losses).withMore(Noise.season(0.02, 2_000)),
                new Scenario("batch × 2 at half", LEARNS, losses).with(growing(STEPS / 2, 2)),
                new Scenario("batch × 4 at a quarter", LEARNS, losses).with(growing(STEPS / 4, 4)),
                new Scenario("data become easier by 0.3", LEARNS, losses).disturbed(jump(STEPS / 2, -0.3)),
                new Scenario("short: 600 steps, noise 0.1", LEARNS, LANGUAGE.over(600)).with(Noise.white(0.1)),
                new Scenario("short: 2,000 steps", LEARNS, LANGUAGE.over(2_000)),
                new Scenario("characters", LEARNS, CHARACTERS.over(10_000)).with(CHARACTER_DATA),
                new Scenario("close to the bar, noise 0.1", LEARNS, new Power(10.8, 2.6, 5, 0.45).over(STEPS))
                        .with(Noise.white(0.1)),
                new Scenario("slow law without a floor", LEARNS, new Power(10.8, 0, 5, 0.12).over(STEPS)),
                new Scenario(
                                "resumed at step 10,000 without state",
                                LEARNS,
                                Curve.of(10_000, t -> LANGUAGE.at(10_000 + t)))
                        .with(RESUMED),
                new Scenario("fine-tuning, baseline assumed", LEARNS, new Power(2.4, 1.6, 50, 0.3).over(3_000))
                        .with(RESUMED),
                new Scenario(
                        "stuck for 2,000 steps, then learns",
                        LEARNS,
                        Curve.of(STEPS, t -> t <= 2_000 ? 10.82 : new Power(10.82, 2.6, 100, 0.4).at(t - 2_000))));
    }

    private static List<Scenario> stopping() {
        Curve stopped = LANGUAGE.stoppedAt(STOP, STEPS);
        Curve slow = new Power(10.8, 2.6, 5, 0.70).over(STEPS);
        return List.of(
                new Scenario("hard stop, noise 0.02", STOPS, stopped).with(Noise.white(0.02)),
                new Scenario("hard stop, noise 0.05", STOPS, stopped).with(Noise.white(0.05)),
                new Scenario("hard stop, noise 0.1", STOPS, stopped).with(Noise.white(0.1)),
                new Scenario("hard stop, noise 0.2", STOPS, stopped).with(Noise.white(0.2)),
                new Scenario("stop, AR(1) 0.9, noise 0.05", STOPS, stopped).with(Noise.autoregressive(0.9, 0.05)),
                new Scenario("stop, heavy tails (t₃), noise 0.1", STOPS, stopped).with(Noise.heavyTailed(0.1)),
                new Scenario("stop, spikes 1/1000, noise 0.05", STOPS, stopped).with(Noise.spiky(0.05)),
                new Scenario("stop, log smoothed (EMA 0.99)", STOPS, stopped).with(new Log(1, -1, 0.99, 0, null)),
                new Scenario("stop, two decimals", STOPS, stopped).with(new Log(1, 2, 0, 0, null)),
                new Scenario("stop, every 10th step logged", STOPS, stopped).with(Log.every(10)),
                new Scenario("stop, 50 of 2,500 steps not finite", STOPS, stopped).with(LOSSES_MISSING),
                new Scenario("stop, no vocabulary", STOPS, stopped).with(NO_VOCABULARY),
                new Scenario("stop, batch × 2 at 3,000", STOPS, stopped).with(growing(3_000, 2)),
                new Scenario("smooth stop", STOPS, LANGUAGE.fadingAt(STOP, STEPS)),
                new Scenario("dying away over 40,000 steps", STOPS, LANGUAGE.dyingAway(4_000, 2 * STEPS)),
                new Scenario("short: stop at 600 of 2,000, noise 0.1", STOPS, LANGUAGE.stoppedAt(600, 2_000))
                        .with(Noise.white(0.1)),
                new Scenario("characters: stop at 3,000 of 10,000", STOPS, CHARACTERS.stoppedAt(3_000, 10_000))
                        .with(CHARACTER_DATA),
                new Scenario("learning sinks to R 0.02, noise 0.02", STOPS, slow).with(Noise.white(0.02)),
                new Scenario("learning sinks to R 0.02, noise 0.1", STOPS, slow).with(Noise.white(0.1)));
    }

    private static List<Scenario> clearing() {
        Curve stopped = LANGUAGE.stoppedAt(2_000, STEPS);
        Curve goesOn = Curve.of(2 * STEPS, t -> LANGUAGE.at(Math.min(t, STOP) + Math.max(0, t - 14_000)));
        return List.of(
                changing("plateau, then −1 over 500 steps", CLEARS, stopped.plus(ramp(12_000, 500, -1)), 12_000),
                changing("plateau, then −0.3 at once", CLEARS, stopped.plus(jump(12_000, -0.3)), 12_000),
                changing("plateau, then −0.1 over 200 steps", CLEARS, stopped.plus(ramp(12_000, 200, -0.1)), 12_000),
                changing("plateau, then the power law goes on", CLEARS, goesOn, 14_000),
                changing(
                        "plateau, then a drift of +0.3 over 10,000 steps",
                        CLEARS,
                        stopped.plus(ramp(9_000, 10_000, 0.3)),
                        9_000));
    }

    private static List<Scenario> rising() {
        Curve losses = LANGUAGE.over(STEPS);
        Curve half = losses.plus(jump(10_000, 0.5));
        Curve plateau = LANGUAGE.stoppedAt(2_000, STEPS);
        return List.of(
                changing("jump of 0.5", RISES, half, 10_000),
                changing("jump of 0.5, noise 0.1", RISES, half, 10_000).with(Noise.white(0.1)),
                changing("jump of 2.5", RISES, losses.plus(jump(10_000, 2.5)), 10_000),
                changing("jump of 10", RISES, losses.plus(jump(10_000, 10)), 10_000),
                changing("jump of 0.5, repaired after 400 steps", RISES, half.plus(jump(10_400, -0.5)), 10_000),
                changing("jump of 2.5 at 5,000, never repaired", RISES, losses.plus(jump(5_000, 2.5)), 5_000),
                changing("jump of 0.3 after 2,000 steps", RISES, losses.plus(jump(2_000, 0.3)), 2_000),
                changing("ramp of +2 over 3,000 steps", RISES, losses.plus(ramp(15_000, 3_000, 2)), 15_000),
                changing("plateau, then a jump of 0.5", RISES, plateau.plus(jump(12_000, 0.5)), 12_000),
                changing("jump of 0.5, every 10th step logged", RISES, half, 10_000)
                        .with(Log.every(10)));
    }

    private static List<Scenario> limits() {
        Curve losses = LANGUAGE.over(STEPS);
        Curve stopped = LANGUAGE.stoppedAt(STOP, STEPS);
        Curve stoppedLater = Curve.of(STEPS, t -> LANGUAGE.at(5_000 + Math.min(t, 1_000)));
        return Stream.of(
                        new Scenario("white 0.05 and AR(1) 0.9995, 0.03", LEARNS, losses)
                                .withMore(Noise.autoregressive(0.9995, 0.03)),
                        new Scenario("white 0.05 and AR(1) 0.9999, 0.03", LEARNS, losses)
                                .withMore(Noise.autoregressive(0.9999, 0.03)),
                        season(0.03, 6_000),
                        season(0.03, 10_000),
                        season(0.03, 20_000),
                        season(0.05, 6_000),
                        season(0.05, 10_000),
                        season(0.05, 20_000),
                        new Scenario("stop, noise 0.5", STOPS, stopped).with(Noise.white(0.5)),
                        new Scenario("stop, AR(1) 0.99, noise 0.05", STOPS, stopped)
                                .with(Noise.autoregressive(0.99, 0.05)),
                        new Scenario("stop, AR(1) 0.999, noise 0.05", STOPS, stopped)
                                .with(Noise.autoregressive(0.999, 0.05)),
                        new Scenario("stop, every 100th step logged", STOPS, stopped).with(Log.every(100)),
                        new Scenario("resumed at 5,000 without state, stop 1,000 later", STOPS, stoppedLater)
                                .with(RESUMED),
                        changing("jump of 0.5, noise 0.23", RISES, losses.plus(jump(10_000, 0.5)), 10_000)
                                .with(Noise.white(0.23)))
                .map(Scenario::asLimit)
                .toList();
    }

    private static Scenario season(double size, int period) {
        String name = String.format(Locale.ROOT, "season ± %s of %,d steps", size, period);
        return new Scenario(name, LEARNS, LANGUAGE.over(STEPS))
                .with(Noise.mixed(Noise.white(0.03), Noise.season(size, period)));
    }

    private static DoubleUnaryOperator jump(int after, double size) {
        return t -> t > after ? size : 0;
    }

    private static DoubleUnaryOperator ramp(int after, int length, double size) {
        return t -> size * Math.min(Math.max((t - after) / length, 0), 1);
    }

    private static Data growing(int after, int growth) {
        return new Data(524_288, Data.VOCABULARY, false, after, growth);
    }

    private static Scenario under(String name, Curve rate, double annealing) {
        return new Scenario(name, LEARNS, LANGUAGE.under(rate, annealing)).with(new Log(1, -1, 0, 0, rate));
    }

    private static Scenario changing(String name, Scenario.Kind kind, Curve losses, int change) {
        return new Scenario(name, kind, false, losses, losses, change, Scenario.USUAL, Data.USUAL, Log.ALL);
    }
}
