package org.etascope.dl4j;

import java.util.function.Predicate;
import org.deeplearning4j.earlystopping.termination.IterationTerminationCondition;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.core.StopWhenSaturated;

/**
 * Ends a Deeplearning4j early-stopping run once it is saturated (more of the same data at the same learning rate buys
 * nothing any more), or by another decision, such as {@link org.etascope.core.StopWhenBlownUp}. The network must have an
 * {@link EtaListener} with the same monitor.
 */
public final class EtaTerminationCondition implements IterationTerminationCondition {
    private static final long serialVersionUID = 1;

    // A monitor belongs to its process; a copy that was serialised has none and never ends a run.
    private final transient RunMonitor monitor;
    private final transient Predicate<RunSnapshot> stop;

    /**
     * Ends the run after some judgements in a row found it saturated.
     *
     * @param monitor the run
     * @param evaluations how many, at least 1; about 32 are made per e-fold of the tokens
     */
    public EtaTerminationCondition(RunMonitor monitor, long evaluations) {
        this(monitor, new StopWhenSaturated(evaluations));
    }

    /**
     * Ends the run when a decision says so.
     *
     * @param monitor the run
     * @param decision asked after each iteration, on the training thread
     */
    public EtaTerminationCondition(RunMonitor monitor, Predicate<RunSnapshot> decision) {
        this.monitor = monitor;
        this.stop = decision;
    }

    @Override
    public void initialize() {}

    @Override
    public boolean terminate(double lastMiniBatchScore) {
        return monitor != null && stop.test(monitor.snapshot());
    }

    @Override
    public String toString() {
        return "EtaTerminationCondition(" + stop + ")";
    }
}
