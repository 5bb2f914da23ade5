package org.etascope.micrometer;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.etascope.core.Figure;
import org.etascope.core.RunSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * A meter of a run, as the core's list of figures has it: name, type, unit, tags, and one sentence. What is not known yet
 * is NaN, never 0. Immutable.
 *
 * <p>The Micrometer name is the Prometheus name with dots, without {@code _total}, which a registry puts behind a counter.
 */
public final class EtascopeMeter {
    /** Identity and provenance of a run, as tags: the one meter that is no figure. */
    public static final EtascopeMeter RUN_INFO = new EtascopeMeter(
            "etascope_run_info",
            Meter.Type.GAUGE,
            "",
            "Identity and provenance of the run as labels; the value is always 1.",
            RunLabels.KEYS,
            null);

    private static final List<EtascopeMeter> ALL = Stream.concat(
                    Stream.of(RUN_INFO),
                    Arrays.stream(Figure.values())
                            .flatMap(figure -> figure.metric().stream().map(name -> of(figure, name))))
            .toList();

    private final String prometheusName;
    private final Meter.Type type;
    private final String unit;
    private final String description;
    private final List<String> tagKeys;
    private final @Nullable Figure figure;

    /**
     * One series of a meter.
     *
     * @param tags the tags it has beside those of every series
     * @param value its value
     */
    record Series(Tags tags, ToDoubleFunction<RunSnapshot> value) {}

    /**
     * One value of a meter.
     *
     * @param tags all its tags
     * @param value the value, NaN while unknown
     */
    public record Sample(Tags tags, double value) {}

    private EtascopeMeter(
            String prometheusName,
            Meter.Type type,
            String unit,
            String description,
            List<String> tagKeys,
            @Nullable Figure figure) {
        this.prometheusName = prometheusName;
        this.type = type;
        this.unit = unit;
        this.description = description;
        this.tagKeys = tagKeys;
        this.figure = figure;
    }

    private static EtascopeMeter of(Figure figure, String name) {
        Meter.Type type = figure.counter() ? Meter.Type.COUNTER : Meter.Type.GAUGE;
        String tag = figure.labelName();
        List<String> keys = Stream.concat(
                        RunLabels.OF_SERIES.stream(), Stream.of(tag).filter(key -> !key.isEmpty()))
                .toList();
        return new EtascopeMeter(name, type, figure.unit(), figure.sentence(), keys, figure);
    }

    /** {@return every meter of a run, {@link #RUN_INFO} first, the others in the order of the figures} */
    public static List<EtascopeMeter> all() {
        return ALL;
    }

    /** {@return the name in Prometheus} */
    public String prometheusName() {
        return prometheusName;
    }

    /** {@return the Micrometer name: lower case, dotted} */
    public String meterName() {
        return prometheusName
                .substring(0, prometheusName.length() - (type == Meter.Type.COUNTER ? "_total".length() : 0))
                .replace('_', '.');
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
     * {@return what this meter shows at one moment: what a scrape then would give}
     *
     * @param run value of the tag "run"
     * @param snapshot the moment
     */
    public List<Sample> samples(String run, RunSnapshot snapshot) {
        if (this == RUN_INFO) {
            return RunLabels.settled(snapshot) ? List.of(new Sample(RunLabels.of(run, snapshot), 1)) : List.of();
        }
        Tags common = RunLabels.ofSeries(run, snapshot);
        return series(snapshot).stream()
                .map(one -> new Sample(common.and(one.tags()), one.value().applyAsDouble(snapshot)))
                .toList();
    }

    /** The unit as Micrometer may hear it: only one that ends the name, since a registry would append any other. */
    @Nullable
    String baseUnit() {
        String ending = "_" + unit.replace(' ', '_');
        return meterName().replace('.', '_').endsWith(ending) && !unit.isEmpty() ? ending.substring(1) : null;
    }

    /** The series that a run has so far: it may come to have more, once its layers are probed. */
    List<Series> series(RunSnapshot now) {
        Figure read = figure;
        if (read == null || !read.appliesTo(now)) {
            return List.of();
        }
        return read.labelName().isEmpty()
                ? List.of(new Series(Tags.empty(), read::value))
                : read.labels(now).stream()
                        .map(label -> new Series(Tags.of(read.labelName(), label), run -> read.value(run, label)))
                        .toList();
    }
}
