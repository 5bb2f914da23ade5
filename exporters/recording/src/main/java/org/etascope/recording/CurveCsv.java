package org.etascope.recording;

import java.io.IOException;
import java.util.List;
import org.etascope.core.CurvePoint;
import org.etascope.core.InformationCapacity;

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
     * @param curve the curve
     * @throws IOException if {@code out} refuses
     */
    public static void write(Appendable out, List<CurvePoint> curve) throws IOException {
        out.append(HEADER);
        for (CurvePoint point : curve) {
            out.append(point.segment() + "," + point.steps() + "," + point.tokens());
            double[] numbers = {
                point.seconds(),
                point.lossNats(),
                point.lowestLossNats(),
                point.highestLossNats(),
                point.meanLossNats(),
                point.currentLossNats(),
                point.eta(),
                point.etaAbsorbed(),
                point.etaDataset(),
                point.slope() * InformationCapacity.LN2,
                point.slopeLower() * InformationCapacity.LN2,
                point.slopeUpper() * InformationCapacity.LN2,
                point.threshold() * InformationCapacity.LN2
            };
            for (double number : numbers) {
                out.append(',').append(Double.isNaN(number) ? "" : Double.toString(number));
            }
            out.append(',').append(point.phase().label()).append('\n');
        }
    }
}
