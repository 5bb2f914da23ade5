package org.etascope.cli.log;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a named column, key or tag can be, with the names it usually goes by, the likeliest first. */
public enum Role {
    /** The optimiser step. */
    STEP(
            "step",
            "step",
            "_step",
            "global_step",
            "train/global_step",
            "trainer/global_step",
            "train/step",
            "iteration",
            "iter",
            "it",
            "update",
            "num_updates",
            "steps"),
    /** The training loss. */
    LOSS(
            "loss",
            "loss",
            "train/loss",
            "train_loss",
            "loss/train",
            "training/loss",
            "training_loss",
            "train/lm_loss",
            "lm loss",
            "lm-loss",
            "train/ce_loss",
            "train/cross_entropy",
            "cross_entropy",
            "ce_loss",
            "nll_loss",
            "train_nll",
            "train/train_loss",
            "value"),
    /** The validation loss. */
    VALIDATION(
            "validation",
            "val_loss",
            "val/loss",
            "validation_loss",
            "validation/loss",
            "valid_loss",
            "valid/loss",
            "eval_loss",
            "eval/loss",
            "loss/val",
            "loss/validation",
            "loss/eval",
            "loss/test",
            "dev_loss",
            "test_loss",
            "test/loss",
            "lm loss validation"),
    /** The learning rate. */
    LEARNING_RATE("lr", "lr", "learning_rate", "train/learning_rate", "train/lr", "optimizer/lr", "learning-rate"),
    /** Tokens, of a step or so far: the rows tell. */
    TOKENS("tokens", "tokens", "num_tokens", "n_tokens", "train/tokens", "tokens_per_step", "batch_tokens"),
    /** All tokens so far. */
    TOTAL_TOKENS(
            "total-tokens",
            "num_input_tokens_seen",
            "train/num_input_tokens_seen",
            "total_tokens",
            "tokens_total",
            "tokens_seen",
            "num_tokens_seen",
            "consumed_tokens",
            "cumulative_tokens",
            "tokens_processed",
            "train/total_tokens"),
    /** All samples so far. */
    SAMPLES("samples", "consumed_samples", "consumed samples", "consumed-samples", "samples_seen"),
    /** Epochs so far. */
    EPOCH("epoch", "epoch", "train/epoch", "epochs"),
    /** The time. */
    TIME("time", "timestamp", "_timestamp", "wall_time", "walltime", "time", "date", "datetime");

    private final String word;

    @SuppressWarnings("ImmutableEnumChecker") // List.of cannot be changed
    private final List<String> names;

    Role(String word, String... names) {
        this.word = word;
        this.names = List.of(names);
    }

    /** {@return its name on the command line and in messages} */
    public String word() {
        return word;
    }

    /**
     * {@return the role of that command-line name, null if there is none}
     *
     * @param word as in {@code --map word=column}
     */
    public static @Nullable Role ofWord(String word) {
        for (Role role : values()) {
            if (role.word.equals(word)) {
                return role;
            }
        }
        return null;
    }

    /** {@return how far down the list of usual names this one is, -1 if it is not there} */
    int rank(String name) {
        return names.indexOf(name);
    }

    /** {@return a name as it is compared: lower case, one spelling for the usual separators} */
    static String plain(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replace("wall time", "wall_time");
    }
}
