package org.etascope.benchmarks.characteristic;

import java.util.List;
import org.etascope.core.CurvePoint;

/**
 * Rival: alarm when the slope is not significantly different from zero, by least squares over the last 32 bins, twice in
 * a row. It takes absence of evidence for evidence of absence: the noisier the run, the
 * sooner it calls it flat.
 */
final class InsignificantSlope {
    private static final int WINDOW = 32;
    private static final int TIMES = 2;
    /** Two-sided 5 % point of Student's t with 30 degrees of freedom. */
    private static final double CRITICAL_T = 2.042;

    private InsignificantSlope() {}

    /** {@return the step of the first alarm over a finished run's curve} */
    static int alarm(List<CurvePoint> curve) {
        int insignificant = 0;
        for (int end = WINDOW; end <= curve.size(); end++) {
            insignificant = Math.abs(t(curve.subList(end - WINDOW, end))) < CRITICAL_T ? insignificant + 1 : 0;
            if (insignificant == TIMES) {
                return Math.toIntExact(curve.get(end - 1).steps());
            }
        }
        return Trial.NEVER;
    }

    /** {@return the slope over its standard error} */
    static double t(List<CurvePoint> bins) {
        double meanX =
                bins.stream().mapToDouble(p -> p.bin().logTokens()).average().orElseThrow();
        double meanY = bins.stream().mapToDouble(p -> p.bin().mean()).average().orElseThrow();
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (CurvePoint point : bins) {
            double x = point.bin().logTokens() - meanX;
            double y = point.bin().mean() - meanY;
            xx += x * x;
            xy += x * y;
            yy += y * y;
        }
        double slope = xy / xx;
        double residual = (yy - slope * xy) / (bins.size() - 2);
        return slope / Math.sqrt(residual / xx);
    }
}
