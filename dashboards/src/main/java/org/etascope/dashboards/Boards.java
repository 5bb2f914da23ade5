package org.etascope.dashboards;

import static org.etascope.dashboards.Asked.chosen;
import static org.etascope.dashboards.Asked.increase;
import static org.etascope.dashboards.Asked.last;
import static org.etascope.dashboards.Asked.line;
import static org.etascope.dashboards.Asked.rate;
import static org.etascope.dashboards.Color.BAD;
import static org.etascope.dashboards.Color.FAINT;
import static org.etascope.dashboards.Color.GOOD;
import static org.etascope.dashboards.Color.MAIN;
import static org.etascope.dashboards.Color.NEUTRAL;
import static org.etascope.dashboards.Color.SECOND;
import static org.etascope.dashboards.Color.WARNING;
import static org.etascope.dashboards.Panel.Draw.LIMIT;
import static org.etascope.dashboards.Panel.Draw.THIN;
import static org.etascope.dashboards.Panel.Kind.CHART;
import static org.etascope.dashboards.Panel.Kind.COMPARISON;
import static org.etascope.dashboards.Panel.Kind.STAT;
import static org.etascope.dashboards.Panel.Kind.STATES;
import static org.etascope.dashboards.Panel.Kind.TABLE;
import static org.etascope.dashboards.Panel.Kind.TEXT;
import static org.etascope.dashboards.Panel.Kind.TREND;
import static org.etascope.dashboards.Panel.Scale.FROM_ZERO;
import static org.etascope.dashboards.Panel.Scale.LOGARITHMIC;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.etascope.core.Outcome;
import org.etascope.core.VerdictSentence;
import org.etascope.dashboards.Board.Mark;
import org.etascope.dashboards.Board.Section;
import org.etascope.dashboards.Board.Variable;

/** The dashboards. */
final class Boards {
    static final String NATS = "suffix:nats";
    static final String BITS = "suffix:bit";
    static final String RUNBOOK = "etascope-runbook";

    /** What the variables of a dashboard choose, where there is no run to choose. */
    private static final String TARGET = "{job=~\"$job\",instance=~\"$instance\"}";

    private static final Variable JOB =
            new Variable("job", "Job", "label_values(etascope_run_info, job)", "", true, "");
    private static final Variable INSTANCE = new Variable(
            "instance", "Instance", "label_values(etascope_run_info{job=~\"$job\"}, instance)", "", true, ".+");
    private static final Variable RUNS =
            new Variable("run", "Run", "label_values(etascope_run_info" + TARGET + ", run)", "", true, ".+");

    /** Seconds without a step after which a stall begins to count, as the alert says. */
    private static final double STALLED =
            Times.SHIPPED.scrapeInterval().multipliedBy(10).toSeconds();

    private static final double TOO_DEAR = Double.parseDouble(Alerts.TOO_DEAR);

    private Boards() {}

    /**
     * {@return all dashboards}
     *
     * @param runbook docs/alerts.md, whose chapters one of them shows
     */
    static List<Board> all(String runbook) {
        return List.of(run(), compare(), fleet(), health(), runbook(chapters(runbook)));
    }

    /** {@return the chapters of a Markdown file by their titles} */
    static Map<String, String> chapters(String markdown) {
        return Stream.of(markdown.split("\n## ", -1))
                .skip(1)
                .map(chapter -> (chapter + "\n").split("\n", 2))
                .collect(Collectors.toMap(chapter -> chapter[0].strip(), chapter -> chapter[1].strip()));
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

    private static Section open(String title, Panel... panels) {
        return new Section(title, true, List.of(panels));
    }

    private static Section folded(String title, Panel... panels) {
        return new Section(title, false, List.of(panels));
    }

    // ---- one run ----

    private static Board run() {
        String started = "query_result(sort_desc(max by (run) (last_over_time(etascope_run_start_timestamp_seconds"
                + TARGET + "[$__range]) and on (job, instance, run) last_over_time(etascope_run_info" + TARGET
                + "[$__range]))))";
        return new Board(
                Alerts.RUN_BOARD,
                "Run",
                "One training run: is it fine, how much has it learnt, what would more buy.",
                List.of(
                        JOB,
                        INSTANCE,
                        new Variable("run", "Run", started, "/run=\"((?:[^\"\\\\]|\\\\.)*)\"/", false, ""),
                        new Variable(
                                "unit", "", "label_values(" + chosen("etascope_run_info") + ", unit)", "", false, "")),
                marks(),
                List.of(fine(), learnt(), more(), layers(), cost(), why(), numbers(), provenance()));
    }

    private static Section fine() {
        return open(
                "Is it fine?",
                state(Panel.of(STAT, "State", "none", 8, 4, """
                        Where the run is. Flat means that more of the same data buys nothing now, not that the model \
                        is full. Alert EtascopeEtaPlateau.""").each(Asked.state(), "state")),
                Panel.of(STAT, "Since", "dateTimeFromNow", 4, 4, "Since when: the end, the plateau, or the start.")
                        .each(
                                "1000 * (" + last("etascope_run_end_timestamp_seconds") + " > 0 or "
                                        + last("etascope_saturation_timestamp_seconds") + " > 0 and on (job, run) "
                                        + last("etascope_phase", "phase=\"saturated\"") + " == 1 or "
                                        + last("etascope_run_start_timestamp_seconds") + ")",
                                "since"),
                Panel.of(TABLE, "Alerts firing", "none", 12, 4, "What fires now; each leads to what to do.")
                        .each(
                                "max by (alertname, severity) (" + chosen("ALERTS", "alertstate=\"firing\"") + ")",
                                "firing")
                        .link("/d/" + RUNBOOK));
    }

    private static Section learnt() {
        return open(
                "How much has it learnt?",
                Panel.of(TREND, "Loss over ${unit}s", NATS, 12, 9, """
                        Nats per ${unit} over the ${unit}s trained on, logarithmic: a power law is nearly straight. \
                        Bands: the loss now with its standard error; the forecast of the planned end, where there is \
                        one.""")
                        .line(line("etascope_run_tokens"), "D", FAINT)
                        .around(
                                "etascope_current_loss_nats",
                                "etascope_current_loss_standard_error_nats",
                                "now, %s",
                                MAIN)
                        .line(line("etascope_current_loss_nats"), "now", MAIN)
                        .line(line("etascope_validation_loss_nats"), "validation", SECOND)
                        .interval("etascope_forecast_loss_nats", "planned end, %s", GOOD, "at=\"planned_end\""),
                Panel.of(CHART, "η", "none", 12, 9, """
                        Information capacity: what was transmitted, with its standard error; and what was absorbed.""")
                        .around("etascope_eta_ratio", "etascope_eta_standard_error_ratio", "transmitted, %s", MAIN)
                        .line(line("etascope_eta_ratio"), "transmitted", MAIN)
                        .line(line("etascope_eta_absorbed_ratio"), "absorbed", GOOD));
    }

    private static Section more() {
        return open(
                "What would more buy?",
                Panel.of(CHART, "Nats per doubling of the ${unit}s", NATS, 12, 8, """
                        What doubling the ${unit}s has bought over the window behind, with its interval, against the \
                        threshold below which it counts as flat.""")
                        .interval("etascope_nats_per_doubling", "%s", MAIN)
                        .line(line("etascope_nats_per_doubling"), "gained", MAIN)
                        .line(line("etascope_saturation_threshold_nats_per_doubling"), "flat below", LIMIT, WARNING),
                Panel.of(STAT, "Forecast of the loss", NATS, 4, 8, """
                        At the planned end; its interval is the band beside. A dash: refused, the live page says \
                        why.""")
                        .line(last("etascope_forecast_loss_nats", "at=\"planned_end\""), "planned end", MAIN),
                Panel.of(STAT, "Would gain", NATS, 4, 8, """
                        The next doubling of the ${unit}s at this rate, and a decay of the learning rate from now.""")
                        .each(
                                "max by (job, run, at) (last_over_time("
                                        + chosen("etascope_forecast_gain_nats", "at!=\"planned_end\"") + "[$__range]))",
                                "{{at}}"),
                Panel.of(STAT, "Time left", "s", 4, 8, "To the planned end, at the pace of now.")
                        .line(
                                "(" + last("etascope_planned_tokens") + " - " + last("etascope_run_tokens") + ") / ("
                                        + rate("etascope_tokens_total") + " > 0)",
                                "time left",
                                MAIN));
    }

    private static Section layers() {
        return folded(
                "How do its layers share it?",
                Panel.of(CHART, "Prediction residual of each layer", "none", 18, 8, """
                        What a straight line from a layer's state leaves unexplained of the next token. Only where \
                        the run has a probe of its layers.""")
                        .each(
                                "max by (job, run, layer) (" + chosen("etascope_layer_prediction_residual") + ")",
                                "layer {{layer}}"),
                Panel.of(STAT, "A layer leaves", "none", 6, 8, """
                        Decay ratio: what a layer leaves of the residual of the one before, by the line through all \
                        of them.""")
                        .line(last("etascope_layer_decay_ratio"), "decay ratio", MAIN));
    }

    private static Section cost() {
        return folded(
                "What does it cost?",
                Panel.of(STAT, "Energy taken", "joule", 6, 8, """
                        What this machine took while the run went on, and the time over which all of it was \
                        measured. Other runs may have shared it. Only where something measures.""")
                        .line(last("etascope_run_energy_joules"), "joules", MAIN)
                        .column(last("etascope_run_energy_covered_seconds"), "measured over", "s"),
                Panel.of(CHART, "Price of an absorbed bit", "joule", 18, 8, """
                        Joules per bit that the model takes up now, with its interval; nothing is drawn where \
                        nothing is learnt: the price is infinite then.""")
                        .scale(LOGARITHMIC)
                        .interval("etascope_joules_per_absorbed_bit", "%s end", FAINT)
                        .line(line("etascope_joules_per_absorbed_bit"), "price", MAIN),
                Panel.of(CHART, "Above the Landauer floor (powers of ten)", "none", 8, 8, """
                        How many powers of ten the measured energy lies above the least that the transmitted bits \
                        can have cost.""")
                        .line(line("etascope_log10_energy_ratio"), "powers of ten", MAIN),
                Panel.of(CHART, "A ${unit} costs", "joule", 8, 8, "Mean energy of a ${unit}.")
                        .line(line("etascope_joules_per_token"), "joules", MAIN),
                Panel.of(STAT, "More would cost", "joule", 8, 8, """
                        The next 0.01 nats by the forecast, with its interval, and the way to the planned end; and \
                        what stopping at the plateau would have saved.""")
                        .line(last("etascope_next_hundredth_nat_joules"), "next 0.01 nats", MAIN)
                        .line(last("etascope_next_hundredth_nat_joules_lower"), "from", FAINT)
                        .line(last("etascope_next_hundredth_nat_joules_upper"), "to", FAINT)
                        .line(last("etascope_planned_end_joules"), "planned end", SECOND)
                        .line(last("etascope_joules_since_plateau"), "since the plateau", WARNING));
    }

    private static Section why() {
        return folded(
                "Why?",
                states("Phase", "etascope_phase", "phase", "", "The run's phases."),
                states("Conditions", "etascope_condition", "condition", " == 1", """
                        What else held, and when. Alerts EtascopeLossRising, EtascopeLossBlowUp, \
                        EtascopeOverfitting, EtascopeNotLearning, EtascopeBaselineSuspect."""),
                states("Likely cause", "etascope_saturation_cause", "cause", " == 1", "Why it is flat, while it is."),
                Panel.of(CHART, "Above its lowest level", NATS, 12, 8, """
                        How far the loss stands above its lowest level, with its standard error.""")
                        .around(
                                "etascope_loss_above_lowest_nats",
                                "etascope_loss_above_lowest_standard_error_nats",
                                "%s",
                                BAD)
                        .line(line("etascope_loss_above_lowest_nats"), "above", BAD),
                Panel.of(CHART, "Until a verdict", "short", 12, 8, """
                        While it is inconclusive: about how many more ${unit}s would tell.""")
                        .line(line("etascope_tokens_until_conclusive"), "more", MAIN),
                Panel.of(CHART, "Progress ratio", "none", 12, 8, """
                        Today's learning over the run's average, and the fraction that counts as flat.""")
                        .line(line("etascope_progress_ratio"), "R", MAIN)
                        .line(line("etascope_saturation_threshold_ratio"), "κ", LIMIT, WARNING),
                Panel.of(CHART, "Learning rate", "sci", 12, 8, "Where the framework tells it.")
                        .scale(LOGARITHMIC)
                        .line(line("etascope_learning_rate"), "learning rate", MAIN),
                Panel.of(STAT, "Since the last step", "s", 12, 8, """
                        How long ago the last step was, while the run goes on. Alert EtascopeTrainingStalled.""")
                        .line(
                                "time() - " + last("etascope_last_step_timestamp_seconds") + " unless on (job, run) "
                                        + last("etascope_run_end_timestamp_seconds") + " > 0",
                                "since the last step",
                                FAINT)
                        .redFrom(STALLED),
                Panel.of(CHART, "Steps left out", "short", 12, 8, """
                        Steps that count in no reading, and stretches begun without stored state. Alert \
                        EtascopeLossNotFinite.""")
                        .line(increase("etascope_nonfinite_steps_total"), "not finite", BAD)
                        .line(increase("etascope_skipped_steps_total"), "skipped", WARNING)
                        .line(increase("etascope_segments_total"), "segments", FAINT));
    }

    private static Section numbers() {
        return folded(
                "The numbers behind",
                Panel.of(CHART, "Information", BITS, 12, 8, "The three readings in bits.")
                        .line(line("etascope_information_transmitted_bits"), "transmitted", MAIN)
                        .line(line("etascope_information_absorbed_bits"), "absorbed", GOOD)
                        .line(line("etascope_information_dataset_bits"), "dataset", SECOND)
                        .line(allWorkers("information_transmitted_bits:recomputed"), "all workers", THIN, FAINT),
                Panel.of(CHART, "Mean loss", NATS, 12, 8, "Over all ${unit}s, beside the loss now.")
                        .line(line("etascope_mean_loss_nats"), "mean", NEUTRAL)
                        .line(line("etascope_current_loss_nats"), "now", MAIN),
                Panel.of(CHART, "η of all workers", "none", 12, 8, "The whole run's, where several processes train it.")
                        .line(allWorkers("eta_ratio:recomputed"), "all workers", SECOND)
                        .line(line("etascope_eta_ratio"), "highest of them", THIN, MAIN),
                Panel.of(CHART, "Dataset reading", "none", 12, 8, """
                        η of the dataset, and how it grows with the ${unit}s: 1 is by ${unit}s alone.""")
                        .line(line("etascope_eta_dataset_ratio"), "η dataset", SECOND)
                        .line(line("etascope_eta_loglog_slope"), "growth", FAINT),
                Panel.of(CHART, "D", "short", 12, 8, "${unit}s: trained, unique, effective and planned.")
                        .scale(LOGARITHMIC)
                        .line(line("etascope_run_tokens"), "trained", MAIN)
                        .line(line("etascope_unique_tokens"), "unique", GOOD)
                        .line(line("etascope_effective_tokens"), "effective", SECOND)
                        .line(line("etascope_planned_tokens"), "planned", LIMIT, FAINT),
                Panel.of(CHART, "Time of a step", "s", 12, 8, """
                        From one step to the next: median, and what one step in a hundred exceeds.""")
                        .line(stepTime(0.5), "median", MAIN)
                        .line(stepTime(0.99), "99 of 100", FAINT),
                Panel.of(CHART, "Throughput", "short", 12, 8, """
                        ${unit}s and steps per second, of all processes of the run.""")
                        .line(rate("etascope_tokens_total"), "${unit}s", MAIN)
                        .line(rate("etascope_steps_total"), "steps", FAINT),
                Panel.of(CHART, "Perplexity", "short", 8, 8, "e to the loss now.")
                        .scale(LOGARITHMIC)
                        .line(line("etascope_perplexity"), "perplexity", MAIN),
                Panel.of(CHART, "Landauer floor (J)", "sci", 8, 8, """
                        The least energy that the transmitted bits can have cost.""")
                        .scale(LOGARITHMIC)
                        .line(line("etascope_landauer_floor_joules"), "floor", MAIN),
                Panel.of(CHART, "Generalisation gap", NATS, 8, 8, "Validation above training.")
                        .line(line("etascope_generalization_gap_nats"), "gap", SECOND));
    }

    private static Section provenance() {
        return folded(
                "What is it?",
                Panel.of(TABLE, "Provenance", "none", 24, 8, "Model, data, baseline and its method, sizes, position.")
                        .each(lastOfAll("etascope_run_info"), "")
                        .column(lastOfAll("etascope_model_parameters"), "parameters", "short")
                        .column(lastOfAll("etascope_model_size_bits"), "model size", BITS)
                        .column(lastOfAll("etascope_vocabulary_size"), "vocabulary", "short")
                        .column(lastOfAll("etascope_baseline_nats"), "baseline H", NATS)
                        .column(lastOfAll("etascope_baseline_standard_error_nats"), "± H", NATS)
                        .column(lastOfAll("etascope_temperature_kelvin"), "temperature", "suffix:K")
                        .column(lastOfAll("etascope_run_steps"), "steps", "none")
                        .column(lastOfAll("etascope_run_code_length_bits"), "code length", BITS)
                        .column(lastOfAll("etascope_iteration"), "iteration", "none")
                        .column(lastOfAll("etascope_epoch"), "epochs", "none")
                        .column(lastOfAll("etascope_memorized_bits"), "memorised", BITS)
                        .column(lastOfAll("etascope_saturated_at_tokens"), "first flat at", "short")
                        .column(
                                lastOfAll("etascope_loss_above_lowest_since_tokens"),
                                "above its lowest since",
                                "short"));
    }

    /** Of each process, where {@link Asked#last} takes the latest. */
    private static String lastOfAll(String metric) {
        return "last_over_time(" + chosen(metric) + "[$__range])";
    }

    // ---- several runs ----

    private static Board compare() {
        String common = "scalar(min(max by (job, run) (max_over_time(" + chosen("etascope_run_tokens")
                + "[$__range] @ end()))))";
        String atEqual = "last_over_time((" + line("etascope_current_loss_nats") + " and on (job, run) "
                + line("etascope_run_tokens") + " <= " + common + ")[$__range:])";
        Section outcomes = open(
                "Which is best?",
                state(Panel.of(TABLE, "Outcomes", "none", 24, 9, """
                        The last values of each run within the time range, ended runs too. Losses compare only on \
                        the same data and vocabulary. D counts tokens, or examples, pixels or labels. Equal D: as \
                        many as the shortest of them has.""")
                        .each(Asked.state(), "state")
                        .column(atEqual, "loss at equal D", NATS)
                        .column(atEqual + " - scalar(min(" + atEqual + "))", "behind the best", NATS)
                        .column(last("etascope_run_tokens"), "D", "short")
                        .column(last("etascope_current_loss_nats"), "loss now", NATS)
                        .column(last("etascope_validation_loss_nats"), "validation", NATS)
                        .column(last("etascope_eta_ratio"), "η", "none")
                        .column(last("etascope_eta_absorbed_ratio"), "η absorbed", "none")
                        .column(last("etascope_nats_per_doubling"), "per doubling", NATS)
                        .column("1000 * " + last("etascope_run_end_timestamp_seconds"), "ended", "dateTimeAsIso")
                        .link("run")));
        Section atEqualTokens = open(
                "At equal D",
                Panel.of(COMPARISON, "Loss against D", NATS, 12, 10, "The lower curve learns more from the same data.")
                        .each(line("etascope_run_tokens"), "D")
                        .each(line("etascope_current_loss_nats"), "loss"),
                Panel.of(COMPARISON, "η against D", "none", 12, 10, "The same, for each bit of the model.")
                        .each(line("etascope_run_tokens"), "D")
                        .each(line("etascope_eta_ratio"), "η"));
        Section overTime = folded(
                "Over time",
                Panel.of(CHART, "Loss by run", NATS, 12, 8, "Losses now over time.")
                        .each(line("etascope_current_loss_nats"), "{{run}}"),
                Panel.of(CHART, "Nats per doubling by run", NATS, 12, 8, "Which run is worth more data first.")
                        .each(line("etascope_nats_per_doubling"), "{{run}}"),
                Panel.of(CHART, "Throughput by run", "short", 12, 8, "D a second, all workers of each run together.")
                        .each(allWorkers("tokens:rate"), "{{run}}"),
                Panel.of(CHART, "D by run", "short", 12, 8, "D of each run, of all its workers.")
                        .each(allWorkers("run_tokens:sum"), "{{run}}"));
        return new Board(
                "etascope-compare",
                "Compare",
                "Several runs at equal D, ended ones included.",
                List.of(JOB, INSTANCE, RUNS),
                List.of(),
                List.of(outcomes, atEqualTokens, overTime));
    }

    private static Board fleet() {
        String found = "job=~\"$job\",instance=~\"$instance\",run=~\"(?i:.*$search.*)\"";
        String latest = "max by (job, run) (last_over_time(%s{" + found + "}[$__range]))";
        String rate = latest.formatted("etascope_nats_per_doubling");
        String counted =
                "count by (%1$s) (max by (job, run, %1$s) (last_over_time(%2$s{" + found + "}[$__range])) == 1)";
        Section counts = open(
                "How many are where?",
                Panel.of(STAT, "Phase", "none", 8, 5, "Runs within the time range, by phase.")
                        .each(counted.formatted("phase", "etascope_phase"), "{{phase}}"),
                Panel.of(STAT, "Outcome", "none", 8, 5, "Runs that have ended within the time range.")
                        .each(counted.formatted("outcome", "etascope_run_outcome"), "{{outcome}}"),
                Panel.of(STAT, "Conditions", "none", 8, 5, "What holds now, in how many runs.")
                        .each(
                                "count by (condition) (max by (job, run, condition) (etascope_condition{" + found
                                        + "}) == 1)",
                                "{{condition}}"),
                Panel.of(CHART, "Alerts firing", "none", 24, 6, "How many runs an alert fires for.")
                        .scale(FROM_ZERO)
                        .each(
                                "count by (alertname) (ALERTS{" + found
                                        + ",alertname=~\"Etascope.+\",alertstate=\"firing\"})",
                                "{{alertname}}"));
        Section notable = open(
                "Which want looking at?",
                Panel.of(TABLE, "Most per doubling", NATS, 12, 12, "The twenty runs that are worth more data first.")
                        .column("topk(20, " + rate + ")", "per doubling", NATS)
                        .link("run"),
                Panel.of(TABLE, "Least per doubling", NATS, 12, 12, "The twenty runs that gain least.")
                        .column("bottomk(20, " + rate + ")", "per doubling", NATS)
                        .link("run"));
        Section everyRun = folded(
                "All of them",
                Panel.of(TABLE, "Runs", "none", 24, 14, "Every run that the text finds.")
                        .column(latest.formatted("etascope_run_tokens"), "D", "short")
                        .column(latest.formatted("etascope_current_loss_nats"), "loss now", NATS)
                        .column(rate, "per doubling", NATS)
                        .column(
                                "1000 * " + latest.formatted("etascope_last_step_timestamp_seconds"),
                                "last step",
                                "dateTimeAsIso")
                        .link("run"));
        return new Board(
                "etascope-fleet",
                "Fleet",
                "Hundreds of runs: how many are where, and which want looking at.",
                List.of(JOB, INSTANCE, new Variable("search", "Run contains", "", "", false, "")),
                List.of(),
                List.of(counts, notable, everyRun));
    }

    private static Board health() {
        String own = " and on (job, instance) group by (job, instance) (last_over_time(etascope_run_info" + TARGET
                + "[$__range]))";
        Section monitor = open(
                "Is the monitor fine?",
                Panel.of(STAT, "Targets up", "none", 6, 5, """
                        Processes that Prometheus reaches, of those it has reached.""")
                        .line("count((up" + TARGET + " == 1)" + own + ")", "up", GOOD)
                        .line("count(up" + TARGET + own + ")", "of", FAINT),
                Panel.of(STAT, "Share of the time", "percentunit", 6, 5, """
                        What the callbacks cost, the dearest run. Alert EtascopeMonitorUnhealthy.""")
                        .line("max(" + rate("etascope_listener_seconds_total") + ")", "share", FAINT)
                        .redFrom(TOO_DEAR),
                Panel.of(STAT, "Contained faults", "none", 6, 5, """
                        Faults of the monitor so far. Alert EtascopeMonitorUnhealthy.""")
                        .line("sum(" + chosen("etascope_listener_errors_total") + ")", "faults", FAINT)
                        .redFrom(1),
                Panel.of(STAT, "Slowest scrape", "s", 6, 5, "Of the last scrapes.")
                        .line("max(scrape_duration_seconds" + TARGET + own + ")", "slowest", FAINT));
        Section cost = open(
                "What does it cost?",
                Panel.of(CHART, "Share of the time by run", "percentunit", 12, 8, """
                        The cost against the limit of the alert EtascopeMonitorUnhealthy.""")
                        .each(rate("etascope_listener_seconds_total"), "{{run}}")
                        .redFrom(TOO_DEAR),
                Panel.of(CHART, "Cost of a step", "s", 12, 8, "Seconds of callbacks for each step.")
                        .each(
                                rate("etascope_listener_seconds_total") + " / (" + rate("etascope_steps_total")
                                        + " > 0)",
                                "{{run}}"),
                Panel.of(CHART, "Faults", "none", 12, 8, "When they happened.")
                        .each(increase("etascope_listener_errors_total"), "{{run}}"),
                Panel.of(CHART, "Scrape duration", "s", 12, 8, "How long Prometheus waits.")
                        .each("scrape_duration_seconds" + TARGET + own, "{{instance}}"));
        Section endpoint = folded(
                "How is the endpoint?",
                Panel.of(CHART, "Requests answered", "reqps", 8, 8, """
                        By path and status code; other stands for any path that the endpoint does not have.""")
                        .each(
                                "sum by (path, code) (" + changed("rate", "etascope_endpoint_requests_total") + ")",
                                "{{path}} {{code}}"),
                Panel.of(CHART, "Connections", "none", 8, 8, "That clients hold.")
                        .each("etascope_endpoint_connections" + TARGET, "{{instance}}"),
                Panel.of(CHART, "Connections refused", "none", 8, 8, "Closed because a bound was reached.")
                        .each(
                                "sum by (instance, reason) (" + changed("increase", "etascope_endpoint_rejected_total")
                                        + ")",
                                "{{instance}} {{reason}}"),
                Panel.of(STATES, "What runs", "none", 24, 6, "Versions of Etascope and Java.")
                        .each("etascope_build_info" + TARGET, "{{instance}}: {{version}} {{revision}}, Java {{java}}")
                        .word("", 1, "runs", GOOD));
        Section machine = folded(
                "What does the machine take?",
                Panel.of(CHART, "Power", "watt", 12, 8, """
                        Of each counter that is read: packages and their memory, cards, the board (psys) that holds \
                        packages.""")
                        .each(changed("rate", "etascope_energy_joules_total"), "{{instance}} {{source}} {{domain}}"),
                Panel.of(CHART, "Share of the time that is measured", "percentunit", 12, 8, """
                        Below 100 %: the counter could not be read, or nobody could say what it counted.""")
                        .each(
                                changed("rate", "etascope_energy_covered_seconds_total"),
                                "{{instance}} {{source}} {{domain}}"),
                Panel.of(STATES, "Sources that can be read", "none", 24, 8, "And why not.")
                        .each("etascope_energy_source_up" + TARGET, "{{instance}} {{source}} {{reason}}")
                        .word("", 0, "no", WARNING)
                        .word("", 1, "yes", GOOD));
        Section process = folded(
                "The process",
                Panel.of(CHART, "Heap", "bytes", 8, 8, "Java memory in use.")
                        .each(
                                "sum by (job, instance) (jvm_memory_used_bytes" + TARGET.replace("}", ",area=\"heap\"}")
                                        + ")" + own,
                                "{{instance}}"),
                Panel.of(CHART, "Processors used", "none", 8, 8, "Processor seconds in a second.")
                        .each(changed("rate", "process_cpu_seconds_total") + own, "{{instance}}"),
                Panel.of(CHART, "Threads", "none", 8, 8, "Live threads.")
                        .each("jvm_threads_live_threads" + TARGET + own, "{{instance}}"),
                Panel.of(CHART, "Samples scraped", "short", 8, 8, "How much a scrape brings.")
                        .each("scrape_samples_scraped" + TARGET + own, "{{instance}}"));
        return new Board(
                Alerts.HEALTH_BOARD,
                "Health",
                "What the monitor itself costs, whether it is scraped, and the process around it: of targets that"
                        + " serve our metrics.",
                List.of(JOB, INSTANCE, RUNS),
                List.of(),
                List.of(monitor, cost, endpoint, machine, process));
    }

    private static Board runbook(Map<String, String> chapters) {
        Panel[] panels = Alerts.all().stream()
                .map(Alert::name)
                .map(name ->
                        Panel.of(TEXT, name, "none", 24, 9, "## " + name + "\n\n" + chapters.getOrDefault(name, "")))
                .toArray(Panel[]::new);
        return new Board(
                RUNBOOK,
                "Runbook",
                "What each alert means and what to do: the chapters of docs/alerts.md, where an alert's runbook_url"
                        + " leads.",
                List.of(),
                List.of(),
                List.of(open("", panels)));
    }

    // ---- what several have ----

    private static List<Mark> marks() {
        String epoch = chosen("etascope_epoch");
        return List.of(
                new Mark("Run started", "1000 * " + chosen("etascope_run_start_timestamp_seconds"), true, GOOD),
                new Mark("Flat", "1000 * (" + chosen("etascope_saturation_timestamp_seconds") + " > 0)", true, WARNING),
                new Mark("Run ended", "1000 * (" + chosen("etascope_run_end_timestamp_seconds") + " > 0)", true, FAINT),
                new Mark("New epoch", epoch + " > (" + epoch + " offset $__rate_interval >= 0)", false, NEUTRAL));
    }

    /** What the recording rules compute of a run in several processes. */
    private static String allWorkers(String figureAndOperation) {
        return "job_run:etascope_" + figureAndOperation + "{job=~\"$job\",run=~\"$run\"}";
    }

    private static String changed(String how, String counter) {
        return how + "(" + counter + TARGET + "[$__rate_interval])";
    }

    /** By the histogram of this process. */
    private static String stepTime(double share) {
        return "histogram_quantile(" + share + ", sum by (job, run, le) (rate("
                + chosen("etascope_step_duration_seconds_bucket") + "[$__rate_interval])))";
    }

    private static Panel states(String title, String metric, String label, String held, String description) {
        return Panel.of(STATES, title, "none", 12, 8, description)
                .each("max by (" + label + ") (" + chosen(metric) + ")" + held, "{{" + label + "}}")
                .word("", 0, " ", FAINT)
                .word("", 1, "yes", WARNING);
    }

    /** The words of a panel whose line is {@link Asked#state}; those of verdicts are the core's. */
    private static Panel state(Panel panel) {
        return panel.word("state", 0, head(VerdictSentence.WAITING), NEUTRAL)
                .word("state", 1, head(VerdictSentence.LEARNING), GOOD)
                .word("state", 2, head(VerdictSentence.FLAT), WARNING)
                .word("state", 3, Outcome.FINISHED.words(), GOOD)
                .word("state", 4, Outcome.FAILED.words(), BAD)
                .word("state", 5, Outcome.INTERRUPTED.words(), FAINT)
                .word("state", 6, "ended", FAINT)
                .word("state", 7, "blow-up", BAD)
                .word("state", 8, head(VerdictSentence.RISING), BAD);
    }

    /** The words before the figures. */
    private static String head(VerdictSentence verdict) {
        return verdict.pattern().split(": | \\(", 2)[0];
    }
}
