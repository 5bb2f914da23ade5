package org.etascope.core;

/**
 * The baseline code length H: what a token costs before anything is learnt (the paper, Corollary 4.1, calls it the
 * entropy of the dataset; it is not one, since an untrained model pays about ln V whatever the data).
 *
 * <p>Frozen once found and never estimated again, also not on resume.
 *
 * @param nats H in nats per token, NaN until it is known
 * @param standardError standard error of H in nats per token; 0 for a value that is not measured, NaN until known
 * @param method where H comes from. {@link BaselineMethod#UNIFORM} also when a measured value was implausible or missing
 *     and ln V stands in
 * @param assumed H was not measured where the method says it should be
 * @param suspect the measured loss was below 0.8 ln V or above ln V + 1
 * @param initialLossNats the measured mean loss of the first step, NaN if there was none
 */
public record Baseline(
        double nats,
        double standardError,
        BaselineMethod method,
        boolean assumed,
        boolean suspect,
        double initialLossNats) {
    /** {@return whether H is frozen} */
    public boolean known() {
        return !Double.isNaN(nats);
    }
}
