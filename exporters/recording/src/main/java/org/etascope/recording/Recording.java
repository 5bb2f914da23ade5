package org.etascope.recording;

import java.util.List;
import org.etascope.core.CurvePoint;
import org.etascope.core.LayerPoint;
import org.etascope.core.Mark;
import org.etascope.core.RunEvent;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.core.ValidationPoint;

/**
 * All that is known of a run: its latest moment and how it came there. The same whether the run is live or was read
 * from its journal, so that page, report and files need not care. Immutable.
 *
 * @param snapshot the latest moment
 * @param curve the log-binned loss curve, oldest first
 * @param validationCurve the validation losses by bins, oldest first; empty without
 * @param layerCurve the prediction residuals of the layers, oldest first; empty without a probe
 * @param events the turning points, oldest first
 * @param marks what else happened, in the order of its beginning
 */
public record Recording(
        RunSnapshot snapshot,
        List<CurvePoint> curve,
        List<ValidationPoint> validationCurve,
        List<LayerPoint> layerCurve,
        List<RunEvent> events,
        List<Mark> marks) {
    /**
     * Takes copies of the lists.
     *
     * @param snapshot the latest moment
     * @param curve the curve
     * @param validationCurve the validation losses
     * @param layerCurve the residuals of the layers
     * @param events the turning points
     * @param marks what else happened
     */
    public Recording {
        curve = List.copyOf(curve);
        validationCurve = List.copyOf(validationCurve);
        layerCurve = List.copyOf(layerCurve);
        events = List.copyOf(events);
        marks = List.copyOf(marks);
    }

    /**
     * {@return the recording of a run as it is now; any thread may ask}
     *
     * @param monitor the run
     */
    public static Recording of(RunMonitor monitor) {
        Recording now = read(monitor);
        // The run may have gone on before the snapshot was taken, and ended: another look finds all of its lists.
        return now.snapshot.timeline().ended() ? read(monitor) : now;
    }

    /** The lists first: the snapshot is then never behind them. */
    private static Recording read(RunMonitor monitor) {
        List<CurvePoint> curve = monitor.curve();
        List<ValidationPoint> validation = monitor.validationCurve();
        List<LayerPoint> layers = monitor.layerCurve();
        List<RunEvent> events = monitor.events();
        List<Mark> marks = monitor.marks();
        return new Recording(monitor.snapshot(), curve, validation, layers, events, marks);
    }

    /**
     * {@return the same run under another name}
     *
     * @param name the name to show
     */
    public Recording withRun(String name) {
        return new Recording(snapshot.withRun(name), curve, validationCurve, layerCurve, events, marks);
    }

    /**
     * {@return tokens per second over the last one or two bins of the curve, or since the process began where it has
     * none yet; NaN before there are two moments to compare}
     */
    public double tokensPerSecond() {
        double start = snapshot.timeline().startSeconds();
        double now = snapshot.timeline().lastStepSeconds();
        double tokens = snapshot.process().tokens();
        double since = start;
        if (curve.size() >= 2) {
            CurvePoint point = curve.get(curve.size() - 2);
            // A bin of an earlier process would count the time between the two as training.
            if (point.seconds() >= start) {
                tokens = snapshot.progress().tokens() - point.tokens();
                since = point.seconds();
            }
        }
        return now > since ? tokens / (now - since) : Double.NaN;
    }

    /** {@return seconds until the planned tokens at the present rate; NaN without a plan, a rate, or after the end} */
    public double secondsLeft() {
        double left = snapshot.info().plannedTokens() - snapshot.progress().tokens();
        return snapshot.timeline().ended() ? Double.NaN : Math.max(0, left) / tokensPerSecond();
    }
}
