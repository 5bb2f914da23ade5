package org.etascope.core;

/**
 * One closed bin of the log-binned loss curve, with what the run looked like when it closed: about 32 points per e-fold of
 * the tokens.
 *
 * <p>It holds facts alone, so it never changes: what depends on things that are learnt later (N, H, U) is computed when it
 * is asked for.
 *
 * @param segment see {@link Progress#segment()}
 * @param steps steps of the run when the bin closed
 * @param tokens D when the bin closed
 * @param seconds when it closed, seconds since 1970-01-01 UTC
 * @param phase phase after the bin closed
 * @param bin the losses in it
 * @param codeLengthNats C when the bin closed, nats
 * @param currentLossNats L when the bin closed
 * @param slope b of the training losses, {@link Slope#UNKNOWN} while there are too few bins
 */
public record CurvePoint(
        int segment,
        long steps,
        long tokens,
        double seconds,
        Phase phase,
        LossBin bin,
        double codeLengthNats,
        double currentLossNats,
        Slope slope) {
    /** {@return L̄ = C/D when the bin closed, nats per token} */
    public double meanLossNats() {
        return codeLengthNats / tokens;
    }

    /**
     * {@return the ledger as it was when the bin closed, by what is known of the run now; the errors of its readings are
     * NaN, since no error of L is kept}
     *
     * @param run any snapshot of the run this point belongs to
     */
    public Ledger ledger(RunSnapshot run) {
        Losses losses = new Losses(bin.mean(), meanLossNats(), currentLossNats, Double.NaN);
        double uniqueTokens = run.progress().uniqueTokens();
        return Ledger.of(
                run.info(),
                tokens,
                codeLengthNats,
                uniqueTokens,
                run.baseline(),
                losses,
                slope.perEFold(),
                RunEnergy.NONE);
    }
}
