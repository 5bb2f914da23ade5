package org.etascope.core;

import java.io.IOException;

/**
 * How coarsely the losses are written (docs/theory.md, 6.3): q = 10^−d with the smallest d ≤ 6 for which every loss so
 * far is a whole number of them, |z − round z| ≤ 1e-9(1 + |z|) with z = loss·10^d; 0 if there is none.
 */
final class LossDigits extends StateFields.Part {
    private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    private static final double TOLERANCE = 1e-9;

    private int digits;

    void add(double loss) {
        while (digits < POWERS.length && !whole(loss * POWERS[digits])) {
            digits++;
        }
    }

    private static boolean whole(double z) {
        return Math.abs(z - Math.rint(z)) <= TOLERANCE * (1 + Math.abs(z));
    }

    /** q, nats. */
    double unit() {
        return digits < POWERS.length ? 1 / POWERS[digits] : 0;
    }

    @Override
    void fields(StateFields state) throws IOException {
        digits = state.count(digits, POWERS.length);
    }
}
