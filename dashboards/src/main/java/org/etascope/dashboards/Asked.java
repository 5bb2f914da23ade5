package org.etascope.dashboards;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How dashboards ask: what the variables choose, and what is shown of a run that has ended, each said once. */
final class Asked {
    /** What the variables choose. */
    private static final String CHOSEN = "job=~\"$job\",instance=~\"$instance\",run=~\"$run\"";

    private Asked() {}

    /** {@return a metric of the chosen runs, narrowed by further matchers} */
    static String chosen(String metric, String... matchers) {
        return metric + "{"
                + Stream.concat(Stream.of(CHOSEN), Stream.of(matchers)).collect(Collectors.joining(",")) + "}";
    }

    /** {@return over time, one line a run: processes that followed each other join, of workers the highest counts} */
    static String line(String metric, String... matchers) {
        return "max by (job, run) (" + chosen(metric, matchers) + ")";
    }

    /** {@return the last value within the time range, so that a run that has ended still shows it; of the latest process} */
    static String last(String metric, String... matchers) {
        return "max by (job, run) (last_over_time(" + chosen(metric, matchers) + "[$__range])"
                + " and on (job, instance) topk by (job, run) (1, last_over_time("
                + chosen("etascope_run_start_timestamp_seconds") + "[$__range])))";
    }

    /** {@return growth per second} */
    static String rate(String counter) {
        return "sum by (job, run) (rate(" + chosen(counter) + "[$__rate_interval]))";
    }

    /** {@return growth} */
    static String increase(String counter) {
        return "sum by (job, run) (increase(" + chosen(counter) + "[$__rate_interval]))";
    }

    /** {@return a number that stands for where a run is: see {@link Boards#state}} */
    static String state() {
        return "3 * (" + last("etascope_run_outcome", "outcome=\"finished\"") + " == 1)"
                + " or 4 * (" + last("etascope_run_outcome", "outcome=\"failed\"") + " == 1)"
                + " or 5 * (" + last("etascope_run_outcome", "outcome=\"interrupted\"") + " == 1)"
                + " or 6 + 0 * (" + last("etascope_run_end_timestamp_seconds") + " > 0)"
                + " or 7 * (" + last("etascope_condition", "condition=\"blow_up\"") + " == 1)"
                + " or 8 * (" + last("etascope_condition", "condition=~\"rising|risen\"") + " == 1)"
                + " or 2 * (" + last("etascope_phase", "phase=\"saturated\"") + " == 1)"
                + " or " + last("etascope_phase", "phase=\"training\"") + " == 1"
                + " or 0 * (" + last("etascope_phase", "phase=\"initial\"") + " == 1)";
    }
}
