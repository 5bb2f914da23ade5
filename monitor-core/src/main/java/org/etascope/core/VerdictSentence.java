package org.etascope.core;

import java.util.Locale;

/** The verdict in words. Decimals grow until the error shows, so that no figure claims more than is known. */
final class VerdictSentence {
    private VerdictSentence() {}

    static String of(Verdict verdict) {
        String figures = figures(verdict);
        if (verdict.conditions().contains(Condition.FAULT)) {
            return "fault: the last losses are not finite";
        }
        if (verdict.phase() == Phase.SATURATED) {
            return "flat under the current learning rate and data: " + figures;
        }
        if (verdict.conditions().contains(Condition.NOT_LEARNING)) {
            return "not learning: the loss has not left its baseline";
        }
        if (verdict.phase() == Phase.INITIAL) {
            return "waiting: the loss has not left its baseline yet";
        }
        if (verdict.conditions().contains(Condition.WARMING_UP)) {
            return "learning: too early for a slope (" + verdict.bins() + " of 16 bins)";
        }
        if (verdict.conditions().contains(Condition.OVERFITTING)) {
            return "overfitting, the validation loss rises: " + figures;
        }
        if (verdict.conditions().contains(Condition.RISING)) {
            return "rising: " + figures;
        }
        if (verdict.conditions().contains(Condition.INCONCLUSIVE)) {
            return "inconclusive, too noisy to call: " + figures;
        }
        return "learning: " + figures;
    }

    private static String figures(Verdict verdict) {
        double error = verdict.natsPerDoublingError();
        int decimals = error > 0 ? Math.min(6, Math.max(2, (int) Math.ceil(-Math.log10(error)))) : 2;
        String number = "%." + decimals + "f";
        return String.format(
                Locale.ROOT,
                number + " ± " + number + " nats per doubling over the last e-fold (threshold " + number + ")",
                verdict.natsPerDoubling(),
                error,
                verdict.thresholdNatsPerDoubling());
    }
}
