package org.etascope.benchmarks.concurrency;

import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.core.RunState;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** One thread goes back to a stored state, another looks: the run before or after, and the process never goes back. */
@JCStressTest
@Outcome(id = "3", expect = Expect.ACCEPTABLE, desc = "The run before the restore.")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The run after it.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Something between.")
@State
public class SnapshotWhileRestoring {
    private static final RunState AFTER_ONE_STEP = monitor(1).state();

    private final RunMonitor monitor = monitor(3);

    private static RunMonitor monitor(int steps) {
        RunMonitor monitor = RunMonitor.builder("stress")
                .modelSize(new ModelSize(1, 1))
                .vocabularySize(64)
                .clock(() -> 0)
                .build();
        for (int step = 1; step <= steps; step++) {
            monitor.step(100, 2, step);
        }
        return monitor;
    }

    /** The training thread. */
    @Actor
    public void restore() {
        monitor.restore(AFTER_ONE_STEP);
    }

    /**
     * A scraper.
     *
     * @param result the run's steps, negative if the moment was not whole
     */
    @Actor
    public void look(I_Result result) {
        RunSnapshot moment = monitor.snapshot();
        long steps = moment.progress().steps();
        boolean whole = moment.ledger().tokens() == 100 * steps
                && moment.ledger().codeLengthNats() == 200.0 * steps
                && moment.process().steps() == 3;
        result.r1 = Math.toIntExact(whole ? steps : -1);
    }
}
