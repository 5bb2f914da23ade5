package org.etascope.core;

import java.io.DataInput;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything a run must keep, part by part, and what one step does to the parts. Deterministic: the same calls give the same
 * bits. No thread, no clock; {@link RunMonitor} brings both. {@link #save} and {@link #load} are exact inverses between
 * steps; each part saves and loads itself.
 */
final class RunAccumulator extends StateFields.Part {
    private static final double EPOCHS_TO_CALL_REPEAT = 4;

    private final Counts counts = new Counts();
    private final TrainingData data = new TrainingData();
    private final ToldRate rate = new ToldRate();
    private final ValidationLoss validation = new ValidationLoss();
    private final MicroBatches pending = new MicroBatches();
    private final Judge judge = new Judge();
    private final BaselineTracker baseline;
    private final History history = new History();
    private LearningRates rates = new LearningRates();
    private final ForecastBins forecastBins = new ForecastBins();
    private final Marks marks = new Marks();
    private final LayerHistory layers = new LayerHistory();
    private final EnergyAccount energy = new EnergyAccount();

    /** Not kept in a state: whoever goes on with a run says anew how long it is meant to be. */
    private TrainingPlan plan = TrainingPlan.UNKNOWN;
    /** As of the last step; null while nobody has asked since. */
    private @Nullable Forecast forecast;
    /** The one that the metrics show; null while nobody has asked since a bin closed. */
    private @Nullable Forecast forecastOfBin;

    RunAccumulator(BaselineRule rule) {
        this.baseline = new BaselineTracker(rule);
    }

    // ---- what happens to a run ----

    void step(long stepsMeant, long stepTokens, double lossNats, long millis) {
        if (!counts.takes(stepTokens)) {
            counts.skip();
            return;
        }
        if (!Double.isFinite(stepTokens * lossNats)) {
            data.unusable(stepTokens);
            nonFinite(stepsMeant, millis);
            return;
        }
        if (!baseline.frozen()) {
            baseline.freeze(stepTokens, lossNats, data.vocabularySize());
        }
        counts.add(stepsMeant, stepTokens, lossNats, millis);
        long tokens = counts.tokens();
        rates.step(tokens, stepTokens, rates.scheduled() ? plan.rateAt(counts.steps(), tokens) : Double.NaN);
        forecastBins.add(lossNats, Math.log(tokens), Math.log(rates.sum()), rates.rate());
        forecast = null;
        tellJudge();
        if (judge.training(lossNats, rate.now(), ceiling(), counts.logFirstTokens())) {
            forecastBins.close();
            forecastOfBin = null;
            binClosed();
        }
    }

    private void nonFinite(long stepsMeant, long millis) {
        marks.nonFinite(stepsMeant, counts, millis);
        counts.nonFinite();
        baseline.firstStepLost();
    }

    void microBatch(long tokens, double lossNats) {
        if (pending.add(tokens, lossNats)) {
            if (!baseline.frozen()) {
                baseline.microBatch(lossNats);
            }
        } else if (tokens > 0) {
            data.unusable(tokens);
        }
    }

    /** {@return whether there was one: micro-batches since the last} */
    boolean endStep(long millis) {
        if (pending.none()) {
            return false;
        }
        if (pending.unusable()) {
            data.unusable(pending.tokens());
            nonFinite(1, millis);
        } else {
            step(1, pending.tokens(), pending.meanLoss(), millis);
        }
        pending.clear();
        return true;
    }

    void skip() {
        counts.skip();
    }

    void validation(double lossNats) {
        validation.add(lossNats);
        if (Double.isFinite(lossNats) && counts.tokens() > 0) {
            tellJudge();
            judge.validation(lossNats, ceiling(), counts.logFirstTokens());
        }
    }

    void layers(int positions, double[][] measured) {
        layers.add(LayerPoint.of(counts, positions, measured));
    }

    void energy(EnergyReport report) {
        energy.add(report, counts.tokens(), judge.phase() == Phase.SATURATED);
    }

    void position(long iteration, long epoch) {
        data.position(iteration, epoch);
    }

    void learningRate(double told) {
        double before = rate.now();
        if (rate.tell(told)) {
            marks.learningRate(before, told, counts);
        }
        rates.tell(told);
    }

    void plan(TrainingPlan newPlan) {
        plan = newPlan;
        forecast = null;
        forecastOfBin = null;
    }

    void vocabularySize(double size) {
        data.vocabularySize(size);
    }

    void uniqueTokens(double unique) {
        data.uniqueTokens(unique);
    }

    void foundUniqueTokens(double unique) {
        data.foundUniqueTokens(unique);
    }

    void startEpoch() {
        data.startEpoch(counts.tokens());
    }

    void endEpoch(boolean onePass) {
        data.endEpoch(counts.tokens(), onePass);
    }

    void beginSegment() {
        marks.now(Mark.Kind.NEW_SEGMENT, counts);
        data.beginSegment();
        baseline.resumedWithoutState();
    }

    // ---- the verdict ----

    private void tellJudge() {
        judge.at(counts.steps(), counts.tokens(), counts.lastStepMillis(), data.epochs(counts.tokens()));
    }

    /** min(H, ln V). */
    private double ceiling() {
        double h = baseline.baseline().nats();
        double uniform = Math.log(data.vocabularySize());
        return uniform < h ? uniform : h;
    }

    private void binClosed() {
        LogBins bins = judge.bins();
        history.append(new CurvePoint(
                data.segment(),
                counts.steps(),
                counts.tokens(),
                Timeline.seconds(counts.lastStepMillis()),
                judge.phase(),
                bins.last(1).losses(rate.now(), energy.joules()),
                counts.codeLengthNats(),
                bins.current(),
                judge.slope()));
    }

    // ---- what is read from it ----

    Counts counts() {
        return counts;
    }

    TrainingData data() {
        return data;
    }

    Baseline baseline() {
        return baseline.baseline();
    }

    List<CurvePoint> curve(int from) {
        return history.from(from);
    }

    private Forecast forecast(TokenUnit unit) {
        if (forecast == null) {
            forecast = new Forecast(
                    new ForecastBasis(forecastBins.view(), rates.now(), counts.tokens(), counts.steps(), plan, unit),
                    forecastOfBin);
            forecastOfBin = forecast.ofBin();
        }
        return forecast;
    }

    List<ValidationPoint> validationCurve() {
        return judge.validationCurve();
    }

    List<LayerPoint> layerCurve() {
        return layers.list();
    }

    List<RunEvent> events() {
        return judge.events();
    }

    List<Mark> marks() {
        return marks.list();
    }

    void saved() {
        marks.now(Mark.Kind.SAVED, counts);
    }

    long eventCount() {
        return judge.eventCount();
    }

    RunStatistics statistics() {
        return counts.statistics(baseline);
    }

    RunSnapshot snapshot(RunInfo info, Lifetime lifetime, ProcessCounters process) {
        tellJudge();
        long tokens = counts.tokens();
        double c = counts.codeLengthNats();
        LogBins bins = judge.bins();
        Losses losses = new Losses(counts.lastLoss(), c / tokens, bins.current(), bins.currentStandardError());
        Baseline h = baseline.baseline();
        Ledger ledger = Ledger.of(
                info, tokens, c, data.uniqueTokens(), h, losses, judge.slope().perEFold(), energy.shown(tokens));
        Progress.Position position = data.position(tokens);
        return new RunSnapshot(
                info,
                new Progress(
                        counts.steps(),
                        counts.points(),
                        tokens,
                        counts.nonFiniteSteps(),
                        counts.skippedSteps(),
                        data.segment(),
                        position,
                        rate.shown()),
                h,
                losses,
                ledger,
                judge.verdict(
                        h,
                        counts.fault(),
                        cause(ledger.absorbed().bitsPerParameter(info.size()), position.epochs()),
                        forecast(info.unit()),
                        info.unit()),
                validation.shown(
                        losses.current(), position, info.convention(), judge.validationDecides(), layers.latest()),
                lifetime.timeline(counts.lastStepMillis(), judge.saturationMillis()),
                process);
    }

    private SaturationCause cause(double absorbedBitsPerParameter, double epochs) {
        if (rate.exhausted()) {
            return SaturationCause.LEARNING_RATE_EXHAUSTED;
        }
        if (epochs > EPOCHS_TO_CALL_REPEAT) {
            return SaturationCause.DATA_REPEAT;
        }
        if (absorbedBitsPerParameter >= InformationCapacity.HELD_BITS_PER_PARAMETER) {
            return SaturationCause.CAPACITY_SUSPECT;
        }
        return rate.high() ? SaturationCause.FLAT_AT_CURRENT_LEARNING_RATE : SaturationCause.UNKNOWN;
    }

    // ---- what survives ----

    @Override
    void fields(StateFields state) throws IOException {
        state.parts(
                counts, data, rate, validation, baseline, judge, history, rates, forecastBins, marks, layers, energy);
    }

    /**
     * @param version of the format; 1 knows nothing of what a forecast and the verdict need: a run that goes on from it has
     *     no forecast, and its verdict begins anew
     */
    static RunAccumulator load(DataInput in, int version, BaselineRule rule) throws IOException {
        RunAccumulator run = new RunAccumulator(rule);
        if (version == 1) {
            run.loadFormat1(in);
        } else {
            run.load(in);
        }
        run.data.goOn(run.counts.tokens());
        run.energy.goOn(run.counts.tokens());
        return run;
    }

    private void loadFormat1(DataInput in) throws IOException {
        StateFields state = StateFields.read(in);
        Format1 old = new Format1();
        state.parts(counts, data, rate, validation);
        old.readPhase(in);
        baseline.load(in);
        old.readCurves(in);
        history.columns(state, History.DOUBLES_OF_FORMAT_1);
        tellJudge();
        old.handTo(judge, history.from(0));
        rates = LearningRates.unknown();
    }
}
