package org.etascope.core;

import java.io.IOException;

/** The latest validation loss and the lowest; NaN without one. Single writer. */
final class ValidationLoss extends StateFields.Part {
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

    @Override
    void fields(StateFields state) throws IOException {
        latest = state.next(latest);
        best = state.next(best);
    }
}
