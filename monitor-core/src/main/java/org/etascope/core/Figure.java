package org.etascope.core;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The list of figures: everything that is told of a run, each with its key, its unit, one sentence and how it is read from
 * a snapshot. Metrics, JSON, the columns of the curve and their documents are made from it, so a new figure is a constant
 * here.
 *
 * <p><b>One name.</b> The key is the constant's name in lower case; JSON, journal and CSV use it. The metric is {@code
 * etascope_} and the key, with {@code _ratio} behind a bare ratio and {@code _total} behind a counter; a run's own sum
 * whose bare name a process counter has takes {@code run_} before it. Exceptions are given by {@link Spec#metric}.
 *
 * <p><b>One rule for unknown.</b> What is not known is NaN in {@link #value} and null in {@link #read}, never 0.
 *
 * <p><b>One definition.</b> Formula, range and edge results stand where a constant's comment points to.
 *
 * <p>The order is that of the JSON. All constants are immutable; reading costs nothing worth counting.
 */
@SuppressWarnings({"ImmutableEnumChecker", "EnumOrdinal"}) // functions of their argument, and lists made by toList
public enum Figure {
    // ---- what replay --json prints, in its order ----
    /** {@link RunInfo#run()}. */
    RUN(text("Name of the run.", s -> s.info().run())),
    /** {@link Progress#steps()}. */
    STEPS(count("steps", "Steps of the run; goes back when it resumes from an older checkpoint.")
            .of(s -> s.progress().steps())
            .metric("run_steps")
            .column(p -> p.steps())),
    /** {@link Progress#points()}. */
    POINTS(count("values", "Loss values taken; fewer than the steps where a log holds one for several.")
            .of(s -> s.progress().points())
            .noMetric()),
    /** {@link Progress#tokens()}. */
    TOKENS(count(
                    "tokens",
                    "D, tokens (examples where there is no time axis) the run was trained on; goes back on a resume.")
            .of(s -> s.progress().tokens())
            .metric("run_tokens")
            .column(p -> p.tokens())),
    /** {@link Progress#skippedSteps()}. */
    SKIPPED(count("steps", "Steps of the run without a token (example) or without a usable loss.")
            .of(s -> s.progress().skippedSteps())
            .noMetric()),
    /** {@link Progress#nonFiniteSteps()}. */
    NONFINITE(count("steps", "Steps of the run whose loss was NaN or infinite.")
            .of(s -> s.progress().nonFiniteSteps())
            .noMetric()),
    /** {@link ModelSize#parameters()}. */
    PARAMETERS(count("parameters", "P, parameters of the model.")
            .of(s -> s.info().size().known() ? s.info().size().parameters() : Double.NaN)
            .metric("model_parameters")),
    /** {@link ModelSize#bits()}. */
    MODEL_SIZE_BITS(number("bits", "N, parameters times their storage bits.")
            .of(s -> s.info().size().bits())),
    /** {@link Baseline#nats()}. */
    BASELINE_NATS(number(
                    "nats",
                    "H, the code length of a token (example) before anything is learnt; baseline_method says how it was found.")
            .of(s -> s.baseline().nats())),
    /** {@link Baseline#method()}. */
    BASELINE_METHOD(text("Where H comes from.", s -> s.baseline().method().label())),
    /** {@link Losses#mean()}. */
    MEAN_LOSS_NATS(number("nats", "Mean loss per token (example) over all D of them, C/D.")
            .of(s -> s.losses().mean())
            .column(p -> p.meanLossNats())),
    /** {@link Losses#current()}. */
    CURRENT_LOSS_NATS(
            number("nats", "L, the loss per token (example) now: median of the last three closed bins of the curve.")
                    .of(s -> s.losses().current())
                    .column(p -> p.currentLossNats())),
    /** {@link Reading#bits()} of {@link Ledger#transmitted()}. */
    INFORMATION_TRANSMITTED_BITS(number("bits", "S = D(H - mean loss): what coding the data online has saved.")
            .of(s -> s.ledger().transmitted().bits())),
    /** {@link Reading#bits()} of {@link Ledger#absorbed()}. */
    INFORMATION_ABSORBED_BITS(number("bits", "M = D(mean loss - L): what the model took up.")
            .of(s -> s.ledger().absorbed().bits())),
    /** {@link Reading#bits()} of {@link Ledger#dataset()}. */
    INFORMATION_DATASET_BITS(
            number("bits", "G = min(D, U)(H - L): the saving if the data were coded with today's model.")
                    .of(s -> s.ledger().dataset().bits())),
    /** {@link Ledger#eta()}. */
    ETA(ratio("Information capacity, transmitted reading S/N; may be negative or above 1.")
            .of(s -> s.ledger().eta())
            .column((p, s) -> p.ledger(s).eta())),
    /** {@link Reading#eta()} of {@link Ledger#absorbed()}. */
    ETA_ABSORBED(ratio("Information capacity, absorbed reading M/N.")
            .of(s -> s.ledger().absorbed().eta())
            .column((p, s) -> p.ledger(s).absorbed().eta())),
    /** {@link Reading#eta()} of {@link Ledger#dataset()}. */
    ETA_DATASET(ratio("Information capacity, dataset reading G/N.")
            .of(s -> s.ledger().dataset().eta())
            .column((p, s) -> p.ledger(s).dataset().eta())),
    /** {@link Reading#standardError()} of {@link Ledger#transmitted()}. */
    ETA_STANDARD_ERROR(ratio("Standard error of the transmitted reading.")
            .of(s -> s.ledger().transmitted().standardError())),
    /** {@link Ledger#landauerFloorJoules()}. */
    LANDAUER_FLOOR_JOULES(number("joules", "Least energy that overwriting the transmitted bits once costs.")
            .of(s -> s.ledger().landauerFloorJoules())),
    /** {@link Slope#natsPerDoubling()}. */
    NATS_PER_DOUBLING(number(
                    "nats per doubling",
                    "Nats per token (example) gained per doubling of their number, over the window behind.")
            .of(s -> s.verdict().slope().natsPerDoubling())
            .column(p -> p.slope().natsPerDoubling())),
    /** {@link Slope#natsPerDoublingLower()}. */
    NATS_PER_DOUBLING_LOWER(number("nats per doubling", "Lower end of the interval of the learning slope.")
            .of(s -> s.verdict().slope().natsPerDoublingLower())
            .column(p -> p.slope().natsPerDoublingLower())),
    /** {@link Slope#natsPerDoublingUpper()}. */
    NATS_PER_DOUBLING_UPPER(number("nats per doubling", "Upper end of the interval of the learning slope.")
            .of(s -> s.verdict().slope().natsPerDoublingUpper())
            .column(p -> p.slope().natsPerDoublingUpper())),
    /** {@link Verdict#progressRatio()}. */
    PROGRESS_RATIO(ratio("R, today's learning slope over the run's average slope.")
            .of(s -> s.verdict().progressRatio())),
    /** {@link Verdict#tokensUntilConclusive()}. */
    TOKENS_UNTIL_CONCLUSIVE(
            number("tokens", "About how many more tokens (examples) the verdict needs while it is open, else 0.")
                    .of(s -> s.verdict().tokensUntilConclusive())),
    /** {@link Ledger#etaLogLogSlope()}. */
    ETA_LOGLOG_SLOPE(number(
                    "",
                    "Growth of the dataset reading per growth of D, both logarithmic; 1 means that it grows with D alone.")
            .of(s -> s.ledger().etaLogLogSlope())),
    /** {@link Verdict#phase()}. */
    PHASE(one(
                    "phase",
                    "Where the run stands: 1 for the phase it is in, 0 for the others.",
                    Phase.values(),
                    Phase::label,
                    s -> s.verdict().phase())
            .textColumn(p -> p.phase().label())),
    /** {@link Verdict#conditions()}. */
    CONDITIONS(any(
                    "condition",
                    "What else holds of the run: 1 while the condition holds; any number of them at once.",
                    Condition.values(),
                    Condition::label,
                    s -> s.verdict().conditions())
            .metric("condition")),
    /** {@link Verdict.Saturation#cause()}. */
    SATURATION_CAUSE(one(
            "cause",
            "The likeliest cause while saturated; all 0 otherwise.",
            SaturationCause.values(),
            SaturationCause::label,
            s -> s.verdict().saturation().cause())),
    /** {@link Verdict.Saturation#atTokens()}. */
    SATURATED_AT_TOKENS(count("tokens", "D at the first entry into saturation.")
            .of(s -> s.verdict().saturation().atTokens())),
    /** {@link Timeline#outcome()}. */
    OUTCOME(one(
                    "outcome",
                    "How the run ended: 1 for one of them once it has ended and that is known, else all 0.",
                    Outcome.values(),
                    Outcome::label,
                    s -> s.timeline().outcome())
            .metric("run_outcome")),

    // ---- what else the page shows ----
    /** {@link RunInfo#model()}. */
    MODEL(text("Name of the model, empty if not given.", s -> s.info().model())),
    /** {@link RunInfo#dataset()}. */
    DATASET(text("Name of the data, empty if not given.", s -> s.info().dataset())),
    /** {@link RunInfo#unsupportedReason()}. */
    UNSUPPORTED_REASON(text(
            "Why this run has no information capacity, null if it has.",
            s -> s.info().unsupportedReason())),
    /** {@link ModelSize#bitsPerParameter()}. */
    BITS_PER_PARAMETER(number("bits", "Storage bits of one parameter.")
            .of(s -> s.info().size().bitsPerParameter())
            .noMetric()),
    /** {@link RunInfo#vocabularySize()}. */
    VOCABULARY_SIZE(count("tokens", "V, number of classes: of different tokens.")
            .of(s -> s.info().vocabularySize())),
    /** {@link RunInfo#plannedTokens()}. */
    PLANNED_TOKENS(count("tokens", "Tokens (examples) the run is meant to train on.")
            .of(s -> s.info().plannedTokens())),
    /** {@link RunInfo#temperatureKelvin()}. */
    TEMPERATURE_KELVIN(number("kelvin", "Temperature of the reservoir for the Landauer floor.")
            .of(s -> s.info().temperatureKelvin())),
    /** {@link RunInfo#convention()}. */
    UNIT_CONVENTION(text(
            "How nats are counted against bits.", s -> s.info().convention().label())),
    /** {@link RunInfo#unit()}. */
    UNIT(text(
            "What a token is: token, a position of a sequence; example, where there is no time axis; pixel; label.",
            s -> s.info().unit().label())),
    /** {@link Verdict#sentence()}. */
    SENTENCE(text("The verdict in words.", s -> s.verdict().sentence())),
    /** {@link SaturationCause#sentence()}. */
    SATURATION_CAUSE_SENTENCE(text("The likeliest cause in words, null unless saturated.", s -> {
        SaturationCause cause = s.verdict().saturation().cause();
        return cause == null ? null : cause.sentence();
    })),
    /** {@link Slope#natsPerDoublingError()}. */
    NATS_PER_DOUBLING_ERROR(number("nats per doubling", "Half the width of the interval of the learning slope.")
            .of(s -> s.verdict().slope().natsPerDoublingError())
            .noMetric()),
    /** {@link Slope#thresholdNatsPerDoubling()}. */
    SATURATION_THRESHOLD_NATS_PER_DOUBLING(
            number("nats per doubling", "Learning slope below which the run counts as flat.")
                    .of(s -> s.verdict().slope().thresholdNatsPerDoubling())
                    .column(p -> p.slope().thresholdNatsPerDoubling())),
    /** {@link Verdict#thresholdRatio()}. */
    SATURATION_THRESHOLD_RATIO(ratio("Progress ratio below which the run counts as flat.")
            .of(s -> s.verdict().thresholdRatio())),
    /** {@link Verdict#window()}. */
    WINDOW_EFOLDS(number("e-folds", "How far the window of the learning slope reaches back.")
            .of(s -> s.verdict().window())
            .noMetric()),
    /** {@link Verdict#bins()}. */
    BINS(count("bins", "Closed bins of the losses that decide.")
            .of(s -> s.verdict().bins())
            .noMetric()),
    /** {@link Verdict.AboveLowest#nats()}. */
    LOSS_ABOVE_LOWEST_NATS(number(
                    "nats",
                    "How far the loss stands above its lowest level: the median of the last 32 losses less the lowest such.")
            .of(s -> s.verdict().aboveLowest().nats())),
    /** {@link Verdict.AboveLowest#standardError()}. */
    LOSS_ABOVE_LOWEST_STANDARD_ERROR_NATS(
            number("nats", "Standard error of that distance; while risen, of when the rise was found.")
                    .of(s -> s.verdict().aboveLowest().standardError())),
    /** {@link Verdict.AboveLowest#sinceTokens()}. */
    LOSS_ABOVE_LOWEST_SINCE_TOKENS(number("tokens", "D since when the loss has risen.")
            .of(s -> s.verdict().aboveLowest().sinceTokens())),
    /** {@link Verdict.Saturation#evaluations()}. */
    SATURATED_EVALUATIONS(count("evaluations", "Evaluations in a row, the latest included, that found the run flat.")
            .of(s -> s.verdict().saturation().evaluations())
            .noMetric()),
    /** {@link BaselineMethod#words()}. */
    BASELINE_WORDS(
            text("Where H comes from, in words.", s -> s.baseline().method().words())),
    /** {@link Baseline#standardError()}. */
    BASELINE_STANDARD_ERROR_NATS(
            number("nats", "Standard error of H.").of(s -> s.baseline().standardError())),
    /** {@link Baseline#initialLossNats()}. */
    INITIAL_LOSS_NATS(number("nats", "Mean loss of the first step.")
            .of(s -> s.baseline().initialLossNats())
            .noMetric()),
    /** {@link Losses#last()}. */
    LAST_LOSS_NATS(number("nats", "Mean loss per token (example) of the last finite step, before its update.")
            .of(s -> s.losses().last())),
    /** {@link Losses#currentStandardError()}. */
    CURRENT_LOSS_STANDARD_ERROR_NATS(
            number("nats", "Standard error of L.").of(s -> s.losses().currentStandardError())),
    /** {@link Losses#perplexity()}. */
    PERPLEXITY(number("", "Perplexity at the current loss, e^L.")
            .of(s -> s.losses().perplexity())),
    /** {@link Losses#bitsPerToken()}. */
    BITS_PER_TOKEN(number("bits", "The current loss in bits, L/ln 2.")
            .of(s -> s.losses().bitsPerToken())
            .noMetric()),
    /** {@link Reading#standardError()} of {@link Ledger#absorbed()}. */
    ETA_ABSORBED_STANDARD_ERROR(ratio("Standard error of the absorbed reading.")
            .of(s -> s.ledger().absorbed().standardError())
            .noMetric()),
    /** {@link Reading#standardError()} of {@link Ledger#dataset()}. */
    ETA_DATASET_STANDARD_ERROR(ratio("Standard error of the dataset reading.")
            .of(s -> s.ledger().dataset().standardError())
            .noMetric()),
    /** {@link Reading#bitsPerParameter(ModelSize)} of {@link Ledger#transmitted()}. */
    TRANSMITTED_BITS_PER_PARAMETER(number("bits", "Transmitted bits per parameter.")
            .of(s -> s.ledger().transmitted().bitsPerParameter(s.info().size()))
            .noMetric()),
    /** {@link Reading#bitsPerParameter(ModelSize)} of {@link Ledger#absorbed()}. */
    ABSORBED_BITS_PER_PARAMETER(number("bits", "Absorbed bits per parameter.")
            .of(s -> s.ledger().absorbed().bitsPerParameter(s.info().size()))
            .noMetric()),
    /** {@link Reading#bitsPerParameter(ModelSize)} of {@link Ledger#dataset()}. */
    DATASET_BITS_PER_PARAMETER(number("bits", "Dataset bits per parameter.")
            .of(s -> s.ledger().dataset().bitsPerParameter(s.info().size()))
            .noMetric()),
    /** 2 bits per parameter over {@link ModelSize#bitsPerParameter()}: Allen-Zhu and Li 2024. */
    REFERENCE_ETA_LOWER(ratio("Absorbed reading of a model that holds 2 bits per parameter.")
            .of(s -> InformationCapacity.HELD_BITS_PER_PARAMETER
                    / s.info().size().bitsPerParameter())
            .noMetric()),
    /** 3.6 bits per parameter over {@link ModelSize#bitsPerParameter()}: Morris et al. 2025. */
    REFERENCE_ETA_UPPER(ratio("Absorbed reading of a model that holds 3.6 bits per parameter.")
            .of(s -> InformationCapacity.MOST_BITS_PER_PARAMETER
                    / s.info().size().bitsPerParameter())
            .noMetric()),
    /** {@link Ledger#codeLengthBits()}. */
    CODE_LENGTH_BITS(number("bits", "C, the code length paid so far; goes back on a resume.")
            .of(s -> s.ledger().codeLengthBits())
            .metric("run_code_length_bits")),
    /** {@link RunSnapshot#compressionRatio()}. */
    COMPRESSION_RATIO(ratio("How many times shorter the data became by coding it online, H over mean loss.")
            .of(s -> s.compressionRatio())
            .noMetric()),
    /** {@link Ledger#effectiveTokens()}. */
    EFFECTIVE_TOKENS(number("tokens", "Fresh tokens (examples) that the D so far are worth, repeats counting less.")
            .of(s -> s.ledger().effectiveTokens())),
    /** {@link Validation#loss()}. */
    VALIDATION_LOSS_NATS(number("nats", "Latest validation loss per token (example).")
            .of(s -> s.validation().loss())),
    /** {@link Validation#best()}. */
    BEST_VALIDATION_LOSS_NATS(number("nats", "Lowest validation loss per token (example).")
            .of(s -> s.validation().best())
            .noMetric()),
    /** {@link Validation#generalizationGap()}. */
    GENERALIZATION_GAP_NATS(number("nats", "Latest validation loss minus the current training loss.")
            .of(s -> s.validation().generalizationGap())),
    /** {@link Validation#memorizedBits()}. */
    MEMORIZED_BITS(number(
                    "bits",
                    "U times the gap between the best validation loss and the current training loss, beyond the first epoch.")
            .of(s -> s.validation().memorizedBits())),
    /** {@link Validation#deciding()}. */
    VALIDATION_DECIDING(text(
            "Whether the verdict rests on the validation losses.",
            s -> s.validation().deciding())),
    /** {@link Timeline#startSeconds()}. */
    RUN_START_TIMESTAMP_SECONDS(number("seconds", "When this process began to watch the run, since 1970-01-01 UTC.")
            .of(s -> s.timeline().startSeconds())),
    /** {@link Timeline#lastStepSeconds()}. */
    LAST_STEP_TIMESTAMP_SECONDS(number("seconds", "When the last step was reported, since 1970-01-01 UTC.")
            .of(s -> s.timeline().lastStepSeconds())),
    /** {@link Timeline#saturationSeconds()}. */
    SATURATION_TIMESTAMP_SECONDS(number("seconds", "When the run was last found saturated, since 1970-01-01 UTC.")
            .of(s -> s.timeline().saturationSeconds())),
    /** {@link Timeline#endSeconds()}. */
    RUN_END_TIMESTAMP_SECONDS(number("seconds", "When the run ended, since 1970-01-01 UTC.")
            .of(s -> s.timeline().endSeconds())),
    /** {@link Progress#segment()}. */
    SEGMENT(count("", "0 in a run observed without a break, 1 more each time it went on without its stored state.")
            .of(s -> s.progress().segment())
            .noMetric()
            .column(p -> p.segment())),
    /** {@link Progress.Position#iteration()}. */
    ITERATION(count("iterations", "The framework's iteration.")
            .of(s -> s.progress().position().iteration())),
    /** {@link Progress.Position#epoch()}. */
    EPOCH(count("epochs", "The framework's count of completed epochs.")
            .of(s -> s.progress().position().epoch())),
    /** {@link Progress.Position#epochs()}. */
    EPOCHS(number("epochs", "D/U, else the framework's count.")
            .of(s -> s.progress().epochs())
            .noMetric()),
    /** {@link Progress#uniqueTokens()}. */
    UNIQUE_TOKENS(count("tokens", "U, distinct tokens (examples) of the training data, those of one full epoch.")
            .of(s -> s.progress().uniqueTokens())),
    /** {@link Progress#learningRate()}. */
    LEARNING_RATE(number("", "Learning rate of the optimiser, where the framework tells it.")
            .of(s -> s.progress().learningRate())
            .column(p -> p.bin().learningRate())),
    /** {@link Progress#learningRatePeak()}. */
    LEARNING_RATE_PEAK(number("", "Largest learning rate so far.")
            .of(s -> s.progress().learningRatePeak())
            .noMetric()),

    // ---- the energy that was measured: metrics only where something measures ----
    /** {@link RunEnergy#joules()}. */
    ENERGY_JOULES(energy("joules", "Energy that the machine took while the run went on.", RunEnergy::joules)
            .metric("run_energy_joules")
            .column(p -> p.bin().energyJoules())),
    /** {@link RunEnergy.Coverage#seconds()}. */
    ENERGY_COVERED_SECONDS(energy(
                    "seconds",
                    "Time of the run over which all of it was measured.",
                    e -> e.coverage().seconds())
            .metric("run_energy_covered_seconds")),
    /** {@link RunEnergy.Coverage#tokens()}. */
    ENERGY_COVERED_TOKENS(energy(
                    "tokens",
                    "Tokens (examples) trained in that time.",
                    e -> e.coverage().tokens())
            .noMetric()),
    /** {@link RunEnergy#log10Ratio}. */
    LOG10_ENERGY_RATIO(number("", "How many powers of ten the measured energy lies above the Landauer floor.")
            .of(s -> s.energy()
                    .log10Ratio(s.ledger().landauerFloorJoules(), s.progress().tokens()))
            .ofEnergy()),
    /** {@link RunEnergy#joulesPerToken()}. */
    JOULES_PER_TOKEN(energy("joules", "Energy per token (example).", RunEnergy::joulesPerToken)),
    /** {@link RunEnergy#joulesPerAbsorbedBit}. */
    JOULES_PER_ABSORBED_BIT(
            price("Price of an absorbed bit now, e ln 2/b; infinite once nothing is learnt.", Slope::perEFold)),
    /** The same for the upper end of the interval of b. */
    JOULES_PER_ABSORBED_BIT_LOWER(price("Lower end of the interval of that price.", Slope::upper)),
    /** The same for the lower end of the interval of b. */
    JOULES_PER_ABSORBED_BIT_UPPER(
            price("Upper end of the interval of that price, infinite while learning nothing is in it.", Slope::lower)),
    /** {@link RunEnergy#joulesUntil} of {@link Forecast#tokensAt}: 0.01 nats below the loss of now. */
    NEXT_HUNDREDTH_NAT_JOULES(hundredthNat(
            "Energy that the next 0.01 nats cost by the forecast at the price of now.", Forecast.Crossing::tokens)),
    /** The same for the lower end of the interval. */
    NEXT_HUNDREDTH_NAT_JOULES_LOWER(hundredthNat("Lower end of its interval.", Forecast.Crossing::earliest)),
    /** The same for the upper end of the interval. */
    NEXT_HUNDREDTH_NAT_JOULES_UPPER(hundredthNat("Upper end of its interval.", Forecast.Crossing::latest)),
    /** {@link RunEnergy#joulesUntil} of {@link RunInfo#plannedTokens()}. */
    PLANNED_END_JOULES(number("joules", "Energy that the way to the planned end costs at the price of now.")
            .of(s -> s.energy()
                    .joulesUntil(s.info().plannedTokens(), s.progress().tokens()))
            .ofEnergy()),
    /** {@link RunEnergy#joulesSincePlateau()}. */
    JOULES_SINCE_PLATEAU(energy(
            "joules",
            "Energy since the run was last found saturated: what stopping then would have saved.",
            RunEnergy::joulesSincePlateau)),
    /** {@link RunEnergy#shared()}. */
    ENERGY_SHARED(text(
                    "Whether other runs went on at the machine meanwhile: each has all the joules.",
                    s -> s.energy().shared())
            .ofEnergy()),
    /** {@link RunEnergy#reason()}. */
    ENERGY_REASON(text(
                    "What is not measured and why, null where nothing is missing.",
                    s -> s.energy().reason())
            .ofEnergy()),
    /** {@link RunSnapshot#energySentences()}. */
    ENERGY_SENTENCES(text(
                    "All of this in words; that nothing is measured, and why, where it is not.",
                    RunSnapshot::energySentences)
            .ofEnergy()),

    // ---- what the loss comes to: among the metrics by "at", in JSON the object forecast ----
    /** {@link Forecast.Answer#lossNats()}. */
    FORECAST_LOSS_NATS(
            forecast("Loss per token (example) foretold there; NaN where that is refused.", Forecast.Answer::lossNats)),
    /** {@link Forecast.Answer#lowerNats()}. */
    FORECAST_LOSS_NATS_LOWER(forecast("Lower end of its interval, meant to hold 90 %.", Forecast.Answer::lowerNats)),
    /** {@link Forecast.Answer#upperNats()}. */
    FORECAST_LOSS_NATS_UPPER(forecast("Upper end of its interval.", Forecast.Answer::upperNats)),
    /** {@link Forecast.Answer#gainNats()}. */
    FORECAST_GAIN_NATS(forecast("How far that loss lies below the one of now.", Forecast.Answer::gainNats)),
    /** {@link Forecast.Answer#gainLowerNats()}. */
    FORECAST_GAIN_NATS_LOWER(forecast("The same for the upper end of the interval.", Forecast.Answer::gainLowerNats)),
    /** {@link Forecast.Answer#gainUpperNats()}. */
    FORECAST_GAIN_NATS_UPPER(forecast("The same for the lower end of the interval.", Forecast.Answer::gainUpperNats)),

    // ---- how each layer predicts: metrics where a probe is set, in JSON the object layers ----
    /** {@link LayerPoint#residual(int)}. */
    LAYER_PREDICTION_RESIDUAL(
            layers("ratio", "Share of the next token that a straight line from the layer's state leaves unexplained.")
                    .metric("layer_prediction_residual")),
    /** {@link LayerLaw#decayRatio()} of {@link LayerPoint#law()}. */
    LAYER_DECAY_RATIO(layerLaw(
            "What a layer leaves of the residual of the one before: the slope of the logarithmic line through them.",
            LayerLaw::decayRatio)),

    // ---- what this process has counted ----
    /** {@link ProcessCounters#steps()}. */
    PROCESS_STEPS(process("steps", "Optimiser steps with a finite loss, processed by this process since it started.")
            .of(s -> s.process().steps())),
    /** {@link ProcessCounters#tokens()}. */
    PROCESS_TOKENS(process(
                    "tokens",
                    "Loss-bearing tokens (examples where there is no time axis) processed by this process since it started.")
            .of(s -> s.process().tokens())),
    /** {@link ProcessCounters#nonFiniteSteps()}. */
    PROCESS_NONFINITE(process("steps", "Steps whose loss was NaN or infinite: counted here, used for nothing.")
            .of(s -> s.process().nonFiniteSteps())
            .metric("nonfinite_steps_total")),
    /** {@link ProcessCounters#skippedSteps()}. */
    PROCESS_SKIPPED(process("steps", "Steps without a token (example) or without a usable loss.")
            .of(s -> s.process().skippedSteps())
            .metric("skipped_steps_total")),
    /** {@link ProcessCounters#segments()}. */
    PROCESS_SEGMENTS(process(
                    "segments",
                    "Stretches of training begun: 1 more each time the run went on without its stored state.")
            .of(s -> s.process().segments())),
    /** {@link ProcessCounters#listenerErrors()}. */
    PROCESS_LISTENER_ERRORS(process("errors", "Faults of the monitor's own that were contained.")
            .of(s -> s.process().listenerErrors())),
    /** {@link ProcessCounters#listenerNanos()}. */
    PROCESS_LISTENER_SECONDS(process("seconds", "Time that the monitor's callbacks took on the training thread.")
            .of(s -> s.process().listenerNanos() / 1e9)
            .whole(false)),
    /** {@link ProcessCounters#droppedEvents()}. */
    PROCESS_DROPPED_EVENTS(process("events", "Events that observers did not get because their queue was full.")
            .of(s -> s.process().droppedEvents())
            .noMetric()),
    /** {@link ProcessCounters#observerErrors()}. */
    PROCESS_OBSERVER_ERRORS(process("errors", "Exceptions of observers that were contained.")
            .of(s -> s.process().observerErrors())
            .noMetric()),

    // ---- what only a point of the curve has ----
    /** {@link CurvePoint#seconds()}. */
    SECONDS(ofCurve("seconds", "When the bin closed, since 1970-01-01 UTC.", CurvePoint::seconds)),
    /** {@link LossBin#mean()}. */
    LOSS_NATS(ofCurve(
            "nats", "Mean loss per token (example) in the bin.", p -> p.bin().mean())),
    /** {@link LossBin#lowest()}. */
    LOWEST_LOSS_NATS(ofCurve(
            "nats", "Lowest loss per token (example) in the bin.", p -> p.bin().lowest())),
    /** {@link LossBin#highest()}. */
    HIGHEST_LOSS_NATS(ofCurve(
            "nats", "Highest loss per token (example) in the bin.", p -> p.bin().highest()));

    /** Where a figure belongs. */
    public enum Scope {
        /** The run: the keys of {@code replay --json}, then the others. */
        RUN,
        /** This process: under {@code process} in JSON, a counter among the metrics. */
        PROCESS,
        /** The forecast: a series for each question among the metrics, kept for a bin; under {@code forecast} in JSON. */
        FORECAST,
        /** The layers: metrics only once they were probed; under {@code layers} in JSON. */
        LAYERS,
        /** The energy that was measured: metrics, and keys of {@code replay --json}, only where something measures. */
        ENERGY,
        /** A point of the curve alone. */
        CURVE
    }

    private static final String PROCESS = "PROCESS_";

    private final String key;
    private final Spec spec;

    Figure(Spec spec) {
        String name = name();
        this.key = (name.startsWith(PROCESS) ? name.substring(PROCESS.length()) : name).toLowerCase(Locale.ROOT);
        this.spec = spec;
    }

    /** {@return the name in JSON, journal and CSV} */
    public String key() {
        return key;
    }

    /** {@return the name in Prometheus, empty if it is no metric} */
    public Optional<String> metric() {
        if (spec.metric != null) {
            return spec.metric.isEmpty() ? Optional.empty() : Optional.of("etascope_" + spec.metric);
        }
        String suffix = spec.scope == Scope.PROCESS
                ? "_total"
                : spec.unit.equals("ratio") && !key.endsWith("_ratio") ? "_ratio" : "";
        return Optional.of("etascope_" + key + suffix);
    }

    /** {@return the unit, empty where it has none} */
    public String unit() {
        return spec.unit;
    }

    /** {@return one sentence that says what is measured} */
    public String sentence() {
        return spec.sentence;
    }

    /** {@return where it belongs} */
    public Scope scope() {
        return spec.scope;
    }

    /** {@return whether {@code replay --json} prints it} */
    public boolean inReplay() {
        return spec.scope == Scope.RUN && compareTo(OUTCOME) <= 0;
    }

    /** {@return whether it only ever grows while the process lives} */
    public boolean counter() {
        return spec.scope == Scope.PROCESS;
    }

    /** {@return the label that its series carry beside the run's, empty for a figure of one series} */
    public String labelName() {
        return spec.labelName;
    }

    /** {@return the values of that label; empty for a figure of one series, and where a run has to tell them} */
    public List<String> labels() {
        return spec.labels;
    }

    /**
     * {@return the values of that label that a run has so far: those of {@link #labels()}, or the numbers of its layers}
     *
     * @param run the moment
     */
    public List<String> labels(RunSnapshot run) {
        return spec.ofLayers
                ? IntStream.rangeClosed(1, run.layers().residuals().size())
                        .mapToObj(Integer::toString)
                        .toList()
                : spec.labels;
    }

    /**
     * {@return whether the run has it at all: only one whose layers were probed has figures of them, and only one whose
     * energy is measured of that}
     *
     * @param run the moment
     */
    public boolean appliesTo(RunSnapshot run) {
        return switch (spec.scope) {
            case LAYERS -> run.layers().known();
            case ENERGY -> run.energy().known();
            default -> true;
        };
    }

    /**
     * {@return the number, NaN while unknown; NaN for a text, a state, and what only a point of the curve has}
     *
     * @param run the moment
     */
    public double value(RunSnapshot run) {
        return spec.number == null ? Double.NaN : spec.number.applyAsDouble(run);
    }

    /**
     * {@return the number of one series: for a state 1 if it holds, else 0}
     *
     * @param run the moment
     * @param label one of {@link #labels()}
     */
    public double value(RunSnapshot run, String label) {
        return spec.series == null ? value(run) : spec.series.applyAsDouble(run, label);
    }

    /**
     * {@return the figure as JSON shows it: a Long, a Double, a Boolean, a String or a List of String, null while unknown
     * (NaN) or where JSON has no number for it (an infinity)}
     *
     * @param run the moment
     */
    public @Nullable Object read(RunSnapshot run) {
        if (spec.text != null) {
            return spec.text.apply(run);
        }
        return spec.shown(value(run));
    }

    /** {@return whether it is a column of the curve} */
    public boolean inCurve() {
        return spec.column != null || spec.textColumn != null;
    }

    /**
     * {@return the figure of one point of the curve, as {@link #read(RunSnapshot)} shows it}
     *
     * @param point the point
     * @param run any moment of the run it belongs to: what is learnt late (N, H, U) counts for earlier points too
     */
    public @Nullable Object read(CurvePoint point, RunSnapshot run) {
        if (spec.textColumn != null) {
            return spec.textColumn.apply(point);
        }
        return spec.column == null ? null : spec.shown(spec.column.applyAsDouble(point, run));
    }

    /** {@return the columns of the curve, in their order} */
    public static List<Figure> columns() {
        return Arrays.stream(values()).filter(Figure::inCurve).toList();
    }

    // ---- how the constants are written down ----

    private static Spec number(String unit, String sentence) {
        return new Spec(Scope.RUN, unit, sentence);
    }

    private static Spec ratio(String sentence) {
        return number("ratio", sentence);
    }

    /** A whole number: JSON shows it without decimals. */
    private static Spec count(String unit, String sentence) {
        return number(unit, sentence).whole(true);
    }

    private static Spec process(String unit, String sentence) {
        return new Spec(Scope.PROCESS, unit, sentence).whole(true);
    }

    private static Spec forecast(String sentence, ToDoubleFunction<Forecast.Answer> number) {
        Spec spec = new Spec(Scope.FORECAST, "nats", sentence);
        spec.labelName = "at";
        spec.labels = List.of("planned_end", "next_doubling", "decay_now");
        spec.series = (s, at) -> number.applyAsDouble(
                switch (at) {
                    case "planned_end" -> s.forecast().ofBin().plannedEnd();
                    case "next_doubling" -> s.forecast().ofBin().nextDoubling();
                    default -> s.forecast().ofBin().decayNow();
                });
        return spec;
    }

    private static Spec layers(String unit, String sentence) {
        Spec spec = new Spec(Scope.LAYERS, unit, sentence);
        spec.labelName = "layer";
        spec.ofLayers = true;
        spec.series = (s, layer) -> s.layers().residual(Integer.parseInt(layer));
        return spec;
    }

    private static Spec layerLaw(String sentence, ToDoubleFunction<LayerLaw> number) {
        return new Spec(Scope.LAYERS, "ratio", sentence)
                .of(s -> number.applyAsDouble(s.layers().law()));
    }

    private static Spec energy(String unit, String sentence, ToDoubleFunction<RunEnergy> number) {
        return number(unit, sentence).of(s -> number.applyAsDouble(s.energy())).ofEnergy();
    }

    private static Spec price(String sentence, ToDoubleFunction<Slope> end) {
        return number("joules", sentence)
                .ofEnergy()
                .of(s -> s.energy()
                        .joulesPerAbsorbedBit(
                                end.applyAsDouble(s.verdict().slope()), s.info().convention()));
    }

    private static Spec hundredthNat(String sentence, ToDoubleFunction<Forecast.Crossing> tokens) {
        return number("joules", sentence)
                .ofEnergy()
                .of(s -> s.energy().known()
                        ? s.energy()
                                .joulesUntil(
                                        tokens.applyAsDouble(
                                                s.forecast().ofBin().nextHundredth()),
                                        s.progress().tokens())
                        : Double.NaN);
    }

    private static Spec ofCurve(String unit, String sentence, ToDoubleFunction<CurvePoint> column) {
        return new Spec(Scope.CURVE, unit, sentence).noMetric().column(column);
    }

    private static Spec text(String sentence, Function<RunSnapshot, @Nullable Object> text) {
        Spec spec = new Spec(Scope.RUN, "", sentence).noMetric();
        spec.text = text;
        return spec;
    }

    /** A state that is one of several, or none. */
    private static <E extends Enum<E>> Spec one(
            String labelName,
            String sentence,
            E[] states,
            Function<E, String> label,
            Function<RunSnapshot, @Nullable E> state) {
        Spec spec = states(labelName, sentence, states, label, s -> {
            E holds = state.apply(s);
            return holds == null ? List.of() : List.of(holds);
        });
        spec.text = s -> {
            E holds = state.apply(s);
            return holds == null ? null : label.apply(holds);
        };
        return spec;
    }

    /** States of which any number hold. */
    private static <E extends Enum<E>> Spec any(
            String labelName,
            String sentence,
            E[] states,
            Function<E, String> label,
            Function<RunSnapshot, ? extends Collection<E>> holding) {
        Spec spec = states(labelName, sentence, states, label, holding);
        spec.text = s -> holding.apply(s).stream().map(label).toList();
        return spec;
    }

    private static <E extends Enum<E>> Spec states(
            String labelName,
            String sentence,
            E[] states,
            Function<E, String> label,
            Function<RunSnapshot, ? extends Collection<E>> holding) {
        Spec spec = new Spec(Scope.RUN, "", sentence);
        spec.labelName = labelName;
        Map<String, E> ofLabel = Arrays.stream(states).collect(Collectors.toMap(label, state -> state));
        spec.labels = Arrays.stream(states).map(label).toList();
        spec.series = (s, one) -> {
            E state = ofLabel.get(one);
            return state != null && holding.apply(s).contains(state) ? 1 : 0;
        };
        return spec;
    }

    /** What a constant says of itself. Written once, while the constants are made. */
    private static final class Spec {
        Scope scope;
        final String unit;
        final String sentence;
        boolean whole;
        String labelName = "";
        List<String> labels = List.of();
        boolean ofLayers;

        @Nullable
        String metric;

        @Nullable
        ToDoubleFunction<RunSnapshot> number;

        @Nullable
        Function<RunSnapshot, @Nullable Object> text;

        @Nullable
        ToDoubleBiFunction<RunSnapshot, String> series;

        @Nullable
        ToDoubleBiFunction<CurvePoint, RunSnapshot> column;

        @Nullable
        Function<CurvePoint, String> textColumn;

        Spec(Scope scope, String unit, String sentence) {
            this.scope = scope;
            this.unit = unit;
            this.sentence = sentence;
        }

        /** A metric's name that is no rule's, without the {@code etascope_}. */
        Spec metric(String name) {
            metric = name;
            return this;
        }

        /** Not among the metrics. */
        Spec noMetric() {
            return metric("");
        }

        /** Only where something measures. */
        Spec ofEnergy() {
            scope = Scope.ENERGY;
            return this;
        }

        /** Whether JSON shows it without decimals. */
        Spec whole(boolean without) {
            whole = without;
            return this;
        }

        /** How it is read from a moment. */
        Spec of(ToDoubleFunction<RunSnapshot> value) {
            number = value;
            return this;
        }

        Spec column(ToDoubleFunction<CurvePoint> value) {
            return column((point, run) -> value.applyAsDouble(point));
        }

        Spec column(ToDoubleBiFunction<CurvePoint, RunSnapshot> value) {
            column = value;
            return this;
        }

        Spec textColumn(Function<CurvePoint, String> value) {
            textColumn = value;
            return this;
        }

        @Nullable
        Object shown(double value) {
            if (!Double.isFinite(value)) {
                return null;
            }
            return whole ? (Object) (long) value : (Object) value;
        }
    }
}
