package org.etascope.core;

import java.io.IOException;

/**
 * Means of 2^k consecutive points and their second differences, the measure of noise at every length (docs/theory.md,
 * section 5).
 *
 * <p>Level 0 holds the points themselves; a block of level k + 1 is the mean of two neighbours of level k, of loss and
 * of ln D alike. When a block closes and two closed before it, d = m₁ − 2m₂ + m₃ (the Hadamard difference known from the
 * stability of oscillators: blind to a straight line); its span is the ln D of the third less that of the first.
 *
 * <ul>
 *   <li>span ≤ 0.5: d²/6 enters the level's <em>wander</em>, a running mean over the last max(16, 512/2^k).
 *   <li>span ≤ 0.15: d² also joins the open bin's sum. A longer span would measure the trend's curvature.
 * </ul>
 *
 * <p>A d² beyond the range of a double counts nowhere. Single writer; two blocks close per point on average, nothing is
 * allocated after the constructor.
 */
final class BlockMeans extends StateFields.Part {
    /** The longest block has 2^31 points. */
    static final int LEVELS = 32;

    private static final double LONGEST_SPAN_FOR_WANDER = 0.5;
    private static final double LONGEST_SPAN_FOR_NOISE = 0.15;
    private static final double POINTS_REMEMBERED = 512;
    private static final double FEWEST_REMEMBERED = 16;

    /** The blocks of one length. */
    static final class Level extends StateFields.Part {
        private final double points;
        private final double memory;
        private int blocks;
        private double firstX;
        private double firstLoss;
        private double secondX;
        private double secondLoss;
        private double thirdX;
        private double thirdLoss;
        private boolean half;
        private double halfX;
        private double halfLoss;
        private long differences;
        private double wander;

        private Level(int k) {
            this.points = Math.scalb(1.0, k);
            this.memory = Math.max(FEWEST_REMEMBERED, POINTS_REMEMBERED / points);
        }

        /** 2^k, the points of one block. */
        double points() {
            return points;
        }

        /** Whether two neighbours have closed since the last restart. */
        boolean hasTwo() {
            return blocks >= 2;
        }

        /** Mean ln D of the last block but one. */
        double previousX() {
            return secondX;
        }

        double previousLoss() {
            return secondLoss;
        }

        /** Mean ln D of the last closed block. */
        double latestX() {
            return thirdX;
        }

        double latestLoss() {
            return thirdLoss;
        }

        /** w_k, the variance of one block's mean about its neighbours; 0 before the first difference. */
        double wander() {
            return wander;
        }

        /** c, the differences that {@link #wander} remembers. */
        double remembered() {
            return Math.min(differences, memory);
        }

        private void close(double x, double loss, LogBin open, int k) {
            firstX = secondX;
            firstLoss = secondLoss;
            secondX = thirdX;
            secondLoss = thirdLoss;
            thirdX = x;
            thirdLoss = loss;
            blocks = Math.min(3, blocks + 1);
            if (blocks == 3) {
                difference(open, k);
            }
        }

        private void difference(LogBin open, int k) {
            double d = firstLoss - 2 * secondLoss + thirdLoss;
            double square = d * d;
            double span = thirdX - firstX;
            if (!Double.isFinite(square) || span > LONGEST_SPAN_FOR_WANDER) {
                return;
            }
            differences++;
            wander += (square / 6 - wander) / remembered();
            if (span <= LONGEST_SPAN_FOR_NOISE) {
                open.addSquare(k, square);
            }
        }

        /** Lays the last block aside as the first half of the next level's, or pairs it with the one that lies there. */
        private boolean paired() {
            half = !half;
            halfX = half ? thirdX : (halfX + thirdX) / 2;
            halfLoss = half ? thirdLoss : (halfLoss + thirdLoss) / 2;
            return !half;
        }

        @Override
        void fields(StateFields state) throws IOException {
            blocks = state.count(blocks, 3);
            firstX = state.next(firstX);
            firstLoss = state.next(firstLoss);
            secondX = state.next(secondX);
            secondLoss = state.next(secondLoss);
            thirdX = state.next(thirdX);
            thirdLoss = state.next(thirdLoss);
            half = state.next(half);
            halfX = state.next(halfX);
            halfLoss = state.next(halfLoss);
            differences = state.next(differences);
            wander = state.next(wander);
        }
    }

    private final Level[] levels = new Level[LEVELS];

    BlockMeans() {
        for (int k = 0; k < LEVELS; k++) {
            levels[k] = new Level(k);
        }
    }

    Level level(int k) {
        return levels[k];
    }

    /** A point is a block of level 0; the squares of the differences that it completes join the open bin. */
    void add(double x, double loss, LogBin open) {
        levels[0].close(x, loss, open, 0);
    }

    /**
     * Lets the block that level k has just closed go up.
     *
     * @return whether it completed a block of level k + 1, whose difference is then taken
     */
    boolean raise(int k, LogBin open) {
        Level level = levels[k];
        if (k + 1 == LEVELS || !level.paired()) {
            return false;
        }
        levels[k + 1].close(level.halfX, level.halfLoss, open, k + 1);
        return true;
    }

    /** Forgets halves and closed blocks of every level; the wander stays. */
    void restart() {
        for (Level level : levels) {
            level.blocks = 0;
            level.half = false;
        }
    }

    @Override
    void fields(StateFields state) throws IOException {
        state.parts(levels);
    }
}
