package org.etascope.core;

import java.util.List;

/**
 * One consistent moment of a run: every number in it belongs to the same step. Immutable.
 *
 * @param info what the run is
 * @param progress how far it has come
 * @param baseline H and where it comes from
 * @param losses the losses
 * @param ledger the three readings of η, their bits and errors, the energy floor
 * @param verdict phase, conditions, learning slope
 * @param validation what is measured beside the training: validation loss, residuals of the layers
 * @param timeline when things happened
 * @param process what this process has counted since it started
 */
public record RunSnapshot(
        RunInfo info,
        Progress progress,
        Baseline baseline,
        Losses losses,
        Ledger ledger,
        Verdict verdict,
        Validation validation,
        Timeline timeline,
        ProcessCounters process) {
    /** {@return what the loss comes to from here; made when first asked} */
    public Forecast forecast() {
        return verdict.forecast();
    }

    /** {@return the latest prediction residuals of the layers; {@link LayerPoint#NONE} without a probe} */
    public LayerPoint layers() {
        return validation.layers();
    }

    /** {@return the energy that was measured meanwhile} */
    public RunEnergy energy() {
        return ledger.energy();
    }

    /** {@return the energy and its prices for people, a sentence each; that nothing is measured, where it is not} */
    public List<String> energySentences() {
        return EnergySentences.of(this);
    }

    /** {@return H/L̄: how many times shorter the data became by coding it online; no unit} */
    public double compressionRatio() {
        return baseline.nats() / losses.mean();
    }

    /**
     * {@return the same run under another name}
     *
     * @param name the name to show
     */
    public RunSnapshot withRun(String name) {
        return new RunSnapshot(
                info.withRun(name), progress, baseline, losses, ledger, verdict, validation, timeline, process);
    }

    /**
     * {@return the same run at other times}
     *
     * @param times when things happened
     */
    public RunSnapshot withTimeline(Timeline times) {
        return new RunSnapshot(info, progress, baseline, losses, ledger, verdict, validation, times, process);
    }
}
