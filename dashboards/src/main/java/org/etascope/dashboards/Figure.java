package org.etascope.dashboards;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A number that a text quotes, asked for when the text is written. {@code $} stands for the matchers of the alert's own
 * series, {@code <back>} for how far back the alert looks.
 */
enum Figure {
    /** Digits that the error of the slope allows, as the core's {@code VerdictSentence.decimals} counts them. */
    DECIMALS(
            "clamp(ceil(-log10((last_over_time(etascope_nats_per_doubling_upper{$}[<back>])"
                    + " - last_over_time(etascope_nats_per_doubling_lower{$}[<back>])) / 2 > 0)), 2, 6) or on () vector(2)",
            Style.PLAIN),
    /** b·ln 2. */
    RATE("last_over_time(etascope_nats_per_doubling{$}[<back>])", Style.DECIMALS),
    /** Half its interval. */
    ERROR(
            "(last_over_time(etascope_nats_per_doubling_upper{$}[<back>])"
                    + " - last_over_time(etascope_nats_per_doubling_lower{$}[<back>])) / 2",
            Style.DECIMALS),
    /** What it is held against. */
    THRESHOLD("last_over_time(etascope_saturation_threshold_nats_per_doubling{$}[<back>])", Style.DECIMALS),
    /** Tokens until an open verdict closes, with two digits. */
    MORE(
            "floor(last_over_time(etascope_tokens_until_conclusive{$}[<back>])"
                    + " / 10 ^ (floor(log10(last_over_time(etascope_tokens_until_conclusive{$}[<back>]))) - 1) + 0.5)"
                    + " * 10 ^ (floor(log10(last_over_time(etascope_tokens_until_conclusive{$}[<back>]))) - 1)",
            Style.COUNT),
    /** D. */
    TOKENS("last_over_time(etascope_run_tokens{$}[<back>])", Style.COUNT),
    /** Steps of the run. */
    STEPS("last_over_time(etascope_run_steps{$}[<back>])", Style.PLAIN),
    /** L. */
    LOSS("last_over_time(etascope_current_loss_nats{$}[<back>])", Style.THREE_DIGITS),
    /** The last finite loss. */
    LAST("last_over_time(etascope_last_loss_nats{$}[<back>])", Style.THREE_DIGITS),
    /** H. */
    BASELINE("last_over_time(etascope_baseline_nats{$}[<back>])", Style.THREE_DIGITS),
    /** Validation loss. */
    VALIDATION("last_over_time(etascope_validation_loss_nats{$}[<back>])", Style.THREE_DIGITS),
    /** Validation above training. */
    GAP("last_over_time(etascope_generalization_gap_nats{$}[<back>])", Style.THREE_DIGITS),
    /** Bits of the data that the model has by heart. */
    MEMORIZED("last_over_time(etascope_memorized_bits{$}[<back>])", Style.COUNT),
    /** The headline reading. */
    ETA("last_over_time(etascope_eta_ratio{$}[<back>])", Style.THREE_DIGITS),
    /** What a decay from now would gain. */
    GAIN("last_over_time(etascope_forecast_gain_nats{at=\"decay_now\",$}[<back>])", Style.TWO_DECIMALS),
    /** Its lower end. */
    GAIN_LOWER("last_over_time(etascope_forecast_gain_nats_lower{at=\"decay_now\",$}[<back>])", Style.TWO_DECIMALS),
    /** Its upper end. */
    GAIN_UPPER("last_over_time(etascope_forecast_gain_nats_upper{at=\"decay_now\",$}[<back>])", Style.TWO_DECIMALS),
    /** Digits that the error of that allows which stands next. */
    ABOVE_DECIMALS(
            "clamp(ceil(-log10(last_over_time(etascope_loss_above_lowest_standard_error_nats{$}[<back>]) > 0)), 2, 6)"
                    + " or on () vector(2)",
            Style.PLAIN),
    /** How far the loss stands above its lowest level. */
    ABOVE("last_over_time(etascope_loss_above_lowest_nats{$}[<back>])", Style.ABOVE_DECIMALS),
    /** Its standard error. */
    ABOVE_ERROR("last_over_time(etascope_loss_above_lowest_standard_error_nats{$}[<back>])", Style.ABOVE_DECIMALS),
    /** Since which D. */
    SINCE("last_over_time(etascope_loss_above_lowest_since_tokens{$}[<back>])", Style.COUNT),
    /** Steps whose loss was not finite. */
    NONFINITE("last_over_time(etascope_nonfinite_steps_total{$}[<back>])", Style.COUNT),
    /** Faults of the monitor's own. */
    FAULTS("last_over_time(etascope_listener_errors_total{$}[<back>])", Style.COUNT),
    /** Share of the time that the monitor takes. */
    SHARE("rate(etascope_listener_seconds_total{$}[<window>])", Style.PERCENT),
    /** When the last step was. */
    LAST_STEP("floor(last_over_time(etascope_last_step_timestamp_seconds{$}[<back>]))", Style.TIME),
    /** When it was found saturated. */
    SATURATED("floor(last_over_time(etascope_saturation_timestamp_seconds{$}[<back>]))", Style.TIME),
    /** How long the run took. */
    DURATION(
            "floor(last_over_time(etascope_run_end_timestamp_seconds{$}[<back>])"
                    + " - last_over_time(etascope_run_start_timestamp_seconds{$}[<back>]))",
            Style.DURATION);

    /** How a number is written; the same in Prometheus's and in Grafana's templates. */
    enum Style {
        /** A whole number. */
        PLAIN("printf \"%.0f\""),
        /** As many decimals as the error of the slope allows. */
        DECIMALS("printf $decimals"),
        /** As many as the error of the height above the lowest level allows. */
        ABOVE_DECIMALS("printf $above_decimals"),
        /** Two decimals. */
        TWO_DECIMALS("printf \"%.2f\""),
        /** Three significant digits. */
        THREE_DIGITS("printf \"%.3g\""),
        /** With a letter for the power of thousand. */
        COUNT("humanize"),
        /** Of a hundred. */
        PERCENT("humanizePercentage"),
        /** Date and time. */
        TIME("humanizeTimestamp"),
        /** Hours, minutes and seconds. */
        DURATION("humanizeDuration");

        private final String function;

        Style(String function) {
            this.function = function;
        }

        /** {@return the function of a template that writes a number so} */
        String function() {
            return function;
        }
    }

    private final String expression;
    private final Style style;

    Figure(String expression, Style style) {
        this.expression = expression;
        this.style = style;
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

    /** {@return what has to be asked before any of these is written: how many decimals they have} */
    static List<Figure> decimalsOf(List<Figure> figures) {
        List<Figure> decimals = new ArrayList<>();
        if (figures.stream().anyMatch(figure -> figure.style == Style.DECIMALS)) {
            decimals.add(DECIMALS);
        }
        if (figures.stream().anyMatch(figure -> figure.style == Style.ABOVE_DECIMALS)) {
            decimals.add(ABOVE_DECIMALS);
        }
        return decimals;
    }

    Style style() {
        return style;
    }
}
