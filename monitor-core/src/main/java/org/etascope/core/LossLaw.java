package org.etascope.core;

import org.jspecify.annotations.Nullable;

/**
 * A mixture of laws of the loss, fitted to a run's closed bins (theory, section 7, "Law").
 *
 * <p>With s = (ln D + ln S)/2, S = Σ rate·ΔD, u = s − s_now and h = rate/peak:
 *
 * <pre>
 * loss = c − a·g_α(u) − K(1 − h),   g_α(u) = (1 − e^(−αu))/α,   K = κ·b̄
 * </pre>
 *
 * <p>Bins used: ln D above ln(1.5 D_w) and u above −2, at least 10. c and a ≥ 0 are fitted by weighted least squares at
 * each of 12 × 7 values of α and κ; each is weighed by its likelihood times a prior (α normal about 0.7 ± 0.2, ln κ about
 * ln 0.45 ± 0.5). A {@link Prediction} is the mean of the mixture with its standard deviation.
 *
 * <p>All in nats and natural logarithms of tokens. Immutable. A fit costs 12 passes over at most some 130 bins, a
 * prediction 84 terms.
 */
final class LossLaw {
    static final int FEWEST_BINS = 10;
    private static final double WARMUP_LEFT_BEHIND = Math.log(1.5);
    private static final double WINDOW = 2;

    private static final double ALPHA_STEP = 0.1;
    private static final int ALPHAS = 12;
    private static final int KAPPAS = 7;
    private static final double USUAL_ALPHA = 0.7;
    private static final double SPREAD_OF_ALPHA = 0.2;
    private static final double USUAL_KAPPA = 0.45;
    private static final double SPREAD_OF_LN_KAPPA = 0.5;

    private static final double LEAST_NOISE = 1e-8;
    private static final double LEAST_SLOPE = 1e-4;
    /** Bins are weighed as if each strayed this much of the slope from the law, and two of them told as much as one. */
    private static final double MISFIT = 0.05;

    private static final double BINS_PER_FACT = 2;
    private static final double ERROR_OF_RESPONSE = 0.25;
    private static final double ERROR_OF_SLOPE = 0.1;

    private final Place from;
    private final double noise;
    private final double pointsOfLast;
    private final double driftVariance;
    private final boolean rising;

    private final double[] p = new double[ALPHAS * KAPPAS];
    private final double[] level = new double[ALPHAS * KAPPAS];
    private final double[] slope = new double[ALPHAS * KAPPAS];
    private final double[] response = new double[KAPPAS];
    private final double[] meanG = new double[ALPHAS];
    private final double[] varianceOfSlope = new double[ALPHAS];
    private final double varianceOfLevel;
    private final double expectedSlope;
    private final double expectedResponse;

    /**
     * A point of a run, past or to come.
     *
     * @param lnTokens ln D
     * @param lnSum ln S
     * @param share h, the learning rate as a share of its peak
     */
    record Place(double lnTokens, double lnSum, double share) {
        /** s = (ln D + ln S)/2. */
        double s() {
            return (lnTokens + lnSum) / 2;
        }
    }

    /**
     * A loss foretold.
     *
     * @param mean M, nats
     * @param sd standard deviation, nats
     */
    record Prediction(double mean, double sd) {
        private static final double BELOW = 1.8;
        private static final double ABOVE = 1.0;

        /** The mean as people see it: no loss is below 0. */
        double shownMean() {
            return Math.max(0, mean);
        }

        double shownLower() {
            return Math.max(0, mean - BELOW * sd);
        }

        double shownUpper() {
            return Math.max(0, mean + ABOVE * sd);
        }

        /** How far a loss came from the mean, in sd of its side: past 1 it lies outside the interval. */
        double missOf(double loss) {
            return loss < mean ? (mean - loss) / (BELOW * sd) : (loss - mean) / (ABOVE * sd);
        }
    }

    /**
     * Fits the bins as seen from a place.
     *
     * @param bins those that lie behind it
     * @param from the place
     * @param warmupEnd D_w
     * @param peak the largest learning rate
     * @param driftVariance ρ, what the back-tests add to the variance per unit of g; 0 within a back-test
     * @return the law; null with fewer than 10 bins to use
     */
    static @Nullable LossLaw fit(
            ForecastBins.View bins, Place from, double warmupEnd, double peak, double driftVariance) {
        int first = bins.bins();
        while (first > 0 && used(bins, first - 1, from, warmupEnd)) {
            first--;
        }
        int m = bins.bins() - first;
        return m < FEWEST_BINS ? null : new LossLaw(new Window(bins, first, m, from, peak), from, driftVariance);
    }

    private static boolean used(ForecastBins.View bins, int bin, Place from, double warmupEnd) {
        return bins.lnTokens(bin) > WARMUP_LEFT_BEHIND + Math.log(warmupEnd)
                && (bins.lnTokens(bin) + bins.lnSum(bin)) / 2 - from.s() > -WINDOW;
    }

    /** The bins used, column by column. */
    private static final class Window {
        final int m;
        final double[] n;
        final double[] u;
        final double[] lost; // 1 − h
        final double[] y;
        /** Their mean, taken off y: the sums of squares keep their digits. */
        final double middle;

        Window(ForecastBins.View bins, int first, int m, Place from, double peak) {
            this.m = m;
            n = new double[m];
            u = new double[m];
            lost = new double[m];
            y = new double[m];
            for (int i = 0; i < m; i++) {
                int bin = first + i;
                n[i] = bins.points(bin);
                u[i] = (bins.lnTokens(bin) + bins.lnSum(bin)) / 2 - from.s();
                lost[i] = 1 - bins.rate(bin) / peak;
                y[i] = bins.loss(bin);
            }
            middle = mean(n, y);
            for (int i = 0; i < m; i++) {
                y[i] -= middle;
            }
        }
    }

    private LossLaw(Window w, Place from, double driftVariance) {
        this.from = from;
        this.driftVariance = driftVariance;
        this.pointsOfLast = w.n[w.m - 1];

        // Step 1: a first line, for noise and scale.
        double[] f = new double[w.m];
        for (int i = 0; i < w.m; i++) {
            f[i] = g(USUAL_ALPHA, w.u[i]) + USUAL_KAPPA * w.lost[i];
        }
        double firstSlope = -slope(w.n, f, w.y);
        this.noise = noise(w, f, firstSlope);
        double error = Math.sqrt(noise / squares(w.n, f));
        this.rising = firstSlope + 2 * error < 0;
        double leastSlope = Math.max(Math.max(firstSlope, error), LEAST_SLOPE);
        double averageSlope = Math.max(-slope(w.n, w.u, w.y), leastSlope);

        // Step 2: weights.
        double misfit = MISFIT * leastSlope;
        double[] weight = new double[w.m];
        double weights = 0;
        for (int i = 0; i < w.m; i++) {
            weight[i] = 1 / (BINS_PER_FACT * (noise / w.n[i] + misfit * misfit));
            weights += weight[i];
        }
        this.varianceOfLevel = 1 / weights;

        // Step 3: the grid. Sums about weighted means: those of y and 1 − h serve all of it, those of g one α.
        double meanY = mean(weight, w.y);
        double meanLost = mean(weight, w.lost);
        double yy = products(weight, w.y, meanY, w.y);
        double yl = products(weight, w.y, meanY, w.lost);
        double ll = products(weight, w.lost, meanLost, w.lost);
        for (int k = 0; k < KAPPAS; k++) {
            response[k] = kappa(k) * averageSlope;
        }
        double[] tenth = new double[w.m];
        double[] power = new double[w.m];
        double[] gs = new double[w.m];
        for (int i = 0; i < w.m; i++) {
            tenth[i] = Math.exp(-ALPHA_STEP * w.u[i]);
            power[i] = 1;
        }
        for (int j = 0; j < ALPHAS; j++) {
            for (int i = 0; i < w.m; i++) {
                power[i] *= tenth[i];
                gs[i] = (1 - power[i]) / alpha(j);
            }
            meanG[j] = mean(weight, gs);
            double gg = products(weight, gs, meanG[j], gs);
            double gy = products(weight, gs, meanG[j], w.y);
            double gl = products(weight, gs, meanG[j], w.lost);
            varianceOfSlope[j] = 1 / gg;
            double a = (alpha(j) - USUAL_ALPHA) / SPREAD_OF_ALPHA;
            for (int k = 0; k < KAPPAS; k++) {
                int at = KAPPAS * j + k;
                double gz = gy + response[k] * gl;
                double zz = yy + response[k] * (2 * yl + response[k] * ll);
                slope[at] = Math.max(0, -gz / gg);
                level[at] = w.middle + meanY + response[k] * meanLost + slope[at] * meanG[j];
                double misfits = zz + slope[at] * (2 * gz + slope[at] * gg);
                double b = Math.log(kappa(k) / USUAL_KAPPA) / SPREAD_OF_LN_KAPPA;
                p[at] = -0.5 * (misfits + a * a + b * b);
            }
        }
        normalise();

        double a = 0;
        double r = 0;
        for (int at = 0; at < p.length; at++) {
            a += p[at] * slope[at];
            r += p[at] * response[at % KAPPAS];
        }
        this.expectedSlope = a;
        this.expectedResponse = r;
    }

    private static double alpha(int j) {
        return ALPHA_STEP * (j + 1);
    }

    private static double kappa(int k) {
        return 0.06 * (1 << k);
    }

    private static double g(double alpha, double u) {
        return -Math.expm1(-alpha * u) / alpha;
    }

    /** σ²: the noise of one point, from neighbours, whose trend is nearly the same. */
    private static double noise(Window w, double[] f, double firstSlope) {
        double squares = 0;
        double expected = 0;
        for (int i = 1; i < w.m; i++) {
            double d = w.y[i] - w.y[i - 1] + firstSlope * (f[i] - f[i - 1]);
            squares += d * d;
            expected += 1 / w.n[i] + 1 / w.n[i - 1];
        }
        return Math.max(squares / expected, LEAST_NOISE);
    }

    private void normalise() {
        double highest = Double.NEGATIVE_INFINITY;
        for (double value : p) {
            highest = Math.max(highest, value);
        }
        double sum = 0;
        for (int at = 0; at < p.length; at++) {
            p[at] = Math.exp(p[at] - highest);
            sum += p[at];
        }
        for (int at = 0; at < p.length; at++) {
            p[at] /= sum;
        }
    }

    /** Whether the loss rises: the first line's slope is below 0 by more than two errors. */
    boolean rising() {
        return rising;
    }

    /** Step 4: the loss at a place. */
    Prediction at(Place place) {
        double u = place.s() - from.s();
        double lost = 1 - place.share();
        double[] mu = new double[p.length];
        double mean = 0;
        double variance = 0;
        double tenth = Math.exp(-ALPHA_STEP * u);
        double power = 1;
        for (int j = 0; j < ALPHAS; j++) {
            power *= tenth;
            double g = (1 - power) / alpha(j);
            double off = g - meanG[j];
            double v = varianceOfLevel + off * off * varianceOfSlope[j];
            for (int k = 0; k < KAPPAS; k++) {
                int at = KAPPAS * j + k;
                mu[at] = level[at] - slope[at] * g - response[k] * lost;
                mean += p[at] * mu[at];
                variance += p[at] * v;
            }
        }
        for (int at = 0; at < p.length; at++) {
            double off = mu[at] - mean;
            variance += p[at] * off * off;
        }
        double byResponse = ERROR_OF_RESPONSE * expectedResponse;
        double bySlope = ERROR_OF_SLOPE * expectedSlope;
        variance += noise * Math.exp(from.lnTokens() - place.lnTokens()) / pointsOfLast
                + Math.abs(from.share() - place.share()) * byResponse * byResponse
                + Math.abs(distance(place)) * (bySlope * bySlope + driftVariance);
        return new Prediction(mean, Math.sqrt(variance));
    }

    /** g_0.7(u): how far a place lies ahead. */
    double distance(Place place) {
        return g(USUAL_ALPHA, place.s() - from.s());
    }

    private static double mean(double[] weight, double[] x) {
        double sum = 0;
        double weights = 0;
        for (int i = 0; i < x.length; i++) {
            sum += weight[i] * x[i];
            weights += weight[i];
        }
        return sum / weights;
    }

    /** Σ w(x − x̄)². */
    private static double squares(double[] weight, double[] x) {
        return products(weight, x, mean(weight, x), x);
    }

    /** Σ w(x − x̄)(y − ȳ), for which one of the two means is enough. */
    private static double products(double[] weight, double[] x, double meanX, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += weight[i] * (x[i] - meanX) * y[i];
        }
        return sum;
    }

    /** Weighted least squares of y on x. */
    private static double slope(double[] weight, double[] x, double[] y) {
        double middle = mean(weight, x);
        return products(weight, x, middle, y) / products(weight, x, middle, x);
    }
}
