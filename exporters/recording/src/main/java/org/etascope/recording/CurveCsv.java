package org.etascope.recording;

import java.io.IOException;
import org.etascope.core.CurvePoint;
import org.etascope.core.Ledger;

/**
 * The log-binned curve of a run as CSV: one line per bin, oldest first, the columns of {@code series} in the JSON. Full
 * double precision; what is not known is empty. Nothing needs a quote.
 */
public final class CurveCsv {
    private static final String HEADER = "segment,steps,tokens,seconds,loss_nats,lowest_loss_nats,highest_loss_nats,"
            + "mean_loss_nats,current_loss_nats,eta,eta_absorbed,eta_dataset,nats_per_doubling,"
            + "nats_per_doubling_lower,nats_per_doubling_upper,saturation_threshold_nats_per_doubling,phase\n";

    private CurveCsv() {}

    /**
     * Writes a curve.
     *
     * @param out where to
     * @param recording the run
     * @throws IOException if {@code out} refuses
     */
    public static void write(Appendable out, Recording recording) throws IOException {
        out.append(HEADER);
        for (CurvePoint point : recording.curve()) {
            Ledger ledger = point.ledger(recording.snapshot());
            out.append(point.segment() + "," + point.steps() + "," + point.tokens());
            double[] numbers = {
                point.seconds(),
                point.bin().mean(),
                point.bin().lowest(),
                point.bin().highest(),
                point.meanLossNats(),
                point.currentLossNats(),
                ledger.eta(),
                ledger.absorbed().eta(),
                ledger.dataset().eta(),
                point.slope().natsPerDoubling(),
                point.slope().natsPerDoublingLower(),
                point.slope().natsPerDoublingUpper(),
                point.slope().thresholdNatsPerDoubling()
            };
            for (double number : numbers) {
                out.append(',').append(Double.isNaN(number) ? "" : Double.toString(number));
            }
            out.append(',').append(point.phase().label()).append('\n');
        }
    }
}
