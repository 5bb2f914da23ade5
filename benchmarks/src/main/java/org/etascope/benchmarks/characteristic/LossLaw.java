package org.etascope.benchmarks.characteristic;

/** Noise-free loss curves: the loss of each step before its update, so that the first one is H. */
final class LossLaw {
    private LossLaw() {}

    /** E + (H − E)(1 + (t − 1)/τ)^−α at a step that need not be whole. */
    record Power(double h, double floor, double scale, double exponent) {
        double at(double step) {
            return floor + (h - floor) * Math.pow(1 + (step - 1) / scale, -exponent);
        }

        Curve over(int steps) {
            return Curve.of(steps, this::at);
        }

        /** Learning stops at once: the loss stays where it was. */
        Curve stoppedAt(int stop, int steps) {
            return Curve.of(steps, t -> at(Math.min(t, stop)));
        }

        /** Learning fades out around a step: t steps count for t/(1 + (t/corner)⁴)^¼. */
        Curve fadingAt(int corner, int steps) {
            return Curve.of(steps, t -> at(t * Math.pow(1 + Math.pow(t / corner, 4), -0.25)));
        }

        /** Each step counts for less than the one before it, as under an exponentially decaying learning rate. */
        Curve dyingAway(double meanLife, int steps) {
            return Curve.of(steps, t -> at(1 + meanLife * (1 - Math.exp((1 - t) / meanLife))));
        }

        /** From the second epoch on each epoch starts with a drop: the model has seen its data before. */
        Curve withEpochs(int stepsPerEpoch, double drop, int steps) {
            return Curve.of(steps, t -> at(t) - drop * Math.floor((t - 1) / stepsPerEpoch));
        }

        /**
         * A learning-rate schedule: progress goes with the sum of the rates, and noise that the rate sustained leaves the
         * loss as the rate falls.
         *
         * @param rate relative learning rate (peak 1) at each step
         * @param annealing nats gained by going from the peak to zero
         */
        Curve under(Curve rate, double annealing) {
            double[] losses = new double[rate.steps()];
            double progress = 0;
            double peak = 0;
            for (int step = 1; step <= losses.length; step++) {
                peak = Math.max(peak, rate.at(step));
                losses[step - 1] = at(1 + progress) - annealing * (peak - rate.at(step));
                progress += rate.at(step);
            }
            return new Curve(losses);
        }
    }

    /** Warm-up, then half a cosine from 1 towards {@code last}, which it would reach at {@code period}. */
    static Curve cosine(int warmUp, int period, double last, int steps) {
        return Curve.of(
                steps,
                t -> t <= warmUp
                        ? t / warmUp
                        : last + (1 - last) / 2 * (1 + Math.cos(Math.PI * (t - warmUp) / (period - warmUp))));
    }

    /** Warm-up, stable, linear decay to zero from {@code decay} on. */
    static Curve warmUpStableDecay(int warmUp, int decay, int steps) {
        return Curve.of(steps, t -> Math.min(Math.min(1, t / warmUp), 1 - Math.max(0, t - decay) / (steps - decay)));
    }
}
