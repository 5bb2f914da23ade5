package org.etascope.dashboards;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A number that a text quotes, asked for when the text is written. {@code $} stands for the matchers of the alert's own
 * series, {@code <back>} for how far back the alert looks. How it is written is a function that Prometheus's and Grafana's
 * templates both have.
 */
enum Figure {
    /** Digits that the error of the slope allows, as the core's {@code VerdictSentence.decimals} counts them. */
    DECIMALS(decimals(halfInterval()), "printf \"%.0f\""),
    /** b·ln 2. */
    RATE(last("etascope_nats_per_doubling"), "printf $decimals"),
    /** Half its interval. */
    ERROR(halfInterval(), "printf $decimals"),
    /** What it is held against. */
    THRESHOLD(last("etascope_saturation_threshold_nats_per_doubling"), "printf $decimals"),
    /** Tokens until an open verdict closes, with two digits. */
    MORE(twoDigits(last("etascope_tokens_until_conclusive")), "humanize"),
    /** D. */
    TOKENS(last("etascope_run_tokens"), "humanize"),
    /** Steps of the run. */
    STEPS(last("etascope_run_steps"), "printf \"%.0f\""),
    /** L. */
    LOSS(last("etascope_current_loss_nats"), "printf \"%.3g\""),
    /** The last finite loss. */
    LAST(last("etascope_last_loss_nats"), "printf \"%.3g\""),
    /** H. */
    BASELINE(last("etascope_baseline_nats"), "printf \"%.3g\""),
    /** Validation loss. */
    VALIDATION(last("etascope_validation_loss_nats"), "printf \"%.3g\""),
    /** Validation above training. */
    GAP(last("etascope_generalization_gap_nats"), "printf \"%.3g\""),
    /** Bits of the data that the model has by heart. */
    MEMORIZED(last("etascope_memorized_bits"), "humanize"),
    /** The headline reading. */
    ETA(last("etascope_eta_ratio"), "printf \"%.3g\""),
    /** What a decay from now would gain. */
    GAIN(gain(""), "printf \"%.2f\""),
    /** Its lower end. */
    GAIN_LOWER(gain("_lower"), "printf \"%.2f\""),
    /** Its upper end. */
    GAIN_UPPER(gain("_upper"), "printf \"%.2f\""),
    /** Digits that the error of that allows which stands next. */
    ABOVE_DECIMALS(decimals(last("etascope_loss_above_lowest_standard_error_nats")), "printf \"%.0f\""),
    /** How far the loss stands above its lowest level. */
    ABOVE(last("etascope_loss_above_lowest_nats"), "printf $above_decimals"),
    /** Its standard error. */
    ABOVE_ERROR(last("etascope_loss_above_lowest_standard_error_nats"), "printf $above_decimals"),
    /** Since which D. */
    SINCE(last("etascope_loss_above_lowest_since_tokens"), "humanize"),
    /** Steps whose loss was not finite. */
    NONFINITE(last("etascope_nonfinite_steps_total"), "humanize"),
    /** Faults of the monitor's own. */
    FAULTS(last("etascope_listener_errors_total"), "humanize"),
    /** Share of the time that the monitor takes. */
    SHARE("rate(etascope_listener_seconds_total{$}[<window>])", "humanizePercentage"),
    /** When the last step was. */
    LAST_STEP("floor(" + last("etascope_last_step_timestamp_seconds") + ")", "humanizeTimestamp"),
    /** When it was found saturated. */
    SATURATED("floor(" + last("etascope_saturation_timestamp_seconds") + ")", "humanizeTimestamp"),
    /** How long the run took. */
    DURATION(
            "floor(" + last("etascope_run_end_timestamp_seconds") + " - " + last("etascope_run_start_timestamp_seconds")
                    + ")",
            "humanizeDuration");

    private final String expression;
    private final String function;

    Figure(String expression, String function) {
        this.expression = expression;
        this.function = function;
    }

    /** The last value of a metric. */
    private static String last(String metric) {
        return "last_over_time(" + metric + "{$}[<back>])";
    }

    private static String gain(String end) {
        return last("etascope_forecast_gain_nats" + end).replace("{", "{at=\"decay_now\",");
    }

    private static String halfInterval() {
        return "(" + last("etascope_nats_per_doubling_upper") + " - " + last("etascope_nats_per_doubling_lower")
                + ") / 2";
    }

    private static String decimals(String error) {
        return "clamp(ceil(-log10(" + error + " > 0)), 2, 6) or on () vector(2)";
    }

    private static String twoDigits(String count) {
        String lastDigit = "10 ^ (floor(log10(" + count + ")) - 1)";
        return "floor(" + count + " / " + lastDigit + " + 0.5) * " + lastDigit;
    }

    /** {@return the figure that a text calls by this name; the core writes aboveError} */
    static Figure named(String name) {
        String key = name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(figure -> figure.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no figure {" + name + "}"));
    }

    /** {@return its name in a text, between braces} */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return what to ask Prometheus} */
    String expression() {
        return expression;
    }

    /** {@return the function of a template that writes it} */
    String function() {
        return function;
    }

    /** {@return what has to be asked before any of these is written: how many decimals they have} */
    static List<Figure> decimalsOf(List<Figure> figures) {
        return Stream.of(DECIMALS, ABOVE_DECIMALS)
                .filter(decimals ->
                        figures.stream().anyMatch(figure -> figure.function.equals("printf $" + decimals.key())))
                .toList();
    }
}
