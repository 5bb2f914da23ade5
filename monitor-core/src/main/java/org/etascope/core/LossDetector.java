package org.etascope.core;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Says from the losses alone when a run has become flat, learns again, has risen or blown up (docs/theory.md, sections 5
 * and 6, in the order of 6.10).
 *
 * <p>A <em>point</em> is one logged value, however many steps it stands for. A point with a non-finite loss, or whose D is
 * not above the last one's, changes nothing. Each other point joins the learning rate's watch, the digits, the recent
 * losses, the {@link BlockMeans} (falls are told here) and the {@link LogBins}. When a bin closes: L, the level offered to
 * {@link Rise}, a fall that goes on, {@link Noise}, {@link ProgressScale}, {@link SlopeWindows}, the phase, the plateau's
 * line. Last, levels that count and the check for a rise.
 *
 * <p>Phases (6.4): {@code INITIAL} → {@code TRAINING} at the first close with progress, never back. {@code TRAINING} →
 * {@code SATURATED} when a window is flat and the run is not risen; the plateau begins at the start of the shortest flat
 * window. Back by a slope of a window on the plateau, by a fall, or silently when a rise begins. Leaving wins over
 * entering at the same close.
 *
 * <p>Deterministic; what {@link #save} writes and {@link #load} reads goes on bit for bit. Single writer. A point costs
 * some 70 ns on average, a close some ten microseconds; only a close allocates, some small objects.
 */
final class LossDetector extends StateFields.Part {
    static final int BINS_TO_JUDGE = 16;
    private static final int BINS_TO_CALL_NOT_LEARNING = 32;
    private static final double INCONCLUSIVE = 0.10;

    private final Consumer<RunEvent.Kind> events;
    private final LogBins bins;
    private final BlockMeans blocks = new BlockMeans();
    private Noise noise = Noise.UNKNOWN;
    private final LossDigits digits = new LossDigits();
    private ProgressScale scale = ProgressScale.UNKNOWN;
    private final SlopeWindows windows = new SlopeWindows();
    private ReportedSlope reported = ReportedSlope.NONE;
    private final Restart restart = new Restart();
    private Fall fall = Fall.NONE;
    private final Rise rise = new Rise(this::levelChanged);

    private long tokens;
    private double now = Double.NaN;
    private Phase phase = Phase.INITIAL;
    private double plateauStart = Double.NaN;
    private boolean rising;

    /**
     * @param pointsPerBin least points of a bin: 4, or 1 for validation losses
     * @param events told what is found, at the point where it is found
     */
    LossDetector(int pointsPerBin, Consumer<RunEvent.Kind> events) {
        this.bins = new LogBins(pointsPerBin);
        this.events = events;
    }

    /**
     * Takes a point.
     *
     * @param pointTokens D
     * @param lossNats its loss
     * @param learningRate the rate given with it, NaN if none is
     * @param ceilingNats min(H, ln V), NaN if neither is known
     * @param logFirstTokens ln D₁ of the training's first step
     * @return whether it closed a bin
     */
    boolean add(long pointTokens, double lossNats, double learningRate, double ceilingNats, double logFirstTokens) {
        if (!Double.isFinite(lossNats) || pointTokens <= tokens) {
            return false;
        }
        tokens = pointTokens;
        now = Math.log(pointTokens);
        restart.learningRate(learningRate, now);
        digits.add(lossNats);
        rise.add(now, lossNats);
        addToBlocks(lossNats);
        boolean closed = bins.add(now, lossNats);
        if (closed) {
            close(ceilingNats, logFirstTokens);
        }
        rise.takeOffers();
        rise.check(now, bins, noise, digits.unit(), ceilingNats);
        return closed;
    }

    private void addToBlocks(double lossNats) {
        blocks.add(now, lossNats, bins.open());
        int k = 0;
        do {
            Fall begun = phase == Phase.SATURATED
                    ? fall.begun(blocks.level(k), bins.last(1).points(), scale.nats())
                    : null;
            if (begun != null) {
                fall = begun;
                phase = Phase.TRAINING;
                restartAt(fall.onset());
                events.accept(RunEvent.Kind.FELL);
                return;
            }
        } while (blocks.raise(k++, bins.open()));
    }

    private void close(double ceilingNats, double logFirstTokens) {
        rise.offer(bins);
        if (fall.isRecent(now)) {
            fall = fall.sized(bins);
            if (fall.goesOn(bins)) {
                restartAt(bins.last(1).x());
            }
        }
        Noise measured = Noise.measured(bins, blocks, now);
        if (measured == null) {
            leaveOutWindows();
            return;
        }
        noise = measured;
        scale = ProgressScale.measured(bins, noise, now, ceilingNats, logFirstTokens);
        windows.measure(bins, now, restart.x(), noise, digits.unit(), scale.nats());
        reported = ReportedSlope.of(windows.all());
        rising = windows.rising();
        judge();
        if (phase == Phase.SATURATED) {
            fall = fall.drawn(bins, plateauStart, noise);
        }
    }

    private void judge() {
        if (phase == Phase.INITIAL && scale.known()) {
            enter(Phase.TRAINING, RunEvent.Kind.TRAINING);
        }
        if (phase == Phase.SATURATED) {
            RunEvent.Kind left = windows.leaving(plateauStart);
            if (left != null) {
                enter(Phase.TRAINING, left);
            }
        } else if (phase == Phase.TRAINING && scale.known() && !rise.risen()) {
            SlopeWindow flat = windows.flat();
            if (flat != null) {
                plateauStart = flat.start();
                fall = fall.forgotten();
                enter(Phase.SATURATED, RunEvent.Kind.SATURATED);
            }
        }
    }

    private void enter(Phase next, RunEvent.Kind event) {
        phase = next;
        events.accept(event);
    }

    private void levelChanged(RunEvent.Kind event) {
        if (event == RunEvent.Kind.RISEN) {
            phase = phase == Phase.SATURATED ? Phase.TRAINING : phase;
            restartAt(rise.since());
        } else if (event == RunEvent.Kind.RECOVERED) {
            restartAt(now);
        }
        events.accept(event);
    }

    /** Windows begin no earlier than x, none does so yet, and the noise is measured anew from there (6.6). */
    private void restartAt(double x) {
        leaveOutWindows();
        restart.at(x);
        bins.clearSquaresAfter(x - LogBins.WIDTH);
        blocks.restart();
    }

    private void leaveOutWindows() {
        windows.leaveOut();
        reported = ReportedSlope.NONE;
        rising = false;
    }

    LogBins bins() {
        return bins;
    }

    Noise noise() {
        return noise;
    }

    /** b̄. */
    ProgressScale scale() {
        return scale;
    }

    /** The reported slope. */
    Slope slope() {
        return reported.slope();
    }

    /** How far the window of the reported slope reaches back, e-folds. */
    double window() {
        return reported.width();
    }

    Fall fall() {
        return fall;
    }

    Rise rise() {
        return rise;
    }

    Phase phase() {
        return phase;
    }

    /** Some window's slope leads upwards, whatever the phase. */
    boolean rising() {
        return rising;
    }

    boolean warmingUp() {
        return bins.closed() < BINS_TO_JUDGE;
    }

    /** No progress between the run's beginning and now. */
    boolean notLearning() {
        return bins.closed() >= BINS_TO_CALL_NOT_LEARNING && !rise.risen() && !scale.known();
    }

    /** The reported interval does not tell learning from flat. */
    boolean inconclusive() {
        return phase == Phase.TRAINING
                && !rise.risen()
                && scale.known()
                && reported.leavesOpen(INCONCLUSIVE * scale.nats());
    }

    /**
     * About how many more tokens the verdict needs (6.9): D((e/0.10b̄)² − 1), e of the widest window.
     *
     * @return tokens; 0 where e &lt; 0.10b̄ or there is nothing open (flat, risen, the whole interval above 0.10b̄), NaN
     *     without progress or a window
     */
    double tokensUntilConclusive() {
        double lack = reported.widestError() / (INCONCLUSIVE * scale.nats());
        if (!scale.known() || Double.isNaN(lack)) {
            return Double.NaN;
        }
        boolean open =
                phase == Phase.TRAINING && !rise.risen() && reported.slope().lower() <= INCONCLUSIVE * scale.nats();
        return open && lack > 1 ? tokens * (lack * lack - 1) : 0;
    }

    /**
     * Goes on from a state of format 1, which knows the curve but no noise: the verdict begins anew here.
     *
     * @param history its closed bins
     * @param open its open bin
     * @param lastTokens D
     * @param initial whether the run had shown no progress yet
     */
    void assume(List<CurvePoint> history, LogBin open, long lastTokens, boolean initial) {
        bins.assume(history, open);
        tokens = lastTokens;
        now = Math.log(lastTokens);
        phase = initial ? Phase.INITIAL : Phase.TRAINING;
        restart.at(now);
    }

    @Override
    void fields(StateFields state) throws IOException {
        state.parts(bins, blocks);
        noise = state.next(noise);
        state.parts(digits);
        scale = state.next(scale);
        reported = state.next(reported);
        state.parts(restart);
        fall = state.next(fall);
        state.parts(rise);
        tokens = state.next(tokens);
        now = state.next(now);
        phase = state.next(phase);
        plateauStart = state.next(plateauStart);
        rising = state.next(rising);
    }
}
