package org.etascope.dashboards;

import static org.etascope.core.VerdictSentence.BLOW_UP;
import static org.etascope.core.VerdictSentence.FLAT;
import static org.etascope.core.VerdictSentence.NOT_LEARNING;
import static org.etascope.core.VerdictSentence.OVERFITTING;
import static org.etascope.core.VerdictSentence.RISEN;
import static org.etascope.core.VerdictSentence.RISING;
import static org.etascope.dashboards.Alert.Severity.CRITICAL;
import static org.etascope.dashboards.Alert.Severity.INFO;
import static org.etascope.dashboards.Alert.Severity.WARNING;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.etascope.core.Forecast;
import org.etascope.core.Outcome;
import org.etascope.core.SaturationCause;
import org.etascope.core.VerdictSentence;
import org.etascope.dashboards.Sentence.Case;

/**
 * The alerts, and the series that they keep for themselves.
 *
 * <p>The words of verdicts and causes are the core's: their patterns are read here, and only their numbers are asked for.
 */
final class Alerts {
    static final String RUN_BOARD = "etascope-run";
    static final String HEALTH_BOARD = "etascope-health";

    /** Share of the time above which the monitor costs too much. */
    static final String TOO_DEAR = "0.01";

    /** An alert stays for a while, and its text is made anew meanwhile: the loss came back, or its level was accepted. */
    private static final String OVER = "the loss had risen; no rise is found any more";

    private static final String STARTED = "run:etascope_run_start_timestamp_seconds:";

    private Alerts() {}

    /**
     * Whether a run is open, and whether it has failed, kept for as long as Prometheus evaluates. The value is when the
     * process began to watch the run; −1 once it is settled.
     */
    static List<Recording> memory() {
        return List.of(
                new Recording(
                        "all:etascope_rules_evaluated:since",
                        "all:etascope_rules_evaluated:since or vector(time())",
                        "Since when these rules have been evaluated without a break of five minutes: after a break nothing is"
                                + " called lost before it could have been scraped again."),
                new Recording(
                        STARTED + "last",
                        """
                          last_over_time(etascope_run_start_timestamp_seconds[<gone>])
                        or on (<series>)
                          last_over_time(run:etascope_run_start_timestamp_seconds:open[<memory>]) >= 0""",
                        "Runs that are there, and runs that were there and were not settled: the last line is this rule's own"
                                + " past, so that a lost run is remembered until it is found."),
                new Recording(
                        STARTED + "settled",
                        """
                          run:etascope_run_start_timestamp_seconds:last
                        and on (<series>)
                          (
                                run:etascope_run_start_timestamp_seconds:last
                              == on (<worker>) group_left ()
                                max by (<worker>) (
                                    last_over_time(etascope_run_start_timestamp_seconds[<gone>])
                                  and on (<series>)
                                    last_over_time(etascope_run_end_timestamp_seconds[<gone>]) > 0
                                )
                            or on (<series>)
                                run:etascope_run_start_timestamp_seconds:last
                              < on (<worker>) group_left ()
                                max by (<worker>) (run:etascope_run_start_timestamp_seconds:last)
                            or on (<series>)
                              (
                                  run:etascope_run_start_timestamp_seconds:last
                                and on (job, instance)
                                  max_over_time(up[<gone>]) == 1
                                unless on (<series>)
                                  last_over_time(etascope_run_start_timestamp_seconds[<gone>])
                                unless on (<series>)
                                  (
                                      run:etascope_run_start_timestamp_seconds:last
                                    < on (job, instance) group_left ()
                                      (
                                          max by (job, instance) (last_over_time(process_start_time_seconds[<gone>]))
                                        or on (job, instance)
                                          max by (job, instance) (last_over_time(etascope_run_start_timestamp_seconds[<gone>]))
                                      )
                                  )
                              )
                          )""",
                        "Settled: it has ended, whoever tells so (its process, or a Pushgateway); or the same run (the same worker of it) goes on with a younger start; or its"
                                + " process lives on without it. A process that was started later is another one: then the"
                                + " run's own is gone, whoever has its port now."),
                new Recording(STARTED + "open", """
                          (
                            run:etascope_run_start_timestamp_seconds:last
                          unless on (<series>)
                            run:etascope_run_start_timestamp_seconds:settled
                          )
                        or on (<series>)
                          0 * run:etascope_run_start_timestamp_seconds:settled - 1""", ""),
                new Recording(
                        STARTED + "failing",
                        """
                          last_over_time(etascope_run_start_timestamp_seconds[<gone>])
                        and on (<series>)
                          last_over_time(etascope_run_outcome{outcome="failed"}[<gone>]) == 1
                        or on (<series>)
                          last_over_time(run:etascope_run_start_timestamp_seconds:failed[<memory>]) >= 0""",
                        "Runs that have failed, remembered likewise until they go on, here or elsewhere."),
                new Recording(STARTED + "failed", """
                          (
                            run:etascope_run_start_timestamp_seconds:failing
                          unless on (<series>)
                            (
                                run:etascope_run_start_timestamp_seconds:failing
                              < on (<worker>) group_left ()
                                max by (<worker>) (run:etascope_run_start_timestamp_seconds:last)
                            )
                          )
                        or on (<series>)
                          0 * run:etascope_run_start_timestamp_seconds:failing - 1""", ""));
    }

    static List<Alert> all() {
        return List.of(
                Alert.of("EtascopeRunFailed", CRITICAL, STARTED + "failed >= 0")
                        .lookingBack("<history>")
                        .says(" " + Outcome.FAILED.words() + " after {duration}, {tokens} {units}.")
                        .explains("""
                                It ended at step {steps} with a loss of {loss} nats per {unit}. The alert ends when \
                                the run goes on, here or elsewhere.""")
                        .because(
                                "The outcome is remembered, so that a process that goes a minute later changes nothing."),
                Alert.of("EtascopeRunLost", CRITICAL, """
                            run:etascope_run_start_timestamp_seconds:open >= 0
                          unless on (<series>)
                            last_over_time(etascope_run_start_timestamp_seconds[<gone>])
                          and on ()
                            time() - all:etascope_rules_evaluated:since > <gone seconds>""")
                        .lookingBack("<history>")
                        .says(": the run is lost.")
                        .explains("""
                                It no longer answers, it had not ended, and it goes on nowhere else. Last seen at \
                                step {steps}, {tokens} {units}; its last step was at {last_step}. The alert ends \
                                when the run goes on, here or elsewhere.""")
                        .because("""
                                Open, and seen nowhere for a while. The time is in the expression, where a restart \
                                of Prometheus does not forget it."""),
                Alert.of("EtascopeLossNotFinite", CRITICAL, counted("etascope_nonfinite_steps_total") + """

                                or on (<series>)
                                  max without (condition) (max_over_time(etascope_condition{condition="fault"}[<window>])) == 1
                                unless on (<series>)
                                  last_over_time(etascope_run_end_timestamp_seconds[<window>]) > 0""")
                        .says(": the loss is not finite.")
                        .explains("""
                                {nonfinite} steps of this process had a NaN or infinite loss; the last finite loss \
                                was {last} nats per {unit}. Such steps are counted and left out of every reading; \
                                what they did to the parameters is done.""")
                        .because("""
                                NaN compares false, so steps are counted. The second line sees those before the \
                                first scrape, the third a run that was never finite."""),
                Alert.of("EtascopeLossBlowUp", CRITICAL, judged("condition", "=\"blow_up\""))
                        .says(
                                ": blow-up. %s.",
                                Sentence.choose(
                                        new Case(holds(BLOW_UP), said(RISEN, Alerts::capitalised)),
                                        otherwise(capitalised(OVER))))
                        .explains("Loss now {loss} nats per {unit}, at {tokens} {units}.")
                        .because("The core has already waited for 32 steps: at once."),
                Alert.of("EtascopeLossRising", WARNING, judged("condition", "=~\"rising|risen\""))
                        .says(": %s.", firstOf(Stream.of(BLOW_UP, RISEN, RISING), otherwise(OVER)))
                        .explains("Loss now {loss} nats per {unit}, at {tokens} {units}.")
                        .because("Against the run's own past, never against the baseline."),
                Alert.of("EtascopeTrainingStalled", WARNING, """
                            increase(etascope_tokens_total[<window>]) == 0
                          unless on (<series>)
                            last_over_time(etascope_run_end_timestamp_seconds[<window>]) > 0
                          unless on (<series>)
                            last_over_time(etascope_run_start_timestamp_seconds[<window>]) > time() - <window seconds>""")
                        .heldFor("10m")
                        .says(": training has stalled.")
                        .explains("""
                                No {unit} is being trained on, though the process answers and the run has not ended. \
                                It stands at step {steps}; the last step was at {last_step}.""")
                        .because("""
                                What no longer answers has no series, and none stalls. A log that is watched has \
                                ended before that, when it has had no new line for ten minutes."""),
                Alert.of("EtascopeOverfitting", WARNING, judged("condition", "=\"overfitting\""))
                        .heldFor("10m")
                        .says(": %s.", said(OVERFITTING))
                        .explains("""
                                Validation {validation}, training {loss} nats per {unit}, a gap of {gap}. \
                                {memorized} bits of the data are memorised."""),
                Alert.of("EtascopeNotLearning", WARNING, judged("condition", "=\"not_learning\"") + """

                                unless on (<series>)
                                  max without (condition)
                                    (max_over_time(etascope_condition{condition=~"baseline_(suspect|assumed)"}[<window>])) == 1""")
                        .heldFor("10m")
                        .says(": %s.", said(NOT_LEARNING))
                        .explains("After {tokens} {units} it is {loss} nats per {unit}, the baseline {baseline}.")
                        .because(
                                "It is held against the baseline; one that was assumed, or is suspect, proves nothing."),
                Alert.of(
                                "EtascopeMonitorUnhealthy",
                                WARNING,
                                counted("etascope_listener_errors_total")
                                        + "\nor on (<series>)\n  rate(etascope_listener_seconds_total[<window>]) > "
                                        + TOO_DEAR)
                        .on(HEALTH_BOARD)
                        .says(": the monitor itself is unwell.")
                        .explains("""
                                {faults} contained faults of the monitor, and {share} of the time spent in it (limit \
                                1%). Training goes on; readings may be incomplete.""")
                        .because("Faults of our own, or more than a hundredth of the time."),
                Alert.of("EtascopeEtaPlateau", INFO, judged("phase", "=\"saturated\""))
                        .says(": η plateau.")
                        .explains(
                                "%s, since {saturated}, after {tokens} {units}%s.%s",
                                said(FLAT, Alerts::capitalised), eta(), causes())
                        .because("""
                                η grows for ever when the loss stands still; what ends is the learning. See \
                                docs/theory.md."""),
                Alert.of("EtascopeBaselineSuspect", INFO, judged("condition", "=~\"baseline_(suspect|assumed)\""))
                        .heldFor("10m")
                        .says(": the baseline is doubtful.")
                        .explains("""
                                H = {baseline} nats per {unit} is implausible against ln V, or was assumed because \
                                the first step was not seen. The transmitted and dataset readings and the Landauer \
                                floor rest on H; the absorbed reading and the learning slope do not."""),
                Alert.of("EtascopeRunFinished", INFO, """
                            max without (outcome) (last_over_time(etascope_run_outcome{outcome="finished"}[<memory>])) == 1
                          unless on (<worker>)
                            run:etascope_run_start_timestamp_seconds:open >= 0""")
                        .lookingBack("<history>")
                        .says(" " + Outcome.FINISHED.words() + " after {duration}: {loss} nats%s.", eta())
                        .explains(
                                "It saw {tokens} {units}. Its verdict: %s.",
                                firstOf(Stream.of(VerdictSentence.values())))
                        .because("News for an hour, wherever the process has gone by then."));
    }

    /** A counter that has grown, or that was above 0 already when it was first seen. */
    private static String counted(String counter) {
        return """
                  increase(%1$s[<window>]) > 0
                or on (<series>)
                  max_over_time(%1$s[<window>]) > 0
                unless on (<series>)
                  last_over_time(%1$s[<memory>] offset <window>)""".formatted(counter);
    }

    /**
     * A state of the verdict. One missed scrape neither fires nor clears it. Where a process merges the workers it exports
     * the run without a worker, and its verdict is the run's; elsewhere each worker's stands for itself.
     */
    private static String judged(String label, String which) {
        return """
                max without (%1$s) (
                    max_over_time(etascope_%1$s{%1$s%2$s,worker=""}[<window>])
                  or on (<run>)
                    max_over_time(etascope_%1$s{%1$s%2$s,worker!=""}[<window>])
                ) == 1
                unless on (<series>)
                  last_over_time(etascope_run_end_timestamp_seconds[<window>]) > 0""".formatted(label, which);
    }

    private static Sentence said(VerdictSentence verdict) {
        return said(verdict, UnaryOperator.identity());
    }

    /** The core's words for one verdict, with or without a slope; the number of bins is no metric. */
    private static Sentence said(VerdictSentence verdict, UnaryOperator<String> changed) {
        Sentence said = pattern(changed.apply(verdict.pattern()));
        String without = verdict.patternWithoutSlope();
        // One that needs a slope below the threshold is never said without.
        return verdict.belowThreshold() || without.equals(verdict.pattern())
                ? said
                : Sentence.choose(
                        new Case("abs(last_over_time(etascope_nats_per_doubling{$}[<back>])) >= 0", said),
                        new Case("vector(1)", pattern(changed.apply(without))));
    }

    /** How many more tokens would tell is not always known. */
    private static Sentence pattern(String words) {
        String[] parts = words.replace(" ({bins} of 16 bins)", "")
                .replace("{unit}", "{units}")
                .split("(?=; about \\{more})", 2);
        return parts.length == 1
                ? Sentence.of(parts[0])
                : Sentence.of(
                        parts[0] + "%s",
                        Sentence.choose(new Case(
                                "last_over_time(etascope_tokens_until_conclusive{$}[<back>]) > 0",
                                Sentence.of(parts[1]))));
    }

    private static String capitalised(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static Case otherwise(String text) {
        return new Case("vector(1)", Sentence.of(text));
    }

    /** The core's words for the first of these verdicts that the run has, then what is said otherwise. */
    private static Sentence firstOf(Stream<VerdictSentence> verdicts, Case... otherwise) {
        Stream<Case> held = verdicts.map(verdict -> new Case(holds(verdict), said(verdict)));
        return Sentence.choose(Stream.concat(held, Stream.of(otherwise)).toArray(Case[]::new));
    }

    /** Whether a verdict holds: its phase, its condition, where its slope lies. */
    private static String holds(VerdictSentence verdict) {
        String below = "last_over_time(etascope_nats_per_doubling_upper{$}[<back>]) < on (<series>)"
                + " last_over_time(etascope_saturation_threshold_nats_per_doubling{$}[<back>])";
        return Stream.of(
                        verdict.phase().map(phase -> is("phase", "phase", phase.label())),
                        verdict.condition().map(condition -> is("condition", "condition", condition.label())),
                        Optional.of(below).filter(unused -> verdict.belowThreshold()))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(" and on (<series>) "));
    }

    private static String is(String metric, String label, String value) {
        return "last_over_time(etascope_" + metric + "{" + label + "=\"" + value + "\",$}[<back>]) == 1";
    }

    private static Sentence causes() {
        return Sentence.of(
                "%s%s",
                Sentence.choose(Stream.of(SaturationCause.values())
                        .map(cause -> new Case(
                                is("saturation_cause", "cause", cause.label()),
                                Sentence.of("\nLikely cause: " + cause.sentence() + ".")))
                        .toArray(Case[]::new)),
                Sentence.choose(new Case(
                        "last_over_time(etascope_forecast_gain_nats{at=\"decay_now\",$}[<back>]) >= 0",
                        Sentence.of("\n" + Forecast.DECAY_NOW_WOULD_GIVE
                                + " {gain} nats ({gain_lower} to {gain_upper})."))));
    }

    /** η, but not where its baseline is doubtful. */
    private static Sentence eta() {
        return Sentence.choose(
                new Case(
                        "max without (condition)"
                                + " (last_over_time(etascope_condition{condition=~\"baseline_(suspect|assumed)\",$}[<back>])) == 1",
                        Sentence.of("")),
                new Case("last_over_time(etascope_eta_ratio{$}[<back>])", Sentence.of(", η {eta}")));
    }
}
