package org.etascope.cli;

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
