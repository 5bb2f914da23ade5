package org.etascope.prometheus;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.etascope.core.RunSnapshot;
import org.etascope.core.Timeline;
import org.etascope.micrometer.EtascopeMeter;

/**
 * The past of a run as OpenMetrics text with timestamps, for {@code promtool tsdb create-blocks-from openmetrics}: the
 * same names, labels and values that a scrape at each moment would have shown. What was not known is left out.
 *
 * <p>A server that scrapes adds {@code job} and {@code instance}, and the dashboards choose runs by them; here they are
 * {@code etascope} and {@code backfill}.
 */
public final class OpenMetricsFile {
    private static final Tags TARGET = Tags.of("job", "etascope", "instance", "backfill");

    private OpenMetricsFile() {}

    private record Point(double seconds, double value) {}

    /**
     * Writes the moments of one run, each at the time of its last step, the last one at the run's end if it has ended.
     * Moments without a step, or not later than the one before, are left out.
     *
     * @param out where to
     * @param moments the run's moments, oldest first, as {@link org.etascope.recording.Journal#moments()} has them
     * @throws IOException if {@code out} refuses
     */
    public static void write(Appendable out, List<RunSnapshot> moments) throws IOException {
        List<RunSnapshot> inOrder = inOrder(moments);
        for (EtascopeMeter meter : EtascopeMeter.all()) {
            Map<Tags, List<Point>> series = series(meter, inOrder);
            if (!series.isEmpty()) {
                writeFamily(out, meter, series);
            }
        }
        out.append("# EOF\n");
    }

    private static double seconds(RunSnapshot moment) {
        Timeline timeline = moment.timeline();
        return timeline.ended()
                ? Math.max(timeline.endSeconds(), timeline.lastStepSeconds())
                : timeline.lastStepSeconds();
    }

    private static List<RunSnapshot> inOrder(List<RunSnapshot> moments) {
        List<RunSnapshot> inOrder = new ArrayList<>();
        double before = Double.NEGATIVE_INFINITY;
        for (RunSnapshot moment : moments) {
            // False for NaN: no step yet.
            if (seconds(moment) > before) {
                inOrder.add(moment);
                before = seconds(moment);
            }
        }
        return inOrder;
    }

    private static Map<Tags, List<Point>> series(EtascopeMeter meter, List<RunSnapshot> moments) {
        Map<Tags, List<Point>> series = new LinkedHashMap<>();
        for (RunSnapshot moment : moments) {
            for (EtascopeMeter.Sample sample : meter.samples(moment.info().run(), moment)) {
                if (!Double.isNaN(sample.value())) {
                    series.computeIfAbsent(sample.tags(), tags -> new ArrayList<>())
                            .add(new Point(seconds(moment), sample.value()));
                }
            }
        }
        return series;
    }

    private static void writeFamily(Appendable out, EtascopeMeter meter, Map<Tags, List<Point>> series)
            throws IOException {
        String name = meter.prometheusName();
        boolean counter = meter.type() == Meter.Type.COUNTER;
        boolean info = meter == EtascopeMeter.RUN_INFO;
        // In OpenMetrics a family has the name without the ending that its samples have.
        String family = counter || info ? name.substring(0, name.lastIndexOf('_')) : name;
        String type = counter ? "counter" : info ? "info" : "gauge";
        out.append("# TYPE ").append(family).append(' ').append(type).append('\n');
        out.append("# HELP ")
                .append(family)
                .append(' ')
                .append(escaped(meter.description()))
                .append('\n');
        for (Map.Entry<Tags, List<Point>> one : series.entrySet()) {
            String labels = labels(one.getKey().and(TARGET));
            for (Point point : one.getValue()) {
                out.append(name).append(labels).append(' ').append(number(point.value()));
                out.append(
                        String.format(Locale.ROOT, " %.3f%n", point.seconds()).replace("\r", ""));
            }
        }
    }

    private static String labels(Tags tags) {
        StringBuilder labels = new StringBuilder("{");
        for (Tag tag : tags) {
            if (tag.getValue().isEmpty()) {
                continue; // to Prometheus an empty label is none
            }
            labels.append(labels.length() > 1 ? "," : "");
            labels.append(tag.getKey())
                    .append("=\"")
                    .append(escaped(tag.getValue()))
                    .append('"');
        }
        return labels.append('}').toString();
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return Double.toString(value);
    }
}
