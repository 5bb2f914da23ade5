package org.etascope.micrometer;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.etascope.core.Condition;
import org.etascope.core.Phase;
import org.etascope.core.RunSnapshot;
import org.etascope.core.SaturationCause;
import org.jspecify.annotations.Nullable;

/**
 * Every meter of a run: name, type, unit, tags, and one sentence. What is not known yet is NaN, never 0.
 *
 * <p>The Prometheus name is the Micrometer name with underscores, and {@code _total} behind a counter.
 */
@SuppressWarnings("ImmutableEnumChecker") // its lists are all made by List.of or toList
public enum EtascopeMeters {
    /** Identity and provenance of a run, as tags. */
    RUN_INFO(
            "etascope.run.info",
            "",
            "Identity and provenance of the run as labels; the value is always 1.",
            RunLabels.KEYS,
            List.of()),

    /** Steps of this process. */
    STEPS(
            Meter.Type.COUNTER,
            "etascope.steps",
            "steps",
            "Optimiser steps with a finite loss, processed by this process since it started.",
            s -> s.process().steps()),
    /** Tokens of this process. */
    TOKENS(
            Meter.Type.COUNTER,
            "etascope.tokens",
            "tokens",
            "Loss-bearing tokens processed by this process since it started.",
            s -> s.process().tokens()),
    /** Non-finite steps of this process. */
    NONFINITE_STEPS(
            Meter.Type.COUNTER,
            "etascope.nonfinite.steps",
            "steps",
            "Steps whose loss was NaN or infinite: counted here, used for nothing.",
            s -> s.process().nonFiniteSteps()),
    /** Skipped steps of this process. */
    SKIPPED_STEPS(
            Meter.Type.COUNTER,
            "etascope.skipped.steps",
            "steps",
            "Steps without a token or without a usable loss.",
            s -> s.process().skippedSteps()),
    /** Segments of this process. */
    SEGMENTS(
            Meter.Type.COUNTER,
            "etascope.segments",
            "segments",
            "Stretches of training begun: 1 more each time the run went on without its stored state.",
            s -> s.process().segments()),
    /** Contained faults. */
    LISTENER_ERRORS(
            Meter.Type.COUNTER,
            "etascope.listener.errors",
            "errors",
            "Faults of the monitor's own that were contained.",
            s -> s.process().listenerErrors()),
    /** Own cost. */
    LISTENER_SECONDS(
            Meter.Type.COUNTER,
            "etascope.listener.seconds",
            "seconds",
            "Time that the monitor's callbacks took on the training thread.",
            s -> s.process().listenerNanos() / 1e9),

    /** Steps of the run. */
    RUN_STEPS(
            "etascope.run.steps",
            "steps",
            "Steps of the run; goes back when it resumes from an older checkpoint, so never use it under rate.",
            s -> s.progress().steps()),
    /** D. */
    RUN_TOKENS(
            "etascope.run.tokens",
            "tokens",
            "D, tokens the run was trained on; goes back on a resume, so never use it under rate.",
            s -> s.ledger().tokens()),
    /** C. */
    RUN_CODE_LENGTH_BITS(
            "etascope.run.code.length.bits",
            "bits",
            "C, the code length paid for the D tokens so far; goes back on a resume.",
            s -> s.ledger().codeLengthBits()),
    /** Completed epochs. */
    EPOCH(
            "etascope.epoch",
            "epochs",
            "The framework's count of completed epochs.",
            s -> s.progress().position().epoch()),
    /** Iteration. */
    ITERATION(
            "etascope.iteration",
            "iterations",
            "The framework's iteration.",
            s -> s.progress().position().iteration()),
    /** V. */
    VOCABULARY_SIZE(
            "etascope.vocabulary.size",
            "tokens",
            "V, number of different tokens.",
            s -> s.info().vocabularySize()),
    /** Planned D. */
    PLANNED_TOKENS(
            "etascope.planned.tokens",
            "tokens",
            "Tokens the run is meant to train on.",
            s -> s.info().plannedTokens()),
    /** P. */
    MODEL_PARAMETERS(
            "etascope.model.parameters",
            "parameters",
            "P, parameters of the model.",
            s -> s.info().size().known() ? s.info().size().parameters() : Double.NaN),
    /** N. */
    MODEL_SIZE_BITS(
            "etascope.model.size.bits",
            "bits",
            "N, parameters times their storage bits.",
            s -> s.info().size().bits()),
    /** U. */
    UNIQUE_TOKENS(
            "etascope.unique.tokens",
            "tokens",
            "U, distinct tokens of the training data, those of one full epoch.",
            s -> s.progress().uniqueTokens()),
    /** Effective D. */
    EFFECTIVE_TOKENS(
            "etascope.effective.tokens",
            "tokens",
            "Fresh tokens that the D tokens are worth, repeats counting less.",
            s -> s.ledger().effectiveTokens()),

    /** H. */
    BASELINE_LOSS_NATS(
            "etascope.baseline.loss.nats",
            "nats",
            "H, the code length of a token before anything is learnt; its method is a label of run_info.",
            s -> s.baseline().nats()),
    /** Error of H. */
    BASELINE_LOSS_STANDARD_ERROR_NATS(
            "etascope.baseline.loss.standard.error.nats",
            "nats",
            "Standard error of H.",
            s -> s.baseline().standardError()),
    /** Loss of the last step. */
    LAST_LOSS_NATS(
            "etascope.last.loss.nats",
            "nats",
            "Mean loss per token of the last finite step, before its update.",
            s -> s.losses().last()),
    /** Running mean loss. */
    MEAN_LOSS_NATS(
            "etascope.mean.loss.nats",
            "nats",
            "Mean loss per token over all D tokens, C/D.",
            s -> s.losses().mean()),
    /** L. */
    CURRENT_LOSS_NATS(
            "etascope.current.loss.nats",
            "nats",
            "L, the loss per token now: median of the last three closed bins of the curve.",
            s -> s.losses().current()),
    /** Validation loss. */
    VALIDATION_LOSS_NATS(
            "etascope.validation.loss.nats",
            "nats",
            "Latest validation loss per token.",
            s -> s.validation().loss()),
    /** e^L. */
    PERPLEXITY(
            "etascope.perplexity",
            "",
            "Perplexity at the current loss, e^L.",
            s -> s.losses().perplexity()),
    /** Generalisation gap. */
    GENERALIZATION_GAP_NATS(
            "etascope.generalization.gap.nats",
            "nats",
            "Latest validation loss minus the current training loss.",
            s -> s.validation().generalizationGap()),
    /** Memorised bits. */
    MEMORIZED_BITS(
            "etascope.memorized.bits",
            "bits",
            "U times the gap between the best validation loss and the current training loss, beyond the first epoch.",
            s -> s.validation().memorizedBits()),

    /** S. */
    INFORMATION_TRANSMITTED_BITS(
            "etascope.information.transmitted.bits",
            "bits",
            "S = D(H - mean loss): what coding the data online has saved.",
            s -> s.ledger().transmitted().bits()),
    /** M. */
    INFORMATION_ABSORBED_BITS(
            "etascope.information.absorbed.bits",
            "bits",
            "M = D(mean loss - L): what the model took up.",
            s -> s.ledger().absorbed().bits()),
    /** G. */
    INFORMATION_DATASET_BITS(
            "etascope.information.dataset.bits",
            "bits",
            "G = min(D, U)(H - L): the saving if the data were coded with today's model.",
            s -> s.ledger().dataset().bits()),
    /** Headline. */
    ETA_RATIO(
            "etascope.eta.ratio",
            "ratio",
            "Information capacity, transmitted reading S/N; may be negative or above 1.",
            s -> s.ledger().eta()),
    /** Absorbed reading. */
    ETA_ABSORBED_RATIO(
            "etascope.eta.absorbed.ratio",
            "ratio",
            "Information capacity, absorbed reading M/N.",
            s -> s.ledger().absorbed().eta()),
    /** Dataset reading. */
    ETA_DATASET_RATIO(
            "etascope.eta.dataset.ratio",
            "ratio",
            "Information capacity, dataset reading G/N.",
            s -> s.ledger().dataset().eta()),
    /** Error of the headline. */
    ETA_STANDARD_ERROR_RATIO(
            "etascope.eta.standard.error.ratio",
            "ratio",
            "Standard error of the transmitted reading.",
            s -> s.ledger().transmitted().standardError()),
    /** E₀. */
    LANDAUER_FLOOR_JOULES(
            "etascope.landauer.floor.joules",
            "joules",
            "Least energy that overwriting the transmitted bits once costs.",
            s -> s.ledger().landauerFloorJoules()),
    /** T. */
    TEMPERATURE_KELVIN(
            "etascope.temperature.kelvin",
            "kelvin",
            "Temperature of the reservoir for the Landauer floor.",
            s -> s.info().temperatureKelvin()),

    /** Learning slope. */
    LEARNING_NATS_PER_DOUBLING(
            "etascope.learning.nats.per.doubling",
            "nats_per_doubling",
            "Nats per token gained per doubling of the tokens, over the last window of the curve.",
            s -> s.verdict().slope().natsPerDoubling()),
    /** Its lower end. */
    LEARNING_NATS_PER_DOUBLING_LOWER(
            "etascope.learning.nats.per.doubling.lower",
            "nats_per_doubling",
            "Lower end of the interval of the learning slope.",
            s -> s.verdict().slope().natsPerDoublingLower()),
    /** Its upper end. */
    LEARNING_NATS_PER_DOUBLING_UPPER(
            "etascope.learning.nats.per.doubling.upper",
            "nats_per_doubling",
            "Upper end of the interval of the learning slope.",
            s -> s.verdict().slope().natsPerDoublingUpper()),
    /** The threshold it is held against. */
    SATURATION_THRESHOLD_NATS_PER_DOUBLING(
            "etascope.saturation.threshold.nats.per.doubling",
            "nats_per_doubling",
            "Learning slope below which the run counts as flat.",
            s -> s.verdict().slope().thresholdNatsPerDoubling()),
    /** R. */
    PROGRESS_RATIO(
            "etascope.progress.ratio",
            "ratio",
            "R, today's learning slope over the run's average slope.",
            s -> s.verdict().progressRatio()),
    /** κ. */
    SATURATION_THRESHOLD_RATIO(
            "etascope.saturation.threshold.ratio",
            "ratio",
            "Progress ratio below which the run counts as flat.",
            s -> s.verdict().thresholdRatio()),
    /** Slope of the dataset reading. */
    ETA_LOGLOG_SLOPE(
            "etascope.eta.loglog.slope",
            "",
            "Growth of the dataset reading per growth of the tokens, both logarithmic; 1 means that it grows with the tokens alone.",
            s -> s.ledger().etaLogLogSlope()),
    /** Phase. */
    PHASE(
            "etascope.phase",
            "1 for the phase the run is in, 0 for the others.",
            "phase",
            Phase.values(),
            Phase::label,
            (s, phase) -> s.verdict().phase() == phase),
    /** Conditions. */
    CONDITION(
            "etascope.condition",
            "1 while the condition holds; any number of them hold at once.",
            "condition",
            Condition.values(),
            Condition::label,
            (s, condition) -> s.verdict().conditions().contains(condition)),
    /** Cause of a saturation. */
    SATURATION_CAUSE(
            "etascope.saturation.cause",
            "1 for the likeliest cause while saturated; all 0 otherwise.",
            "cause",
            SaturationCause.values(),
            SaturationCause::label,
            (s, cause) -> s.verdict().saturation().cause() == cause),

    /** Start. */
    RUN_START_TIMESTAMP_SECONDS(
            "etascope.run.start.timestamp.seconds",
            "seconds",
            "When this process began to watch the run, since 1970-01-01 UTC.",
            s -> s.timeline().startSeconds()),
    /** Last step. */
    LAST_STEP_TIMESTAMP_SECONDS(
            "etascope.last.step.timestamp.seconds",
            "seconds",
            "When the last step was reported, since 1970-01-01 UTC.",
            s -> s.timeline().lastStepSeconds()),
    /** Latest saturation. */
    SATURATION_TIMESTAMP_SECONDS(
            "etascope.saturation.timestamp.seconds",
            "seconds",
            "When the run was last found saturated, since 1970-01-01 UTC.",
            s -> s.timeline().saturationSeconds()),
    /** End. */
    RUN_END_TIMESTAMP_SECONDS(
            "etascope.run.end.timestamp.seconds",
            "seconds",
            "When the run ended, since 1970-01-01 UTC.",
            s -> s.timeline().endSeconds()),
    /** Learning rate. */
    OPTIMIZER_LEARNING_RATE(
            "etascope.optimizer.learning.rate",
            "",
            "Learning rate of the optimiser, where the framework tells it.",
            s -> s.progress().learningRate());

    /**
     * One series of a meter.
     *
     * @param tags the tags it has beside those of every series
     * @param value its value
     */
    record Series(Tags tags, ToDoubleFunction<RunSnapshot> value) {}

    private final Meter.Type type;
    private final String meterName;
    private final String unit;
    private final String description;
    private final List<String> tagKeys;
    private final List<Series> series;

    EtascopeMeters(
            Meter.Type type,
            String meterName,
            String unit,
            String description,
            List<String> tagKeys,
            List<Series> series) {
        this.type = type;
        this.meterName = meterName;
        this.unit = unit;
        this.description = description;
        this.tagKeys = tagKeys;
        this.series = series;
    }

    EtascopeMeters(String meterName, String unit, String description, List<String> tagKeys, List<Series> series) {
        this(Meter.Type.GAUGE, meterName, unit, description, tagKeys, series);
    }

    EtascopeMeters(
            Meter.Type type, String meterName, String unit, String description, ToDoubleFunction<RunSnapshot> value) {
        this(type, meterName, unit, description, List.of(RunLabels.RUN), List.of(new Series(Tags.empty(), value)));
    }

    EtascopeMeters(String meterName, String unit, String description, ToDoubleFunction<RunSnapshot> value) {
        this(Meter.Type.GAUGE, meterName, unit, description, value);
    }

    <E> EtascopeMeters(
            String meterName,
            String description,
            String tagKey,
            E[] states,
            Function<E, String> label,
            BiPredicate<RunSnapshot, E> holds) {
        this(
                meterName,
                "",
                description,
                List.of(RunLabels.RUN, tagKey),
                Arrays.stream(states)
                        .map(state ->
                                new Series(Tags.of(tagKey, label.apply(state)), s -> holds.test(s, state) ? 1 : 0))
                        .toList());
    }

    /** {@return the Micrometer name: lower case, dotted, its unit at the end} */
    public String meterName() {
        return meterName;
    }

    /** {@return the name in Prometheus} */
    public String prometheusName() {
        return meterName.replace('.', '_') + (type == Meter.Type.COUNTER ? "_total" : "");
    }

    /** {@return counter or gauge} */
    public Meter.Type type() {
        return type;
    }

    /** {@return the unit of the value, empty where it has none} */
    public String unit() {
        return unit;
    }

    /** {@return the keys of the tags that each series carries} */
    public List<String> tagKeys() {
        return tagKeys;
    }

    /** {@return one sentence that says what is measured} */
    public String description() {
        return description;
    }

    /**
     * One value of a meter.
     *
     * @param tags all its tags
     * @param value the value, NaN while unknown
     */
    public record Sample(Tags tags, double value) {}

    /**
     * {@return what this meter shows at one moment: what a scrape then would give}
     *
     * @param run value of the tag "run"
     * @param snapshot the moment
     */
    public List<Sample> samples(String run, RunSnapshot snapshot) {
        if (this == RUN_INFO) {
            return RunLabels.settled(snapshot) ? List.of(new Sample(RunLabels.of(run, snapshot), 1)) : List.of();
        }
        Tags common = Tags.of(RunLabels.RUN, run);
        return series.stream()
                .map(one -> new Sample(common.and(one.tags()), one.value().applyAsDouble(snapshot)))
                .toList();
    }

    /** The unit as Micrometer may hear it: only one that ends the name, since a registry would append any other. */
    @Nullable
    String baseUnit() {
        return !unit.isEmpty() && meterName.replace('.', '_').endsWith("_" + unit) ? unit : null;
    }

    List<Series> series() {
        return series;
    }
}
