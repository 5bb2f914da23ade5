package org.etascope.core;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The latest validation loss and the lowest; NaN without one. Single writer. */
final class ValidationLoss {
    private static final double EPOCHS_TO_MEMORIZE = 1.05;

    private double latest = Double.NaN;
    private double best = Double.NaN;

    void add(double lossNats) {
        latest = lossNats;
        if (Double.isFinite(lossNats)) {
            best = best <= lossNats ? best : lossNats;
        }
    }

    Validation shown(
            double currentLoss,
            Progress.Position position,
            UnitConvention convention,
            boolean deciding,
            LayerPoint layers) {
        double memorized = position.uniqueTokens() * (best - currentLoss) * convention.informationPerNat();
        return new Validation(
                latest,
                best,
                latest - currentLoss,
                position.epochs() > EPOCHS_TO_MEMORIZE ? memorized : Double.NaN,
                deciding,
                layers);
    }

    void save(DataOutput out) throws IOException {
        out.writeDouble(latest);
        out.writeDouble(best);
    }

    void load(DataInput in) throws IOException {
        latest = in.readDouble();
        best = in.readDouble();
    }
}
