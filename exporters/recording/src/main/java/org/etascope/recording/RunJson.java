package org.etascope.recording;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.etascope.core.CurvePoint;
import org.etascope.core.Figure;
import org.etascope.core.Forecast;
import org.etascope.core.LayerLaw;
import org.etascope.core.LayerPoint;
import org.etascope.core.Mark;
import org.etascope.core.Phase;
import org.etascope.core.RunEvent;
import org.etascope.core.RunSnapshot;
import org.etascope.core.ValidationPoint;
import org.etascope.core.Version;
import org.jspecify.annotations.Nullable;

/**
 * Runs as JSON: what {@code etascope replay --json} prints and what {@code /api} serves. docs/json.md lists every key.
 *
 * <p>Keys and values are the figures of {@link Figure}. Every number has its full double precision, and readers need
 * compute nothing. What is unknown is {@code null}. The text is one line without a line break at its end.
 */
public final class RunJson {
    private static final List<Figure> IN_LIST = List.of(
            Figure.RUN,
            Figure.PHASE,
            Figure.CONDITIONS,
            Figure.SENTENCE,
            Figure.STEPS,
            Figure.TOKENS,
            Figure.UNIT,
            Figure.PARAMETERS,
            Figure.PLANNED_TOKENS,
            Figure.ETA,
            Figure.CURRENT_LOSS_NATS,
            Figure.NATS_PER_DOUBLING,
            Figure.OUTCOME,
            Figure.RUN_START_TIMESTAMP_SECONDS,
            Figure.LAST_STEP_TIMESTAMP_SECONDS,
            Figure.SATURATION_TIMESTAMP_SECONDS,
            Figure.RUN_END_TIMESTAMP_SECONDS);

    private RunJson() {}

    /**
     * {@return the object of {@code replay --json}}
     *
     * @param now the run
     */
    public static String replay(RunSnapshot now) {
        return Json.text(replayed(now));
    }

    /**
     * {@return the object of {@code replay --json --events}}
     *
     * @param recording the run
     */
    public static String replayWithEvents(Recording recording) {
        Map<String, @Nullable Object> json = replayed(recording.snapshot());
        json.put("events", events(recording));
        return Json.text(json);
    }

    /**
     * {@return the object of {@code /api/runs/{run}}: that of {@code replay --json --events}, everything else the page
     * shows, and {@code series}, the curve by columns}
     *
     * @param recording the run
     * @param nowSeconds the time, so that a reader whose clock is off can still say how old the last step is
     */
    public static String run(Recording recording, double nowSeconds) {
        Map<String, @Nullable Object> json = moment(recording, nowSeconds);
        json.putAll(happened(recording));
        json.put("series", series(recording, 0));
        return Json.text(json);
    }

    /**
     * {@return what has changed of {@link #run} since a reader asked last: {@code version}, to be given the next time;
     * {@code run}, the object without its lists; {@code series}, the columns from the index {@code from} on; and {@code
     * events}, {@code marks}, {@code validation_series} and {@code layers_series}, all of them where any has changed}
     *
     * @param recording the run
     * @param nowSeconds the time
     * @param known what the reader has, by {@link #known}
     */
    public static String changes(Recording recording, double nowSeconds, String known) {
        RunVersion version = RunVersion.of(recording);
        RunVersion seen = RunVersion.parse(known);
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("version", version.toString());
        json.put("run", moment(recording, nowSeconds));
        if (seen.happened() != version.happened()) {
            json.putAll(happened(recording));
        }
        int from = seen.points();
        Map<String, Object> news = new LinkedHashMap<>();
        news.put("from", from);
        news.putAll(series(recording, from));
        json.put("series", news);
        return Json.text(json);
    }

    /**
     * {@return what counts of a reader's version, so that readers who know the same can be given one answer of {@link
     * #changes}; null if nothing has changed since}
     *
     * @param recording the run
     * @param since the version of the reader's last answer, or any other text
     */
    public static @Nullable String known(Recording recording, String since) {
        RunVersion now = RunVersion.of(recording);
        return now.toString().equals(since)
                ? null
                : RunVersion.parse(since).within(now, recording.curve()).toString();
    }

    private static Map<String, Object> happened(Recording recording) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("events", events(recording));
        json.put("marks", recording.marks().stream().map(RunJson::mark).toList());
        List<ValidationPoint> validation = recording.validationCurve();
        Map<String, Object> validationSeries = new LinkedHashMap<>();
        validationSeries.put("tokens", column(validation, ValidationPoint::tokens));
        validationSeries.put("loss_nats", column(validation, ValidationPoint::lossNats));
        json.put("validation_series", validationSeries);
        json.put("layers_series", layersSeries(recording.layerCurve()));
        return json;
    }

    /** The run as it is now, without its lists. */
    private static Map<String, @Nullable Object> moment(Recording recording, double nowSeconds) {
        RunSnapshot now = recording.snapshot();
        Map<String, @Nullable Object> json = replayed(now);
        json.put("version", Version.CURRENT);
        json.put("now_seconds", nowSeconds);
        json.put("tokens_per_second", recording.tokensPerSecond());
        json.put("seconds_left", recording.secondsLeft());
        json.putAll(figures(now, figure -> figure.scope() == Figure.Scope.RUN && !figure.inReplay()));
        json.put("forecast_sentences", forecast(now.forecast(), Forecast.Answer::sentence));
        json.put("energy_sentences", now.energySentences());
        json.put("layers", layers(now.layers()));
        json.put("process", figures(now, figure -> figure.scope() == Figure.Scope.PROCESS));
        return json;
    }

    /**
     * {@return the array of {@code /api/runs}: name, phase and headline of each run}
     *
     * @param runs the runs, in the order to be shown
     */
    public static String list(List<RunSnapshot> runs) {
        return Json.text(
                runs.stream().map(now -> figures(now, IN_LIST::contains)).toList());
    }

    private static Map<String, @Nullable Object> figures(RunSnapshot now, Predicate<Figure> wanted) {
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        Arrays.stream(Figure.values()).filter(wanted).forEach(figure -> figures.put(figure.key(), figure.read(now)));
        return figures;
    }

    private static Map<String, @Nullable Object> replayed(RunSnapshot now) {
        Map<String, @Nullable Object> json = figures(now, Figure::inReplay);
        json.put("forecast", forecast(now.forecast()));
        json.putAll(figures(now, figure -> figure.scope() == Figure.Scope.ENERGY && figure.appliesTo(now)));
        return json;
    }

    /**
     * {@return the answers of a forecast by their keys, for {@link Json}}
     *
     * @param forecast a run's
     */
    public static Map<String, @Nullable Object> forecast(Forecast forecast) {
        return forecast(forecast, RunJson::numbers);
    }

    private static Map<String, @Nullable Object> forecast(Forecast forecast, Function<Forecast.Answer, Object> shown) {
        Map<String, @Nullable Object> answers = new LinkedHashMap<>();
        answers.put("planned_end", shown.apply(forecast.plannedEnd()));
        answers.put("next_doubling", shown.apply(forecast.nextDoubling()));
        answers.put("decay_now", shown.apply(forecast.decayNow()));
        return answers;
    }

    private static Map<String, @Nullable Object> numbers(Forecast.Answer answer) {
        Map<String, @Nullable Object> numbers = new LinkedHashMap<>();
        numbers.put("tokens", answer.tokens());
        numbers.put("loss_nats", answer.lossNats());
        numbers.put("loss_lower_nats", answer.lowerNats());
        numbers.put("loss_upper_nats", answer.upperNats());
        numbers.put("gain_nats", answer.gainNats());
        numbers.put("gain_lower_nats", answer.gainLowerNats());
        numbers.put("gain_upper_nats", answer.gainUpperNats());
        numbers.put("refused", answer.refused());
        return numbers;
    }

    /** Null without a probe. */
    private static @Nullable Map<String, @Nullable Object> layers(LayerPoint layers) {
        if (!layers.known()) {
            return null;
        }
        LayerLaw law = layers.law();
        LayerLaw byFrequency = layers.lawByFrequency();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("tokens", layers.tokens());
        json.put("positions", layers.positions());
        json.put("residuals", layers.residuals());
        json.put("residuals_by_frequency", layers.residualsByFrequency());
        json.put("decay_ratio", law.decayRatio());
        json.put("decay_ratio_lower", law.lower());
        json.put("decay_ratio_upper", law.upper());
        json.put("correlation", law.correlation());
        json.put("furthest_layer", law.furthestLayer() == 0 ? null : law.furthestLayer());
        json.put("furthest_ratio", law.furthestRatio());
        json.put("decay_ratio_by_frequency", byFrequency.decayRatio());
        json.put("correlation_by_frequency", byFrequency.correlation());
        json.put("sentence", layers.sentence());
        json.put("note", layers.note());
        return json;
    }

    /** By columns; in {@code residuals} a list of all layers for each moment. */
    private static Map<String, Object> layersSeries(List<LayerPoint> points) {
        Map<String, Object> series = new LinkedHashMap<>();
        series.put("tokens", column(points, LayerPoint::tokens));
        series.put("steps", column(points, LayerPoint::steps));
        series.put("seconds", column(points, LayerPoint::seconds));
        series.put("residuals", column(points, LayerPoint::residuals));
        series.put("residuals_by_frequency", column(points, LayerPoint::residualsByFrequency));
        series.put("decay_ratio", column(points, point -> point.law().decayRatio()));
        return series;
    }

    /** A fall or a rise that ends a plateau is an event and an entry into a phase. */
    private static List<Map<String, Object>> events(Recording recording) {
        List<Map<String, Object>> events = new ArrayList<>();
        for (RunEvent event : recording.events()) {
            if (event.kind().ofLevel()) {
                events.add(event(event, "event", event.kind().label()));
            }
            Phase entered = event.entered();
            if (entered != null) {
                events.add(event(event, "phase", entered.label()));
            }
        }
        return events;
    }

    private static Map<String, Object> event(RunEvent event, String key, String what) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("tokens", event.tokens());
        json.put("step", event.step());
        json.put(key, what);
        json.put("seconds", event.seconds());
        json.put("sentence", event.sentence());
        return json;
    }

    private static Map<String, Object> mark(Mark mark) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", mark.kind().label());
        json.put("count", mark.count());
        json.put("first_step", mark.firstStep());
        json.put("last_step", mark.lastStep());
        json.put("tokens", mark.tokens());
        json.put("last_tokens", mark.lastTokens());
        json.put("seconds", mark.seconds());
        json.put("sentence", mark.sentence());
        return json;
    }

    private static Map<String, List<@Nullable Object>> series(Recording recording, int from) {
        List<CurvePoint> points =
                recording.curve().subList(from, recording.curve().size());
        Map<String, List<@Nullable Object>> series = new LinkedHashMap<>();
        for (Figure figure : Figure.columns()) {
            series.put(figure.key(), column(points, point -> figure.read(point, recording.snapshot())));
        }
        return series;
    }

    private static <P> List<@Nullable Object> column(List<P> points, Function<P, @Nullable Object> value) {
        return points.stream().map(value).toList();
    }
}
