package org.etascope.core;

import java.util.List;

/**
 * The law of next-token prediction, fitted to the residuals of one moment: log PR of layer l lies on a line in l, so each
 * layer leaves the same share ρ of what the one before has left (He and Su 2024, arXiv 2408.13442, equation 2; −0.98 to
 * −0.997 for r in trained models). The fit is ordinary least squares over the layers whose residual is known and above 0.
 *
 * @param decayRatio ρ, the share that a layer leaves; no unit, below 1 where layers improve the prediction; NaN with fewer
 *     than two layers
 * @param lower lower end of its 95 % interval, by Student's t on the scatter about the line; NaN with fewer than three layers
 * @param upper upper end
 * @param correlation r of log PR and l, −1 to 1; NaN with fewer than three layers, or where all residuals are alike
 * @param furthestLayer the layer furthest off the line, from 1; 0 with fewer than three layers
 * @param furthestRatio its residual over what the line says, above 1 where it is worse; NaN without one
 */
public record LayerLaw(
        double decayRatio, double lower, double upper, double correlation, int furthestLayer, double furthestRatio) {
    static LayerLaw of(List<Double> residuals) {
        double n = 0;
        double meanX = 0;
        double meanY = 0;
        for (int i = 0; i < residuals.size(); i++) {
            if (residuals.get(i) > 0) {
                n++;
                meanX += i + 1;
                meanY += Math.log(residuals.get(i));
            }
        }
        meanX /= n;
        meanY /= n;
        double sxx = 0;
        double sxy = 0;
        double syy = 0;
        for (int i = 0; i < residuals.size(); i++) {
            if (residuals.get(i) > 0) {
                double x = i + 1 - meanX;
                double y = Math.log(residuals.get(i)) - meanY;
                sxx += x * x;
                sxy += x * y;
                syy += y * y;
            }
        }
        double slope = sxy / sxx;
        if (n < 3) {
            return new LayerLaw(Math.exp(slope), Double.NaN, Double.NaN, Double.NaN, 0, Double.NaN);
        }
        int furthest = 0;
        double distance = 0;
        double squares = 0;
        for (int i = 0; i < residuals.size(); i++) {
            if (residuals.get(i) > 0) {
                double off = Math.log(residuals.get(i)) - meanY - slope * (i + 1 - meanX);
                squares += off * off;
                if (furthest == 0 || Math.abs(off) > Math.abs(distance)) {
                    furthest = i + 1;
                    distance = off;
                }
            }
        }
        double error = StudentT.of95(n - 2) * Math.sqrt(squares / (n - 2) / sxx);
        return new LayerLaw(
                Math.exp(slope),
                Math.exp(slope - error),
                Math.exp(slope + error),
                sxy / Math.sqrt(sxx * syy),
                furthest,
                Math.exp(distance));
    }
}
