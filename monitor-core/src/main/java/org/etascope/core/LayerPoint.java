package org.etascope.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The prediction residuals of a network's layers at one moment, see {@link LayerResiduals}. Immutable. Lists are in the order
 * of the layers; a layer is told by its number, from 1. Empty where nobody has measured any.
 *
 * @param tokens D then
 * @param steps steps of the run then
 * @param seconds when its last step was, seconds since 1970-01-01 UTC, NaN if steps have no time
 * @param positions positions that were looked at
 * @param residuals PR of each layer by the next token's id, 0 to 1; NaN where unknown
 * @param residualsByFrequency PR of each layer by the next token's rank by frequency, 0 to 1; NaN where unknown
 */
public record LayerPoint(
        long tokens,
        long steps,
        double seconds,
        int positions,
        List<Double> residuals,
        List<Double> residualsByFrequency) {
    /** Nothing measured. */
    public static final LayerPoint NONE = new LayerPoint(0, 0, Double.NaN, 0, List.of(), List.of());

    private static final int LAYERS_FOR_R = 4;

    /**
     * Takes copies of the lists.
     *
     * @param tokens D
     * @param steps steps
     * @param seconds when
     * @param positions positions
     * @param residuals by id
     * @param residualsByFrequency by frequency
     */
    public LayerPoint {
        residuals = List.copyOf(residuals);
        residualsByFrequency = List.copyOf(residualsByFrequency);
    }

    static LayerPoint of(Counts counts, int positions, double[][] measured) {
        List<Double> byId = new ArrayList<>();
        List<Double> byFrequency = new ArrayList<>();
        for (double[] layer : measured) {
            byId.add(layer[0]);
            byFrequency.add(layer[1]);
        }
        double seconds = Timeline.seconds(counts.lastStepMillis());
        return new LayerPoint(counts.tokens(), counts.steps(), seconds, positions, byId, byFrequency);
    }

    /** {@return whether anything was measured} */
    public boolean known() {
        return !residuals.isEmpty();
    }

    /** {@return the line through {@link #residuals}} */
    public LayerLaw law() {
        return LayerLaw.of(residuals);
    }

    /** {@return the line through {@link #residualsByFrequency}} */
    public LayerLaw lawByFrequency() {
        return LayerLaw.of(residualsByFrequency);
    }

    /**
     * {@return the residual of a layer, NaN where unknown}
     *
     * @param layer its number, from 1
     */
    public double residual(int layer) {
        return layer <= residuals.size() ? residuals.get(layer - 1) : Double.NaN;
    }

    /**
     * {@return the law in words, the same everywhere, empty where nothing was measured: "prediction residual 0.931 → 0.612
     * over 6 layers, × 0.92 a layer (0.90 to 0.94), r −0.98; layer 2 is furthest off the line (× 1.05)"}
     */
    public String sentence() {
        if (!known()) {
            return "";
        }
        LayerLaw law = law();
        StringBuilder words = new StringBuilder("prediction residual ").append(decimals(residual(1), 3));
        int layers = residuals.size();
        if (layers > 1) {
            words.append(" → ").append(decimals(residual(layers), 3));
        }
        words.append(" over ").append(layers).append(layers == 1 ? " layer" : " layers");
        if (!Double.isNaN(law.decayRatio())) {
            words.append(", × ").append(decimals(law.decayRatio(), 3)).append(" a layer");
        }
        if (law.furthestLayer() > 0) {
            words.append(" (%s to %s), r %s; layer %d is furthest off the line (× %s)"
                    .formatted(
                            decimals(law.lower(), 3),
                            decimals(law.upper(), 3),
                            decimals(law.correlation(), 3),
                            law.furthestLayer(),
                            decimals(law.furthestRatio(), 2)));
        }
        return words.toString();
    }

    private static String decimals(double value, int decimals) {
        return Double.isNaN(value)
                ? "unknown"
                : String.format(Locale.ROOT, "%." + decimals + "f", value).replace('-', '−');
    }

    /** {@return what to know before believing it, empty if nothing} */
    public String note() {
        List<String> notes = new ArrayList<>();
        int layers = residuals.size();
        if (known() && layers < LAYERS_FOR_R) {
            notes.add("with fewer than four layers r means nothing");
        }
        for (int layer = 1; layer <= layers; layer++) {
            if (Double.isNaN(residual(layer))) {
                notes.add("layer " + layer
                        + " is unknown: fewer than 20 positions for each of its dimensions, states that"
                        + " are not finite, or tokens that are all the same");
                break;
            }
        }
        return String.join("; ", notes);
    }
}
