package org.etascope.core;

/**
 * What the training thread has reported and nobody has applied yet, in order. A report is eight numbers put into an
 * array: one or two cache lines, where applying it touches some thirty that training has long driven out of the cache.
 * Whoever looks applies them all, with warm code and data.
 *
 * <p>One thread puts, one at a time takes; they need no lock between them. Nothing is allocated.
 */
final class Reports {
    /** More than pile up between two looks of the {@link Background} where a step takes two milliseconds. */
    static final int CAPACITY = 256;

    /** What was reported. */
    enum Kind {
        STEP,
        TOLD_STEP,
        MICRO_BATCH,
        END_STEP,
        SKIP,
        VALIDATION,
        LEARNING_RATE,
        POSITION,
        START_EPOCH,
        END_EPOCH,
        END_EPOCH_OF_UNKNOWN_DATA,
        UNIQUE_TOKENS,
        BEGIN_SEGMENT,
        VOCABULARY
    }

    private static final Kind[] KINDS = Kind.values();
    private static final int KIND = 0;
    private static final int STEPS = 1;
    private static final int TOKENS = 2;
    private static final int NATS = 3;
    private static final int MILLIS = 4;
    private static final int ITERATION = 5;
    private static final int EPOCH = 6;
    private static final int VALUE = 7;
    private static final int COLUMNS = 8;

    private final long[] rows = new long[CAPACITY * COLUMNS];
    /** The reporting thread's own count, and what others see of it: written after the row. */
    private long puts;

    private volatile long put;
    /** The same for whoever takes: written after the last look at the row. */
    private long takes;

    private volatile long taken;

    // ---- the thread that reports ----

    /** {@return whether something must be taken before anything is put} */
    boolean full() {
        return puts - taken == CAPACITY;
    }

    void steps(long steps, long tokens, double nats, long millis) {
        int row = begin(Kind.STEP);
        counts(row, steps, tokens, nats, millis);
        end();
    }

    void step(long iteration, long epoch, double learningRate, long tokens, double nats, long millis) {
        int row = begin(Kind.TOLD_STEP);
        counts(row, 1, tokens, nats, millis);
        rows[row + ITERATION] = iteration;
        rows[row + EPOCH] = epoch;
        rows[row + VALUE] = Double.doubleToRawLongBits(learningRate);
        end();
    }

    void microBatch(long tokens, double nats) {
        int row = begin(Kind.MICRO_BATCH);
        counts(row, 0, tokens, nats, 0);
        end();
    }

    void endStep(long millis) {
        rows[begin(Kind.END_STEP) + MILLIS] = millis;
        end();
    }

    void position(long iteration, long epoch) {
        int row = begin(Kind.POSITION);
        rows[row + ITERATION] = iteration;
        rows[row + EPOCH] = epoch;
        end();
    }

    /** A report with a number of its own. */
    void value(Kind kind, double value) {
        rows[begin(kind) + VALUE] = Double.doubleToRawLongBits(value);
        end();
    }

    /** A report that says all by its kind. */
    void event(Kind kind) {
        begin(kind);
        end();
    }

    @SuppressWarnings("EnumOrdinal") // No row outlives the process.
    private int begin(Kind kind) {
        int row = row(puts);
        rows[row + KIND] = kind.ordinal();
        return row;
    }

    private void counts(int row, long steps, long tokens, double nats, long millis) {
        rows[row + STEPS] = steps;
        rows[row + TOKENS] = tokens;
        rows[row + NATS] = Double.doubleToRawLongBits(nats);
        rows[row + MILLIS] = millis;
    }

    private void end() {
        put = ++puts;
    }

    // ---- whoever takes ----

    /** {@return how many may be taken at this moment; any thread may ask} */
    int waiting() {
        return (int) (put - taken);
    }

    /** Takes the oldest report and applies it. One that fails is gone as well: it must not count twice. */
    void applyNextTo(RunAccumulator run) {
        int row = row(takes);
        try {
            apply(row, run);
        } finally {
            taken = ++takes;
        }
    }

    private void apply(int row, RunAccumulator run) {
        double value = Double.longBitsToDouble(rows[row + VALUE]);
        double nats = Double.longBitsToDouble(rows[row + NATS]);
        switch (KINDS[(int) rows[row + KIND]]) {
            case STEP -> run.step(rows[row + STEPS], rows[row + TOKENS], nats, rows[row + MILLIS]);
            case TOLD_STEP -> {
                run.position(rows[row + ITERATION], rows[row + EPOCH]);
                run.learningRate(value);
                run.step(1, rows[row + TOKENS], nats, rows[row + MILLIS]);
            }
            case MICRO_BATCH -> run.microBatch(rows[row + TOKENS], nats);
            case END_STEP -> run.endStep(rows[row + MILLIS]);
            case SKIP -> run.skip();
            case VALIDATION -> run.validation(value);
            case LEARNING_RATE -> run.learningRate(value);
            case POSITION -> run.position(rows[row + ITERATION], rows[row + EPOCH]);
            case START_EPOCH -> run.startEpoch();
            case END_EPOCH -> run.endEpoch(true);
            case END_EPOCH_OF_UNKNOWN_DATA -> run.endEpoch(false);
            case UNIQUE_TOKENS -> run.foundUniqueTokens(value);
            case BEGIN_SEGMENT -> run.beginSegment();
            case VOCABULARY -> run.vocabularySize(value);
        }
    }

    private static int row(long index) {
        return (int) (index % CAPACITY) * COLUMNS;
    }
}
