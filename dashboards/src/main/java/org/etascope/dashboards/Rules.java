package org.etascope.dashboards;

import java.util.List;

/** What Prometheus computes beside the alerts: the ledger of a run that is spread over several processes. */
final class Rules {
    private Rules() {}

    static List<Recording> all() {
        return List.of(
                new Recording(
                        "job_run:etascope_run_tokens:sum",
                        merged("sum", "etascope_run_tokens"),
                        "D of the run. Where one process merges the workers' ledgers, it exports the run without a worker, and"
                                + " that is it. Elsewhere the workers' own add up, of each the process that was started last:"
                                + " an old one beside its successor does not count. A scrape that is missing changes nothing."),
                new Recording(
                        "job_run:etascope_run_code_length_bits:sum",
                        merged("sum", "etascope_run_code_length_bits"),
                        "C, likewise."),
                new Recording(
                        "job_run:etascope_baseline_bits:avg",
                        merged("avg", "etascope_baseline_nats") + " / 0.6931471805599453",
                        "The workers share one H; where each has measured its own over equally many tokens, their average is"
                                + " the H of all first steps together. A worker that has no H yet is left out."),
                new Recording(
                        "job_run:etascope_model_size_bits:max",
                        merged("max", "etascope_model_size_bits"),
                        "Each worker holds the whole model, which counts once."),
                new Recording(
                        "job_run:etascope_information_transmitted_bits:recomputed",
                        """
                          (
                              job_run:etascope_run_tokens:sum * job_run:etascope_baseline_bits:avg
                            -
                              job_run:etascope_run_code_length_bits:sum
                          )
                        unless on (<run>)
                          last_over_time(etascope_run_info{unit_convention!="consistent"}[<window>])""",
                        "S = D·H − C in bits. Runs that count the paper's literal units are left out: their \"bits\" are no bits."),
                new Recording(
                        "job_run:etascope_eta_ratio:recomputed", """
                          job_run:etascope_information_transmitted_bits:recomputed
                        /
                          (job_run:etascope_model_size_bits:max > 0)""", "The headline reading of the whole run, S/N."),
                new Recording(
                        "job_run:etascope_tokens:rate",
                        "sum without (instance, pod, worker) (rate(etascope_tokens_total[<window>]))",
                        "Tokens per second of all processes together."));
    }

    private static String merged(String how, String metric) {
        return """
                (
                    %1$s without (instance, pod, worker) (%2$s)
                  or on (<run>)
                    %1$s without (instance, pod, worker) (%3$s)
                )""".formatted(how, latest(metric, "worker=\"\""), latest(metric, "worker!=\"\""));
    }

    /** What the process of each worker says that was started last; one that tells no start is taken as it is. */
    private static String latest(String metric, String whose) {
        return """
                last_over_time(%1$s{%2$s}[<window>]) >= 0
                      unless on (<series>) (
                          last_over_time(etascope_run_start_timestamp_seconds{%2$s}[<window>])
                        < on (<worker>) group_left ()
                          max by (<worker>) (last_over_time(etascope_run_start_timestamp_seconds{%2$s}[<window>]))
                      )""".formatted(metric, whose);
    }
}
