package org.etascope.core;

import java.io.IOException;
import java.util.Arrays;

/**
 * One bin of the loss curve over ln D (docs/theory.md, section 5): n points, X = their mean ln D, B = their mean loss,
 * the lowest and the highest among them, where it starts, and for each level k of {@link BlockMeans} the sum and the number of the squared second differences
 * that fell into it.
 *
 * <p>X and B of a bin without points are NaN. Single writer; nothing is allocated after the constructor.
 */
final class LogBin extends StateFields.Part {
    private double start;
    private long points;
    private double sumX;
    private double sumLoss;
    private double lowest;
    private double highest;
    private final double[] squares = new double[BlockMeans.LEVELS];
    private final int[] differences = new int[BlockMeans.LEVELS];

    LogBin() {
        open(Double.NaN);
    }

    /** Empties the bin; it begins at x, NaN for "at its first point". */
    void open(double x) {
        start = x;
        points = 0;
        sumX = 0;
        sumLoss = 0;
        lowest = Double.POSITIVE_INFINITY;
        highest = Double.NEGATIVE_INFINITY;
        clearSquares();
    }

    void add(double x, double loss) {
        if (Double.isNaN(start)) {
            start = x;
        }
        points++;
        sumX += x;
        sumLoss += loss;
        lowest = Math.min(lowest, loss);
        highest = Math.max(highest, loss);
    }

    /** Takes the place of a bin of a state of format 1, which keeps no squares. */
    void assume(double binStart, long binPoints, double x, double loss, double lowestLoss, double highestLoss) {
        open(binStart);
        points = binPoints;
        sumX = x;
        sumLoss = loss;
        lowest = lowestLoss;
        highest = highestLoss;
    }

    void addSquare(int level, double square) {
        squares[level] += square;
        differences[level]++;
    }

    void clearSquares() {
        Arrays.fill(squares, 0);
        Arrays.fill(differences, 0);
    }

    /** ln D of the point that closed the bin before; of the first bin, of its first point. */
    double start() {
        return start;
    }

    /** n. */
    long points() {
        return points;
    }

    /** X. */
    double x() {
        return sumX / points;
    }

    /** B. */
    double loss() {
        return sumLoss / points;
    }

    /** The same as people are shown it, with the learning rate of now. */
    LossBin losses(double learningRate, double energyJoules) {
        return new LossBin(x(), loss(), lowest, highest, learningRate, energyJoules);
    }

    /** Σd² of level k. */
    double squares(int level) {
        return squares[level];
    }

    /** How many differences {@link #squares} sums. */
    int differences(int level) {
        return differences[level];
    }

    @Override
    void fields(StateFields state) throws IOException {
        start = state.next(start);
        points = state.next(points);
        sumX = state.next(sumX);
        sumLoss = state.next(sumLoss);
        lowest = state.next(lowest);
        highest = state.next(highest);
        int levels = BlockMeans.LEVELS;
        while (levels > 0 && differences[levels - 1] == 0) {
            levels--;
        }
        levels = state.count(levels, BlockMeans.LEVELS);
        for (int k = 0; k < levels; k++) {
            squares[k] = state.next(squares[k]);
            differences[k] = state.next(differences[k]);
        }
    }
}
