package org.etascope.recording;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.etascope.core.Baseline;
import org.etascope.core.Condition;
import org.etascope.core.CurvePoint;
import org.etascope.core.Forecast;
import org.etascope.core.Ledger;
import org.etascope.core.RunEvent;
import org.etascope.core.Phase;
import org.etascope.core.ProcessCounters;
import org.etascope.core.Progress;
import org.etascope.core.RunInfo;
import org.etascope.core.RunSnapshot;
import org.etascope.core.SaturationCause;
import org.etascope.core.ValidationPoint;
import org.etascope.core.Verdict;
import org.etascope.core.Version;
import org.jspecify.annotations.Nullable;

/**
 * Runs as JSON: what {@code etascope replay --json} prints and what {@code /api} serves.
 *
 * <p>Keys are lower case with underscores and carry their unit; their meaning is that of the core's records. Every
 * number has its full double precision, and readers need compute nothing. What is unknown is {@code null}: NaN, an
 * infinity, N of a model that nobody described. Times are seconds since 1970-01-01 UTC.
 *
 * <p>The text is one line without a line break at its end.
 */
public final class RunJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** What language models were found to hold per parameter, in bits: lines to compare the absorbed reading with. */
    private static final double REFERENCE_BITS_LOWER = 2;

    private static final double REFERENCE_BITS_UPPER = 3.6;

    private RunJson() {}

    /**
     * {@return the object of {@code replay --json}}
     *
     * @param now the run
     */
    public static String replay(RunSnapshot now) {
        return text(json -> {
            json.writeStartObject();
            replayKeys(json, now);
            json.writeEndObject();
        });
    }

    /**
     * {@return the object of {@code replay --json --events}}
     *
     * @param recording the run
     */
    public static String replayWithEvents(Recording recording) {
        return text(json -> {
            json.writeStartObject();
            replayKeys(json, recording.snapshot());
            events(json, recording.events());
            json.writeEndObject();
        });
    }

    /**
     * {@return the object of {@code /api/runs/{run}}: that of {@code replay --json --events}, everything else the page
     * shows, and {@code series}, the curve by columns}
     *
     * @param recording the run
     * @param nowSeconds the time, so that a reader whose clock is off can still say how old the last step is
     */
    public static String run(Recording recording, double nowSeconds) {
        return text(json -> {
            RunSnapshot now = recording.snapshot();
            json.writeStartObject();
            replayKeys(json, now);
            events(json, recording.events());
            number(json, "now_seconds", nowSeconds);
            number(json, "tokens_per_second", recording.tokensPerSecond());
            number(json, "seconds_left", recording.secondsLeft());
            identity(json, now.info());
            verdict(json, now.verdict());
            details(json, now);
            progress(json, now.progress());
            process(json, now.process());
            series(json, recording.curve(), now);
            validationSeries(json, recording.validationCurve());
            json.writeEndObject();
        });
    }

    /**
     * {@return the array of {@code /api/runs}: name, phase and headline of each run}
     *
     * @param runs the runs, in the order to be shown
     */
    public static String list(List<RunSnapshot> runs) {
        return text(json -> {
            json.writeStartArray();
            for (RunSnapshot now : runs) {
                json.writeStartObject();
                json.writeStringField("run", now.info().run());
                json.writeStringField("phase", now.verdict().phase().label());
                json.writeStringField("sentence", now.verdict().sentence());
                json.writeNumberField("steps", now.progress().steps());
                json.writeNumberField("tokens", now.progress().tokens());
                number(json, "eta", now.ledger().eta());
                number(json, "current_loss_nats", now.losses().current());
                times(json, now);
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static void replayKeys(JsonGenerator json, RunSnapshot now) throws IOException {
        Progress progress = now.progress();
        Ledger ledger = now.ledger();
        Verdict verdict = now.verdict();
        json.writeStringField("run", now.info().run());
        json.writeNumberField("steps", progress.steps());
        json.writeNumberField("points", progress.points());
        json.writeNumberField("tokens", progress.tokens());
        json.writeNumberField("skipped", progress.skippedSteps());
        json.writeNumberField("nonfinite", progress.nonFiniteSteps());
        if (now.info().size().known()) {
            json.writeNumberField("parameters", now.info().size().parameters());
            number(json, "model_size_bits", now.info().size().bits());
        } else {
            json.writeNullField("parameters");
            json.writeNullField("model_size_bits");
        }
        number(json, "baseline_nats", now.baseline().nats());
        json.writeStringField("baseline_method", now.baseline().method().label());
        number(json, "mean_loss_nats", now.losses().mean());
        number(json, "current_loss_nats", now.losses().current());
        number(json, "information_transmitted_bits", ledger.transmitted().bits());
        number(json, "information_absorbed_bits", ledger.absorbed().bits());
        number(json, "information_dataset_bits", ledger.dataset().bits());
        number(json, "eta", ledger.eta());
        number(json, "eta_absorbed", ledger.absorbed().eta());
        number(json, "eta_dataset", ledger.dataset().eta());
        number(json, "eta_standard_error", ledger.transmitted().standardError());
        number(json, "landauer_floor_joules", ledger.landauerFloorJoules());
        number(json, "nats_per_doubling", verdict.slope().natsPerDoubling());
        number(json, "nats_per_doubling_lower", verdict.slope().natsPerDoublingLower());
        number(json, "nats_per_doubling_upper", verdict.slope().natsPerDoublingUpper());
        number(json, "progress_ratio", verdict.progressRatio());
        number(json, "tokens_until_conclusive", verdict.tokensUntilConclusive());
        number(json, "eta_loglog_slope", ledger.etaLogLogSlope());
        json.writeStringField("phase", verdict.phase().label());
        json.writeArrayFieldStart("conditions");
        for (Condition condition : verdict.conditions()) {
            json.writeString(condition.label());
        }
        json.writeEndArray();
        SaturationCause cause = verdict.saturation().cause();
        text(json, "saturation_cause", cause == null ? null : cause.label());
        countOrNull(json, "saturated_at_tokens", verdict.saturation().atTokens());
        forecast(json, now.forecast());
    }

    private static void forecast(JsonGenerator json, Forecast forecast) throws IOException {
        json.writeObjectFieldStart("forecast");
        answer(json, "planned_end", forecast.plannedEnd());
        answer(json, "next_doubling", forecast.nextDoubling());
        answer(json, "decay_now", forecast.decayNow());
        json.writeEndObject();
    }

    private static void answer(JsonGenerator json, String question, Forecast.Answer answer) throws IOException {
        json.writeObjectFieldStart(question);
        number(json, "tokens", answer.tokens());
        number(json, "loss_nats", answer.lossNats());
        number(json, "loss_lower_nats", answer.lowerNats());
        number(json, "loss_upper_nats", answer.upperNats());
        number(json, "gain_nats", answer.gainNats());
        number(json, "gain_lower_nats", answer.gainLowerNats());
        number(json, "gain_upper_nats", answer.gainUpperNats());
        text(json, "refused", answer.refused());
        json.writeEndObject();
    }

    private static void forecastSentences(JsonGenerator json, Forecast forecast) throws IOException {
        json.writeObjectFieldStart("forecast_sentences");
        json.writeStringField("planned_end", forecast.plannedEnd().sentence());
        json.writeStringField("next_doubling", forecast.nextDoubling().sentence());
        json.writeStringField("decay_now", forecast.decayNow().sentence());
        json.writeEndObject();
    }

    /** A fall or a rise that ends a plateau is an event and an entry into a phase. */
    private static void events(JsonGenerator json, List<RunEvent> events) throws IOException {
        json.writeArrayFieldStart("events");
        for (RunEvent event : events) {
            if (event.kind().ofLevel()) {
                event(json, event, "event", event.kind().label());
            }
            Phase entered = event.entered();
            if (entered != null) {
                event(json, event, "phase", entered.label());
            }
        }
        json.writeEndArray();
    }

    private static void event(JsonGenerator json, RunEvent event, String key, String what) throws IOException {
        json.writeStartObject();
        json.writeNumberField("tokens", event.tokens());
        json.writeNumberField("step", event.step());
        json.writeStringField(key, what);
        json.writeEndObject();
    }

    private static void identity(JsonGenerator json, RunInfo info) throws IOException {
        json.writeStringField("version", Version.CURRENT);
        json.writeStringField("model", info.model());
        json.writeStringField("dataset", info.dataset());
        text(json, "unsupported_reason", info.unsupportedReason());
        number(json, "bits_per_parameter", info.size().bitsPerParameter());
        number(json, "vocabulary_size", info.vocabularySize());
        number(json, "planned_tokens", info.plannedTokens());
        number(json, "temperature_kelvin", info.temperatureKelvin());
        json.writeStringField("unit_convention", info.convention().label());
    }

    private static void verdict(JsonGenerator json, Verdict verdict) throws IOException {
        json.writeStringField("sentence", verdict.sentence());
        SaturationCause cause = verdict.saturation().cause();
        text(json, "saturation_cause_sentence", cause == null ? null : cause.sentence());
        number(json, "nats_per_doubling_error", verdict.slope().natsPerDoublingError());
        number(json, "saturation_threshold_nats_per_doubling", verdict.slope().thresholdNatsPerDoubling());
        number(json, "saturation_threshold_ratio", verdict.thresholdRatio());
        number(json, "window_efolds", verdict.window());
        json.writeNumberField("bins", verdict.bins());
        json.writeNumberField("saturated_evaluations", verdict.saturation().evaluations());
    }

    private static void details(JsonGenerator json, RunSnapshot now) throws IOException {
        Baseline baseline = now.baseline();
        json.writeStringField("baseline_words", baseline.method().words());
        number(json, "baseline_standard_error_nats", baseline.standardError());
        number(json, "initial_loss_nats", baseline.initialLossNats());
        number(json, "last_loss_nats", now.losses().last());
        number(json, "current_loss_standard_error_nats", now.losses().currentStandardError());
        number(json, "perplexity", now.losses().perplexity());
        number(json, "bits_per_token", now.losses().bitsPerToken());
        Ledger ledger = now.ledger();
        number(json, "eta_absorbed_standard_error", ledger.absorbed().standardError());
        number(json, "eta_dataset_standard_error", ledger.dataset().standardError());
        number(json, "transmitted_bits_per_parameter", ledger.transmitted().bitsPerParameter(now.info().size()));
        number(json, "absorbed_bits_per_parameter", ledger.absorbed().bitsPerParameter(now.info().size()));
        number(json, "dataset_bits_per_parameter", ledger.dataset().bitsPerParameter(now.info().size()));
        number(json, "reference_eta_lower", REFERENCE_BITS_LOWER / now.info().size().bitsPerParameter());
        number(json, "reference_eta_upper", REFERENCE_BITS_UPPER / now.info().size().bitsPerParameter());
        number(json, "code_length_bits", ledger.codeLengthBits());
        number(json, "compression_ratio", now.compressionRatio());
        forecastSentences(json, now.forecast());
        number(json, "effective_tokens", ledger.effectiveTokens());
        number(json, "validation_loss_nats", now.validation().loss());
        number(json, "best_validation_loss_nats", now.validation().best());
        number(json, "generalization_gap_nats", now.validation().generalizationGap());
        number(json, "memorized_bits", now.validation().memorizedBits());
        json.writeBooleanField("validation_deciding", now.validation().deciding());
        times(json, now);
    }

    private static void times(JsonGenerator json, RunSnapshot now) throws IOException {
        number(json, "start_seconds", now.timeline().startSeconds());
        number(json, "last_step_seconds", now.timeline().lastStepSeconds());
        number(json, "saturation_seconds", now.timeline().saturationSeconds());
        number(json, "end_seconds", now.timeline().endSeconds());
    }

    private static void progress(JsonGenerator json, Progress progress) throws IOException {
        json.writeNumberField("segment", progress.segment());
        countOrNull(json, "iteration", progress.position().iteration());
        countOrNull(json, "epoch", progress.position().epoch());
        number(json, "epochs", progress.position().epochs());
        number(json, "unique_tokens", progress.uniqueTokens());
        number(json, "learning_rate", progress.learningRate());
        number(json, "learning_rate_peak", progress.learningRatePeak());
    }

    private static void process(JsonGenerator json, ProcessCounters process) throws IOException {
        json.writeObjectFieldStart("process");
        json.writeNumberField("steps", process.steps());
        json.writeNumberField("tokens", process.tokens());
        json.writeNumberField("nonfinite_steps", process.nonFiniteSteps());
        json.writeNumberField("skipped_steps", process.skippedSteps());
        json.writeNumberField("segments", process.segments());
        json.writeNumberField("listener_errors", process.listenerErrors());
        number(json, "listener_seconds", process.listenerNanos() / 1e9);
        json.writeNumberField("dropped_events", process.droppedEvents());
        json.writeNumberField("observer_errors", process.observerErrors());
        json.writeEndObject();
    }

    private static void series(JsonGenerator json, List<CurvePoint> curve, RunSnapshot now) throws IOException {
        json.writeObjectFieldStart("series");
        counts(json, "segment", curve, CurvePoint::segment);
        counts(json, "steps", curve, CurvePoint::steps);
        counts(json, "tokens", curve, CurvePoint::tokens);
        column(json, "seconds", curve, CurvePoint::seconds);
        column(json, "loss_nats", curve, p -> p.bin().mean());
        column(json, "lowest_loss_nats", curve, p -> p.bin().lowest());
        column(json, "highest_loss_nats", curve, p -> p.bin().highest());
        column(json, "mean_loss_nats", curve, CurvePoint::meanLossNats);
        column(json, "current_loss_nats", curve, CurvePoint::currentLossNats);
        column(json, "eta", curve, p -> p.ledger(now).eta());
        column(json, "eta_absorbed", curve, p -> p.ledger(now).absorbed().eta());
        column(json, "eta_dataset", curve, p -> p.ledger(now).dataset().eta());
        column(json, "nats_per_doubling", curve, p -> p.slope().natsPerDoubling());
        column(json, "nats_per_doubling_lower", curve, p -> p.slope().natsPerDoublingLower());
        column(json, "nats_per_doubling_upper", curve, p -> p.slope().natsPerDoublingUpper());
        column(json, "saturation_threshold_nats_per_doubling", curve, p -> p.slope().thresholdNatsPerDoubling());
        json.writeArrayFieldStart("phase");
        for (CurvePoint point : curve) {
            json.writeString(point.phase().label());
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void validationSeries(JsonGenerator json, List<ValidationPoint> curve) throws IOException {
        json.writeObjectFieldStart("validation_series");
        column(json, "tokens", curve, ValidationPoint::tokens);
        column(json, "loss_nats", curve, ValidationPoint::lossNats);
        json.writeEndObject();
    }

    private interface Count {
        long of(CurvePoint point);
    }

    private static void counts(JsonGenerator json, String name, List<CurvePoint> curve, Count count)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (CurvePoint point : curve) {
            json.writeNumber(count.of(point));
        }
        json.writeEndArray();
    }

    private static <P> void column(JsonGenerator json, String name, List<P> curve, ToDoubleFunction<P> value)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (P point : curve) {
            number(json, value.applyAsDouble(point));
        }
        json.writeEndArray();
    }

    private static void number(JsonGenerator json, String name, double value) throws IOException {
        json.writeFieldName(name);
        number(json, value);
    }

    /** JSON has neither NaN nor infinities. */
    private static void number(JsonGenerator json, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }

    private static void countOrNull(JsonGenerator json, String name, double value) throws IOException {
        json.writeFieldName(name);
        if (value >= 0) {
            json.writeNumber((long) value);
        } else {
            json.writeNull();
        }
    }

    private static void text(JsonGenerator json, String name, @Nullable String value) throws IOException {
        json.writeFieldName(name);
        json.writeString(value);
    }

    private interface Body {
        void writeTo(JsonGenerator json) throws IOException;
    }

    private static String text(Body body) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            body.writeTo(json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }
}
