package org.etascope.core;

import org.jspecify.annotations.Nullable;

/**
 * What a run is: identity and settings, unchanged from step to step.
 *
 * @param run name of the run, any text that is not blank
 * @param model name of the model, empty if not given
 * @param dataset name of the data, empty if not given
 * @param size N
 * @param vocabularySize V, NaN while unknown
 * @param plannedTokens the tokens this run is meant to train on, NaN while unknown
 * @param temperatureKelvin temperature of the reservoir for the Landauer floor
 * @param convention how nats are counted against bits
 * @param unsupportedReason why this run has no η (a loss that is no code length, say), or null when it has
 */
public record RunInfo(
        String run,
        String model,
        String dataset,
        ModelSize size,
        double vocabularySize,
        double plannedTokens,
        double temperatureKelvin,
        UnitConvention convention,
        @Nullable String unsupportedReason) {
    RunInfo withPlannedTokens(double planned) {
        return new RunInfo(
                run, model, dataset, size, vocabularySize, planned, temperatureKelvin, convention, unsupportedReason);
    }
}
