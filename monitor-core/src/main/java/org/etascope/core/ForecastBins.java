package org.etascope.core;

import java.io.IOException;
import java.util.Arrays;

/**
 * What a forecast needs of every closed bin of the loss curve: number of points n and the plain means of loss, ln D, ln S
 * and learning rate over them. Five doubles a bin: 13 KB after a million steps, at most 56 KB.
 *
 * <p>A point goes in with {@link #add}; {@link #close} ends the bin when the curve's bin closes. Rows are only appended,
 * so a {@link View} stays true while more points come. Single writer, any reader of a view. While no rate is known, ln S
 * and rate of a bin are NaN or −∞, and such a bin is never used.
 */
final class ForecastBins extends StateFields.Part {
    private static final int POINTS = 0;
    private static final int LOSS = 1;
    private static final int LN_TOKENS = 2;
    private static final int LN_SUM = 3;
    private static final int RATE = 4;
    private static final int FACTS = 5;

    private final double[] open = new double[FACTS];
    private int closed;
    private double[] facts = new double[FACTS * 64];

    void add(double lossNats, double lnTokens, double lnSum, double rate) {
        open[POINTS]++;
        open[LOSS] += lossNats;
        open[LN_TOKENS] += lnTokens;
        open[LN_SUM] += lnSum;
        open[RATE] += rate;
    }

    /** The open bin, which holds at least one point, becomes the last closed one. */
    void close() {
        if (FACTS * closed == facts.length) {
            facts = Arrays.copyOf(facts, 2 * facts.length);
        }
        int row = FACTS * closed;
        facts[row] = open[POINTS];
        for (int i = LOSS; i < FACTS; i++) {
            facts[row + i] = open[i] / open[POINTS];
        }
        Arrays.fill(open, 0);
        closed++;
    }

    View view() {
        return new View(closed, facts);
    }

    /** The means of a bin, or of some together. */
    record Bin(double loss, double lnTokens, double lnSum, double rate) {
        LossLaw.Place place(double peak) {
            return new LossLaw.Place(lnTokens, lnSum, rate / peak);
        }
    }

    /** The closed bins at one moment. */
    static final class View {
        private final int bins;
        private final double[] facts;

        private View(int bins, double[] facts) {
            this.bins = bins;
            this.facts = facts;
        }

        int bins() {
            return bins;
        }

        /** The bins up to a moment: those whose mean ln D does not lie above it. */
        View until(double lnTokens) {
            int n = bins;
            while (n > 0 && lnTokens(n - 1) > lnTokens) {
                n--;
            }
            return new View(n, facts);
        }

        /** The last bins together as one: means weighed by points. */
        Bin last(int n) {
            double[] sums = new double[FACTS];
            for (int bin = bins - n; bin < bins; bin++) {
                sums[POINTS] += points(bin);
                for (int i = LOSS; i < FACTS; i++) {
                    sums[i] += points(bin) * facts[FACTS * bin + i];
                }
            }
            double points = sums[POINTS];
            return new Bin(sums[LOSS] / points, sums[LN_TOKENS] / points, sums[LN_SUM] / points, sums[RATE] / points);
        }

        double points(int bin) {
            return facts[FACTS * bin + POINTS];
        }

        double loss(int bin) {
            return facts[FACTS * bin + LOSS];
        }

        double lnTokens(int bin) {
            return facts[FACTS * bin + LN_TOKENS];
        }

        double lnSum(int bin) {
            return facts[FACTS * bin + LN_SUM];
        }

        double rate(int bin) {
            return facts[FACTS * bin + RATE];
        }
    }

    @Override
    void fields(StateFields state) throws IOException {
        System.arraycopy(state.next(open, FACTS), 0, open, 0, FACTS);
        closed = state.length(closed, StateFields.MOST_BINS);
        if (facts.length < FACTS * closed) {
            facts = new double[FACTS * closed];
        }
        for (int i = 0; i < FACTS * closed; i++) {
            facts[i] = state.next(facts[i]);
        }
    }
}
