package org.etascope.core;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Everything a run must keep, and the arithmetic of one step. Deterministic: the same calls give the same bits. No
 * thread, no clock; {@link RunMonitor} brings both. {@link #save} and {@link #load} are exact inverses between steps.
 */
final class RunAccumulator {
    private static final double LEAVES_INITIAL_AT_ERRORS = 3;
    private static final int BINS_TO_CALL_NOT_LEARNING = 32;
    private static final int NON_FINITE_TO_CALL_FAULT = 3;
    private static final double EPOCHS_FOR_VALIDATION = 1.05;
    private static final double EPOCHS_TO_CALL_REPEAT = 4;
    private static final double EXHAUSTED_LEARNING_RATE = 0.1;
    private static final double HIGH_LEARNING_RATE = 0.5;
    private static final double FULL_BITS_PER_PARAMETER = 2;

    private BaselineTracker baseline;
    private LossCurve curve = new LossCurve(4);
    private LossCurve validationCurve = new LossCurve(1);
    private SaturationDetector detector;
    private SaturationDetector validationDetector;
    private History history = new History();
    private LearningRates rates = new LearningRates();
    private ForecastBins forecastBins = new ForecastBins();

    private long steps;
    private long points;
    private long tokens;
    private CompensatedSum codeLength = new CompensatedSum(0, 0);
    private long nonFiniteSteps;
    private long skippedSteps;
    private long consecutiveNonFinite;
    private double lastLoss = Double.NaN;
    private double tokensOfFirstStep = Double.NaN;
    private long lastStepMillis = Long.MIN_VALUE;

    private int segment;
    private long iteration = -1;
    private long epoch = -1;
    private boolean epochSeenFromItsStart = true;
    private long tokensAtEpochStart;
    private long unusableTokensThisEpoch;
    /** Restored in the middle of an epoch: what the framework starts next is the rest of it. Not kept in a state. */
    private boolean restOfEpoch;

    private double vocabularySize = Double.NaN;
    private double uniqueTokens = Double.NaN;
    private double learningRate = Double.NaN;
    private double learningRatePeak = Double.NaN;
    private double validationLoss = Double.NaN;
    private double bestValidationLoss = Double.NaN;

    private boolean initial = true;
    private Phase phase = Phase.INITIAL;
    private long saturatedAtTokens = -1;
    private long saturationMillis = Long.MIN_VALUE;
    private long saturatedEvaluations;

    private long pendingTokens;
    private long pendingBatches;
    private boolean pendingUnusable;
    private final CompensatedSum pendingNats = new CompensatedSum(0, 0);

    /** Not kept in a state: whoever goes on with a run says anew how long it is meant to be. */
    private TrainingPlan plan = TrainingPlan.UNKNOWN;
    /** As of the last step; null while nobody has asked since. */
    private @Nullable Forecast forecast;

    RunAccumulator(DetectorSettings settings, BaselineRule rule) {
        this.baseline = new BaselineTracker(rule);
        this.detector = new SaturationDetector(settings);
        this.validationDetector = new SaturationDetector(settings);
    }

    // ---- what happens to a run ----

    void step(long stepsMeant, long stepTokens, double lossNats, long millis) {
        if (stepTokens <= 0 || stepTokens > Long.MAX_VALUE - tokens) {
            skippedSteps++;
            return;
        }
        double nats = stepTokens * lossNats;
        if (!Double.isFinite(nats)) {
            unusableTokensThisEpoch += stepTokens;
            nonFinite();
            return;
        }
        if (!baseline.frozen()) {
            baseline.freeze(stepTokens, lossNats, vocabularySize);
        }
        if (points == 0) {
            tokensOfFirstStep = (double) stepTokens / stepsMeant;
        }
        steps += stepsMeant;
        points++;
        tokens += stepTokens;
        codeLength.add(nats);
        consecutiveNonFinite = 0;
        lastLoss = lossNats;
        lastStepMillis = Math.max(lastStepMillis, millis);
        double logTokens = Math.log(tokens);
        rates.step(tokens, stepTokens, rates.scheduled() ? plan.rateAt(steps, tokens) : Double.NaN);
        forecastBins.add(lossNats, logTokens, Math.log(rates.sum()), rates.rate());
        forecast = null;
        if (curve.add(logTokens, lossNats)) {
            forecastBins.close();
            trainingBinClosed();
        }
    }

    /** One value, however many steps it stands for: of the others nothing is known. */
    private void nonFinite() {
        nonFiniteSteps++;
        consecutiveNonFinite++;
        baseline.firstStepLost();
    }

    void microBatch(long batchTokens, double lossNats) {
        double nats = batchTokens * lossNats;
        if (batchTokens > 0 && Double.isFinite(nats)) {
            pendingTokens += batchTokens;
            pendingNats.add(nats);
            if (!baseline.frozen()) {
                baseline.microBatch(lossNats);
            }
        } else if (batchTokens > 0) {
            pendingUnusable = true;
            unusableTokensThisEpoch += batchTokens;
        }
        pendingBatches++;
    }

    void endStep(long millis) {
        if (pendingBatches == 0) {
            return;
        }
        if (pendingUnusable) {
            unusableTokensThisEpoch += pendingTokens;
            nonFinite();
        } else {
            step(1, pendingTokens, pendingNats.value() / pendingTokens, millis);
        }
        pendingBatches = 0;
        pendingTokens = 0;
        pendingUnusable = false;
        pendingNats.reset();
    }

    void skip() {
        skippedSteps++;
    }

    void validation(double lossNats) {
        validationLoss = lossNats;
        if (!Double.isFinite(lossNats)) {
            return;
        }
        bestValidationLoss = bestValidationLoss <= lossNats ? bestValidationLoss : lossNats;
        if (tokens > 0 && validationCurve.add(Math.log(tokens), lossNats)) {
            validationDetector.evaluate(validationCurve, ceiling(), logGrowth());
            if (validationDecides()) {
                judge();
            }
        }
    }

    void position(long newIteration, long newEpoch) {
        iteration = newIteration;
        epoch = newEpoch;
    }

    /** A rate that is negative is as good as none; 0 is one. */
    void learningRate(double rate) {
        learningRate = rate >= 0 ? rate : Double.NaN;
        rates.tell(rate);
        learningRatePeak = rate <= learningRatePeak ? learningRatePeak : rate;
    }

    void plan(TrainingPlan newPlan) {
        plan = newPlan;
        forecast = null;
    }

    void vocabularySize(double size) {
        vocabularySize = size;
    }

    void uniqueTokens(double unique) {
        uniqueTokens = unique;
    }

    void startEpoch() {
        if (!restOfEpoch) {
            epochSeenFromItsStart = true;
            tokensAtEpochStart = tokens;
            unusableTokensThisEpoch = 0;
        }
        restOfEpoch = false;
    }

    void endEpoch() {
        if (Double.isNaN(uniqueTokens) && epochSeenFromItsStart && tokens > 0) {
            uniqueTokens = tokens - tokensAtEpochStart + unusableTokensThisEpoch;
        }
        restOfEpoch = false;
        startEpoch();
    }

    void beginSegment() {
        segment++;
        epochSeenFromItsStart = false;
        baseline.resumedWithoutState();
    }

    // ---- the verdict ----

    private double ceiling() {
        double h = baseline.baseline().nats();
        double uniform = Math.log(vocabularySize);
        return uniform < h ? uniform : h;
    }

    private double logGrowth() {
        return Math.log(tokens / tokensOfFirstStep);
    }

    private void trainingBinClosed() {
        detector.evaluate(curve, ceiling(), logGrowth());
        initial = initial && !learnt();
        if (initial || !validationDecides()) {
            judge();
        }
        history.append(steps, tokens, lastStepMillis, phase, segment, curve, codeLength.value(), detector.reported());
    }

    private boolean learnt() {
        double exposure = baseline.baseline().nats() - curve.current();
        double error = Math.hypot(baseline.baseline().standardError(), curve.currentStandardError());
        return exposure >= LEAVES_INITIAL_AT_ERRORS * error;
    }

    private boolean validationDecides() {
        return epochs() > EPOCHS_FOR_VALIDATION && validationCurve.closed() >= SaturationDetector.FEWEST_BINS;
    }

    private SaturationDetector deciding() {
        return validationDecides() ? validationDetector : detector;
    }

    private void judge() {
        Phase next = initial ? Phase.INITIAL : deciding().saturated() ? Phase.SATURATED : Phase.TRAINING;
        if (next == Phase.SATURATED && phase != Phase.SATURATED) {
            saturationMillis = lastStepMillis;
            if (saturatedAtTokens < 0) {
                saturatedAtTokens = tokens;
            }
        }
        saturatedEvaluations = next == Phase.SATURATED ? saturatedEvaluations + 1 : 0;
        phase = next;
    }

    Phase phase() {
        return phase;
    }

    private double epochs() {
        if (!Double.isNaN(uniqueTokens)) {
            return tokens / uniqueTokens;
        }
        return epoch < 0 ? Double.NaN : epoch;
    }

    // ---- what is read from it ----

    long steps() {
        return steps;
    }

    long tokens() {
        return tokens;
    }

    long nonFiniteSteps() {
        return nonFiniteSteps;
    }

    long skippedSteps() {
        return skippedSteps;
    }

    int segment() {
        return segment;
    }

    double vocabularySize() {
        return vocabularySize;
    }

    double uniqueTokens() {
        return uniqueTokens;
    }

    boolean started() {
        return points > 0 || nonFiniteSteps > 0 || skippedSteps > 0;
    }

    long lastStepMillis() {
        return lastStepMillis;
    }

    Baseline baseline() {
        return baseline.baseline();
    }

    History.View history() {
        return history.view();
    }

    private Forecast forecast() {
        if (forecast == null) {
            forecast = new Forecast(new ForecastBasis(forecastBins.view(), rates.now(), tokens, steps, plan));
        }
        return forecast;
    }

    LossCurve.View validationCurve() {
        return validationCurve.view();
    }

    RunStatistics statistics() {
        return new RunStatistics(
                steps,
                points,
                tokens,
                codeLength.sum(),
                codeLength.compensation(),
                nonFiniteSteps,
                skippedSteps,
                baseline.firstStepTokens(),
                baseline.firstStepNats());
    }

    RunSnapshot snapshot(RunInfo info, double startSeconds, double endSeconds, ProcessCounters process) {
        double c = codeLength.value();
        Losses losses = new Losses(lastLoss, c / tokens, curve.current(), curve.currentStandardError());
        Baseline h = baseline.baseline();
        Ledger ledger = Ledger.of(
                info, tokens, c, uniqueTokens, h, losses, detector.reported().slope());
        double epochs = epochs();
        Validation validation = new Validation(
                validationLoss,
                bestValidationLoss,
                validationLoss - losses.current(),
                epochs > EPOCHS_FOR_VALIDATION
                        ? uniqueTokens
                                * (bestValidationLoss - losses.current())
                                * info.convention().informationPerNat()
                        : Double.NaN,
                validationDecides());
        return new RunSnapshot(
                info,
                new Progress(
                        steps,
                        points,
                        tokens,
                        nonFiniteSteps,
                        skippedSteps,
                        segment,
                        iteration,
                        epoch,
                        epochs,
                        uniqueTokens,
                        learningRate,
                        learningRatePeak),
                h,
                losses,
                ledger,
                verdict(h, ledger, epochs),
                validation,
                new Timeline(startSeconds, seconds(lastStepMillis), seconds(saturationMillis), endSeconds),
                process);
    }

    private Verdict verdict(Baseline h, Ledger ledger, double epochs) {
        boolean validated = validationDecides();
        SaturationDetector judge = validated ? validationDetector : detector;
        SaturationDetector.Window window = judge.reported();
        int bins = validated ? validationCurve.closed() : curve.closed();
        EnumSet<Condition> conditions = EnumSet.noneOf(Condition.class);
        add(conditions, Condition.WARMING_UP, bins < SaturationDetector.FEWEST_BINS);
        add(conditions, Condition.INCONCLUSIVE, phase != Phase.SATURATED && judge.inconclusive());
        add(conditions, Condition.RISING, judge.rising());
        add(conditions, Condition.OVERFITTING, validated && validationDetector.rising() && !detector.rising());
        add(conditions, Condition.FAULT, consecutiveNonFinite >= NON_FINITE_TO_CALL_FAULT);
        add(
                conditions,
                Condition.NOT_LEARNING,
                phase == Phase.INITIAL && h.known() && curve.closed() >= BINS_TO_CALL_NOT_LEARNING);
        add(conditions, Condition.BASELINE_SUSPECT, h.suspect());
        add(conditions, Condition.BASELINE_ASSUMED, h.assumed());
        return new Verdict(
                phase,
                Collections.unmodifiableSet(conditions),
                phase == Phase.SATURATED ? cause(ledger, epochs) : null,
                window.slope(),
                window.lower(),
                window.upper(),
                judge.averageSlope(),
                judge.z(),
                window.kappa(),
                window.bins(),
                bins,
                saturatedAtTokens < 0 ? OptionalLong.empty() : OptionalLong.of(saturatedAtTokens),
                saturatedEvaluations,
                forecast());
    }

    private SaturationCause cause(Ledger ledger, double epochs) {
        if (learningRate < EXHAUSTED_LEARNING_RATE * learningRatePeak) {
            return SaturationCause.LEARNING_RATE_EXHAUSTED;
        }
        if (epochs > EPOCHS_TO_CALL_REPEAT) {
            return SaturationCause.DATA_REPEAT;
        }
        if (ledger.absorbedBitsPerParameter() >= FULL_BITS_PER_PARAMETER) {
            return SaturationCause.CAPACITY_SUSPECT;
        }
        if (learningRate > HIGH_LEARNING_RATE * learningRatePeak) {
            return SaturationCause.FLAT_AT_CURRENT_LEARNING_RATE;
        }
        return SaturationCause.UNKNOWN;
    }

    private static void add(EnumSet<Condition> conditions, Condition condition, boolean holds) {
        if (holds) {
            conditions.add(condition);
        }
    }

    static double seconds(long millis) {
        return millis == Long.MIN_VALUE ? Double.NaN : millis / 1e3;
    }

    // ---- what survives ----

    void save(DataOutput out) throws IOException {
        out.writeLong(steps);
        out.writeLong(points);
        out.writeLong(tokens);
        out.writeDouble(codeLength.sum());
        out.writeDouble(codeLength.compensation());
        out.writeLong(nonFiniteSteps);
        out.writeLong(skippedSteps);
        out.writeLong(consecutiveNonFinite);
        out.writeDouble(lastLoss);
        out.writeDouble(tokensOfFirstStep);
        out.writeLong(lastStepMillis);
        out.writeInt(segment);
        out.writeLong(iteration);
        out.writeLong(epoch);
        out.writeBoolean(epochSeenFromItsStart);
        out.writeLong(tokensAtEpochStart);
        out.writeLong(unusableTokensThisEpoch);
        out.writeDouble(vocabularySize);
        out.writeDouble(uniqueTokens);
        out.writeDouble(learningRate);
        out.writeDouble(learningRatePeak);
        out.writeDouble(validationLoss);
        out.writeDouble(bestValidationLoss);
        out.writeBoolean(initial);
        out.writeUTF(phase.name());
        out.writeLong(saturatedAtTokens);
        out.writeLong(saturationMillis);
        out.writeLong(saturatedEvaluations);
        baseline.save(out);
        curve.save(out);
        validationCurve.save(out);
        detector.save(out);
        validationDetector.save(out);
        history.save(out);
        rates.save(out);
        forecastBins.save(out);
    }

    /**
     * @param version of the format; 1 knows nothing of what a forecast needs, and a run that goes on from it has none
     */
    static RunAccumulator load(DataInput in, int version, DetectorSettings settings, BaselineRule rule)
            throws IOException {
        RunAccumulator run = new RunAccumulator(settings, rule);
        run.steps = in.readLong();
        run.points = in.readLong();
        run.tokens = in.readLong();
        run.codeLength = new CompensatedSum(in.readDouble(), in.readDouble());
        run.nonFiniteSteps = in.readLong();
        run.skippedSteps = in.readLong();
        run.consecutiveNonFinite = in.readLong();
        run.lastLoss = in.readDouble();
        run.tokensOfFirstStep = in.readDouble();
        run.lastStepMillis = in.readLong();
        run.segment = in.readInt();
        run.iteration = in.readLong();
        run.epoch = in.readLong();
        run.epochSeenFromItsStart = in.readBoolean();
        run.tokensAtEpochStart = in.readLong();
        run.unusableTokensThisEpoch = in.readLong();
        run.vocabularySize = in.readDouble();
        run.uniqueTokens = in.readDouble();
        run.learningRate = in.readDouble();
        run.learningRatePeak = in.readDouble();
        run.validationLoss = in.readDouble();
        run.bestValidationLoss = in.readDouble();
        run.initial = in.readBoolean();
        run.phase = StateFormat.constant(Phase.class, in.readUTF());
        run.saturatedAtTokens = in.readLong();
        run.saturationMillis = in.readLong();
        run.saturatedEvaluations = in.readLong();
        run.baseline = BaselineTracker.load(in, rule);
        run.curve = LossCurve.load(in);
        run.validationCurve = LossCurve.load(in);
        run.detector = SaturationDetector.load(in, settings);
        run.validationDetector = SaturationDetector.load(in, settings);
        run.history = History.load(in);
        run.rates = version < 2 ? LearningRates.unknown() : LearningRates.load(in);
        run.forecastBins = version < 2 ? new ForecastBins() : ForecastBins.load(in);
        run.restOfEpoch = run.tokens > run.tokensAtEpochStart || run.unusableTokensThisEpoch > 0;
        return run;
    }
}
