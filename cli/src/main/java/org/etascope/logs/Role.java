package org.etascope.logs;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a named column, key, tag or word of a line can be, with the names it usually goes by, the likeliest first. Names
 * are compared in lower case with one spelling for what parts their words: {@code train/loss}, {@code Train loss} and
 * {@code train-loss} are {@code train_loss}.
 */
public enum Role {
    /** The optimiser step. A writer's own count of records ({@code _step}) and a bar's fraction are last resorts. */
    STEP(
            "step",
            "step global_step train_global_step trainer_global_step train_step current_steps global_step_max_steps optimizer_step num_updates"
                    + " iteration iterations iter it update updates up steps score_at_iteration _step batch data #of# #"),
    /** The training loss; the bare cross-entropy before what may have other terms in it. */
    LOSS(
            "loss",
            "lm_loss train_lm_loss nll_loss ce_loss train_ce_loss cross_entropy train_cross_entropy cross_entropy_loss"
                    + " crossentropyloss train_crossentropyloss xent loss train_loss loss_train training_loss"
                    + " train_loss_step train_train_loss trl step_loss nll train_nll cost value train is"),
    /** The validation loss. */
    VALIDATION(
            "validation",
            "val_loss validation_loss valid_loss eval_loss loss_val loss_validation loss_valid loss_eval loss_test"
                    + " dev_loss test_loss lm_loss_validation lm_loss_value tel val_loss_epoch val valid"),
    /** The learning rate. */
    LEARNING_RATE("lr", "lr learning_rate train_learning_rate train_lr optimizer_lr l_r"),
    /** Tokens, of a step or so far: the rows tell. */
    TOKENS("tokens", "tokens num_tokens n_tokens train_tokens tokens_per_step batch_tokens"),
    /** All tokens so far. */
    TOTAL_TOKENS(
            "total-tokens",
            "num_input_tokens_seen train_num_input_tokens_seen total_tokens tokens_total tokens_seen num_tokens_seen"
                    + " consumed_tokens cumulative_tokens tokens_processed train_total_tokens throughput_total_tokens"
                    + " n_tokens_seen trained_tokens"),
    /** All samples so far. */
    SAMPLES("samples", "consumed_samples consumed_train_samples samples_seen"),
    /** Epochs so far. */
    EPOCH("epoch", "epoch train_epoch epochs ep"),
    /** The time. */
    TIME("time", "timestamp _timestamp wall_time walltime time date datetime created_at"),

    // ---- beside the loss, not to be named by --map ----

    /** Norm of the gradient: where it is not finite, neither was the loss. */
    GRADIENT_NORM(
            "",
            "grad_norm train_grad_norm gradient_norm global_grad_norm gnorm total_grad_norm optim_total_grad_norm norm"),
    /** Perplexity of the same tokens: tells the unit of the loss. */
    PERPLEXITY("", "ppl perplexity train_ppl train_perplexity"),
    /** Steps since the point before whose loss was not finite. */
    NAN_STEPS("", "number_of_nan_iterations"),
    /** Steps since the point before that were skipped. */
    SKIPPED_STEPS("", "number_of_skipped_iterations"),
    /** Milliseconds of training so far. */
    ELAPSED("", "train_time"),
    /** Whose losses a record holds, in a word: those of the training, or of a validation. */
    SPLIT("", "split phase mode stage subset partition type event"),

    // ---- what a log may say of the run as a whole ----

    /** Parameters of the model. */
    PARAMETERS(
            "",
            "number_of_parameters num_parameters n_params num_params total_parameters total_params model_parameters"
                    + " number_of_trainable_parameters total_number_of_parameters trainable_parameters trainable_params"),
    /** Size of the vocabulary. */
    VOCABULARY("", "vocab_size padded_vocab_size vocabulary_size n_vocab"),
    /** Tokens of a sequence. */
    SEQUENCE_LENGTH("", "actual_seqlen seq_length seq_len sequence_length max_seq_length max_seq_len block_size"),
    /** Sequences of a step over all devices. */
    BATCH("", "global_batch_size"),
    /** Tokens of a step over all devices. */
    STEP_TOKENS("", "tokens_per_iteration_will_be total_desired_batch_size tokens_per_iteration"),
    /** Steps that are planned. */
    PLANNED_STEPS("", "total_steps max_steps total_optimization_steps max_iters num_iterations train_iters");

    private static final Set<Role> FACTS = EnumSet.range(PARAMETERS, PLANNED_STEPS);

    /** A name with one of these words is no loss of the training, though it has the word loss in it. */
    private static final Set<String> NO_LOSS =
            Set.of(("scale scaler scaling aux kl z zloss router balance balancing load reg grad min max std"
                            + " var per time weight coef mtp diff delta best final ppl perplexity acc accuracy window"
                            + " target ema smooth smoothed count epoch bpb bits backward fn")
                    .split(" "));

    private static final Set<String> VALIDATION_WORDS =
            Set.of("val", "valid", "validation", "eval", "evaluation", "test", "dev");

    private final String word;

    @SuppressWarnings("ImmutableEnumChecker") // List.of cannot be changed
    private final List<String> names;

    Role(String word, String names) {
        this.word = word;
        this.names = List.of(names.split(" ", -1));
    }

    /** {@return its name on the command line and in messages} */
    public String word() {
        return word.isEmpty() ? names.get(0).replace('_', ' ') : word;
    }

    /**
     * {@return the role of that command-line name, null if there is none}
     *
     * @param word as in {@code --map word=column}
     */
    public static @Nullable Role ofWord(String word) {
        return named().filter(role -> role.word.equals(word)).findFirst().orElse(null);
    }

    /** {@return those that the command line has a name for} */
    static Stream<Role> named() {
        return Arrays.stream(values()).filter(role -> !role.word.isEmpty());
    }

    /** {@return the role that a name as it is compared usually plays, null if none} */
    static @Nullable Role usual(String plainName) {
        return Arrays.stream(values())
                .filter(role -> role.rank(plainName) >= 0)
                .findFirst()
                .orElse(null);
    }

    /** {@return how far down the list of usual names this one is, -1 if it is not there} */
    int rank(String plainName) {
        return names.indexOf(plainName);
    }

    /** {@return the rank behind all listed names} */
    int lastRank() {
        return names.size();
    }

    /** {@return whether it is said of the run, not of a step} */
    boolean isFact() {
        return FACTS.contains(this);
    }

    /** {@return the kind of loss that a name no list has speaks of, null if none} */
    static @Nullable Role ofLossLikeName(String plainName) {
        boolean loss = false;
        boolean validation = false;
        for (String part : plainName.split("_", -1)) {
            if (NO_LOSS.contains(part)) {
                return null;
            }
            loss |= part.equals("loss");
            validation |= VALIDATION_WORDS.contains(part);
        }
        return !loss ? null : validation ? VALIDATION : LOSS;
    }

    /** {@return whether a word says validation, such as val, eval or test} */
    static boolean saysValidation(String word) {
        return VALIDATION_WORDS.contains(word.toLowerCase(Locale.ROOT));
    }

    /** {@return a name as it is compared} */
    static String plain(String name) {
        StringBuilder plain = new StringBuilder(name.length());
        String lower = name.strip().toLowerCase(Locale.ROOT);
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            boolean parts = c == ' ' || c == '/' || c == '-' || c == '.' || c == '_';
            if (!parts) {
                plain.append(c);
            } else if (plain.length() == 0 ? c == '_' : plain.charAt(plain.length() - 1) != '_') {
                plain.append('_');
            }
        }
        int end = plain.length();
        return end > 1 && plain.charAt(end - 1) == '_' ? plain.substring(0, end - 1) : plain.toString();
    }
}
