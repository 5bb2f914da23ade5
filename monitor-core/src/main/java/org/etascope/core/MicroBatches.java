package org.etascope.core;

/** The micro-batches of a step that is not complete. Not kept in a state, which is taken between steps. Single writer. */
final class MicroBatches {
    private long tokens;
    private long batches;
    private boolean unusable;
    private final CompensatedSum nats = new CompensatedSum(0, 0);

    /** {@return whether its loss is of use} */
    boolean add(long batchTokens, double lossNats) {
        batches++;
        double product = batchTokens * lossNats;
        boolean usable = batchTokens > 0 && Double.isFinite(product);
        if (usable) {
            tokens += batchTokens;
            nats.add(product);
        } else if (batchTokens > 0) {
            unusable = true;
        }
        return usable;
    }

    boolean none() {
        return batches == 0;
    }

    /** Whether one of them makes the whole step useless. */
    boolean unusable() {
        return unusable;
    }

    /** Tokens of those with a usable loss. */
    long tokens() {
        return tokens;
    }

    double meanLoss() {
        return nats.value() / tokens;
    }

    void clear() {
        batches = 0;
        tokens = 0;
        unusable = false;
        nats.reset();
    }
}
