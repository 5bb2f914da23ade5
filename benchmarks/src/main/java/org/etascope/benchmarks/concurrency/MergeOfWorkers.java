package org.etascope.benchmarks.concurrency;

import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunStatistics;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Two workers commit their steps to one monitor under a lock, as the listener does for ParallelWrapper, and merge what
 * they have counted on their own; between steps each looks, while the other may be stepping. Every look is whole, and
 * both ways end with every step.
 */
@JCStressTest
@Outcome(id = "0, 0, 6", expect = Expect.ACCEPTABLE, desc = "Whole moments, all steps of both workers, either way.")
@Outcome(
        expect = Expect.FORBIDDEN,
        desc = "A torn ledger (first two figures), a lost step or two sums that differ (third).")
@State
public class MergeOfWorkers {
    private static final int STEPS = 3;
    private static final long TOKENS = 100;
    private static final double LOSS_NATS = 2;

    private final Object lock = new Object();
    private final RunMonitor together = monitor();
    private RunStatistics merged = RunStatistics.NONE;
    private long millis;

    private static RunMonitor monitor() {
        return RunMonitor.builder("stress")
                .modelSize(new ModelSize(1, 1))
                .vocabularySize(64)
                .clock(() -> 0)
                .build();
    }

    /** {@return how many looks were not of one moment} */
    private int work() {
        RunMonitor own = monitor();
        int torn = 0;
        for (int step = 1; step <= STEPS; step++) {
            own.step(TOKENS, LOSS_NATS, step);
            synchronized (lock) {
                together.step(TOKENS, LOSS_NATS, ++millis);
            }
            torn += SnapshotWhileStepping.whole(together.snapshot()) ? 0 : 1;
        }
        RunStatistics counted = own.state().statistics();
        synchronized (lock) {
            merged = merged.merge(counted);
        }
        return torn;
    }

    /**
     * A worker.
     *
     * @param result where its verdict goes
     */
    @Actor
    public void first(III_Result result) {
        result.r1 = work();
    }

    /**
     * Another.
     *
     * @param result where its verdict goes
     */
    @Actor
    public void second(III_Result result) {
        result.r2 = work();
    }

    /**
     * After all.
     *
     * @param result where the count goes
     */
    @Arbiter
    public void count(III_Result result) {
        RunStatistics all = together.state().statistics();
        boolean alike = merged.steps() == all.steps()
                && merged.tokens() == all.tokens()
                && merged.codeLengthNats() == all.codeLengthNats();
        result.r3 = Math.toIntExact(alike ? merged.steps() : -1);
    }
}
