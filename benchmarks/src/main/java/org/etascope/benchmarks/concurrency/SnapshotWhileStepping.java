package org.etascope.benchmarks.concurrency;

import org.etascope.core.Ledger;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** One thread steps, another looks: every look must show one step's ledger whole, and no step may be lost. */
@JCStressTest
@Outcome(id = "0, 258", expect = Expect.ACCEPTABLE, desc = "Whole moments, all steps counted.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A torn ledger (first figure) or a lost step (second).")
@State
public class SnapshotWhileStepping {
    /** Almost as many as a monitor keeps unapplied: one of the other steps makes room, while somebody looks. */
    private static final int BEFORE = 253;

    private static final int STEPS = BEFORE + 5;
    private static final long TOKENS = 100;
    private static final double LOSS_NATS = 2;

    private final RunMonitor monitor = monitor();

    private static RunMonitor monitor() {
        RunMonitor monitor = RunMonitor.builder("stress")
                .modelSize(new ModelSize(1, 1))
                .vocabularySize(64)
                .clock(() -> 0)
                .build();
        for (int step = 1; step <= BEFORE; step++) {
            monitor.step(TOKENS, LOSS_NATS, step);
        }
        return monitor;
    }

    /** The training thread. */
    @Actor
    public void train() {
        for (int step = BEFORE + 1; step <= STEPS; step++) {
            monitor.step(TOKENS, LOSS_NATS, step);
        }
    }

    /**
     * A scraper.
     *
     * @param result where the verdict goes
     */
    @Actor
    public void look(II_Result result) {
        RunSnapshot first = monitor.snapshot();
        RunSnapshot second = monitor.snapshot();
        boolean back = second.ledger().tokens() < first.ledger().tokens();
        result.r1 = whole(first) && whole(second) && !back ? 0 : 1;
    }

    /**
     * After both.
     *
     * @param result where the verdict goes
     */
    @Arbiter
    public void count(II_Result result) {
        result.r2 = Math.toIntExact(monitor.snapshot().progress().steps());
    }

    /** All losses are alike, so each figure of a ledger follows from any other: exactly, they are small whole numbers. */
    static boolean whole(RunSnapshot moment) {
        Ledger ledger = moment.ledger();
        long steps = moment.progress().steps();
        return ledger.tokens() == steps * TOKENS
                && ledger.codeLengthNats() == ledger.tokens() * LOSS_NATS
                && moment.process().steps() == steps
                && (steps == 0 || moment.timeline().lastStepSeconds() == steps / 1e3)
                && ledger.eta() == ledger.transmittedBits();
    }
}
