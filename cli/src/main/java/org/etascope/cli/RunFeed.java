package org.etascope.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.etascope.cli.StreamOptions.Series;
import org.etascope.core.InformationCapacity;
import org.etascope.core.LossUnit;
import org.etascope.core.Outcome;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunState;
import org.etascope.logs.LossPoint;
import org.etascope.logs.LossSink;
import org.etascope.logs.Role;
import org.jspecify.annotations.Nullable;

/**
 * Brings logged points to a run: which steps each stands for, and how many tokens.
 *
 * <p>A point stands for the steps since the point before it; the first one for all steps up to its own, at least one (one
 * more where the distance to the second one tells that the log counts from 0). A second point for the same step is skipped
 * and counted. Without step numbers each point stands for {@code --log-every} steps. A step that goes back without {@link
 * #beginSegment} before it is a counter that began anew: it stands for as many steps as the point before.
 *
 * <p>Tokens come from what the log counts (of a step, so far, or samples) or from {@code --tokens-per-step}. A column of
 * tokens is a running total if its first eight values only grow, and grow as a total would from the run's beginning; else it
 * holds the tokens of a step.
 *
 * <p>The monitor is made at the first point, since its baseline depends on that point's step. What comes after the
 * run was ended makes another one, which goes on from where it stood. For one thread.
 */
final class RunFeed implements LossSink {
    private static final int VALUES_THAT_TELL = 8;
    /** Of one line; more would be no log but a damaged number. */
    private static final int MOST_LOST_STEPS = 10_000;

    private static final double LARGEST_FACT = 1e15;
    private static final int MOST_NOTES = 20;
    private static final double UNIT_TOLERANCE = 0.02;

    private final StreamOptions options;
    private final String file;
    private final String runName;
    private final boolean namesTokens;
    private final RunClock clock;
    private final Consumer<RunMonitor> atStart;
    private final @Nullable EnergyFile energy;
    private String format = "";

    private @Nullable RunMonitor monitor;
    private LogFacts known = LogFacts.NONE;
    private long points;
    private long taken;
    private long toPassOver;
    private long textLines;
    private long restarts;
    private long validations;

    /** Where the log stands. */
    private Position at = Position.START;

    private final Map<Role, Long> facts = new EnumMap<>(Role.class);
    private final List<String> notes = new ArrayList<>();
    private @Nullable LossUnit unit;
    private boolean segmentBegins;
    private boolean unreadableCame;
    private @Nullable LossPoint first;
    private long firstSteps;
    private final List<LossPoint> undecided = new ArrayList<>();
    private @Nullable Boolean tokensAreTotal;

    /**
     * Where in a log the feed stands.
     *
     * @param step the last point's step, -1 before the first
     * @param interval the steps it stood for
     * @param totalTokens the log's count of all tokens there, -1 if it has none
     * @param tokensPerStep tokens of one of its steps, NaN before the first
     */
    record Position(long step, long interval, long totalTokens, double tokensPerStep) {
        static final Position START = new Position(-1, 1, -1, Double.NaN);
    }

    /**
     * A feed of one run.
     *
     * @param file name of the log, for messages
     * @param clock told of each point's time
     * @param atStart told of the monitor once there is one, before its first step
     */
    RunFeed(StreamOptions options, String file, String runName, RunClock clock, Consumer<RunMonitor> atStart) {
        this.options = options;
        this.file = file;
        this.runName = runName;
        this.unit = options.unit;
        this.namesTokens = options.namesTokens();
        this.clock = clock;
        this.atStart = atStart;
        this.energy = options.energy();
    }

    /** Says which format the next points come from. */
    void format(String label) {
        format = label;
    }

    /** {@return a feed of the next run in the same log, which knows what the log has said} */
    RunFeed next(String name) {
        RunFeed next = new RunFeed(options, file, name, clock, atStart);
        next.format = format;
        next.taken = taken;
        next.facts.putAll(facts);
        return next;
    }

    /**
     * A file begins, or the same one is read again.
     *
     * @param passOver how many of its points were taken before: they put steps and totals in their place, but do not
     *     count for the run again
     */
    void nextFile(long passOver) {
        taken = 0;
        toPassOver = passOver;
        if (passOver > 0) {
            at = Position.START;
        }
    }

    /** Goes on with a run that was watched before. */
    void resume(RunMonitor resumed, Position from) {
        monitor = resumed;
        at = from;
    }

    /** Goes back to where the run was, and on with these points. */
    void goBack(RunState state, Position from, List<LossPoint> again) {
        RunMonitor run = monitor;
        if (run != null) {
            (run.closed() ? goOn(run) : run).restore(state);
            at = from;
            long kept = taken;
            toPassOver = 0;
            again.forEach(this::takeNow);
            taken = kept;
            beginSegment();
        }
    }

    /** A point is not taken, since its step was. */
    void passOver() {
        taken++;
        textLines++;
    }

    /** {@return whether the next point was taken before this process began} */
    boolean passesOver() {
        return taken < toPassOver;
    }

    /** {@return whether a point's loss is that of a model which has not been trained} */
    boolean isNearTheBaseline(LossPoint point) {
        double nats = nats(options.series.loss(point));
        return monitor != null
                && nats
                        >= Restarts.NEAR_THE_FIRST
                                * monitor.snapshot().baseline().nats();
    }

    private double nats(double loss) {
        return (unit == null ? LossUnit.NATS : unit).toNats(loss);
    }

    @Nullable
    RunMonitor monitor() {
        return monitor;
    }

    /** Losses of the run's series so far. */
    long points() {
        return points;
    }

    /** Points of any kind taken from this file, those passed over included. */
    long taken() {
        return taken;
    }

    Position position() {
        return at;
    }

    long textLines() {
        return textLines;
    }

    /** {@return how often the log's steps went back within the run} */
    long restarts() {
        return restarts;
    }

    long validations() {
        return validations;
    }

    /** Takes what was held back; to be called at the stream's end. */
    void finish() {
        if (!undecided.isEmpty()) {
            decideTokens(undecided.size() > 1);
        }
        LossPoint held = first;
        if (held != null) {
            first = null;
            firstSteps = Math.max(1, held.step);
            takeNow(held);
        }
    }

    @Override
    public void text(long count) {
        textLines += count;
    }

    @Override
    public void unreadable(String where, String problem) {
        if (!options.lenient) {
            throw Failure.failed(file + where + ": " + problem + " (format " + format
                    + "). Lines like this can be skipped with --lenient.");
        }
        unreadableCame = true;
        textLines++;
    }

    /** What the log says of the run; what the user says comes first. */
    @Override
    public void fact(Role role, double value) {
        if (value > 0 && value < LARGEST_FACT && value == Math.rint(value)) {
            facts.putIfAbsent(role, (long) value);
        }
    }

    @Override
    public void note(String sentence) {
        if (notes.size() < MOST_NOTES && !notes.contains(sentence)) {
            notes.add(sentence);
        }
    }

    /** {@return what the log says, by role} */
    Map<Role, Long> facts() {
        return facts;
    }

    /** {@return how the log is understood, where that is not obvious} */
    List<String> notes() {
        return notes;
    }

    /** The next point goes on from a point before the one that came last. */
    void beginSegment() {
        segmentBegins = true;
        restarts++;
    }

    @Override
    public void point(LossPoint point) {
        boolean counted = point.tokens >= 0 || (point.totalTokens >= 0 && !namesTokens);
        if (!counted) {
            take(point);
        } else if (tokensAreTotal != null) {
            takeWithTokens(point);
        } else {
            holdBack(point.copy());
        }
    }

    private static long tokensOf(LossPoint point) {
        return point.tokens >= 0 ? point.tokens : point.totalTokens;
    }

    private void holdBack(LossPoint point) {
        boolean grows = undecided.isEmpty() || tokensOf(point) > tokensOf(undecided.get(undecided.size() - 1));
        undecided.add(point);
        if (!grows || undecided.size() == VALUES_THAT_TELL) {
            decideTokens(grows);
        }
    }

    private void decideTokens(boolean grows) {
        LossPoint from = undecided.get(0);
        LossPoint to = undecided.get(undecided.size() - 1);
        boolean named = from.tokens < 0;
        boolean total = grows ? growsAsATotal(from, to, named) : named && undecided.size() == 1;
        if (!total && named) {
            note("the log's count of all tokens grows too little for one: it is taken for the tokens of a step"
                    + " (--map total-tokens=NAME says otherwise)");
        }
        tokensAreTotal = total;
        undecided.forEach(this::takeWithTokens);
        undecided.clear();
    }

    /** At that rate from the run's beginning on it would stand about where it does. */
    private static boolean growsAsATotal(LossPoint from, LossPoint to, boolean named) {
        if (from.step < 0 || to.step <= from.step) {
            return true;
        }
        double rate = (double) (tokensOf(to) - tokensOf(from)) / (to.step - from.step);
        double expected = rate * (to.step + 1);
        return expected >= tokensOf(to) / (named ? 4.0 : 2.0);
    }

    private void takeWithTokens(LossPoint point) {
        long count = tokensOf(point);
        if (count >= 0) {
            boolean total = Boolean.TRUE.equals(tokensAreTotal);
            point.totalTokens = total ? count : -1;
            point.tokensPerStep = total ? point.tokensPerStep : count;
        }
        take(point);
    }

    /** A first point at a later step is held until the second one tells from where the log counts. */
    private void take(LossPoint point) {
        LossPoint held = first;
        boolean counts = options.series.isIn(point);
        if (at.step < 0 && monitor == null && held == null && counts && point.step > 1) {
            first = point.copy();
        } else if (held != null && counts) {
            first = null;
            long distance = point.step - held.step;
            firstSteps = held.step + 1 == distance ? distance : held.step;
            takeNow(held);
            takeNow(point);
        } else {
            takeNow(point);
        }
    }

    private void takeNow(LossPoint point) {
        taken++;
        boolean passed = taken <= toPassOver;
        boolean counts = options.series.isIn(point);
        if (counts) {
            points++;
            step(point, options.series.loss(point), passed);
        }
        boolean validates = point.hasValidation && options.series != Series.VALIDATION;
        validations += validates ? 1 : 0;
        RunMonitor run = monitor;
        if (!passed && run != null) {
            beside(validates && run.closed() ? goOn(run) : run, point, counts, validates);
        }
    }

    private void beside(RunMonitor run, LossPoint point, boolean counts, boolean validates) {
        // Formats that log the learning rate on its own tell it here, the others told it before the step.
        if (!counts && !Double.isNaN(point.learningRate)) {
            run.learningRate(point.learningRate);
        }
        if (validates) {
            run.validation(nats(point.validation));
        }
    }

    private void step(LossPoint point, double loss, boolean passed) {
        boolean unnumbered = point.step < 0;
        long every = options.logEvery == null ? 1 : options.logEvery;
        long step = unnumbered ? Math.max(0, at.step) + every : point.step;
        boolean renumbered = step < at.step && !segmentBegins;
        long steps = stepsUpTo(step, renumbered);
        clock.at(point, steps);
        unit = unit == null ? unitOf(point, loss) : unit;
        double lossNats = nats(loss);
        RunMonitor run = monitor;
        if (run == null) {
            tell(point, step);
            known = new LogFacts(facts, lossNats, this::note);
            run = make(step, null);
        } else if (!passed && steps > 0 && run.closed()) {
            run = goOn(run);
        }
        long tokens = steps == 0 ? 0 : tokens(point, steps, renumbered);
        if (!passed) {
            restarts += renumbered ? 1 : 0;
            if (renumbered || segmentBegins) {
                run.beginSegment();
            }
            segmentBegins = false;
            report(run, point, step, steps, tokens, lossNats);
        }
        if (steps > 0) {
            at = new Position(step, steps, total(point), (double) tokens / steps);
        }
    }

    private RunMonitor goOn(RunMonitor ended) {
        return make(1, ended.state());
    }

    private RunMonitor make(long firstStep, @Nullable RunState from) {
        RunMonitor run = options.builder(runName, firstStep, clock, file, known).build();
        if (from != null) {
            run.restore(from);
        }
        monitor = run;
        atStart.accept(run);
        return run;
    }

    /** {@return whether the run has all the steps that were planned; not where no plan is known} */
    static boolean planIsMet(RunMonitor run) {
        return run.snapshot().progress().steps() >= run.plannedSteps();
    }

    /** Ends a run as its log tells: finished where its plan is met, else nobody knows how. */
    static void end(RunMonitor run) {
        run.end(planIsMet(run) ? Outcome.FINISHED : null);
    }

    private void tell(LossPoint point, long step) {
        if (point.step < 0) {
            note("no step numbers: each value is taken for "
                    + (options.logEvery == null
                            ? "ONE step (--log-every K says otherwise)"
                            : Terminal.count(options.logEvery, "step")));
        } else if (options.logEvery != null) {
            note("--log-every is ignored: the log numbers its steps");
        }
        if (unreadableCame && step <= 1) {
            note("a line before the first loss could not be read: the baseline is the loss of step " + step
                    + ", which need not be the run's first one");
        }
    }

    /** A perplexity beside the loss tells its unit. */
    private LossUnit unitOf(LossPoint point, double loss) {
        if (!(point.perplexity > 1) || !(loss > 0)) {
            return LossUnit.NATS;
        }
        double nats = Math.log(point.perplexity);
        double bits = nats / InformationCapacity.LN2;
        if (Math.abs(loss - bits) < UNIT_TOLERANCE * bits && Math.abs(loss - nats) > UNIT_TOLERANCE * nats) {
            note("the losses are in bits, since the log's perplexity is 2^loss: taken times ln 2 (--unit says"
                    + " otherwise)");
            return LossUnit.BITS;
        }
        return LossUnit.NATS;
    }

    private long stepsUpTo(long step, boolean renumbered) {
        if (at.step < 0) {
            return firstSteps > 0 ? firstSteps : Math.max(1, step);
        }
        return renumbered ? Math.max(1, Math.min(step, at.interval)) : Math.max(0, step - at.step);
    }

    private void report(RunMonitor run, LossPoint point, long step, long steps, long tokens, double lossNats) {
        if (steps == 0) {
            run.skip();
            return;
        }
        if (!Double.isNaN(point.learningRate)) {
            run.learningRate(point.learningRate);
        }
        run.position(step, Double.isNaN(point.epoch) ? -1 : (long) point.epoch);
        long nonFinite = Math.min(point.nonFiniteSteps, steps);
        long skipped = Math.min(point.skippedSteps, steps - nonFinite);
        long finite = steps - nonFinite - skipped;
        double perStep = (double) tokens / steps;
        for (long i = 0; i < Math.min(nonFinite, MOST_LOST_STEPS); i++) {
            run.steps(1, Math.round(perStep), Double.NaN, clock.getAsLong());
        }
        for (long i = 0; i < Math.min(skipped, MOST_LOST_STEPS); i++) {
            run.skip();
        }
        if (finite > 0) {
            long counted = finite == steps ? tokens : Math.round(perStep * finite);
            run.steps(finite, counted, lossNats, clock.getAsLong());
        }
        if (energy != null) {
            energy.tell(run, clock.getAsLong());
        }
    }

    private long tokens(LossPoint point, long steps, boolean restart) {
        if (options.tokensPerStep != null && !namesTokens) {
            return product(options.tokensPerStep, steps);
        }
        long total = total(point);
        if (total >= 0) {
            if (at.totalTokens < 0 || (total > at.totalTokens && !restart)) {
                return total - Math.max(0, at.totalTokens);
            }
            return Math.round(at.tokensPerStep * steps);
        }
        if (point.tokensPerStep >= 0) {
            return product(point.tokensPerStep, steps);
        }
        Long perStep = options.tokensPerStep != null ? options.tokensPerStep : tokensPerStepOfTheLog();
        if (perStep != null) {
            return product(perStep, steps);
        }
        throw point.totalSamples >= 0
                ? Failure.usage("--seq-length is needed: this log counts samples, and a sample's tokens are not in it.")
                : Failure.usage(
                        "--tokens-per-step is needed: this format does not say how many tokens a step trains on.");
    }

    private @Nullable Long tokensPerStepOfTheLog() {
        Long batch = facts.get(Role.BATCH);
        Long length = sequenceLength();
        return batch != null && length != null ? Long.valueOf(product(batch, length)) : facts.get(Role.STEP_TOKENS);
    }

    private @Nullable Long sequenceLength() {
        return options.sequenceLength != null ? options.sequenceLength : facts.get(Role.SEQUENCE_LENGTH);
    }

    private long total(LossPoint point) {
        if (point.totalTokens >= 0) {
            return point.totalTokens;
        }
        Long length = sequenceLength();
        return point.totalSamples >= 0 && length != null ? product(point.totalSamples, length) : -1;
    }

    /** Beyond 2^63 it is no count of tokens: 0, which the core counts as skipped. */
    private static long product(long a, long b) {
        return Math.multiplyHigh(a, b) == 0 && a * b >= 0 ? a * b : 0;
    }
}
