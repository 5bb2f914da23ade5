package org.etascope.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the user says of a model and its data, the same in every command that asks. */
final class ModelOptions {
    @Option(
            names = "--params",
            order = Main.MODEL,
            paramLabel = "P",
            converter = Quantity.class,
            description = "parameters of the model, tied tensors once: 124475904, 124M, 1.3B")
    @Nullable
    Long parameters;

    @Option(
            names = "--bits-per-param",
            order = Main.MODEL,
            paramLabel = "BITS",
            defaultValue = "16",
            description = "storage bits of a parameter (default: 16)")
    double bitsPerParameter = 16;

    @Option(
            names = "--vocab",
            order = Main.MODEL,
            paramLabel = "V",
            converter = Quantity.class,
            description = "size of the vocabulary; ln V checks the baseline and stands in for it")
    @Nullable
    Long vocabulary;

    @Option(
            names = "--unique-tokens",
            order = Main.MODEL,
            paramLabel = "U",
            converter = Quantity.class,
            description = "distinct tokens in the training set")
    @Nullable
    Long uniqueTokens;

    @Option(
            names = "--temperature",
            order = Main.MODEL,
            paramLabel = "KELVIN",
            defaultValue = "300",
            description = "temperature of the energy floor (default: 300)")
    double temperature = 300;

    /**
     * {@return a baseline that was given in nats}
     *
     * @param baseline what stands after --baseline
     * @param words the words that could stand there as well, for the message
     */
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
