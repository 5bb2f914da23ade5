package org.etascope.dashboards;

import static org.etascope.dashboards.Asked.chosen;
import static org.etascope.dashboards.Asked.increase;
import static org.etascope.dashboards.Asked.last;
import static org.etascope.dashboards.Asked.line;
import static org.etascope.dashboards.Asked.rate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.etascope.core.Condition;
import org.etascope.core.Outcome;
import org.etascope.core.SaturationCause;
import org.etascope.core.VerdictSentence;
import org.etascope.dashboards.Board.Mark;
import org.etascope.dashboards.Board.Section;
import org.etascope.dashboards.Board.Variable;
import org.etascope.dashboards.Panel.Draw;
import org.etascope.dashboards.Panel.Kind;

/** The dashboards. */
final class Boards {
    static final String NATS = "suffix:nats";
    static final String RUNBOOK = "etascope-runbook";

    /** Seconds without a step after which a stall begins to count, as the alert says. */
    private static final double STALLED =
            Times.SHIPPED.scrapeInterval().multipliedBy(10).toSeconds();

    private static final String COMPARE = "etascope-compare";
    private static final String FLEET = "etascope-fleet";

    private Boards() {}

    /**
     * {@return all dashboards}
     *
     * @param runbook what to do on each alert, by its name, in Markdown
     */
    static List<Board> all(Map<String, String> runbook) {
        return List.of(run(), compare(), fleet(), health(), runbook(runbook));
    }

    /** {@return where Grafana shows an alert's chapter of the runbook} */
    static String runbookPath(Alert alert) {
        return "/d/" + RUNBOOK + "?viewPanel="
                + (Alerts.all().stream().map(Alert::name).toList().indexOf(alert.name()) + 1) + "#" + alert.anchor();
    }

    /** {@return what links from a run lead to} */
    static String runPath(String run, String job) {
        return "/d/" + Alerts.RUN_BOARD + "?var-run=" + run + "&var-job=" + job
                + "&${datasource:queryparam}&${__url_time_range}";
    }

    // ---- one run ----

    private static Board run() {
        return new Board(
                Alerts.RUN_BOARD,
                "Run",
                "One training run: is it fine, how much has it learnt, what would more buy.",
                List.of(
                        job(),
                        instance(),
                        new Variable(
                                "run",
                                "Run",
                                "query_result(sort_desc(max by (run)"
                                        + " (last_over_time(etascope_run_start_timestamp_seconds{job=~\"$job\",instance=~\"$instance\"}[$__range])"
                                        + " and on (job, instance, run)"
                                        + " last_over_time(etascope_run_info{job=~\"$job\",instance=~\"$instance\"}[$__range]))))",
                                "/run=\"((?:[^\"\\\\]|\\\\.)*)\"/",
                                false,
                                ""),
                        new Variable(
                                "unit", "", "label_values(" + chosen("etascope_run_info") + ", unit)", "", false, "")),
                marks(),
                List.of(
                        new Section(
                                "Is it fine?",
                                true,
                                List.of(
                                        state(Panel.of(
                                                        Kind.STAT,
                                                        "State",
                                                        "none",
                                                        "Where the run is. Flat means that more of the same data buys"
                                                                + " nothing now, not that the model is full. Alert"
                                                                + " EtascopeEtaPlateau.")
                                                .size(8, 4)
                                                .each(Asked.state(), "state")),
                                        Panel.of(
                                                        Kind.STAT,
                                                        "Since",
                                                        "dateTimeFromNow",
                                                        "Since when: the end, the plateau, or the start.")
                                                .size(4, 4)
                                                .each(
                                                        "1000 * (" + last("etascope_run_end_timestamp_seconds")
                                                                + " > 0 or "
                                                                + last("etascope_saturation_timestamp_seconds")
                                                                + " > 0 and on (job, run) "
                                                                + last("etascope_phase", "phase=\"saturated\"")
                                                                + " == 1 or "
                                                                + last("etascope_run_start_timestamp_seconds") + ")",
                                                        "since"),
                                        Panel.of(
                                                        Kind.TABLE,
                                                        "Alerts firing",
                                                        "none",
                                                        "What fires now; each leads to what to do.")
                                                .size(12, 4)
                                                .each(
                                                        "max by (alertname, severity) ("
                                                                + chosen("ALERTS", "alertstate=\"firing\"") + ")",
                                                        "firing")
                                                .link("/d/" + RUNBOOK))),
                        new Section(
                                "How much has it learnt?",
                                true,
                                List.of(
                                        Panel.of(
                                                        Kind.TREND,
                                                        "Loss over ${unit}s",
                                                        NATS,
                                                        "Nats per ${unit} over the ${unit}s trained on, logarithmic: a"
                                                                + " power law is nearly straight. Bands: the loss now with"
                                                                + " its standard error; the forecast of the planned end,"
                                                                + " where there is one.")
                                                .size(12, 9)
                                                .line(line("etascope_run_tokens"), "D", Color.FAINT)
                                                .line(
                                                        line("etascope_current_loss_nats") + " - "
                                                                + line("etascope_current_loss_standard_error_nats"),
                                                        "now, lower",
                                                        Draw.LOWER,
                                                        Color.MAIN)
                                                .line(
                                                        line("etascope_current_loss_nats") + " + "
                                                                + line("etascope_current_loss_standard_error_nats"),
                                                        "now, upper",
                                                        Draw.UPPER,
                                                        Color.MAIN)
                                                .line(line("etascope_current_loss_nats"), "now", Color.MAIN)
                                                .line(line("etascope_validation_loss_nats"), "validation", Color.SECOND)
                                                .line(
                                                        line("etascope_forecast_loss_nats_lower", "at=\"planned_end\""),
                                                        "planned end, lower",
                                                        Draw.LOWER,
                                                        Color.GOOD)
                                                .line(
                                                        line("etascope_forecast_loss_nats_upper", "at=\"planned_end\""),
                                                        "planned end, upper",
                                                        Draw.UPPER,
                                                        Color.GOOD),
                                        Panel.of(
                                                        Kind.CHART,
                                                        "η",
                                                        "none",
                                                        "Information capacity: what was transmitted, with its standard"
                                                                + " error; and what was absorbed.")
                                                .size(12, 9)
                                                .line(
                                                        line("etascope_eta_ratio") + " - "
                                                                + line("etascope_eta_standard_error_ratio"),
                                                        "transmitted, lower",
                                                        Draw.LOWER,
                                                        Color.MAIN)
                                                .line(
                                                        line("etascope_eta_ratio") + " + "
                                                                + line("etascope_eta_standard_error_ratio"),
                                                        "transmitted, upper",
                                                        Draw.UPPER,
                                                        Color.MAIN)
                                                .line(line("etascope_eta_ratio"), "transmitted", Color.MAIN)
                                                .line(line("etascope_eta_absorbed_ratio"), "absorbed", Color.GOOD))),
                        new Section(
                                "What would more buy?",
                                true,
                                List.of(
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Nats per doubling of the ${unit}s",
                                                        NATS,
                                                        "What doubling the ${unit}s has bought over the window behind,"
                                                                + " with its interval, against the threshold below which"
                                                                + " it counts as flat.")
                                                .size(12, 8)
                                                .line(
                                                        line("etascope_nats_per_doubling_lower"),
                                                        "lower",
                                                        Draw.LOWER,
                                                        Color.MAIN)
                                                .line(
                                                        line("etascope_nats_per_doubling_upper"),
                                                        "upper",
                                                        Draw.UPPER,
                                                        Color.MAIN)
                                                .line(line("etascope_nats_per_doubling"), "gained", Color.MAIN)
                                                .line(
                                                        line("etascope_saturation_threshold_nats_per_doubling"),
                                                        "flat below",
                                                        Draw.LIMIT,
                                                        Color.WARNING),
                                        Panel.of(
                                                        Kind.STAT,
                                                        "Forecast of the loss",
                                                        NATS,
                                                        "At the planned end; its interval is the band beside. A dash:"
                                                                + " refused, the live page says why.")
                                                .size(4, 8)
                                                .line(
                                                        last("etascope_forecast_loss_nats", "at=\"planned_end\""),
                                                        "planned end",
                                                        Color.MAIN),
                                        Panel.of(
                                                        Kind.STAT,
                                                        "Would gain",
                                                        NATS,
                                                        "The next doubling of the ${unit}s at this rate, and a decay of"
                                                                + " the learning rate from now.")
                                                .size(4, 8)
                                                .each(
                                                        "max by (job, run, at) (last_over_time("
                                                                + chosen(
                                                                        "etascope_forecast_gain_nats",
                                                                        "at!=\"planned_end\"")
                                                                + "[$__range]))",
                                                        "{{at}}"),
                                        Panel.of(Kind.STAT, "Time left", "s", "To the planned end, at the pace of now.")
                                                .size(4, 8)
                                                .line(
                                                        "(" + last("etascope_planned_tokens") + " - "
                                                                + last("etascope_run_tokens") + ") / ("
                                                                + rate("etascope_tokens_total") + " > 0)",
                                                        "time left",
                                                        Color.MAIN))),
                        new Section(
                                "How do its layers share it?",
                                false,
                                List.of(
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Prediction residual of each layer",
                                                        "none",
                                                        "What a straight line from a layer's state leaves unexplained of"
                                                                + " the next token. Only where the run has a probe of its"
                                                                + " layers.")
                                                .size(18, 8)
                                                .each(
                                                        "max by (job, run, layer) ("
                                                                + chosen("etascope_layer_prediction_residual") + ")",
                                                        "layer {{layer}}"),
                                        Panel.of(
                                                        Kind.STAT,
                                                        "A layer leaves",
                                                        "none",
                                                        "Decay ratio: what a layer leaves of the residual of the one"
                                                                + " before, by the line through all of them.")
                                                .size(6, 8)
                                                .line(last("etascope_layer_decay_ratio"), "decay ratio", Color.MAIN))),
                        new Section(
                                "What does it cost?",
                                false,
                                List.of(
                                        Panel.of(
                                                        Kind.STAT,
                                                        "Energy taken",
                                                        "joule",
                                                        "What this machine took while the run went on, and the time over"
                                                                + " which all of it was measured. Other runs may have"
                                                                + " shared it. Only where something measures.")
                                                .size(6, 8)
                                                .line(last("etascope_run_energy_joules"), "joules", Color.MAIN)
                                                .column(
                                                        last("etascope_run_energy_covered_seconds"),
                                                        "measured over",
                                                        "s"),
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Price of an absorbed bit",
                                                        "joule",
                                                        "Joules per bit that the model takes up now, with its interval;"
                                                                + " nothing is drawn where nothing is learnt: the price"
                                                                + " is infinite then.")
                                                .size(18, 8)
                                                .logarithmic()
                                                .line(
                                                        line("etascope_joules_per_absorbed_bit_lower"),
                                                        "lower end",
                                                        Draw.LOWER,
                                                        Color.FAINT)
                                                .line(
                                                        line("etascope_joules_per_absorbed_bit_upper"),
                                                        "upper end",
                                                        Draw.UPPER,
                                                        Color.FAINT)
                                                .line(line("etascope_joules_per_absorbed_bit"), "price", Color.MAIN),
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Above the Landauer floor (powers of ten)",
                                                        "none",
                                                        "How many powers of ten the measured energy lies above the least"
                                                                + " that the transmitted bits can have cost.")
                                                .size(8, 8)
                                                .line(line("etascope_log10_energy_ratio"), "powers of ten", Color.MAIN),
                                        Panel.of(Kind.CHART, "A ${unit} costs", "joule", "Mean energy of a ${unit}.")
                                                .size(8, 8)
                                                .line(line("etascope_joules_per_token"), "joules", Color.MAIN),
                                        Panel.of(
                                                        Kind.STAT,
                                                        "More would cost",
                                                        "joule",
                                                        "The next 0.01 nats by the forecast, with its interval, and the"
                                                                + " way to the planned end; and what stopping at the"
                                                                + " plateau would have saved.")
                                                .size(8, 8)
                                                .line(
                                                        last("etascope_next_hundredth_nat_joules"),
                                                        "next 0.01 nats",
                                                        Color.MAIN)
                                                .line(
                                                        last("etascope_next_hundredth_nat_joules_lower"),
                                                        "from",
                                                        Color.FAINT)
                                                .line(
                                                        last("etascope_next_hundredth_nat_joules_upper"),
                                                        "to",
                                                        Color.FAINT)
                                                .line(last("etascope_planned_end_joules"), "planned end", Color.SECOND)
                                                .line(
                                                        last("etascope_joules_since_plateau"),
                                                        "since the plateau",
                                                        Color.WARNING))),
                        new Section(
                                "Why?",
                                false,
                                List.of(
                                        states("Phase", "The run's phases.", "etascope_phase", "phase", List.of()),
                                        states(
                                                "Conditions",
                                                "What else held, and when. Alerts EtascopeLossRising,"
                                                        + " EtascopeLossBlowUp, EtascopeOverfitting, EtascopeNotLearning,"
                                                        + " EtascopeBaselineSuspect.",
                                                "etascope_condition",
                                                "condition",
                                                Arrays.stream(Condition.values())
                                                        .map(Condition::label)
                                                        .toList()),
                                        states(
                                                "Likely cause",
                                                "Why it is flat, while it is.",
                                                "etascope_saturation_cause",
                                                "cause",
                                                Arrays.stream(SaturationCause.values())
                                                        .map(SaturationCause::label)
                                                        .toList()),
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Above its lowest level",
                                                        NATS,
                                                        "How far the loss stands above its lowest level, with its"
                                                                + " standard error.")
                                                .size(12, 8)
                                                .line(
                                                        line("etascope_loss_above_lowest_nats") + " - "
                                                                + line(
                                                                        "etascope_loss_above_lowest_standard_error_nats"),
                                                        "lower",
                                                        Draw.LOWER,
                                                        Color.BAD)
                                                .line(
                                                        line("etascope_loss_above_lowest_nats") + " + "
                                                                + line(
                                                                        "etascope_loss_above_lowest_standard_error_nats"),
                                                        "upper",
                                                        Draw.UPPER,
                                                        Color.BAD)
                                                .line(line("etascope_loss_above_lowest_nats"), "above", Color.BAD),
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Until a verdict",
                                                        "short",
                                                        "While it is inconclusive: about how many more ${unit}s would tell.")
                                                .size(12, 8)
                                                .line(line("etascope_tokens_until_conclusive"), "more", Color.MAIN),
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Progress ratio",
                                                        "none",
                                                        "Today's learning over the run's average, and the fraction"
                                                                + " that counts as flat.")
                                                .size(12, 8)
                                                .line(line("etascope_progress_ratio"), "R", Color.MAIN)
                                                .line(
                                                        line("etascope_saturation_threshold_ratio"),
                                                        "κ",
                                                        Draw.LIMIT,
                                                        Color.WARNING),
                                        Panel.of(Kind.CHART, "Learning rate", "sci", "Where the framework tells it.")
                                                .size(12, 8)
                                                .logarithmic()
                                                .line(line("etascope_learning_rate"), "learning rate", Color.MAIN),
                                        Panel.of(
                                                        Kind.STAT,
                                                        "Since the last step",
                                                        "s",
                                                        "How long ago the last step was, while the run goes on. Alert"
                                                                + " EtascopeTrainingStalled.")
                                                .size(12, 8)
                                                .line(
                                                        "time() - " + last("etascope_last_step_timestamp_seconds")
                                                                + " unless on (job, run) "
                                                                + last("etascope_run_end_timestamp_seconds") + " > 0",
                                                        "since the last step",
                                                        Color.FAINT)
                                                .threshold(STALLED, Color.BAD),
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Steps left out",
                                                        "short",
                                                        "Steps that count in no reading, and stretches begun without"
                                                                + " stored state. Alert EtascopeLossNotFinite.")
                                                .size(12, 8)
                                                .line(
                                                        increase("etascope_nonfinite_steps_total"),
                                                        "not finite",
                                                        Color.BAD)
                                                .line(
                                                        increase("etascope_skipped_steps_total"),
                                                        "skipped",
                                                        Color.WARNING)
                                                .line(increase("etascope_segments_total"), "segments", Color.FAINT))),
                        new Section(
                                "The numbers behind",
                                false,
                                List.of(
                                        Panel.of(Kind.CHART, "Information", "suffix:bit", "The three readings in bits.")
                                                .size(12, 8)
                                                .line(
                                                        line("etascope_information_transmitted_bits"),
                                                        "transmitted",
                                                        Color.MAIN)
                                                .line(
                                                        line("etascope_information_absorbed_bits"),
                                                        "absorbed",
                                                        Color.GOOD)
                                                .line(
                                                        line("etascope_information_dataset_bits"),
                                                        "dataset",
                                                        Color.SECOND)
                                                .line(
                                                        "job_run:etascope_information_transmitted_bits:recomputed"
                                                                + "{job=~\"$job\",run=~\"$run\"}",
                                                        "all workers",
                                                        Draw.THIN,
                                                        Color.FAINT),
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Mean loss",
                                                        NATS,
                                                        "Over all ${unit}s, beside the loss now.")
                                                .size(12, 8)
                                                .line(line("etascope_mean_loss_nats"), "mean", Color.NEUTRAL)
                                                .line(line("etascope_current_loss_nats"), "now", Color.MAIN),
                                        Panel.of(
                                                        Kind.CHART,
                                                        "η of all workers",
                                                        "none",
                                                        "The whole run's, where several processes train it.")
                                                .size(12, 8)
                                                .line(
                                                        "job_run:etascope_eta_ratio:recomputed{job=~\"$job\",run=~\"$run\"}",
                                                        "all workers",
                                                        Color.SECOND)
                                                .line(
                                                        line("etascope_eta_ratio"),
                                                        "highest of them",
                                                        Draw.THIN,
                                                        Color.MAIN),
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Dataset reading",
                                                        "none",
                                                        "η of the dataset, and how it grows with the ${unit}s: 1 is by"
                                                                + " ${unit}s alone.")
                                                .size(12, 8)
                                                .line(line("etascope_eta_dataset_ratio"), "η dataset", Color.SECOND)
                                                .line(line("etascope_eta_loglog_slope"), "growth", Color.FAINT),
                                        Panel.of(
                                                        Kind.CHART,
                                                        "D",
                                                        "short",
                                                        "${unit}s: trained, unique, effective and planned.")
                                                .size(12, 8)
                                                .logarithmic()
                                                .line(line("etascope_run_tokens"), "trained", Color.MAIN)
                                                .line(line("etascope_unique_tokens"), "unique", Color.GOOD)
                                                .line(line("etascope_effective_tokens"), "effective", Color.SECOND)
                                                .line(
                                                        line("etascope_planned_tokens"),
                                                        "planned",
                                                        Draw.LIMIT,
                                                        Color.FAINT),
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Time of a step",
                                                        "s",
                                                        "From one step to the next: median, and what one step in a"
                                                                + " hundred exceeds.")
                                                .size(12, 8)
                                                .line(stepTime(0.5), "median", Color.MAIN)
                                                .line(stepTime(0.99), "99 of 100", Color.FAINT),
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Throughput",
                                                        "short",
                                                        "${unit}s and steps per second, of all processes of the run.")
                                                .size(12, 8)
                                                .line(rate("etascope_tokens_total"), "${unit}s", Color.MAIN)
                                                .line(rate("etascope_steps_total"), "steps", Color.FAINT),
                                        Panel.of(Kind.CHART, "Perplexity", "short", "e to the loss now.")
                                                .size(8, 8)
                                                .logarithmic()
                                                .line(line("etascope_perplexity"), "perplexity", Color.MAIN),
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Landauer floor (J)",
                                                        "sci",
                                                        "The least energy that the transmitted bits can have cost.")
                                                .size(8, 8)
                                                .logarithmic()
                                                .line(line("etascope_landauer_floor_joules"), "floor", Color.MAIN),
                                        Panel.of(Kind.CHART, "Generalisation gap", NATS, "Validation above training.")
                                                .size(8, 8)
                                                .line(line("etascope_generalization_gap_nats"), "gap", Color.SECOND))),
                        new Section("What is it?", false, List.of(provenance()))));
    }

    private static Panel provenance() {
        Panel panel = Panel.of(
                        Kind.TABLE, "Provenance", "none", "Model, data, baseline and its method, sizes, position.")
                .size(24, 8)
                .each("last_over_time(" + chosen("etascope_run_info") + "[$__range])", "");
        String[][] columns = {
            {"etascope_model_parameters", "parameters", "short"},
            {"etascope_model_size_bits", "model size", "suffix:bit"},
            {"etascope_vocabulary_size", "vocabulary", "short"},
            {"etascope_baseline_nats", "baseline H", NATS},
            {"etascope_baseline_standard_error_nats", "± H", NATS},
            {"etascope_temperature_kelvin", "temperature", "suffix:K"},
            {"etascope_run_steps", "steps", "none"},
            {"etascope_run_code_length_bits", "code length", "suffix:bit"},
            {"etascope_iteration", "iteration", "none"},
            {"etascope_epoch", "epochs", "none"},
            {"etascope_memorized_bits", "memorised", "suffix:bit"},
            {"etascope_saturated_at_tokens", "first flat at", "short"},
            {"etascope_loss_above_lowest_since_tokens", "above its lowest since", "short"}
        };
        for (String[] column : columns) {
            panel.column("last_over_time(" + chosen(column[0]) + "[$__range])", column[1], column[2]);
        }
        return panel;
    }

    // ---- several runs ----

    private static Board compare() {
        String common = "scalar(min(max by (job, run) (max_over_time(" + chosen("etascope_run_tokens")
                + "[$__range] @ end()))))";
        String atEqual = "last_over_time((max by (job, run) (" + chosen("etascope_current_loss_nats")
                + ") and on (job, run) max by (job, run) (" + chosen("etascope_run_tokens") + ") <= " + common
                + ")[$__range:])";
        Panel outcomes = state(Panel.of(
                                Kind.TABLE,
                                "Outcomes",
                                "none",
                                "The last values of each run within the time range, ended runs too. Losses compare"
                                        + " only on the same data and vocabulary. D counts tokens, or examples, pixels or labels."
                                        + " Equal D: as many as the shortest of them has.")
                        .size(24, 9)
                        .each(Asked.state(), "state"))
                .column(atEqual, "loss at equal D", NATS)
                .column(atEqual + " - scalar(min(" + atEqual + "))", "behind the best", NATS)
                .column(last("etascope_run_tokens"), "D", "short")
                .column(last("etascope_current_loss_nats"), "loss now", NATS)
                .column(last("etascope_validation_loss_nats"), "validation", NATS)
                .column(last("etascope_eta_ratio"), "η", "none")
                .column(last("etascope_eta_absorbed_ratio"), "η absorbed", "none")
                .column(last("etascope_nats_per_doubling"), "per doubling", NATS)
                .column("1000 * " + last("etascope_run_end_timestamp_seconds"), "ended", "dateTimeAsIso")
                .link("run");
        return new Board(
                COMPARE,
                "Compare",
                "Several runs at equal D, ended ones included.",
                List.of(job(), instance(), runs()),
                List.of(),
                List.of(
                        new Section("Which is best?", true, List.of(outcomes)),
                        new Section(
                                "At equal D",
                                true,
                                List.of(
                                        Panel.of(
                                                        Kind.COMPARISON,
                                                        "Loss against D",
                                                        NATS,
                                                        "The lower curve learns more from the same data.")
                                                .size(12, 10)
                                                .each(line("etascope_run_tokens"), "D")
                                                .each(line("etascope_current_loss_nats"), "loss"),
                                        Panel.of(
                                                        Kind.COMPARISON,
                                                        "η against D",
                                                        "none",
                                                        "The same, for each bit of the model.")
                                                .size(12, 10)
                                                .each(line("etascope_run_tokens"), "D")
                                                .each(line("etascope_eta_ratio"), "η"))),
                        new Section(
                                "Over time",
                                false,
                                List.of(
                                        Panel.of(Kind.CHART, "Loss by run", NATS, "Losses now over time.")
                                                .size(12, 8)
                                                .each(line("etascope_current_loss_nats"), "{{run}}"),
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Nats per doubling by run",
                                                        NATS,
                                                        "Which run is worth more data first.")
                                                .size(12, 8)
                                                .each(line("etascope_nats_per_doubling"), "{{run}}"),
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Throughput by run",
                                                        "short",
                                                        "D a second, all workers of each run together.")
                                                .size(12, 8)
                                                .each(
                                                        "job_run:etascope_tokens:rate{job=~\"$job\",run=~\"$run\"}",
                                                        "{{run}}"),
                                        Panel.of(Kind.CHART, "D by run", "short", "D of each run, of all its workers.")
                                                .size(12, 8)
                                                .each(
                                                        "job_run:etascope_run_tokens:sum{job=~\"$job\",run=~\"$run\"}",
                                                        "{{run}}")))));
    }

    private static Board fleet() {
        String found = "job=~\"$job\",instance=~\"$instance\",run=~\"(?i:.*$search.*)\"";
        String rate = "max by (job, run) (last_over_time(etascope_nats_per_doubling{" + found + "}[$__range]))";
        return new Board(
                FLEET,
                "Fleet",
                "Hundreds of runs: how many are where, and which want looking at.",
                List.of(job(), instance(), new Variable("search", "Run contains", "", "", false, "")),
                List.of(),
                List.of(
                        new Section(
                                "How many are where?",
                                true,
                                List.of(
                                        Panel.of(Kind.STAT, "Phase", "none", "Runs within the time range, by phase.")
                                                .size(8, 5)
                                                .each(
                                                        "count by (phase) (max by (job, run, phase)"
                                                                + " (last_over_time(etascope_phase{"
                                                                + found + "}[$__range])) == 1)",
                                                        "{{phase}}"),
                                        Panel.of(
                                                        Kind.STAT,
                                                        "Outcome",
                                                        "none",
                                                        "Runs that have ended within the time range.")
                                                .size(8, 5)
                                                .each(
                                                        "count by (outcome) (max by (job, run, outcome)"
                                                                + " (last_over_time(etascope_run_outcome{"
                                                                + found + "}[$__range])) == 1)",
                                                        "{{outcome}}"),
                                        Panel.of(Kind.STAT, "Conditions", "none", "What holds now, in how many runs.")
                                                .size(8, 5)
                                                .each(
                                                        "count by (condition) (max by (job, run, condition)"
                                                                + " (etascope_condition{"
                                                                + found + "}) == 1)",
                                                        "{{condition}}"),
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Alerts firing",
                                                        "none",
                                                        "How many runs an alert fires for.")
                                                .size(24, 6)
                                                .fromZero()
                                                .each(
                                                        "count by (alertname) (ALERTS{" + found
                                                                + ",alertname=~\"Etascope.+\",alertstate=\"firing\"})",
                                                        "{{alertname}}"))),
                        new Section(
                                "Which want looking at?",
                                true,
                                List.of(
                                        Panel.of(
                                                        Kind.TABLE,
                                                        "Most per doubling",
                                                        NATS,
                                                        "The twenty runs that are worth more data first.")
                                                .size(12, 12)
                                                .column("topk(20, " + rate + ")", "per doubling", NATS)
                                                .link("run"),
                                        Panel.of(
                                                        Kind.TABLE,
                                                        "Least per doubling",
                                                        NATS,
                                                        "The twenty runs that gain least.")
                                                .size(12, 12)
                                                .column("bottomk(20, " + rate + ")", "per doubling", NATS)
                                                .link("run"))),
                        new Section(
                                "All of them",
                                false,
                                List.of(Panel.of(Kind.TABLE, "Runs", "none", "Every run that the text finds.")
                                        .size(24, 14)
                                        .column(
                                                "max by (job, run) (last_over_time(etascope_run_tokens{" + found
                                                        + "}[$__range]))",
                                                "D",
                                                "short")
                                        .column(
                                                "max by (job, run) (last_over_time(etascope_current_loss_nats{" + found
                                                        + "}[$__range]))",
                                                "loss now",
                                                NATS)
                                        .column(rate, "per doubling", NATS)
                                        .column(
                                                "1000 * max by (job, run)"
                                                        + " (last_over_time(etascope_last_step_timestamp_seconds{"
                                                        + found + "}[$__range]))",
                                                "last step",
                                                "dateTimeAsIso")
                                        .link("run")))));
    }

    private static Board health() {
        String target = "{job=~\"$job\",instance=~\"$instance\"}";
        String own = " and on (job, instance) group by (job, instance) (last_over_time(etascope_run_info" + target
                + "[$__range]))";
        return new Board(
                Alerts.HEALTH_BOARD,
                "Health",
                "What the monitor itself costs, whether it is scraped, and the process around it: of targets that"
                        + " serve our metrics.",
                List.of(job(), instance(), runs()),
                List.of(),
                List.of(
                        new Section(
                                "Is the monitor fine?",
                                true,
                                List.of(
                                        Panel.of(
                                                        Kind.STAT,
                                                        "Targets up",
                                                        "none",
                                                        "Processes that Prometheus reaches, of those it has reached.")
                                                .size(6, 5)
                                                .line("count((up" + target + " == 1)" + own + ")", "up", Color.GOOD)
                                                .line("count(up" + target + own + ")", "of", Color.FAINT),
                                        Panel.of(
                                                        Kind.STAT,
                                                        "Share of the time",
                                                        "percentunit",
                                                        "What the callbacks cost, the dearest run. Alert"
                                                                + " EtascopeMonitorUnhealthy.")
                                                .size(6, 5)
                                                .line(
                                                        "max(" + rate("etascope_listener_seconds_total") + ")",
                                                        "share",
                                                        Color.FAINT)
                                                .threshold(Double.parseDouble(Alerts.TOO_DEAR), Color.BAD),
                                        Panel.of(
                                                        Kind.STAT,
                                                        "Contained faults",
                                                        "none",
                                                        "Faults of the monitor so far. Alert EtascopeMonitorUnhealthy.")
                                                .size(6, 5)
                                                .line(
                                                        "sum(" + chosen("etascope_listener_errors_total") + ")",
                                                        "faults",
                                                        Color.FAINT)
                                                .threshold(1, Color.BAD),
                                        Panel.of(Kind.STAT, "Slowest scrape", "s", "Of the last scrapes.")
                                                .size(6, 5)
                                                .line(
                                                        "max(scrape_duration_seconds" + target + own + ")",
                                                        "slowest",
                                                        Color.FAINT))),
                        new Section(
                                "What does it cost?",
                                true,
                                List.of(
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Share of the time by run",
                                                        "percentunit",
                                                        "The cost against the limit of the alert"
                                                                + " EtascopeMonitorUnhealthy.")
                                                .size(12, 8)
                                                .each(rate("etascope_listener_seconds_total"), "{{run}}")
                                                .threshold(Double.parseDouble(Alerts.TOO_DEAR), Color.BAD),
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Cost of a step",
                                                        "s",
                                                        "Seconds of callbacks for each step.")
                                                .size(12, 8)
                                                .each(
                                                        rate("etascope_listener_seconds_total") + " / ("
                                                                + rate("etascope_steps_total") + " > 0)",
                                                        "{{run}}"),
                                        Panel.of(Kind.CHART, "Faults", "none", "When they happened.")
                                                .size(12, 8)
                                                .each(increase("etascope_listener_errors_total"), "{{run}}"),
                                        Panel.of(Kind.CHART, "Scrape duration", "s", "How long Prometheus waits.")
                                                .size(12, 8)
                                                .each("scrape_duration_seconds" + target + own, "{{instance}}"))),
                        new Section(
                                "How is the endpoint?",
                                false,
                                List.of(
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Requests answered",
                                                        "reqps",
                                                        "By path and status code; other stands for any path that the"
                                                                + " endpoint does not have.")
                                                .size(8, 8)
                                                .each(
                                                        "sum by (path, code) (rate(etascope_endpoint_requests_total"
                                                                + target + "[$__rate_interval]))",
                                                        "{{path}} {{code}}"),
                                        Panel.of(Kind.CHART, "Connections", "none", "That clients hold.")
                                                .size(8, 8)
                                                .each("etascope_endpoint_connections" + target, "{{instance}}"),
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Connections refused",
                                                        "none",
                                                        "Closed because a bound was reached.")
                                                .size(8, 8)
                                                .each(
                                                        "sum by (instance, reason)"
                                                                + " (increase(etascope_endpoint_rejected_total" + target
                                                                + "[$__rate_interval]))",
                                                        "{{instance}} {{reason}}"),
                                        Panel.of(Kind.STATES, "What runs", "none", "Versions of Etascope and Java.")
                                                .size(24, 6)
                                                .each(
                                                        "etascope_build_info" + target,
                                                        "{{instance}}: {{version}} {{revision}}, Java {{java}}")
                                                .word("", 1, "runs", Color.GOOD))),
                        new Section(
                                "What does the machine take?",
                                false,
                                List.of(
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Power",
                                                        "watt",
                                                        "Of each counter that is read: packages and their memory, cards,"
                                                                + " the board (psys) that holds packages.")
                                                .size(12, 8)
                                                .each(
                                                        "rate(etascope_energy_joules_total" + target
                                                                + "[$__rate_interval])",
                                                        "{{instance}} {{source}} {{domain}}"),
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Share of the time that is measured",
                                                        "percentunit",
                                                        "Below 100 %: the counter could not be read, or nobody could say"
                                                                + " what it counted.")
                                                .size(12, 8)
                                                .each(
                                                        "rate(etascope_energy_covered_seconds_total" + target
                                                                + "[$__rate_interval])",
                                                        "{{instance}} {{source}} {{domain}}"),
                                        Panel.of(Kind.STATES, "Sources that can be read", "none", "And why not.")
                                                .size(24, 8)
                                                .each(
                                                        "etascope_energy_source_up" + target,
                                                        "{{instance}} {{source}} {{reason}}")
                                                .word("", 0, "no", Color.WARNING)
                                                .word("", 1, "yes", Color.GOOD))),
                        new Section(
                                "The process",
                                false,
                                List.of(
                                        Panel.of(Kind.CHART, "Heap", "bytes", "Java memory in use.")
                                                .size(8, 8)
                                                .each(
                                                        "sum by (job, instance)"
                                                                + " (jvm_memory_used_bytes{job=~\"$job\",instance=~\"$instance\",area=\"heap\"})"
                                                                + own,
                                                        "{{instance}}"),
                                        Panel.of(
                                                        Kind.CHART,
                                                        "Processors used",
                                                        "none",
                                                        "Processor seconds in a second.")
                                                .size(8, 8)
                                                .each(
                                                        "rate(process_cpu_seconds_total" + target
                                                                + "[$__rate_interval])" + own,
                                                        "{{instance}}"),
                                        Panel.of(Kind.CHART, "Threads", "none", "Live threads.")
                                                .size(8, 8)
                                                .each("jvm_threads_live_threads" + target + own, "{{instance}}"),
                                        Panel.of(Kind.CHART, "Samples scraped", "short", "How much a scrape brings.")
                                                .size(8, 8)
                                                .each("scrape_samples_scraped" + target + own, "{{instance}}")))));
    }

    private static Board runbook(Map<String, String> chapters) {
        List<Panel> panels = new ArrayList<>();
        for (Alert alert : Alerts.all()) {
            panels.add(Panel.text(alert.name(), "## " + alert.name() + "\n\n" + chapters.getOrDefault(alert.name(), ""))
                    .size(24, 9));
        }
        return new Board(
                RUNBOOK,
                "Runbook",
                "What each alert means and what to do: the chapters of docs/alerts.md, where an alert's runbook_url"
                        + " leads.",
                List.of(),
                List.of(),
                List.of(new Section("", true, panels)));
    }

    // ---- what several have ----

    private static Variable job() {
        return new Variable("job", "Job", "label_values(etascope_run_info, job)", "", true, "");
    }

    private static Variable instance() {
        return new Variable(
                "instance", "Instance", "label_values(etascope_run_info{job=~\"$job\"}, instance)", "", true, ".+");
    }

    private static Variable runs() {
        return new Variable(
                "run",
                "Run",
                "label_values(etascope_run_info{job=~\"$job\",instance=~\"$instance\"}, run)",
                "",
                true,
                ".+");
    }

    private static List<Mark> marks() {
        return List.of(
                new Mark("Run started", "1000 * " + chosen("etascope_run_start_timestamp_seconds"), true, Color.GOOD),
                new Mark(
                        "Flat",
                        "1000 * (" + chosen("etascope_saturation_timestamp_seconds") + " > 0)",
                        true,
                        Color.WARNING),
                new Mark(
                        "Run ended",
                        "1000 * (" + chosen("etascope_run_end_timestamp_seconds") + " > 0)",
                        true,
                        Color.FAINT),
                new Mark(
                        "New epoch",
                        chosen("etascope_epoch") + " > (" + chosen("etascope_epoch") + " offset $__rate_interval >= 0)",
                        false,
                        Color.NEUTRAL));
    }

    /** By the histogram of this process. */
    private static String stepTime(double share) {
        return "histogram_quantile(" + share + ", sum by (job, run, le) (rate("
                + chosen("etascope_step_duration_seconds_bucket") + "[$__rate_interval])))";
    }

    private static Panel states(String title, String description, String metric, String label, List<String> names) {
        Panel panel = Panel.of(Kind.STATES, title, "none", description)
                .size(12, 8)
                .each(
                        "max by (" + label + ") (" + chosen(metric) + ")" + (names.isEmpty() ? "" : " == 1"),
                        "{{" + label + "}}");
        return panel.word("", 0, " ", Color.FAINT).word("", 1, "yes", Color.WARNING);
    }

    /** The words of a panel whose line is {@link Asked#state}; those of verdicts are the core's. */
    private static Panel state(Panel panel) {
        return panel.word("state", 0, head(VerdictSentence.WAITING), Color.NEUTRAL)
                .word("state", 1, head(VerdictSentence.LEARNING), Color.GOOD)
                .word("state", 2, head(VerdictSentence.FLAT), Color.WARNING)
                .word("state", 3, Outcome.FINISHED.words(), Color.GOOD)
                .word("state", 4, Outcome.FAILED.words(), Color.BAD)
                .word("state", 5, Outcome.INTERRUPTED.words(), Color.FAINT)
                .word("state", 6, "ended", Color.FAINT)
                .word("state", 7, "blow-up", Color.BAD)
                .word("state", 8, head(VerdictSentence.RISING), Color.BAD);
    }

    /** The words before the figures. */
    private static String head(VerdictSentence verdict) {
        return verdict.pattern().split(": | \\(", 2)[0];
    }
}
