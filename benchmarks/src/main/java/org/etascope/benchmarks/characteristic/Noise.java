package org.etascope.benchmarks.characteristic;

import java.util.SplittableRandom;
import java.util.function.Supplier;

/** What a minibatch adds to the loss curve, in nats. One instance belongs to one run. */
@FunctionalInterface
interface Noise {
    double next(SplittableRandom random);

    /** Independent Gaussian. */
    static Supplier<Noise> white(double deviation) {
        return () -> random -> deviation * random.nextGaussian();
    }

    /** First-order autoregressive with this stationary deviation, started in its stationary state. */
    static Supplier<Noise> autoregressive(double correlation, double deviation) {
        double innovation = deviation * Math.sqrt(1 - correlation * correlation);
        return () -> new Noise() {
            private double state = Double.NaN;

            @Override
            public double next(SplittableRandom random) {
                state = Double.isNaN(state)
                        ? deviation * random.nextGaussian()
                        : correlation * state + innovation * random.nextGaussian();
                return state;
            }
        };
    }

    /** Independent noise and a slow one together. */
    static Supplier<Noise> mixed(Supplier<Noise> one, Supplier<Noise> other) {
        return () -> {
            Noise first = one.get();
            Noise second = other.get();
            return random -> first.next(random) + second.next(random);
        };
    }

    /** Independent Gaussian whose deviation falls from one to another over so many steps, by a constant factor a step. */
    static Supplier<Noise> calming(double from, double to, int steps) {
        double factor = Math.pow(to / from, 1.0 / steps);
        return () -> new Noise() {
            private double deviation = from;

            @Override
            public double next(SplittableRandom random) {
                deviation = Math.max(to, deviation * factor);
                return deviation * random.nextGaussian();
            }
        };
    }

    /** A season of unshuffled data, its phase another in each run. */
    static Supplier<Noise> season(double size, int period) {
        return () -> new Noise() {
            private double phase = Double.NaN;

            @Override
            public double next(SplittableRandom random) {
                phase = Double.isNaN(phase) ? 2 * Math.PI * random.nextDouble() : phase + 2 * Math.PI / period;
                return size * Math.sin(phase);
            }
        };
    }

    /** Five steps in a row of every 997 lie three nats higher. */
    static Supplier<Noise> bursts(double deviation) {
        return () -> new Noise() {
            private int step;

            @Override
            public double next(SplittableRandom random) {
                step++;
                return deviation * random.nextGaussian() + (step >= 997 && step % 997 < 5 ? 3 : 0);
            }
        };
    }

    /** Student's t with three degrees of freedom (no third moment), scaled to this deviation. */
    static Supplier<Noise> heavyTailed(double deviation) {
        double scale = deviation / Math.sqrt(3);
        return () -> random -> {
            double chiSquare = 0;
            for (int i = 0; i < 3; i++) {
                double z = random.nextGaussian();
                chiSquare += z * z;
            }
            return scale * random.nextGaussian() / Math.sqrt(chiSquare / 3);
        };
    }

    /** One step in a thousand also jumps up by an exponential amount, two nats in the mean. */
    static Supplier<Noise> spiky(double deviation) {
        return () -> random -> {
            double spike = random.nextInt(1_000) == 0 ? -2 * Math.log(1 - random.nextDouble()) : 0;
            return deviation * random.nextGaussian() + spike;
        };
    }
}
