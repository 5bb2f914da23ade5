package org.etascope.core;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The closed bins of the validation losses since the run's beginning, at most 1,400. Points are only appended. Single
 * writer.
 */
final class ValidationLosses extends StateFields.Part {
    private int size;
    private double[] x = {};
    private double[] loss = {};

    void add(double logTokens, double lossNats) {
        if (size == x.length) {
            x = Arrays.copyOf(x, 2 * size + 16);
            loss = Arrays.copyOf(loss, 2 * size + 16);
        }
        x[size] = logTokens;
        loss[size] = lossNats;
        size++;
    }

    List<ValidationPoint> points() {
        List<ValidationPoint> points = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            points.add(new ValidationPoint(Math.exp(x[i]), loss[i]));
        }
        return points;
    }

    @Override
    void fields(StateFields state) throws IOException {
        x = state.next(x, size);
        loss = state.next(loss, size);
        StateFields.sameLength(x.length, loss.length);
        size = x.length;
    }
}
