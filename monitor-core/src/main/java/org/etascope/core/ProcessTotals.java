package org.etascope.core;

import java.util.concurrent.atomic.LongAdder;

/**
 * What this process has counted: the run's own counts, and by how much a restore has moved those. Guarded by the monitor's
 * lock, but for faults and callback time, which any thread may count.
 */
final class ProcessTotals {
    private final LongAdder errors = new LongAdder();
    private final LongAdder callbackNanos = new LongAdder();
    // process = run + carried
    private long steps;
    private long tokens;
    private long nonFinite;
    private long skipped;
    private long segments;

    void countError() {
        errors.increment();
    }

    void addCallbackNanos(long nanos) {
        callbackNanos.add(nanos);
    }

    /** The run's counts go from one state to another, and what this process did does not. */
    void carry(RunAccumulator from, RunAccumulator to) {
        steps += from.counts().steps() - to.counts().steps();
        tokens += from.counts().tokens() - to.counts().tokens();
        nonFinite += from.counts().nonFiniteSteps() - to.counts().nonFiniteSteps();
        skipped += from.counts().skippedSteps() - to.counts().skippedSteps();
        segments += from.data().segment() - to.data().segment();
    }

    ProcessCounters shown(RunAccumulator run, Observers observers) {
        return new ProcessCounters(
                run.counts().steps() + steps,
                run.counts().tokens() + tokens,
                run.counts().nonFiniteSteps() + nonFinite,
                run.counts().skippedSteps() + skipped,
                1 + run.data().segment() + segments,
                errors.sum(),
                callbackNanos.sum(),
                observers.dropped(),
                observers.errors());
    }
}
