package org.etascope.dl4j;

import java.util.Set;
import org.deeplearning4j.nn.api.Model;
import org.etascope.core.TokenUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the steps of one network on one training thread, for a reporter that is not in this process: a worker of Spark,
 * say. To be told of each forward pass, backward pass and end of an iteration by a listener of the network.
 *
 * <p>What it finds is what {@link EtaListener} finds. It may throw: its caller contains that. Not thread-safe.
 */
public final class StepReader {
    private @Nullable Reading reading;
    private @Nullable String refusal;

    /** Creates a reader. */
    public StepReader() {}

    /**
     * One step.
     *
     * @param iteration the network's
     * @param epoch its completed epochs
     * @param learningRate the first updater's, NaN if none has one
     * @param tokens positions that bear a loss
     * @param nats their cross-entropy before the update, all of them together
     */
    public record Step(long iteration, long epoch, double learningRate, long tokens, double nats) {}

    /**
     * A forward pass is over.
     *
     * @param model the network
     */
    public void forward(Model model) {
        if (reading != null && reading.isOf(model)) {
            reading.takePenalty(model);
        }
    }

    /**
     * A backward pass is over.
     *
     * @param model the network
     */
    public void backward(Model model) {
        Reading known = reading;
        if (known == null || !known.isOf(model)) {
            known = Reading.of(model, Set.of(), Tokens.onDevice());
            reading = known;
            refusal = known.reason();
        }
        try {
            known.take(model, null);
        } catch (UnreadableLossException e) {
            refusal = e.getMessage();
        }
    }

    /**
     * An iteration is over.
     *
     * @param iteration the network's
     * @param epoch its completed epochs
     * @return the step, null if it has no loss to be read
     */
    public @Nullable Step done(int iteration, int epoch) {
        Reading known = reading;
        if (known == null) {
            return null;
        }
        Step step = known.taken() && refusal == null
                ? new Step(iteration, epoch, known.learningRate(iteration, epoch), known.tokens(), known.nats())
                : null;
        known.done(iteration);
        return step;
    }

    /** {@return why this network's loss is no code length, null if it is one} */
    public @Nullable String refusal() {
        return refusal;
    }

    /** {@return what a token is} */
    public TokenUnit unit() {
        return reading == null ? TokenUnit.TOKEN : reading.unit();
    }

    /** {@return V, NaN while unknown} */
    public double vocabularySize() {
        return reading == null ? Double.NaN : reading.vocabulary();
    }
}
