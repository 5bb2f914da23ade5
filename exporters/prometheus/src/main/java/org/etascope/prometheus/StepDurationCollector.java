package org.etascope.prometheus;

import io.prometheus.client.Collector;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.etascope.core.StepDurations;

/**
 * How long steps take, as a histogram of each run. Micrometer has no histogram that is read and not recorded into, and
 * recording is nothing for the training thread, so this one is told to the client's registry itself.
 */
final class StepDurationCollector extends Collector {
    private static final String NAME = "etascope_step_duration_seconds";
    private static final List<String> LABELS = List.of("run", "worker");
    private static final List<String> BUCKET_LABELS = List.of("run", "worker", "le");
    private static final List<String> BOUNDS = Stream.concat(
                    StepDurations.UPPER_BOUNDS.stream(), Stream.of(Double.POSITIVE_INFINITY))
            .map(Collector::doubleToGoString)
            .toList();

    private final List<WatchedRun> runs;

    StepDurationCollector(List<WatchedRun> runs) {
        this.runs = runs;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        List<MetricFamilySamples.Sample> samples = new ArrayList<>();
        // An ended run stays on the page for longer than in the metrics.
        runs.stream().filter(run -> !run.meters().closed()).forEach(run -> add(samples, run));
        return List.of(new MetricFamilySamples(
                NAME, Type.HISTOGRAM, "Time from one step to the next, in this process since it started.", samples));
    }

    private static void add(List<MetricFamilySamples.Sample> samples, WatchedRun run) {
        StepDurations durations = run.monitor().stepDurations();
        List<String> labels = List.of(run.name(), run.worker());
        long count = 0;
        for (int i = 0; i < BOUNDS.size(); i++) {
            count += durations.counts().get(i);
            samples.add(new MetricFamilySamples.Sample(
                    NAME + "_bucket", BUCKET_LABELS, List.of(run.name(), run.worker(), BOUNDS.get(i)), count));
        }
        samples.add(new MetricFamilySamples.Sample(NAME + "_count", LABELS, labels, count));
        samples.add(new MetricFamilySamples.Sample(NAME + "_sum", LABELS, labels, durations.sumSeconds()));
    }
}
