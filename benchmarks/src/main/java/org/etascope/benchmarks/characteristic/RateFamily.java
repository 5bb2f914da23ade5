package org.etascope.benchmarks.characteristic;

import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.etascope.core.Forecast;
import org.etascope.core.LearningRateSchedule;
import org.etascope.core.RunMonitor;

/**
 * Made runs of one kind that ask for their own future.
 *
 * <p>The noise-free loss at step t is E + A(1 + S^m t^(1−m)/5)^−p − K(1 − h̄), where S sums the relative rates h so far and h̄
 * follows h with a lag of 1 % of the run. It is not the law that is fitted, which knows no power of S, no m but ½ and no lag.
 * E, A, p, m (0.3 to 0.7), K and the noise are drawn for each run. K is the factor times a log-normal share (median 0.45,
 * log-sd 0.5, as in public runs) of the mean slope per e-fold over the two e-folds before half the run.
 *
 * @param name for the table
 * @param schedule as {@link LearningRateSchedule#parse} takes it
 * @param factor of K: 1 as in public runs
 * @param correlation of neighbouring noise, AR(1)
 * @param jump nats added from 45 % of the run on, 0 for none: new data
 * @param limit whether it is one of the forecast's limits, shown apart
 */
record RateFamily(String name, String schedule, double factor, double correlation, double jump, boolean limit) {
    static final int STEPS = 6_000;
    private static final int WARMUP = 100;
    private static final long TOKENS_PER_STEP = 1_000;
    private static final double LAG = 0.01 * STEPS;
    /** Shares of the run at which it is asked. */
    private static final double[] ASKED_AT = {0.25, 0.5, 0.75};

    private static final double LAST_BIN = Math.exp(-1.0 / 32);

    /** What came of one question over many runs. */
    static final class Tally {
        int asked;
        int refused;
        int held;
        private double widths;

        void add(Forecast.Answer answer, double lower, double upper, double truth) {
            if (answer.refused() != null) {
                refused++;
                return;
            }
            asked++;
            held += lower <= truth && truth <= upper ? 1 : 0;
            widths += upper - lower;
        }

        double meanWidth() {
            return widths / asked;
        }
    }

    /** What the loss follows: E, A, p, K and m. */
    private record Law(double floor, double height, double exponent, double response, double mix) {}

    /** The noise-free course of one run, to be followed along any learning rate. */
    private static final class Course {
        private final Law law;
        private int steps;
        private double sum;
        private double lagged = 1;

        Course(Law law) {
            this.law = law;
        }

        double step(double share, boolean warm) {
            steps++;
            sum += share;
            lagged = warm ? 1 : lagged + (share - lagged) / LAG;
            double progress = Math.pow(sum, law.mix) * Math.pow(steps, 1 - law.mix) / 5;
            return law.floor + law.height * Math.pow(1 + progress, -law.exponent) - law.response * (1 - lagged);
        }

        /** The losses from here to an end, the rate a function of the step; the course itself stays where it is. */
        double[] until(int end, IntToDoubleFunction share) {
            Course ahead = new Course(law);
            ahead.steps = steps;
            ahead.sum = sum;
            ahead.lagged = lagged;
            return IntStream.rangeClosed(steps + 1, end)
                    .mapToDouble(t -> ahead.step(share.applyAsDouble(t), false))
                    .toArray();
        }

        /** Mean of the last 1/32 e-fold until an end. */
        double meanAtEnd(int end, IntToDoubleFunction share) {
            double[] losses = until(end, share);
            int first = (int) (end * LAST_BIN) - steps;
            double total = 0;
            for (int i = first; i < losses.length; i++) {
                total += losses[i];
            }
            return total / (losses.length - first);
        }
    }

    /** {@return what came of the planned end, the doubling and the decay, over so many runs} */
    Tally[] run(int runs, long seed) {
        Tally[] tallies = {new Tally(), new Tally(), new Tally()};
        SplittableRandom seeds = new SplittableRandom(seed);
        for (int i = 0; i < runs; i++) {
            one(seeds.split(), tallies);
        }
        return tallies;
    }

    private void one(SplittableRandom random, Tally[] tallies) {
        LearningRateSchedule plan = LearningRateSchedule.parse(schedule).withWarmup(WARMUP);
        double exponent = 0.25 + 0.3 * random.nextDouble();
        double height = 5 + 5 * random.nextDouble();
        double half = STEPS / 2.0 / 5;
        double fallen = Math.pow(1 + half * Math.exp(-2), -exponent) - Math.pow(1 + half, -exponent);
        double response = factor * height * fallen / 2 * 0.45 * Math.exp(0.5 * random.nextGaussian());
        double mix = 0.3 + 0.4 * random.nextDouble();
        Course course = new Course(new Law(1.5 + 2 * random.nextDouble(), height, exponent, response, mix));
        double noise = 0.02 * Math.exp(random.nextDouble() * Math.log(5));
        double fresh = Math.sqrt(1 - correlation * correlation);
        RunMonitor monitor = RunMonitor.builder("run")
                .plannedSteps(STEPS)
                .schedule(plan)
                .clock(() -> 0)
                .build();
        double state = random.nextGaussian();
        int asked = 0;
        for (int t = 1; t <= ASKED_AT[ASKED_AT.length - 1] * STEPS; t++) {
            double share = plan.at(t, STEPS);
            double added = t > 0.45 * STEPS ? jump : 0;
            double loss = course.step(share, t <= WARMUP) + added;
            state = correlation * state + fresh * random.nextGaussian();
            monitor.learningRate(share);
            monitor.step(TOKENS_PER_STEP, loss + noise * state);
            if (asked < ASKED_AT.length && t == (int) (ASKED_AT[asked] * STEPS)) {
                asked++;
                // What new data will bring nobody can know before.
                if (jump > 0 && added == 0) {
                    continue;
                }
                ask(monitor.snapshot().forecast(), course, plan, t, loss, added, tallies);
            }
        }
        monitor.close();
    }

    private void ask(
            Forecast forecast,
            Course course,
            LearningRateSchedule plan,
            int t,
            double now,
            double added,
            Tally[] tallies) {
        double share = plan.at(t, STEPS);
        double end = course.meanAtEnd(STEPS, s -> plan.at(s, STEPS)) + added;
        Forecast.Answer planned = forecast.plannedEnd();
        tallies[0].add(planned, planned.lowerNats(), planned.upperNats(), end);
        Forecast.Answer doubling = forecast.nextDoubling();
        double doubled = course.until(2 * t, s -> share)[t - 1] + added;
        tallies[1].add(doubling, doubling.lowerNats(), doubling.upperNats(), doubled);
        Forecast.Answer decay = forecast.decayNow();
        int decayed = (int) (1.2 * t);
        double after = course.meanAtEnd(decayed, s -> share * (decayed - s) / (decayed - t)) + added;
        tallies[2].add(decay, decay.gainLowerNats(), decay.gainUpperNats(), now - after);
    }
}
