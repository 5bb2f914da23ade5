package org.etascope.core;

/**
 * A published loss surface of the form L(P, D) = E + A/P^α + B/D^β, and Kaplan's two single-variable laws. References to
 * hold a run against, fitted by others on other data; never a forecast of this run.
 *
 * @param irreducibleNats E, nats per token
 * @param a A, with P in parameters
 * @param alpha α
 * @param b B, with D in tokens
 * @param beta β
 */
public record ScalingLaw(double irreducibleNats, double a, double alpha, double b, double beta) {
    /** Hoffmann et al. 2022 (Chinchilla), approach 3, with the exponents' full digits. */
    public static final ScalingLaw HOFFMANN = new ScalingLaw(1.6934, 406.4, 0.3392, 410.7, 0.2849);

    /** Besiroglu et al. 2024, the refit of Hoffmann's data. */
    public static final ScalingLaw BESIROGLU = new ScalingLaw(1.8172, 482.01, 0.3478, 2085.43, 0.3658);

    /** C = 6 P D: floating-point operations of training, forward and backward. */
    public static final double FLOPS_PER_PARAMETER_AND_TOKEN = 6;

    private static final double KAPLAN_TOKENS = 5.4e13;
    private static final double KAPLAN_TOKENS_EXPONENT = 0.095;
    private static final double KAPLAN_PARAMETERS = 8.8e13;
    private static final double KAPLAN_PARAMETERS_EXPONENT = 0.076;

    /**
     * {@return L(P, D) in nats per token}
     *
     * @param parameters P, above 0
     * @param tokens D, above 0
     */
    public double lossNats(double parameters, double tokens) {
        return irreducibleNats + a / Math.pow(parameters, alpha) + b / Math.pow(tokens, beta);
    }

    /**
     * The P that gives the least loss for so much compute C = 6 P D: G (C/6)^(β/(α+β)) with G = (αA/(βB))^(1/(α+β))
     * (Hoffmann et al. 2022, Eq. 4).
     *
     * @param flops C, above 0
     * @return P*, in parameters; D* is C/(6 P*)
     */
    public double optimalParameters(double flops) {
        double sum = alpha + beta;
        return Math.pow(alpha * a / (beta * b), 1 / sum) * Math.pow(flops / FLOPS_PER_PARAMETER_AND_TOKEN, beta / sum);
    }

    /**
     * Kaplan et al. 2020, both limits joined (Eq. 1.5): ((8.8e13/P)^(0.076/0.095) + 5.4e13/D)^0.095.
     *
     * @param parameters P, above 0
     * @param tokens D, above 0
     * @return nats per token
     */
    public static double kaplanJoint(double parameters, double tokens) {
        double byParameters =
                Math.pow(KAPLAN_PARAMETERS / parameters, KAPLAN_PARAMETERS_EXPONENT / KAPLAN_TOKENS_EXPONENT);
        return Math.pow(byParameters + KAPLAN_TOKENS / tokens, KAPLAN_TOKENS_EXPONENT);
    }

    /**
     * Kaplan et al. 2020, as the paper prints it in Eq. 13: (5.4e13/D)^0.095.
     *
     * @param tokens D, above 0
     * @return nats per token with parameters in plenty
     */
    public static double kaplanOfTokens(double tokens) {
        return Math.pow(KAPLAN_TOKENS / tokens, KAPLAN_TOKENS_EXPONENT);
    }

    /**
     * Kaplan et al. 2020, as the paper prints it in Eq. 14: (8.8e13/P)^0.076. The paper writes N/16 for P; here P counts
     * parameters, whatever their storage.
     *
     * @param parameters P, above 0
     * @return nats per token with data in plenty
     */
    public static double kaplanOfParameters(double parameters) {
        return Math.pow(KAPLAN_PARAMETERS / parameters, KAPLAN_PARAMETERS_EXPONENT);
    }
}
