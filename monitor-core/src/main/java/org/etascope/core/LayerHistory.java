package org.etascope.core;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers' residuals over a run, oldest first: one at least every 1/16 e-fold of the tokens, as often as they are
 * measured. It keeps at most 2,048 pairs of residuals; beyond them every second point goes. Single writer.
 */
final class LayerHistory {
    private static final double LEAST_E_FOLDS = 1.0 / 16;
    private static final int MOST_RESIDUALS = 2_048;

    private final List<LayerPoint> points = new ArrayList<>();

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

    void save(DataOutput out) throws IOException {
        out.writeInt(points.size());
        for (LayerPoint point : points) {
            out.writeLong(point.tokens());
            out.writeLong(point.steps());
            out.writeDouble(point.seconds());
            out.writeInt(point.positions());
            out.writeInt(point.residuals().size());
            for (int i = 0; i < point.residuals().size(); i++) {
                out.writeDouble(point.residuals().get(i));
                out.writeDouble(point.residualsByFrequency().get(i));
            }
        }
    }

    static LayerHistory load(DataInput in) throws IOException {
        LayerHistory history = new LayerHistory();
        int n = StateFormat.count(in.readInt(), MOST_RESIDUALS);
        for (int i = 0; i < n; i++) {
            long tokens = in.readLong();
            long steps = in.readLong();
            double seconds = in.readDouble();
            int positions = in.readInt();
            int layers = StateFormat.count(in.readInt(), LayerResiduals.MOST_LAYERS);
            List<Double> byId = new ArrayList<>();
            List<Double> byFrequency = new ArrayList<>();
            for (int layer = 0; layer < layers; layer++) {
                byId.add(in.readDouble());
                byFrequency.add(in.readDouble());
            }
            history.points.add(new LayerPoint(tokens, steps, seconds, positions, byId, byFrequency));
        }
        return history;
    }
}
