package org.etascope.core;

/**
 * What a validation loss adds; all NaN without one.
 *
 * @param loss the latest validation loss, nats per token
 * @param best the lowest so far, nats per token
 * @param generalizationGap latest validation loss minus current training loss L, nats per token
 * @param memorizedBits U·(best − L) in bits; only beyond 1.05 epochs and with U known
 * @param deciding whether the verdict rests on the validation losses: beyond 1.05 epochs, with 16 bins of them
 */
public record Validation(double loss, double best, double generalizationGap, double memorizedBits, boolean deciding) {}
