package org.etascope.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Means and centred products of one layer's states x and their targets y, and the residual of the least-squares fit of y on
 * x with intercept. States come one by one and are taken in by blocks, two sets of moments merge: Chan, Golub and LeVeque
 * 1983, equation 2.1. Not thread-safe. Memory: 4k² bytes for k dimensions, 0.26 MB for the most, 256.
 */
final class LayerMoments {
    /** As PyTorch's layer_norm. */
    private static final double EPSILON = 1e-5;
    /** A column that varies less than this part of its mean is constant: it varies by rounding alone. */
    private static final double CONSTANT = 1e-12;
    /** Rows that are taken in together. One more carries the distance of the means. */
    private static final int BLOCK = 16;

    static final int TARGETS = 2;

    private final int width;
    private final boolean normalized;
    /** Row by row, k × width; null where states are taken as they are. */
    private final float @Nullable [] directions;

    private final int k;
    /** k states, then the targets. */
    private final int columns;

    private final double[] state;
    private final double[] block;
    private int inBlock;

    private long n;
    private final double[] mean;
    /** The lower triangle of the centred products of all columns, row by row. */
    private final double[] products;

    LayerMoments(int width, boolean normalized, float @Nullable [] directions) {
        this.width = width;
        this.normalized = normalized;
        this.directions = directions;
        this.k = directions == null ? width : directions.length / width;
        this.columns = k + TARGETS;
        this.state = new double[width];
        this.block = new double[(BLOCK + 1) * columns];
        this.mean = new double[columns];
        this.products = new double[at(columns, 0)];
    }

    private static int at(int row, int column) {
        return row * (row + 1) / 2 + column;
    }

    int width() {
        return width;
    }

    int dimensions() {
        return k;
    }

    void add(double[] states, int from, double id, double rank) {
        System.arraycopy(states, from, state, 0, width);
        if (normalized) {
            normalize(state);
        }
        int row = inBlock * columns;
        if (directions == null) {
            System.arraycopy(state, 0, block, row, k);
        } else {
            project(directions, state, block, row);
        }
        block[row + k] = id;
        block[row + k + 1] = rank;
        if (++inBlock == BLOCK) {
            takeIn();
        }
    }

    /** Layer normalisation without learned affine: mean 0, variance 1. */
    private static void normalize(double[] x) {
        double mean = Arrays.stream(x).average().orElse(0);
        double squares = 0;
        for (double value : x) {
            squares += (value - mean) * (value - mean);
        }
        double scale = 1 / Math.sqrt(squares / x.length + EPSILON);
        for (int i = 0; i < x.length; i++) {
            x[i] = (x[i] - mean) * scale;
        }
    }

    private static void project(float[] directions, double[] x, double[] to, int from) {
        for (int i = 0, d = 0; d < directions.length; i++, d += x.length) {
            double sum = 0;
            for (int j = 0; j < x.length; j++) {
                sum += directions[d + j] * x[j];
            }
            to[from + i] = sum;
        }
    }

    private void takeIn() {
        if (inBlock == 0) {
            return;
        }
        double[] blockMean = new double[columns];
        for (int r = 0; r < inBlock; r++) {
            for (int i = 0; i < columns; i++) {
                blockMean[i] += block[r * columns + i];
            }
        }
        for (int i = 0; i < columns; i++) {
            blockMean[i] /= inBlock;
        }
        for (int r = 0; r < inBlock; r++) {
            for (int i = 0; i < columns; i++) {
                block[r * columns + i] -= blockMean[i];
            }
        }
        int rows = withMeans(inBlock, blockMean, inBlock);
        for (int i = 0; i < columns; i++) {
            int row = at(i, 0);
            for (int r = 0; r < rows; r++) {
                int x = r * columns;
                double a = block[x + i];
                for (int j = 0; j <= i; j++) {
                    products[row + j] += a * block[x + j];
                }
            }
        }
        inBlock = 0;
    }

    /**
     * Moves the means on by those of m others, and leaves in a row of the block what that adds to the products: √(nm/(n +
     * m)) times the distance of the means.
     */
    private int withMeans(long m, double[] otherMean, int row) {
        double weight = Math.sqrt((double) n * m / (n + m));
        double share = (double) m / (n + m);
        for (int i = 0; i < columns; i++) {
            double distance = otherMean[i] - mean[i];
            block[row * columns + i] = weight * distance;
            mean[i] += share * distance;
        }
        n += m;
        return row + 1;
    }

    void merge(LayerMoments other) {
        takeIn();
        other.takeIn();
        if (other.n == 0) {
            return;
        }
        withMeans(other.n, other.mean, 0);
        for (int i = 0; i < columns; i++) {
            for (int j = 0; j <= i; j++) {
                products[at(i, j)] += other.products[at(i, j)] + block[i] * block[j];
            }
        }
    }

    /**
     * {@return the adjusted residual min(1, (1 − R²)(n − 1)/(n − k − 1)) for each target; NaN with fewer positions than 20k,
     * for a target that does not vary, and where a state was not finite}
     */
    double[] residuals() {
        takeIn();
        double[] residuals = new double[TARGETS];
        if (n < (long) LayerResiduals.POSITIONS_PER_DIMENSION * k) {
            Arrays.fill(residuals, Double.NaN);
            return residuals;
        }
        double[] scale = scale();
        double[] factor = new double[at(k, 0)];
        double ridge = factor(factor, scale);
        for (int target = 0; target < TARGETS; target++) {
            double total = products[at(k + target, k + target)];
            double left = (total - explained(factor, scale, ridge, k + target)) / total;
            residuals[target] = Math.min(1, Math.max(0, left) * (n - 1) / (n - k - 1));
        }
        return residuals;
    }

    /** One over the root of each column's sum of squares, so that they are alike in size; 0 leaves a constant one out. */
    private double[] scale() {
        double[] scale = new double[k];
        for (int i = 0; i < k; i++) {
            double squares = products[at(i, i)];
            double rounding = CONSTANT * mean[i];
            scale[i] = squares <= n * rounding * rounding ? 0 : 1 / Math.sqrt(squares);
        }
        return scale;
    }

    /**
     * Cholesky's factor of the scaled products, with the least ridge that gives one: none unless columns depend on each other,
     * as normalised states do, which all add up to 0.
     *
     * @return the ridge, NaN where there is no factor
     */
    private double factor(double[] factor, double[] scale) {
        double smallest = k * Math.ulp(1.0);
        for (double ridge = 0; ridge <= 1; ridge = ridge == 0 ? 16 * smallest : 10 * ridge) {
            if (factor(factor, scale, ridge, smallest)) {
                return ridge;
            }
        }
        return Double.NaN;
    }

    private boolean factor(double[] factor, double[] scale, double ridge, double smallest) {
        for (int i = 0; i < k; i++) {
            int row = at(i, 0);
            for (int j = 0; j <= i; j++) {
                int other = at(j, 0);
                double sum = products[row + j] * scale[i] * scale[j];
                for (int m = 0; m < j; m++) {
                    sum -= factor[row + m] * factor[other + m];
                }
                if (j < i) {
                    factor[row + j] = sum / factor[other + j];
                    continue;
                }
                double pivot = scale[i] == 0 ? 1 : sum + ridge;
                if (!(pivot > smallest)) {
                    return false;
                }
                factor[row + i] = Math.sqrt(pivot);
            }
        }
        return true;
    }

    /** The part of a target's sum of squares that the fit b explains: b·s + λ|b|², s being its products with the states. */
    private double explained(double[] factor, double[] scale, double ridge, int target) {
        double[] b = new double[k];
        double explained = 0;
        for (int i = 0; i < k; i++) {
            double sum = products[at(target, i)] * scale[i];
            for (int m = 0; m < i; m++) {
                sum -= factor[at(i, m)] * b[m];
            }
            b[i] = sum / factor[at(i, i)];
            explained += b[i] * b[i];
        }
        double squares = 0;
        for (int i = k - 1; i >= 0; i--) {
            b[i] /= factor[at(i, i)];
            for (int m = 0; m < i; m++) {
                b[m] -= factor[at(i, m)] * b[i];
            }
            squares += b[i] * b[i];
        }
        return explained + ridge * squares;
    }
}
