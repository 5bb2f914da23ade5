package org.etascope.core;

import org.jspecify.annotations.Nullable;

/**
 * What a run is: identity and settings, unchanged from step to step.
 *
 * @param names what it is called
 * @param size N
 * @param unit what it counts as a token
 * @param vocabularySize V, NaN while unknown
 * @param plannedTokens the tokens this run is meant to train on, NaN while unknown
 * @param temperatureKelvin temperature of the reservoir for the energy floor E₀
 * @param convention how nats are counted against bits
 * @param unsupportedReason why this run has no η (a loss that is no code length, say), or null when it has
 */
public record RunInfo(
        Names names,
        ModelSize size,
        TokenUnit unit,
        double vocabularySize,
        double plannedTokens,
        double temperatureKelvin,
        UnitConvention convention,
        @Nullable String unsupportedReason) {
    /** Characters of a name, at most: of a run, a worker, a model, a data set. */
    public static final int LONGEST_NAME = 200;

    /**
     * What a run is called; each name has at most {@link #LONGEST_NAME} characters.
     *
     * @param run name of the run, any text that is not blank
     * @param worker name of this process among those that train the run, empty where it is the only one
     * @param model name of the model, empty if not given
     * @param dataset name of the data, empty if not given
     */
    public record Names(String run, String worker, String model, String dataset) {}

    /** {@return the name of the run} */
    public String run() {
        return names.run;
    }

    /** {@return the name of this process among those that train the run, empty where it is the only one} */
    public String worker() {
        return names.worker;
    }

    /** {@return the name of the model, empty if not given} */
    public String model() {
        return names.model;
    }

    /** {@return the name of the data, empty if not given} */
    public String dataset() {
        return names.dataset;
    }

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
        return with(
                new Names(name, worker(), model(), dataset()),
                size,
                unit,
                vocabularySize,
                plannedTokens,
                unsupportedReason);
    }

    /** What is not known yet is taken from a description. */
    RunInfo describedAs(String otherModel, ModelSize otherSize, double otherVocabularySize) {
        return with(
                model().isEmpty() ? new Names(run(), worker(), cut(otherModel), dataset()) : names,
                size.known() ? size : otherSize,
                unit,
                Double.isNaN(vocabularySize) ? otherVocabularySize : vocabularySize,
                plannedTokens,
                unsupportedReason);
    }

    RunInfo unsupported(@Nullable String reason) {
        return with(names, size, unit, vocabularySize, plannedTokens, reason);
    }

    RunInfo withUnit(TokenUnit other) {
        return with(names, size, other, vocabularySize, plannedTokens, unsupportedReason);
    }

    RunInfo withPlannedTokens(double planned) {
        return with(names, size, unit, vocabularySize, planned, unsupportedReason);
    }

    private RunInfo with(
            Names newNames,
            ModelSize newSize,
            TokenUnit newUnit,
            double vocabulary,
            double planned,
            @Nullable String unsupported) {
        return new RunInfo(newNames, newSize, newUnit, vocabulary, planned, temperatureKelvin, convention, unsupported);
    }
}
