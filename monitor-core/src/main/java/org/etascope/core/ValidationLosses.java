package org.etascope.core;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The closed bins of the validation losses since the run's beginning, at most 1,400. Points are only appended. Single
 * writer.
 */
final class ValidationLosses {
    private int size;
    private double[] x = new double[16];
    private double[] loss = new double[16];

    void add(double logTokens, double lossNats) {
        if (size == x.length) {
            x = Arrays.copyOf(x, 2 * size);
            loss = Arrays.copyOf(loss, 2 * size);
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

    void save(DataOutput out) throws IOException {
        StateFormat.writeDoubles(out, x, size);
        StateFormat.writeDoubles(out, loss, size);
    }

    static ValidationLosses load(DataInput in) throws IOException {
        double[] x = StateFormat.readDoubles(in);
        double[] loss = StateFormat.readDoubles(in);
        StateFormat.sameLength(x.length, loss.length);
        ValidationLosses losses = new ValidationLosses();
        for (int i = 0; i < x.length; i++) {
            losses.add(x[i], loss[i]);
        }
        return losses;
    }
}
