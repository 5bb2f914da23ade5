package org.etascope.core;

import java.io.IOException;

/**
 * The ln D before which no window begins (docs/theory.md, 6.6): where the loss last fell, rose or recovered, and wherever
 * a given learning rate exceeds 1.05 times its lowest since the last such time, for flat while the learning rate climbs
 * is not saturation. −∞ at first. A NaN rate tells nothing.
 */
final class Restart extends StateFields.Part {
    private static final double RATE_ROSE = 1.05;

    private double x = Double.NEGATIVE_INFINITY;
    private double lowestRate = Double.NaN;

    void at(double newX) {
        x = newX;
    }

    void learningRate(double rate, double now) {
        if (rate > RATE_ROSE * lowestRate) {
            x = now;
            lowestRate = rate;
        } else if (rate < lowestRate || Double.isNaN(lowestRate)) {
            lowestRate = rate;
        }
    }

    double x() {
        return x;
    }

    @Override
    void fields(StateFields state) throws IOException {
        x = state.next(x);
        lowestRate = state.next(lowestRate);
    }
}
