package org.etascope.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the user says of a model and its data, the same in every command that asks. */
final class ModelOptions {
    @Option(
            names = "--params",
            paramLabel = "P",
            description = "parameters of the model, tied tensors once: 124475904, 124M, 1.3B")
    @Nullable
    Long parameters;

    @Option(names = "--bits-per-param", paramLabel = "BITS", description = "storage bits of a parameter (default: 16)")
    double bitsPerParameter = 16;

    @Option(
            names = "--vocab",
            paramLabel = "V",
            description = "size of the vocabulary; ln V checks the baseline and stands in for it")
    @Nullable
    Long vocabulary;

    @Option(names = "--unique-tokens", paramLabel = "U", description = "distinct tokens in the training set")
    @Nullable
    Long uniqueTokens;

    @Option(
            names = "--temperature",
            paramLabel = "KELVIN",
            description = "temperature of the energy floor (default: 300)")
    double temperature = 300;

    /** {@return what stands after --baseline, in nats; the message says which {@code words} could stand there as well} */
    static double baselineNats(String baseline, String words) {
        try {
            double nats = Double.parseDouble(baseline);
            if (nats > 0 && nats < Double.POSITIVE_INFINITY) {
                return nats;
            }
        } catch (NumberFormatException e) {
            // Said below, with what is allowed.
        }
        throw Failure.usage("--baseline \"" + baseline + "\" is unknown, allowed: " + words + ", or nats above 0");
    }
}
