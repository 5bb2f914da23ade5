package org.etascope.cli;

import org.etascope.core.CurvePoint;
import org.etascope.core.PhaseChange;
import org.etascope.core.Progress;
import org.etascope.core.RunSnapshot;
import org.etascope.core.Timeline;
import org.etascope.recording.Recording;

/**
 * What is known of a replayed run only when all of its log has been read. Everything else stays as the core said it.
 *
 * @param skipped lines and records that held no loss, to be counted beside the skipped steps
 * @param shiftSeconds to be added to all times
 */
record Amendment(long skipped, double shiftSeconds) {
    Recording of(Recording recording) {
        return new Recording(
                snapshot(recording.snapshot()),
                recording.curve().stream().map(this::point).toList(),
                recording.validationCurve(),
                recording.phaseChanges().stream().map(this::change).toList());
    }

    RunSnapshot snapshot(RunSnapshot s) {
        return new RunSnapshot(
                s.info(),
                progress(s.progress()),
                s.baseline(),
                s.losses(),
                s.ledger(),
                s.verdict(),
                s.validation(),
                timeline(s.timeline()),
                s.process());
    }

    private Progress progress(Progress p) {
        return new Progress(
                p.steps(),
                p.points(),
                p.tokens(),
                p.nonFiniteSteps(),
                p.skippedSteps() + skipped,
                p.segment(),
                p.iteration(),
                p.epoch(),
                p.epochs(),
                p.uniqueTokens(),
                p.learningRate(),
                p.learningRatePeak());
    }

    private Timeline timeline(Timeline t) {
        return new Timeline(
                t.startSeconds() + shiftSeconds,
                t.lastStepSeconds() + shiftSeconds,
                t.saturationSeconds() + shiftSeconds,
                t.endSeconds() + shiftSeconds);
    }

    private CurvePoint point(CurvePoint p) {
        return new CurvePoint(
                p.index(),
                p.segment(),
                p.steps(),
                p.tokens(),
                p.seconds() + shiftSeconds,
                p.meanLogTokens(),
                p.lossNats(),
                p.lowestLossNats(),
                p.highestLossNats(),
                p.meanLossNats(),
                p.currentLossNats(),
                p.eta(),
                p.etaAbsorbed(),
                p.etaDataset(),
                p.slope(),
                p.slopeLower(),
                p.slopeUpper(),
                p.threshold(),
                p.phase());
    }

    private PhaseChange change(PhaseChange c) {
        return new PhaseChange(c.run(), c.from(), c.to(), c.step(), c.tokens(), c.seconds() + shiftSeconds);
    }
}
