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
