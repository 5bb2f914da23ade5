package org.etascope.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches one training run: the training thread reports each step, anyone may read a {@link #snapshot()}.
 *
 * <pre>{@code
 * RunMonitor monitor = RunMonitor.builder("char-lm").modelSize(new ModelSize(96_816, 32)).build();
 * monitor.step(1600, 4.59); // tokens and mean cross-entropy (nats) of one step, measured before its update
 * double eta = monitor.snapshot().ledger().eta();
 * }</pre>
 *
 * <p><b>Threads.</b> Any thread may call any method: one lock guards the run. Whoever reads holds it for some microseconds,
 * so a training thread waits no longer than that.
 *
 * <p><b>Cost.</b> A step takes constant time and allocates nothing but a point of the curve when a bin closes, at most 32
 * times per e-fold of the tokens. A snapshot costs its reader some microseconds.
 *
 * <p><b>Bad input</b> never throws out of a reporting method. A NaN or infinite loss counts as a non-finite step and
 * changes nothing else; zero or negative tokens count as a skipped step, as do tokens beyond 2^63 − 1 in sum. A loss
 * above the baseline is as good as any (η may be negative). A clock that goes back leaves the last step's time where it
 * was. Without N (0 parameters) every η is NaN; without H everything that needs it is.
 */
public final class RunMonitor implements AutoCloseable {
    private final String name;
    private final BaselineRule baselineRule;
    private final LongSupplier clockMillis;
    private final Observers observers = new Observers();
    private final ProcessTotals totals = new ProcessTotals();
    private final boolean scheduleGiven;
    private final boolean unitGiven;
    private final Object lock = new Object();

    // All that follows is guarded by the lock.
    private final Lifetime lifetime;
    private final StepClock stepClock = new StepClock();
    private RunInfo info;
    private RunAccumulator run;
    private TrainingPlan plan;

    private RunMonitor(Builder builder) {
        this.name = builder.run;
        this.baselineRule = builder.baseline;
        this.clockMillis = builder.clockMillis;
        this.lifetime = new Lifetime(clockMillis.getAsLong());
        this.info = new RunInfo(
                new RunInfo.Names(
                        builder.run,
                        builder.worker == null ? Worker.told() : builder.worker,
                        builder.model,
                        builder.dataset),
                builder.size,
                builder.unit == null ? TokenUnit.TOKEN : builder.unit,
                builder.vocabularySize,
                builder.plannedTokens,
                builder.temperatureKelvin,
                builder.convention,
                null);
        this.run = new RunAccumulator(baselineRule);
        run.vocabularySize(builder.vocabularySize);
        run.uniqueTokens(builder.uniqueTokens);
        this.plan = new TrainingPlan(builder.plannedTokens, builder.plannedSteps, builder.schedule);
        this.scheduleGiven = builder.schedule != null;
        this.unitGiven = builder.unit != null;
        run.plan(plan);
        builder.observers.forEach(observers::add);
    }

    /**
     * {@return a builder with all defaults}
     *
     * @param run name of the run: any text that is not blank, up to 200 characters
     */
    public static Builder builder(String run) {
        return new Builder(run);
    }

    // ---- reporting ----

    /**
     * Reports one optimiser step, at the clock's time.
     *
     * @param tokens loss-bearing tokens of the step
     * @param lossNats their mean cross-entropy in nats, measured before the update
     */
    public void step(long tokens, double lossNats) {
        steps(1, tokens, lossNats, clockMillis.getAsLong());
    }

    /**
     * Reports one optimiser step.
     *
     * @param tokens loss-bearing tokens of the step
     * @param lossNats their mean cross-entropy in nats, measured before the update
     * @param epochMillis when, milliseconds since 1970-01-01 UTC: for a caller that has read the clock already
     */
    public void step(long tokens, double lossNats, long epochMillis) {
        steps(1, tokens, lossNats, epochMillis);
    }

    /**
     * Reports one optimiser step with all that a framework tells of it, in one go: as {@link #position}, {@link
     * #learningRate} and {@link #step(long, double, long)} after each other.
     *
     * @param iteration the framework's iteration
     * @param epoch its completed epochs
     * @param learningRate the optimiser's learning rate, NaN if unknown
     * @param tokens loss-bearing tokens of the step
     * @param lossNats their mean cross-entropy in nats, measured before the update
     * @param epochMillis when, milliseconds since 1970-01-01 UTC
     */
    public void step(long iteration, long epoch, double learningRate, long tokens, double lossNats, long epochMillis) {
        synchronized (lock) {
            run.position(iteration, epoch);
            run.learningRate(learningRate);
            add(1, tokens, lossNats, epochMillis);
        }
    }

    /**
     * Reports one logged value that stands for several steps.
     *
     * @param steps how many steps it stands for, at least 1
     * @param tokens loss-bearing tokens of all of them together
     * @param lossNats mean cross-entropy in nats
     * @param epochMillis when, milliseconds since 1970-01-01 UTC
     */
    public void steps(long steps, long tokens, double lossNats, long epochMillis) {
        synchronized (lock) {
            add(steps, tokens, lossNats, epochMillis);
        }
    }

    private void add(long steps, long tokens, double lossNats, long epochMillis) {
        lifetime.step();
        stepClock.step(steps, epochMillis);
        long before = run.eventCount();
        run.step(steps, tokens, lossNats, epochMillis);
        tellSince(before);
    }

    /**
     * Reports one micro-batch of a step with gradient accumulation; {@link #endStep} completes the step.
     *
     * @param tokens loss-bearing tokens of the micro-batch
     * @param lossNats their mean cross-entropy in nats
     */
    public void microBatch(long tokens, double lossNats) {
        synchronized (lock) {
            run.microBatch(tokens, lossNats);
        }
    }

    /**
     * Completes a step of micro-batches: one step with their tokens and token-weighted mean loss. Without a micro-batch
     * since the last step it does nothing.
     *
     * @param epochMillis when, milliseconds since 1970-01-01 UTC
     */
    public void endStep(long epochMillis) {
        synchronized (lock) {
            long before = run.eventCount();
            if (run.endStep(epochMillis)) {
                stepClock.step(1, epochMillis);
            }
            tellSince(before);
        }
    }

    /** Counts a step that had no usable loss. */
    public void skip() {
        synchronized (lock) {
            run.skip();
        }
    }

    /**
     * Reports a validation loss, as of the tokens trained so far.
     *
     * @param lossNats mean cross-entropy on the validation data, nats per token; a value that is not finite is shown as
     *     the latest and used for nothing
     */
    public void validation(double lossNats) {
        synchronized (lock) {
            long before = run.eventCount();
            run.validation(lossNats);
            tellSince(before);
        }
    }

    /**
     * Reports how much of the next token each layer leaves unexplained, as of the tokens trained so far. Solving the fits
     * takes d³/6 multiplications for a layer of d dimensions, on the calling thread and outside the lock.
     *
     * @param residuals of all layers, with all positions taken in
     */
    public void layers(LayerResiduals residuals) {
        double[][] measured = residuals.measured();
        synchronized (lock) {
            run.layers(residuals.positions(), measured);
        }
    }

    /**
     * Reports what the machine has taken since the last such report. The first one of a run that goes on already should be
     * a {@linkplain EnergyReport#gap gap}, so that no tokens from before it are counted. After the end it does nothing.
     *
     * @param report joules and how long they took
     */
    public void energy(EnergyReport report) {
        synchronized (lock) {
            if (!lifetime.ended()) {
                run.energy(report);
            }
        }
    }

    /**
     * Reports the optimiser's learning rate.
     *
     * @param rate the rate; its peak is kept
     */
    public void learningRate(double rate) {
        synchronized (lock) {
            run.learningRate(rate);
        }
    }

    /**
     * Reports where the framework stands.
     *
     * @param iteration its iteration
     * @param epoch its completed epochs
     */
    public void position(long iteration, long epoch) {
        synchronized (lock) {
            run.position(iteration, epoch);
        }
    }

    /**
     * Reports the start of an epoch, so that tokens trained on before it do not count as its own. After a {@link
     * #restore} in the middle of an epoch the next start goes on with that epoch.
     */
    public void startEpoch() {
        synchronized (lock) {
            lifetime.startEpoch();
            run.startEpoch();
        }
    }

    /**
     * Reports the end of an epoch that was one pass over the training data, each token once. After the first one seen
     * from its start, U is known if it was not given. Right after {@code endEpoch(false)} it is that epoch's.
     */
    public void endEpoch() {
        endEpoch(true);
    }

    /**
     * Reports the end of an epoch.
     *
     * @param onePass whether it was one pass over the training data, each token once; U is learnt from no other
     */
    public void endEpoch(boolean onePass) {
        synchronized (lock) {
            lifetime.endEpoch();
            run.endEpoch(onePass);
        }
    }

    /**
     * Reports U where whoever reports has found it; one that was given or is known already stays.
     *
     * @param tokens distinct tokens in the training data, at least 1; anything less is ignored
     */
    public void uniqueTokens(long tokens) {
        if (tokens > 0) {
            synchronized (lock) {
                run.foundUniqueTokens(tokens);
            }
        }
    }

    /**
     * The run goes on from a point whose state is not known: a new segment. If no step was seen yet, the baseline can no
     * longer be measured: ln V stands in, flagged as assumed (a given one stays).
     */
    public void beginSegment() {
        synchronized (lock) {
            run.beginSegment();
        }
    }

    /**
     * Tells what a framework knows of the model. What the builder was given wins over it.
     *
     * @param model name of the model, empty if it has none
     * @param size N
     * @param vocabularySize V, NaN if unknown; used for the baseline from the next step on
     */
    public void describe(String model, ModelSize size, double vocabularySize) {
        synchronized (lock) {
            boolean vocabularyKnown = !Double.isNaN(info.vocabularySize());
            info = info.describedAs(model, size, vocabularySize);
            if (!vocabularyKnown && vocabularySize >= 1) {
                run.vocabularySize(vocabularySize);
            }
        }
    }

    /**
     * Tells what a framework counts as a token. What the builder was given wins over it.
     *
     * @param unit what bears a loss of its own
     */
    public void unit(TokenUnit unit) {
        synchronized (lock) {
            if (!unitGiven && unit != info.unit()) {
                info = info.withUnit(unit);
                run.plan(plan); // the forecast says it too
            }
        }
    }

    /**
     * Tells how a framework means the learning rate to go. What the builder was given wins over it. To be called once, or
     * whenever the plan changes: it waits for whoever looks.
     *
     * @param schedule the schedule
     */
    public void schedule(LearningRateSchedule schedule) {
        synchronized (lock) {
            if (!scheduleGiven) {
                plan = new TrainingPlan(plan.tokens(), plan.steps(), schedule);
                run.plan(plan);
            }
        }
    }

    /**
     * {@return N, the steps that this run is meant to take: as given, else the planned tokens by the tokens that a step had
     * so far; NaN while neither is known}
     */
    public double plannedSteps() {
        synchronized (lock) {
            return plan.endSteps(run.counts().tokens(), run.counts().steps());
        }
    }

    /**
     * Says why this run has no η; its steps are then reported with {@link #skip()}.
     *
     * @param reason one line for people, null when it has one after all
     */
    public void unsupported(@Nullable String reason) {
        synchronized (lock) {
            info = info.unsupported(reason);
        }
    }

    /** {@return everything this run must keep; to be called between steps, by the reporting thread} */
    public RunState state() {
        synchronized (lock) {
            return RunState.of(info, run);
        }
    }

    /** Reports that a {@link #state} of this run was saved with its model. */
    public void saved() {
        synchronized (lock) {
            run.saved();
        }
    }

    /**
     * Goes on from a stored state: D, C, H, curve and verdict become the stored ones, exactly. What this process has
     * counted keeps growing, so that rates stay true. N, V and what
     * counts as a token are taken over where this monitor does not know them.
     *
     * @param state the state that belongs to the parameters that training goes on from
     */
    public void restore(RunState state) {
        RunAccumulator restored = state.decode(baselineRule);
        synchronized (lock) {
            describe("", state.size(), restored.data().vocabularySize());
            unit(state.unit());
            restored.vocabularySize(info.vocabularySize());
            if (Double.isNaN(restored.data().uniqueTokens())) {
                restored.uniqueTokens(run.data().uniqueTokens());
            }
            totals.carry(run, restored);
            restored.plan(plan);
            run = restored;
        }
    }

    // ---- reading and the rest: any thread ----

    /** {@return D} */
    long tokens() {
        synchronized (lock) {
            return run.counts().tokens();
        }
    }

    /** {@return the run's name} */
    public String name() {
        return name;
    }

    /** {@return the run at one moment, with everything reported until now} */
    public RunSnapshot snapshot() {
        synchronized (lock) {
            double planned = plan.endTokens(run.counts().tokens(), run.counts().steps());
            RunInfo shown = Double.isNaN(planned) ? info : info.withPlannedTokens(planned);
            return run.snapshot(shown, lifetime, totals.shown(run, observers));
        }
    }

    /** {@return the closed bins of the training curve, oldest first; at most 1,400} */
    public List<CurvePoint> curve() {
        return curve(0);
    }

    /**
     * {@return the closed bins of the training curve from an index on, oldest first; closed bins never change, but a
     * restore may take some away}
     *
     * @param fromIndex the first index wanted, at least 0
     */
    public List<CurvePoint> curve(int fromIndex) {
        Arguments.notNegative("index", fromIndex);
        synchronized (lock) {
            return run.curve(fromIndex);
        }
    }

    /** {@return the turning points of the run, oldest first; the last 256} */
    public List<RunEvent> events() {
        synchronized (lock) {
            return events(0);
        }
    }

    /** {@return how long the steps of this process have taken} */
    public StepDurations stepDurations() {
        synchronized (lock) {
            return stepClock.shown();
        }
    }

    /** {@return what else happened, in the order of its beginning; at most 128, see {@link Mark}} */
    public List<Mark> marks() {
        synchronized (lock) {
            return run.marks();
        }
    }

    /** {@return the closed bins of the validation losses, oldest first; at most 1,400} */
    public List<ValidationPoint> validationCurve() {
        synchronized (lock) {
            return run.validationCurve();
        }
    }

    /**
     * {@return the prediction residuals of the layers over the run, oldest first; at most 2,048 residuals in all, two points
     * at most for each 1/16 e-fold of the tokens}
     */
    public List<LayerPoint> layerCurve() {
        synchronized (lock) {
            return run.layerCurve();
        }
    }

    /**
     * Adds an observer of turning points and of the end.
     *
     * @param observer called on a daemon thread, see {@link RunObserver}
     */
    public void addObserver(RunObserver observer) {
        observers.add(observer);
    }

    /**
     * Removes an observer.
     *
     * @param observer the one added; another one is ignored
     */
    public void removeObserver(RunObserver observer) {
        observers.remove(observer);
    }

    /** Counts a fault of the monitor's own that was contained. */
    public void countError() {
        totals.countError();
    }

    /**
     * Counts time that the monitor's callbacks took from the training thread.
     *
     * @param nanos nanoseconds
     */
    public void addCallbackNanos(long nanos) {
        totals.addCallbackNanos(nanos);
    }

    /** {@return whether the run has ended} */
    public boolean closed() {
        synchronized (lock) {
            return lifetime.ended();
        }
    }

    /**
     * Ends the run: its end time is set and observers are told, once; later calls do nothing. Snapshots still work.
     *
     * @param how how it ended, null where nobody knows
     */
    public void end(@Nullable Outcome how) {
        synchronized (lock) {
            if (closed()) {
                return;
            }
            lifetime.end(clockMillis.getAsLong(), how);
            RunSnapshot last = snapshot();
            observers.tell(observer -> observer.ended(last));
        }
    }

    /**
     * Ends the run where nobody has said how: interrupted while SIGINT or SIGTERM ends this JVM; failed inside an epoch,
     * since training that returns has ended its epochs; finished after the end of an epoch, without a step since; else with
     * no outcome.
     */
    @Override
    public void close() {
        boolean signalled = Lifetime.signalled();
        synchronized (lock) {
            end(lifetime.ofClose(signalled));
        }
    }

    private List<RunEvent> events(int from) {
        List<RunEvent> all = run.events();
        return all.subList(from, all.size()).stream()
                .map(event -> event.in(info.unit()))
                .toList();
    }

    private void tellSince(long before) {
        long news = run.eventCount() - before;
        if (news > 0) {
            for (RunEvent event : events(run.events().size() - (int) news)) {
                observers.tell(observer -> observer.happened(name(), event));
            }
        }
    }

    /**
     * Settings of a monitor. Defaults: baseline by the first step, 300 K, consistent units, the system
     * clock, the worker that the process is told to be; everything else unknown until told. Each setter checks its range,
     * names it when it refuses, and returns this builder.
     */
    public static final class Builder {
        private final String run;
        private @Nullable String worker;
        private String model = "";
        private String dataset = "";
        private ModelSize size = ModelSize.UNKNOWN;
        private @Nullable TokenUnit unit;
        private double vocabularySize = Double.NaN;
        private double uniqueTokens = Double.NaN;
        private double plannedTokens = Double.NaN;
        private double plannedSteps = Double.NaN;
        private @Nullable LearningRateSchedule schedule;
        private double temperatureKelvin = InformationCapacity.DEFAULT_TEMPERATURE_KELVIN;
        private UnitConvention convention = UnitConvention.CONSISTENT;
        private BaselineRule baseline = BaselineRule.initialLoss();
        private LongSupplier clockMillis = System::currentTimeMillis;
        private final List<RunObserver> observers = new ArrayList<>();

        private Builder(String run) {
            if (run.isBlank()) {
                throw new IllegalArgumentException("run name is blank, allowed: any other text");
            }
            this.run = Arguments.name("run name", run);
        }

        /**
         * Names this process among several that train one run; its series then carry the label {@code worker}. It wins over
         * {@code -Detascope.worker}, and that over {@code ETASCOPE_WORKER} of the environment.
         *
         * @param name any text of at most 200 characters, empty for none
         * @return this builder
         */
        public Builder worker(String name) {
            this.worker = Arguments.name("worker name", name);
            return this;
        }

        /**
         * Names the model.
         *
         * @param name any text of at most 200 characters
         * @return this builder
         */
        public Builder model(String name) {
            this.model = Arguments.name("model name", name);
            return this;
        }

        /**
         * Names the data.
         *
         * @param name any text of at most 200 characters
         * @return this builder
         */
        public Builder dataset(String name) {
            this.dataset = Arguments.name("dataset name", name);
            return this;
        }

        /**
         * Gives N.
         *
         * @param modelSize parameters and their storage bits
         * @return this builder
         */
        public Builder modelSize(ModelSize modelSize) {
            this.size = modelSize;
            return this;
        }

        /**
         * Says what counts as a token: what bears a loss of its own.
         *
         * @param tokenUnit the word that people read
         * @return this builder
         */
        public Builder unit(TokenUnit tokenUnit) {
            this.unit = tokenUnit;
            return this;
        }

        /**
         * Gives V.
         *
         * @param tokens size of the vocabulary, at least 1; with V = 1 a token carries nothing and ln V is 0
         * @return this builder
         */
        public Builder vocabularySize(long tokens) {
            this.vocabularySize = Arguments.positive("vocabulary size", tokens);
            return this;
        }

        /**
         * Gives U.
         *
         * @param tokens distinct tokens in the training data, at least 1
         * @return this builder
         */
        public Builder uniqueTokens(long tokens) {
            this.uniqueTokens = Arguments.positive("unique tokens", tokens);
            return this;
        }

        /**
         * Says how long the run is meant to be.
         *
         * @param tokens tokens, at least 1
         * @return this builder
         */
        public Builder plannedTokens(long tokens) {
            this.plannedTokens = Arguments.positive("planned tokens", tokens);
            return this;
        }

        /**
         * Says how long the run is meant to be, in steps. Its tokens follow from those that a step has.
         *
         * @param steps optimiser steps, at least 1
         * @return this builder
         */
        public Builder plannedSteps(long steps) {
            this.plannedSteps = Arguments.positive("planned steps", steps);
            return this;
        }

        /**
         * Says how the learning rate is meant to go until the planned end: the loss there is then forecast. It also stands
         * in for the learning rate of a run that tells none.
         *
         * @param learningRateSchedule the schedule; a rate that stays as it is is one, {@link
         *     LearningRateSchedule#constant()}
         * @return this builder
         */
        public Builder schedule(LearningRateSchedule learningRateSchedule) {
            this.schedule = learningRateSchedule;
            return this;
        }

        /**
         * Sets the temperature of the energy floor E₀.
         *
         * @param kelvin above 0
         * @return this builder
         */
        public Builder temperatureKelvin(double kelvin) {
            this.temperatureKelvin = Arguments.positive("temperature in kelvin", kelvin);
            return this;
        }

        /**
         * Chooses how nats are counted.
         *
         * @param unitConvention consistent, or the paper's literal numbers
         * @return this builder
         */
        public Builder unitConvention(UnitConvention unitConvention) {
            this.convention = unitConvention;
            return this;
        }

        /**
         * Chooses where H comes from.
         *
         * @param rule the rule
         * @return this builder
         */
        public Builder baseline(BaselineRule rule) {
            this.baseline = rule;
            return this;
        }

        /**
         * Sets the clock.
         *
         * @param epochMillis gives milliseconds since 1970-01-01 UTC
         * @return this builder
         */
        public Builder clock(LongSupplier epochMillis) {
            this.clockMillis = epochMillis;
            return this;
        }

        /**
         * Adds an observer.
         *
         * @param observer called on a daemon thread
         * @return this builder
         */
        public Builder observer(RunObserver observer) {
            observers.add(observer);
            return this;
        }

        /** {@return the monitor} */
        public RunMonitor build() {
            return new RunMonitor(this);
        }
    }
}
