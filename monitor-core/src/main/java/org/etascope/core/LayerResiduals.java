package org.etascope.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How much of the next token each layer of a language model leaves unexplained: the prediction residual PR = 1 − R² of the
 * ordinary least-squares fit, with intercept, from the layer's hidden state at a position to the next token. He and Su, <i>A
 * Law of Next-Token Prediction in Large Language Models</i>, arXiv 2408.13442, equation 1; docs/theory.md, the layer law.
 *
 * <pre>{@code
 * LayerResiduals residuals = new LayerResiduals(new int[] {64, 64}, nextTokenIds);
 * residuals.add(0, position, statesOfLayer1, 0);
 * residuals.add(1, position, statesOfLayer2, 0);
 * monitor.layers(residuals);
 * }</pre>
 *
 * <p><b>Two targets.</b> The paper's is the token's integer id. It depends on how tokens are numbered, which in a vocabulary
 * of byte pairs is nearly by frequency, and among characters means nothing; so there is a second, the token's rank by
 * frequency among the ids given (the most frequent has rank 1, equally frequent ones the mean of theirs), which no
 * renumbering changes.
 *
 * <p><b>As the paper does</b>: the states of all layers but the last are layer-normalised, without learned affine (ε 1e-5);
 * the embedding layer is not to be given. <b>Adjusted</b>: PR is multiplied by (n − 1)/(n − d − 1) for n positions and d
 * dimensions, and is at most 1. <b>Wide layers</b>: with fewer than 20 positions for each dimension, a layer of more than 256
 * is projected to 256 fixed random directions (signs), which can only make PR larger. <b>Dependent columns</b>: a ridge, only
 * as large as Cholesky's factorisation needs (from 1e-12 of the columns' variance).
 *
 * <p><b>Unknown</b> is a NaN: fewer than 20 positions for each dimension, a state that is not finite, ids that are all the
 * same.
 *
 * <p><b>Threads and cost.</b> Not thread-safe. A position costs d²/2 multiplications a layer, and d·256 more where it is
 * projected; a layer takes 4d² bytes, at most 0.26 MB, and layers of one width share directions of 1 kB for each unit.
 */
public final class LayerResiduals {
    /** Layers there may be. */
    public static final int MOST_LAYERS = 256;
    /** Dimensions of a layer's fit at most. */
    public static final int DIRECTIONS = 256;
    /** Positions that each dimension needs. */
    public static final int POSITIONS_PER_DIMENSION = 20;

    private static final long SEED = 2408_13442;

    private final int[] ids;
    private final double[] ranks;
    private final LayerMoments[] layers;

    /**
     * Begins with no position taken.
     *
     * @param widths units of each layer, in their order, without the embedding layer; 1 to {@link #MOST_LAYERS} of them
     * @param ids of each position the next token's id; positions are known by their index here
     */
    public LayerResiduals(int[] widths, int[] ids) {
        Arguments.within("number of layers", widths.length, 1, MOST_LAYERS);
        this.ids = ids.clone();
        this.ranks = ranks(ids);
        this.layers = new LayerMoments[widths.length];
        Map<Integer, float[]> directions = new HashMap<>();
        for (int i = 0; i < widths.length; i++) {
            int width = (int) Arguments.positive("width of a layer", widths[i]);
            boolean projected = width > DIRECTIONS && ids.length < (long) POSITIONS_PER_DIMENSION * width;
            layers[i] = new LayerMoments(
                    width,
                    i < widths.length - 1,
                    projected ? directions.computeIfAbsent(width, LayerResiduals::directions) : null);
        }
    }

    /** Signs: their lengths do not matter. */
    private static float[] directions(int width) {
        SplittableRandom random = new SplittableRandom(SEED);
        float[] directions = new float[DIRECTIONS * width];
        for (int i = 0; i < directions.length; i++) {
            directions[i] = random.nextBoolean() ? 1 : -1;
        }
        return directions;
    }

    private static double[] ranks(int[] ids) {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int id : ids) {
            counts.merge(id, 1, Integer::sum);
        }
        List<Integer> byCount = new ArrayList<>(counts.values());
        byCount.sort(null);
        // Of each count the ranks that it holds: ties share the mean of theirs.
        Map<Integer, Double> rankOfCount = new HashMap<>();
        int most = byCount.size();
        for (int from = 0, to; from < most; from = to) {
            to = byCount.lastIndexOf(byCount.get(from)) + 1;
            rankOfCount.put(byCount.get(from), (most - from + most - to + 1) / 2.0);
        }
        return Arrays.stream(ids)
                .mapToDouble(id -> rankOfCount.getOrDefault(counts.get(id), Double.NaN))
                .toArray();
    }

    /** {@return how many layers there are} */
    public int layers() {
        return layers.length;
    }

    /**
     * {@return how many positions a layer needs}
     *
     * @param width its units
     */
    public static int positionsNeeded(int width) {
        return POSITIONS_PER_DIMENSION * Math.min(width, DIRECTIONS);
    }

    /**
     * Takes in the state of one layer at one position. Each layer is to be given each position once, in any order.
     *
     * @param layer the layer, from 0
     * @param position the position, an index of the ids
     * @param states holds the layer's state
     * @param from where in {@code states} it begins
     */
    public void add(int layer, int position, double[] states, int from) {
        layers[layer].add(states, from, ids[position], ranks[position]);
    }

    /**
     * Takes in what another one has taken.
     *
     * @param other of the same layers and ids, with other positions
     * @throws IllegalArgumentException if it is of other layers or ids
     */
    public void merge(LayerResiduals other) {
        if (!Arrays.equals(ids, other.ids) || !Arrays.equals(widths(), other.widths())) {
            throw new IllegalArgumentException("residuals of other layers or ids, allowed: the same");
        }
        for (int i = 0; i < layers.length; i++) {
            layers[i].merge(other.layers[i]);
        }
    }

    private int[] widths() {
        return Arrays.stream(layers).mapToInt(LayerMoments::width).toArray();
    }

    /** {@return of each layer its two residuals, by id and by frequency; NaN where unknown} */
    double[][] measured() {
        return Arrays.stream(layers).map(LayerMoments::residuals).toArray(double[][]::new);
    }

    int positions() {
        return ids.length;
    }
}
