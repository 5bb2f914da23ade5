package org.etascope.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.etascope.core.ScalingLaw;
import org.etascope.recording.Format;

/**
 * What to train with so much compute, by a published law.
 *
 * @param parameters P*
 * @param tokens D* = C/(6 P*)
 * @param lossNats L(P*, D*)
 */
record ComputeOptimum(double parameters, double tokens, double lossNats) {
    private static final double[] SHARES = {0.125, 0.25, 0.5, 1, 2, 4, 8};

    /** One size at that compute, P and D = C/(6P), and its loss by each law, nats. */
    record Size(double parameters, double tokens, double hoffmann, double besiroglu, double kaplanJoint) {
        /** {@return sizes around the best one by Hoffmann et al., a factor of two between them} */
        static List<Size> around(double flops) {
            double best = ScalingLaw.HOFFMANN.optimalParameters(flops);
            return Arrays.stream(SHARES)
                    .mapToObj(share -> {
                        double p = share * best;
                        double d = flops / (ScalingLaw.FLOPS_PER_PARAMETER_AND_TOKEN * p);
                        return new Size(
                                p,
                                d,
                                ScalingLaw.HOFFMANN.lossNats(p, d),
                                ScalingLaw.BESIROGLU.lossNats(p, d),
                                ScalingLaw.kaplanJoint(p, d));
                    })
                    .toList();
        }

        String row() {
            return String.format(
                    Locale.ROOT,
                    "%10s %10s %10.3f %10.3f %10.3f",
                    Format.si(parameters),
                    Format.si(tokens),
                    hoffmann,
                    besiroglu,
                    kaplanJoint);
        }
    }

    static ComputeOptimum of(ScalingLaw law, double flops) {
        double parameters = law.optimalParameters(flops);
        double tokens = flops / (ScalingLaw.FLOPS_PER_PARAMETER_AND_TOKEN * parameters);
        return new ComputeOptimum(parameters, tokens, law.lossNats(parameters, tokens));
    }

    String words() {
        return Format.si(parameters) + " parameters, " + Format.si(tokens) + " tokens, " + Format.fixed(lossNats, 3)
                + " nats for that compute";
    }
}
