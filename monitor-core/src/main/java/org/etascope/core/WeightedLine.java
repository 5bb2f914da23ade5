package org.etascope.core;

import java.io.IOException;

/**
 * The least-squares line of bin means B over their positions X, each bin weighted by its points. Two bins or more; all
 * NaN before the first fit.
 */
final class WeightedLine extends StateFields.Part {
    private double points = Double.NaN;
    private double meanX = Double.NaN;
    private double meanLoss = Double.NaN;
    private double slope = Double.NaN;
    private double sxx = Double.NaN;
    private double residuals = Double.NaN;

    /** Fits the bins from {@code oldest} back to {@code newest} back, see {@link LogBins#last}. */
    void fit(LogBins bins, int oldest, int newest) {
        points = 0;
        double sumX = 0;
        double sumLoss = 0;
        for (int back = oldest; back >= newest; back--) {
            LogBin bin = bins.last(back);
            points += bin.points();
            sumX += bin.points() * bin.x();
            sumLoss += bin.points() * bin.loss();
        }
        meanX = sumX / points;
        meanLoss = sumLoss / points;
        sxx = 0;
        double sxy = 0;
        for (int back = oldest; back >= newest; back--) {
            LogBin bin = bins.last(back);
            double a = bin.x() - meanX;
            sxx += bin.points() * a * a;
            sxy += bin.points() * a * (bin.loss() - meanLoss);
        }
        slope = -sxy / sxx;
        residuals = 0;
        for (int back = oldest; back >= newest; back--) {
            LogBin bin = bins.last(back);
            double residual = bin.loss() - at(bin.x());
            residuals += bin.points() * residual * residual;
        }
    }

    void clear() {
        slope = Double.NaN;
    }

    boolean known() {
        return !Double.isNaN(slope);
    }

    /** The line's loss at ln D = x. */
    double at(double x) {
        return meanLoss - slope * (x - meanX);
    }

    /** b = −dL/d ln D, positive while learning; nats per e-fold. */
    double slope() {
        return slope;
    }

    /** N = Σn. */
    double points() {
        return points;
    }

    double meanX() {
        return meanX;
    }

    /** Σn(X − mean X)². */
    double sxx() {
        return sxx;
    }

    /** RSS = Σn(B − line)². */
    double residuals() {
        return residuals;
    }

    @Override
    void fields(StateFields state) throws IOException {
        points = state.next(points);
        meanX = state.next(meanX);
        meanLoss = state.next(meanLoss);
        slope = state.next(slope);
        sxx = state.next(sxx);
        residuals = state.next(residuals);
    }
}
