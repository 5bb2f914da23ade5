package org.etascope.core;

import org.jspecify.annotations.Nullable;

/**
 * What a run is: identity and settings, unchanged from step to step.
 *
 * @param run name of the run, any text that is not blank, at most 200 characters
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
    /** Characters of a name, at most: of a run, a model, a data set. */
    public static final int LONGEST_NAME = 200;

    /**
     * {@return a name that comes from outside (a log, a file, a framework), cut with a mark where it is too long: "char-l…"}
     *
     * @param text any text
     */
    public static String cut(String text) {
        if (text.length() <= LONGEST_NAME) {
            return text;
        }
        int end = LONGEST_NAME - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    /**
     * {@return the same under another name}
     *
     * @param name the name to show
     */
    public RunInfo withRun(String name) {
        return new RunInfo(
                name,
                model,
                dataset,
                size,
                vocabularySize,
                plannedTokens,
                temperatureKelvin,
                convention,
                unsupportedReason);
    }

    /** What is not known yet is taken from a description. */
    RunInfo describedAs(String otherModel, ModelSize otherSize, double otherVocabularySize) {
        return new RunInfo(
                run,
                model.isEmpty() ? cut(otherModel) : model,
                dataset,
                size.known() ? size : otherSize,
                Double.isNaN(vocabularySize) ? otherVocabularySize : vocabularySize,
                plannedTokens,
                temperatureKelvin,
                convention,
                unsupportedReason);
    }

    RunInfo unsupported(@Nullable String reason) {
        return new RunInfo(
                run, model, dataset, size, vocabularySize, plannedTokens, temperatureKelvin, convention, reason);
    }

    RunInfo withPlannedTokens(double planned) {
        return new RunInfo(
                run, model, dataset, size, vocabularySize, planned, temperatureKelvin, convention, unsupportedReason);
    }
}
