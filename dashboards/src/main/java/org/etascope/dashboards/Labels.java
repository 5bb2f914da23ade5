package org.etascope.dashboards;

/**
 * What tells series apart. Where a target has a label {@code run} of its own and Prometheus was not told to honour the
 * exposed one, the run is called {@code exported_run}; so that name is always compared too.
 */
final class Labels {
    /** One series of one process. */
    static final String SERIES = "job, instance, run, exported_run, worker";
    /** One worker of a run, in whatever process; a run in one process is a worker without a name. */
    static final String WORKER = "job, run, exported_run, worker";
    /** A run. */
    static final String RUN = "job, run, exported_run";

    private Labels() {}

    /** {@return an expression in which {@code <series>}, {@code <worker>} and {@code <run>} stand for these} */
    static String in(String expression) {
        return expression
                .replace("<series>", SERIES)
                .replace("<worker>", WORKER)
                .replace("<run>", RUN);
    }
}
