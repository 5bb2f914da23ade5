package org.etascope.cli;

import org.etascope.core.CurvePoint;
import org.etascope.core.RunEvent;
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
                recording.events().stream().map(this::event).toList());
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
                p.position(),
                p.rate());
    }

    private Timeline timeline(Timeline t) {
        return new Timeline(
                t.startSeconds() + shiftSeconds,
                t.lastStepSeconds() + shiftSeconds,
                t.saturationSeconds() + shiftSeconds,
                t.endSeconds() + shiftSeconds,
                t.outcome());
    }

    private CurvePoint point(CurvePoint p) {
        return new CurvePoint(
                p.segment(),
                p.steps(),
                p.tokens(),
                p.seconds() + shiftSeconds,
                p.phase(),
                p.bin(),
                p.codeLengthNats(),
                p.currentLossNats(),
                p.slope());
    }

    private RunEvent event(RunEvent e) {
        return new RunEvent(
                e.kind(),
                e.entered(),
                e.nats(),
                e.errorNats(),
                e.sinceTokens(),
                e.step(),
                e.tokens(),
                e.seconds() + shiftSeconds);
    }
}
