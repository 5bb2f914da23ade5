package org.etascope.benchmarks.characteristic;

import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One kind of run. Immutable.
 *
 * @param name what makes it different
 * @param kind what is expected of a detector
 * @param limit whether it is one of the cases that are known to be told wrongly, late or never
 * @param learning the loss of each step by what the model has learnt: the truth that a verdict is held against
 * @param losses the same with what disturbs it from outside: seasons of the data, jumps
 * @param change the step after which a plateau ends or a loss rises, 0 for none
 * @param noise what each run adds to it
 * @param data tokens and vocabulary
 * @param log how it is logged
 */
record Scenario(
        String name,
        Kind kind,
        boolean limit,
        Curve learning,
        Curve losses,
        int change,
        Supplier<Noise> noise,
        Data data,
        Log log) {
    static final Supplier<Noise> USUAL = Noise.white(0.05);

    /** A scenario with the usual noise, data and log, in which nothing comes from outside. */
    Scenario(String name, Kind kind, Curve losses) {
        this(name, kind, false, losses, losses, 0, USUAL, Data.USUAL, Log.ALL);
    }

    Scenario with(Supplier<Noise> noise) {
        return new Scenario(name, kind, limit, learning, losses, change, noise, data, log);
    }

    /** {@return the same with more noise on top} */
    Scenario withMore(Supplier<Noise> more) {
        return with(Noise.mixed(noise, more));
    }

    Scenario with(Data data) {
        return new Scenario(name, kind, limit, learning, losses, change, noise, data, log);
    }

    Scenario with(Log log) {
        return new Scenario(name, kind, limit, learning, losses, change, noise, data, log);
    }

    /** {@return the same with losses that something outside the model changes} */
    Scenario disturbed(DoubleUnaryOperator added) {
        return new Scenario(name, kind, limit, learning, losses.plus(added), change, noise, data, log);
    }

    Scenario asLimit() {
        return new Scenario(name, kind, true, learning, losses, change, noise, data, log);
    }

    /** What is expected of a detector. */
    enum Kind {
        /** It learns: that it is flat, has risen or blown up is false. */
        LEARNS,
        /** It stops learning, at once or slowly. */
        STOPS,
        /** It stops, and then the plateau ends. */
        CLEARS,
        /** Its loss rises above what it had reached. */
        RISES
    }

    /**
     * What a step trains on.
     *
     * @param tokensPerStep loss-bearing tokens
     * @param vocabulary V, 0 if it is not told
     * @param resumed whether the run goes on from a point whose state is not known: its baseline is then ln V
     * @param batchGrowsAt the step after which a step has more tokens, 0 for never
     * @param batchGrowth how many times as many; the noise falls with their root
     */
    record Data(int tokensPerStep, int vocabulary, boolean resumed, int batchGrowsAt, int batchGrowth) {
        /** Of GPT-2. */
        static final int VOCABULARY = 50_257;

        static final Data USUAL = new Data(524_288, VOCABULARY, false, 0, 1);

        int tokens(int step) {
            return batchGrowsAt > 0 && step > batchGrowsAt ? tokensPerStep * batchGrowth : tokensPerStep;
        }

        double noise(int step) {
            return Math.sqrt((double) tokensPerStep / tokens(step));
        }

        long tokensUntil(int step) {
            int before = batchGrowsAt > 0 ? Math.min(step, batchGrowsAt) : step;
            return (long) before * tokensPerStep + (long) (step - before) * tokensPerStep * batchGrowth;
        }
    }

    /**
     * How a run is logged.
     *
     * @param every every how many steps
     * @param decimals decimals of a logged loss, −1 for all
     * @param memory share of the last logged value in the next, of a log that is smoothed; 0 for none
     * @param lostEvery the last 2 % of so many steps have no finite loss, 0 for none
     * @param rates the learning rate told with each step, null for none
     */
    record Log(
            int every,
            int decimals,
            double memory,
            int lostEvery,
            @Nullable Curve rates) {
        static final Log ALL = every(1);

        static Log every(int steps) {
            return new Log(steps, -1, 0, 0, null);
        }
    }

    /** Below it learning no longer counts as healthy. */
    static final double HEALTHY_R = 0.10;

    private static final double HALF_E_FOLD = 0.5;

    int steps() {
        return losses.steps();
    }

    /**
     * {@return the true progress ratio R at a step: the mean slope of what is learnt over the half e-fold of tokens before
     * it, over the run's average by its baseline, or twice its average since the second step if that is less}
     */
    double trueR(int step) {
        double now = Math.log(data.tokensUntil(step));
        int before = stepAt(Math.exp(now - HALF_E_FOLD));
        double slope = (learning.at(before) - learning.at(step)) / (now - Math.log(data.tokensUntil(before)));
        double uniform = data.vocabulary() > 0 ? Math.log(data.vocabulary()) : Double.POSITIVE_INFINITY;
        double top = data.resumed() ? uniform : Math.min(learning.at(1), uniform);
        double byBaseline = (top - learning.at(step)) / (now - Math.log(data.tokensUntil(1)));
        double byCurve = (learning.at(2) - learning.at(step)) / (now - Math.log(data.tokensUntil(2)));
        return slope / Math.max(1e-9, Math.min(byBaseline, 2 * byCurve));
    }

    /** {@return the first step by which so many tokens were seen, the last one if never} */
    private int stepAt(double tokens) {
        return IntStream.range(1, steps())
                .filter(step -> data.tokensUntil(step) >= tokens)
                .findFirst()
                .orElse(steps());
    }

    /** {@return the last step before the change at which learning was healthy: where it stopped} */
    int stop() {
        int step = change > 0 ? change : steps();
        // Not over half an e-fold, which would still see the time before the stop.
        while (step > 2 && localR(step) < HEALTHY_R) {
            step--;
        }
        return step;
    }

    private double localR(int step) {
        int before = Math.max(1, step - 1);
        double slope = (learning.at(before) - learning.at(step))
                / Math.log((double) data.tokensUntil(step) / data.tokensUntil(before));
        double scale =
                (learning.at(1) - learning.at(step)) / Math.log((double) data.tokensUntil(step) / data.tokensUntil(1));
        return slope / Math.max(1e-9, scale);
    }

    /** {@return the smallest R from the first thousandth of the run on, over half e-folds} */
    double leastR() {
        double least = Double.POSITIVE_INFINITY;
        for (int step = 64; step <= steps(); step += 1 + step / 50) {
            least = Math.min(least, trueR(step));
        }
        return least;
    }

    @Override
    public String toString() {
        return name;
    }
}
