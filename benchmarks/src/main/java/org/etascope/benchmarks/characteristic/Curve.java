package org.etascope.benchmarks.characteristic;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** One number per step, from step 1 on: a noise-free loss curve, or a learning-rate schedule. Immutable. */
final class Curve {
    private final double[] values;

    Curve(double[] values) {
        this.values = values.clone();
    }

    static Curve of(int steps, DoubleUnaryOperator valueAtStep) {
        double[] values = new double[steps];
        Arrays.setAll(values, i -> valueAtStep.applyAsDouble(i + 1.0));
        return new Curve(values);
    }

    /** {@return this curve with something added at each step} */
    Curve plus(DoubleUnaryOperator added) {
        return of(steps(), t -> at((int) t) + added.applyAsDouble(t));
    }

    int steps() {
        return values.length;
    }

    double at(int step) {
        return values[step - 1];
    }
}
