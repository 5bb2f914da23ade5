package org.etascope.core;

/**
 * The least-squares line of bin means B over their positions X, each bin weighted by its points.
 *
 * @param points N = Σn
 * @param meanX mean of the positions
 * @param meanLoss mean of the losses
 * @param slope b = −dL/d ln D, positive while learning; nats per e-fold
 * @param sxx Σn(X − mean X)²
 * @param residuals RSS = Σn(B − line)²
 */
record WeightedLine(double points, double meanX, double meanLoss, double slope, double sxx, double residuals) {
    static final WeightedLine NONE =
            new WeightedLine(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    /** Fits the bins from {@code oldest} back to {@code newest} back, see {@link LogBins#last}: two or more. */
    static WeightedLine through(LogBins bins, int oldest, int newest) {
        double points = 0;
        double sumX = 0;
        double sumLoss = 0;
        for (int back = oldest; back >= newest; back--) {
            LogBin bin = bins.last(back);
            points += bin.points();
            sumX += bin.points() * bin.x();
            sumLoss += bin.points() * bin.loss();
        }
        double meanX = sumX / points;
        double meanLoss = sumLoss / points;
        double sxx = 0;
        double sxy = 0;
        for (int back = oldest; back >= newest; back--) {
            LogBin bin = bins.last(back);
            double a = bin.x() - meanX;
            sxx += bin.points() * a * a;
            sxy += bin.points() * a * (bin.loss() - meanLoss);
        }
        double slope = -sxy / sxx;
        double residuals = 0;
        for (int back = oldest; back >= newest; back--) {
            LogBin bin = bins.last(back);
            double residual = bin.loss() - (meanLoss - slope * (bin.x() - meanX));
            residuals += bin.points() * residual * residual;
        }
        return new WeightedLine(points, meanX, meanLoss, slope, sxx, residuals);
    }

    boolean known() {
        return !Double.isNaN(slope);
    }

    /** The line's loss at ln D = x. */
    double at(double x) {
        return meanLoss - slope * (x - meanX);
    }
}
