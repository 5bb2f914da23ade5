package org.etascope.core;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything a run must keep, and the arithmetic of one step. Deterministic: the same calls give the same bits. No
 * thread, no clock; {@link RunMonitor} brings both. {@link #save} and {@link #load} are exact inverses between steps.
 */
final class RunAccumulator {
    private static final int NON_FINITE_TO_CALL_FAULT = 3;
    private static final double EPOCHS_FOR_VALIDATION = 1.05;
    private static final double EPOCHS_TO_CALL_REPEAT = 4;
    private static final double EXHAUSTED_LEARNING_RATE = 0.1;
    private static final double HIGH_LEARNING_RATE = 0.5;

    private BaselineTracker baseline;
    private final Judge judge = new Judge();
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
    /** 0 if it was not seen from its start. Not kept in a state. */
    private long tokensOfLastEpoch;
    /** Restored in the middle of an epoch: what the framework starts next is the rest of it. Not kept in a state. */
    private boolean restOfEpoch;

    private double vocabularySize = Double.NaN;
    private double uniqueTokens = Double.NaN;
    private double learningRate = Double.NaN;
    private double learningRatePeak = Double.NaN;
    private double validationLoss = Double.NaN;
    private double bestValidationLoss = Double.NaN;

    private long pendingTokens;
    private long pendingBatches;
    private boolean pendingUnusable;
    private final CompensatedSum pendingNats = new CompensatedSum(0, 0);

    /** Not kept in a state: whoever goes on with a run says anew how long it is meant to be. */
    private TrainingPlan plan = TrainingPlan.UNKNOWN;
    /** As of the last step; null while nobody has asked since. */
    private @Nullable Forecast forecast;

    RunAccumulator(BaselineRule rule) {
        this.baseline = new BaselineTracker(rule);
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
        rates.step(tokens, stepTokens, rates.scheduled() ? plan.rateAt(steps, tokens) : Double.NaN);
        forecastBins.add(lossNats, Math.log(tokens), Math.log(rates.sum()), rates.rate());
        forecast = null;
        judge.at(steps, tokens, lastStepMillis, epochs());
        if (judge.training(lossNats, learningRate, ceiling(), logFirstTokens())) {
            forecastBins.close();
            binClosed();
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
        if (tokens > 0) {
            judge.at(steps, tokens, lastStepMillis, epochs());
            judge.validation(lossNats, ceiling(), logFirstTokens());
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

    /** A given or earlier value stays. */
    void foundUniqueTokens(double unique) {
        if (Double.isNaN(uniqueTokens)) {
            uniqueTokens = unique;
        }
    }

    void startEpoch() {
        if (!restOfEpoch) {
            epochSeenFromItsStart = true;
            tokensAtEpochStart = tokens;
            unusableTokensThisEpoch = 0;
        }
        restOfEpoch = false;
    }

    void endEpoch(boolean onePass) {
        long ofThisEpoch = tokens - tokensAtEpochStart + unusableTokensThisEpoch;
        if (ofThisEpoch > 0) {
            tokensOfLastEpoch = epochSeenFromItsStart ? ofThisEpoch : 0;
        }
        if (onePass && tokensOfLastEpoch > 0) {
            foundUniqueTokens(tokensOfLastEpoch);
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

    private double logFirstTokens() {
        return Math.log(tokensOfFirstStep);
    }

    private void binClosed() {
        LogBins bins = judge.bins();
        history.append(new CurvePoint(
                segment,
                steps,
                tokens,
                seconds(lastStepMillis),
                judge.phase(),
                bins.last(1).losses(),
                codeLength.value(),
                bins.current(),
                judge.slope()));
    }

    private double epochs() {
        if (!Double.isNaN(uniqueTokens)) {
            return tokens / uniqueTokens;
        }
        return orUnknown(epoch);
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

    List<CurvePoint> curve(int from) {
        return history.from(from);
    }

    private Forecast forecast() {
        if (forecast == null) {
            forecast = new Forecast(new ForecastBasis(forecastBins.view(), rates.now(), tokens, steps, plan));
        }
        return forecast;
    }

    List<ValidationPoint> validationCurve() {
        return judge.validationCurve();
    }

    List<RunEvent> events() {
        return judge.events();
    }

    long eventCount() {
        return judge.eventCount();
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

    RunSnapshot snapshot(
            RunInfo info, double startSeconds, double endSeconds, @Nullable Outcome outcome, ProcessCounters process) {
        judge.at(steps, tokens, lastStepMillis, epochs());
        double c = codeLength.value();
        Losses losses = new Losses(
                lastLoss, c / tokens, judge.bins().current(), judge.bins().currentStandardError());
        Baseline h = baseline.baseline();
        Ledger ledger = Ledger.of(
                info, tokens, c, uniqueTokens, h, losses, judge.slope().perEFold());
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
                judge.validationDecides());
        return new RunSnapshot(
                info,
                new Progress(
                        steps,
                        points,
                        tokens,
                        nonFiniteSteps,
                        skippedSteps,
                        segment,
                        new Progress.Position(orUnknown(iteration), orUnknown(epoch), epochs, uniqueTokens),
                        new Progress.LearningRate(learningRate, learningRatePeak)),
                h,
                losses,
                ledger,
                judge.verdict(
                        h,
                        consecutiveNonFinite >= NON_FINITE_TO_CALL_FAULT,
                        cause(ledger.absorbed().bitsPerParameter(info.size()), epochs),
                        forecast()),
                validation,
                new Timeline(
                        startSeconds, seconds(lastStepMillis), seconds(judge.saturationMillis()), endSeconds, outcome),
                process);
    }

    private static double orUnknown(long count) {
        return count < 0 ? Double.NaN : count;
    }

    private SaturationCause cause(double absorbedBitsPerParameter, double epochs) {
        if (learningRate < EXHAUSTED_LEARNING_RATE * learningRatePeak) {
            return SaturationCause.LEARNING_RATE_EXHAUSTED;
        }
        if (epochs > EPOCHS_TO_CALL_REPEAT) {
            return SaturationCause.DATA_REPEAT;
        }
        if (absorbedBitsPerParameter >= InformationCapacity.HELD_BITS_PER_PARAMETER) {
            return SaturationCause.CAPACITY_SUSPECT;
        }
        if (learningRate > HIGH_LEARNING_RATE * learningRatePeak) {
            return SaturationCause.FLAT_AT_CURRENT_LEARNING_RATE;
        }
        return SaturationCause.UNKNOWN;
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
        baseline.save(out);
        judge.save(out);
        history.save(out);
        rates.save(out);
        forecastBins.save(out);
    }

    /**
     * @param version of the format; 1 knows nothing of what a forecast and the verdict need: a run that goes on from it has
     *     no forecast, and its verdict begins anew
     */
    static RunAccumulator load(DataInput in, int version, BaselineRule rule) throws IOException {
        RunAccumulator run = new RunAccumulator(rule);
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
        if (version == 1) {
            Format1 old = new Format1();
            old.readPhase(in);
            run.baseline = BaselineTracker.load(in, rule);
            old.readCurves(in);
            run.history = History.load(in);
            run.judge.at(run.steps, run.tokens, run.lastStepMillis, run.epochs());
            old.handTo(run.judge, run.history.from(0));
            run.rates = LearningRates.unknown();
        } else {
            run.baseline = BaselineTracker.load(in, rule);
            run.judge.load(in);
            run.history = History.load(in);
            run.rates = LearningRates.load(in);
            run.forecastBins = ForecastBins.load(in);
        }
        run.restOfEpoch = run.tokens > run.tokensAtEpochStart || run.unusableTokensThisEpoch > 0;
        return run;
    }
}
