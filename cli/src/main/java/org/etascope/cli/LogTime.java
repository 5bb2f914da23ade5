package org.etascope.cli;

import java.util.List;
import org.etascope.cli.log.LossPoint;
import org.etascope.core.CurvePoint;
import org.etascope.core.PhaseChange;
import org.etascope.core.RunSnapshot;
import org.etascope.core.Timeline;
import org.etascope.prometheus.Recording;

/**
 * The time of a replayed log. If its points have times, these are it. If they only count time since the start, or none
 * at all (then a step takes a given time), the run is laid so that it ends at a given moment: during the replay its
 * times count from 1970, and {@link #settle} moves them.
 */
final class LogTime implements RunClock {
    private final double stepSeconds;
    private double elapsedMillis;
    private long millis;
    private boolean absolute;

    LogTime(double stepSeconds) {
        this.stepSeconds = stepSeconds;
    }

    @Override
    public void at(LossPoint point, long steps) {
        if (point.epochMillis >= 0) {
            absolute = true;
            millis = point.epochMillis;
        } else if (!absolute) {
            elapsedMillis = point.elapsedMillis >= 0 ? point.elapsedMillis : elapsedMillis + 1e3 * stepSeconds * steps;
            millis = Math.round(elapsedMillis);
        }
    }

    @Override
    public long getAsLong() {
        return millis;
    }

    /** {@return the recording with its times where they belong} */
    Recording settle(Recording recording, double endSeconds) {
        double shift = absolute ? 0 : endSeconds - millis / 1e3;
        if (shift == 0) {
            return recording;
        }
        RunSnapshot now = recording.snapshot();
        Timeline t = now.timeline();
        Timeline moved = new Timeline(
                t.startSeconds() + shift,
                t.lastStepSeconds() + shift,
                t.saturationSeconds() + shift,
                t.endSeconds() + shift);
        List<CurvePoint> curve =
                recording.curve().stream().map(point -> moved(point, shift)).toList();
        List<PhaseChange> changes = recording.phaseChanges().stream()
                .map(c -> new PhaseChange(c.run(), c.from(), c.to(), c.step(), c.tokens(), c.seconds() + shift))
                .toList();
        RunSnapshot snapshot = new RunSnapshot(
                now.info(),
                now.progress(),
                now.baseline(),
                now.losses(),
                now.ledger(),
                now.verdict(),
                now.validation(),
                moved,
                now.process());
        return new Recording(snapshot, curve, changes);
    }

    private static CurvePoint moved(CurvePoint p, double shift) {
        return new CurvePoint(
                p.index(),
                p.segment(),
                p.steps(),
                p.tokens(),
                p.seconds() + shift,
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
}
