package org.etascope.core;

import java.util.Objects;

/**
 * What is measured beside the training: a validation loss and what it adds, all NaN without one, and the residuals of the
 * layers.
 *
 * @param loss the latest validation loss, nats per token
 * @param best the lowest so far, nats per token
 * @param generalizationGap latest validation loss minus current training loss L, nats per token
 * @param memorizedBits U·(best − L) in bits; only beyond 1.05 epochs and with U known
 * @param deciding whether the verdict rests on the validation losses: beyond 1.05 epochs, with 16 bins of them
 * @param layers the latest residuals of the layers, {@link LayerPoint#NONE} without a probe
 */
public record Validation(
        double loss, double best, double generalizationGap, double memorizedBits, boolean deciding, LayerPoint layers) {
    /**
     * A recording from before there were residuals of layers has none.
     *
     * @param loss the latest loss
     * @param best the lowest
     * @param generalizationGap the gap
     * @param memorizedBits what was memorised
     * @param deciding whether the verdict rests on it
     * @param layers the layers
     */
    public Validation {
        layers = Objects.requireNonNullElse(layers, LayerPoint.NONE);
    }
}
