package org.etascope.core;

import java.io.IOException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on a run: its detectors, its phase, its turning points.
 *
 * <p>Training and validation losses have a {@link LossDetector} each (docs/theory.md, 6.12): that of the validation takes
 * one evaluation as a bin, at the D of the evaluation, with H and D₁ of the training; it decides the phase beyond 1.05
 * epochs once it has 16 bins, until then training decides. The phase is that of the deciding detector; once left, INITIAL is
 * never shown again. Rises of the loss are those of the training; a validation loss that rises while the training's does
 * not is overfitting.
 *
 * <p>Single writer.
 */
final class Judge extends StateFields.Part {
    private static final int POINTS_PER_BIN = 4;
    private static final double EPOCHS_FOR_VALIDATION = 1.05;

    private final LossDetector training = new LossDetector(POINTS_PER_BIN, this::ofTraining);
    private final LossDetector validation = new LossDetector(1, this::ofValidation);
    private ValidationLosses validationLosses = new ValidationLosses();
    private final EventLog events = new EventLog();

    private long step;
    private long tokens;
    private long millis = Long.MIN_VALUE;
    private double epochs = Double.NaN;

    private Phase phase = Phase.INITIAL;
    private long saturatedAtTokens = -1;
    private long saturationMillis = Long.MIN_VALUE;
    private long saturatedEvaluations;

    /** Where the run is; to be told before anything else. Not a part of the state. */
    void at(long runStep, long runTokens, long runMillis, double runEpochs) {
        step = runStep;
        tokens = runTokens;
        millis = runMillis;
        epochs = runEpochs;
    }

    /** {@return whether this training loss closed a bin} */
    boolean training(double lossNats, double learningRate, double ceilingNats, double logFirstTokens) {
        double rate = learningRate >= 0 ? learningRate : Double.NaN;
        boolean closed = training.add(tokens, lossNats, rate, ceilingNats, logFirstTokens);
        if (closed) {
            closed(training);
        }
        return closed;
    }

    void validation(double lossNats, double ceilingNats, double logFirstTokens) {
        if (validation.add(tokens, lossNats, Double.NaN, ceilingNats, logFirstTokens)) {
            LogBin bin = validation.bins().last(1);
            validationLosses.add(bin.x(), bin.loss());
            closed(validation);
        }
    }

    private void closed(LossDetector detector) {
        if (detector != deciding()) {
            return;
        }
        // Validation may begin to decide in another phase, or leave its plateau by a rise of its own.
        if (enters(detector)) {
            note(detector, detector.phase() == Phase.SATURATED ? RunEvent.Kind.SATURATED : RunEvent.Kind.LEARNING);
        }
        saturatedEvaluations = phase == Phase.SATURATED ? saturatedEvaluations + 1 : 0;
        if (!Double.isNaN(detector.fall().size())) {
            events.amendLast(RunEvent.Kind.FELL, detector.fall().size());
        }
    }

    private void ofTraining(RunEvent.Kind kind) {
        if (kind.ofRise() || training == deciding()) {
            told(training, kind);
        }
    }

    private void ofValidation(RunEvent.Kind kind) {
        if (!kind.ofRise() && validation == deciding()) {
            told(validation, kind);
        }
    }

    private void told(LossDetector detector, RunEvent.Kind kind) {
        if (kind.ofLevel() || enters(detector)) {
            note(detector, kind);
        }
    }

    private boolean enters(LossDetector detector) {
        return detector == deciding() && detector.phase() != phase && detector.phase() != Phase.INITIAL;
    }

    private void note(LossDetector detector, RunEvent.Kind kind) {
        Phase entered = enters(detector) ? detector.phase() : null;
        if (entered != null) {
            enter(entered);
        }
        Fall fall = detector.fall();
        Rise rise = detector.rise();
        Slope slope = detector.slope();
        if (kind == RunEvent.Kind.FELL) {
            note(kind, entered, fall.size(), fall.standardError(), Math.exp(fall.onset()));
        } else if (kind.ofRise()) {
            note(kind, entered, rise.excess(), rise.standardError(), Math.exp(rise.since()));
        } else {
            note(kind, entered, slope.natsPerDoubling(), slope.natsPerDoublingError(), Double.NaN);
        }
    }

    private void note(RunEvent.Kind kind, @Nullable Phase entered, double nats, double error, double since) {
        events.add(new RunEvent(
                kind, entered, nats, error, since, step, tokens, Timeline.seconds(millis), TokenUnit.TOKEN));
    }

    private void enter(Phase next) {
        phase = next;
        if (next == Phase.SATURATED) {
            saturationMillis = millis;
            saturatedAtTokens = saturatedAtTokens < 0 ? tokens : saturatedAtTokens;
        } else {
            saturatedEvaluations = 0;
        }
    }

    private LossDetector deciding() {
        return validationDecides() ? validation : training;
    }

    /** Whether the verdict rests on the validation losses. */
    boolean validationDecides() {
        return epochs > EPOCHS_FOR_VALIDATION && !validation.warmingUp();
    }

    /** The training's bins. */
    LogBins bins() {
        return training.bins();
    }

    /** The training's slope. */
    Slope slope() {
        return training.slope();
    }

    List<ValidationPoint> validationCurve() {
        return validationLosses.points();
    }

    List<RunEvent> events() {
        return events.events();
    }

    /** Events ever told. */
    long eventCount() {
        return events.count();
    }

    Phase phase() {
        return phase;
    }

    /** When the run was last found flat. */
    long saturationMillis() {
        return saturationMillis;
    }

    /**
     * The verdict.
     *
     * @param baseline H
     * @param fault whether the last losses were not finite
     * @param cause why, if it is saturated
     * @param forecast goes along
     * @param unit what D counts
     */
    Verdict verdict(Baseline baseline, boolean fault, SaturationCause cause, Forecast forecast, TokenUnit unit) {
        LossDetector detector = deciding();
        return new Verdict(
                phase,
                conditions(baseline, fault),
                new Verdict.Saturation(
                        phase == Phase.SATURATED ? cause : null,
                        saturatedAtTokens < 0 ? Double.NaN : saturatedAtTokens,
                        saturatedEvaluations),
                detector.slope(),
                detector.scale().nats(),
                new Verdict.Evidence(
                        detector.window(), detector.bins().closed(), detector.tokensUntilConclusive(), unit),
                aboveLowest(),
                forecast);
    }

    private Set<Condition> conditions(Baseline baseline, boolean fault) {
        LossDetector detector = deciding();
        Rise rise = training.rise();
        EnumSet<Condition> found = EnumSet.noneOf(Condition.class);
        add(found, Condition.NO_STEP, step == 0);
        add(found, Condition.WARMING_UP, detector.warmingUp());
        add(found, Condition.INCONCLUSIVE, detector.inconclusive());
        add(found, Condition.RISING, detector.rising());
        add(found, Condition.RISEN, rise.risen() && !rise.blownUp());
        add(found, Condition.BLOW_UP, rise.blownUp());
        add(found, Condition.OVERFITTING, rises(validation) && !rises(training));
        add(found, Condition.FAULT, fault);
        add(found, Condition.NOT_LEARNING, detector.notLearning() && baseline.known() && !baseline.suspect());
        add(found, Condition.BASELINE_SUSPECT, baseline.suspect());
        add(found, Condition.BASELINE_ASSUMED, baseline.assumed());
        return Collections.unmodifiableSet(found);
    }

    private static boolean rises(LossDetector detector) {
        return detector.rising() || detector.rise().risen();
    }

    private static void add(EnumSet<Condition> conditions, Condition condition, boolean holds) {
        if (holds) {
            conditions.add(condition);
        }
    }

    private Verdict.AboveLowest aboveLowest() {
        Rise rise = training.rise();
        return new Verdict.AboveLowest(
                rise.excess(),
                rise.risen() ? rise.standardError() : training.noise().sd32(),
                rise.risen() ? Math.exp(rise.since()) : Double.NaN);
    }

    /**
     * Goes on from a state of format 1, which knows no noise: the verdict begins anew, at this place.
     *
     * @param history the closed bins
     * @param open the open bin
     * @param evaluations the validation losses
     * @param initial whether the run had shown no progress yet
     * @param firstSaturatedAt D when it was first called flat, −1 if never
     * @param lastSaturationMillis when it was last
     */
    void assume(
            List<CurvePoint> history,
            LogBin open,
            ValidationLosses evaluations,
            boolean initial,
            long firstSaturatedAt,
            long lastSaturationMillis) {
        training.assume(history, open, tokens, initial);
        validationLosses = evaluations;
        phase = training.phase();
        saturatedAtTokens = firstSaturatedAt;
        saturationMillis = lastSaturationMillis;
    }

    @Override
    void fields(StateFields state) throws IOException {
        state.parts(training, validation, validationLosses, events);
        phase = state.next(phase);
        saturatedAtTokens = state.next(saturatedAtTokens);
        saturationMillis = state.next(saturationMillis);
        saturatedEvaluations = state.next(saturatedEvaluations);
    }
}
