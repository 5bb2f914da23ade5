package org.etascope.core;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers' residuals over a run, oldest first: one at least every 1/16 e-fold of the tokens, as often as they are
 * measured. It keeps at most 2,048 pairs of residuals; beyond them every second point goes. Single writer.
 */
final class LayerHistory extends StateFields.Part {
    private static final double LEAST_E_FOLDS = 1.0 / 16;
    private static final int MOST_RESIDUALS = 2_048;

    private List<LayerPoint> points = new ArrayList<>();

    void add(LayerPoint point) {
        int size = points.size();
        // Two points span 1/16 e-fold at least, so that whoever measures often does not fill it; the latest is always
        // kept.
        if (size >= 2 && Math.log((double) point.tokens() / points.get(size - 2).tokens()) < LEAST_E_FOLDS) {
            points.remove(size - 1);
        }
        points.add(point);
        while (points.size() > 2 && residuals() > MOST_RESIDUALS) {
            for (int i = points.size() - 2; i > 0; i -= 2) {
                points.remove(i);
            }
        }
    }

    private int residuals() {
        return points.stream().mapToInt(point -> point.residuals().size()).sum();
    }

    LayerPoint latest() {
        return points.isEmpty() ? LayerPoint.NONE : points.get(points.size() - 1);
    }

    /** {@return a copy} */
    List<LayerPoint> list() {
        return List.copyOf(points);
    }

    @Override
    void fields(StateFields state) throws IOException {
        points = state.next(points, MOST_RESIDUALS, LayerPoint.NONE, point -> next(state, point));
    }

    private static LayerPoint next(StateFields state, LayerPoint point) throws IOException {
        long tokens = state.next(point.tokens());
        long steps = state.next(point.steps());
        double seconds = state.next(point.seconds());
        int positions = state.next(point.positions());
        int known = point.residuals().size();
        int layers = state.length(known, LayerResiduals.MOST_LAYERS);
        List<Double> byId = new ArrayList<>();
        List<Double> byFrequency = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            byId.add(state.next(i < known ? point.residuals().get(i) : Double.NaN));
            byFrequency.add(state.next(i < known ? point.residualsByFrequency().get(i) : Double.NaN));
        }
        return new LayerPoint(tokens, steps, seconds, positions, byId, byFrequency);
    }
}
