package org.etascope.logs;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The formats of loss logs, by the names of {@code --format}. */
public enum LogFormat {
    /** Values with separators and a header line. */
    CSV("csv"),
    /** One JSON object per line. */
    JSONL("jsonl"),
    /** One JSON document with columns or rows in it, such as Keras' history. */
    JSON("json"),
    /** llm.c's main.log: {@code s:12 trl:9.79 lr:0.000012}. */
    LLMC("llmc"),
    /** modded-nanogpt's and parameter-golf's output: {@code step:12/20000 train_loss:9.79 train_time:24ms}. */
    MODDED_NANOGPT("modded-nanogpt"),
    /**
     * nanoGPT's output: {@code iter 12: loss 9.79} is a training point; of {@code step 250: train loss 3.1, val loss 3.2}
     * the validation loss counts, for its train loss is an estimate after the fact.
     */
    NANOGPT("nanogpt"),
    /** Hugging Face Trainer's trainer_state.json. */
    HF_TRAINER("hf-trainer"),
    /** A TensorBoard event file. */
    TENSORBOARD("tensorboard"),
    /** A run file of Weights &amp; Biases, {@code run-*.wandb}. */
    WANDB("wandb"),
    /** Megatron-LM's output; an iteration without an lm loss is broken. */
    MEGATRON("megatron"),
    /** One metric of a local MLflow store: {@code 1700000000000 9.79 12}. */
    MLFLOW_METRIC("mlflow-metric"),
    /** A run in MLflow's database. */
    MLFLOW("mlflow"),
    /** A run in Trackio's database. */
    TRACKIO("trackio"),
    /** Any other lines with names and numbers in them. */
    TEXT("text"),
    /** Lines that the user's regular expression finds. */
    PATTERN("pattern");

    /** Those that nothing but their losses tells, the more particular ones first. */
    static final List<LogFormat> TRIED =
            List.of(HF_TRAINER, JSONL, JSON, CSV, LLMC, MODDED_NANOGPT, NANOGPT, MEGATRON, MLFLOW_METRIC, TEXT);

    /** What Hugging Face's Trainer calls its values; what the user gave comes in their place. */
    private static final Map<String, Role> HF_NAMES = Map.of(
            "step", Role.STEP,
            "loss", Role.LOSS,
            "eval_loss", Role.VALIDATION,
            "learning_rate", Role.LEARNING_RATE,
            "grad_norm", Role.GRADIENT_NORM,
            "epoch", Role.EPOCH,
            "num_input_tokens_seen", Role.TOTAL_TOKENS);

    private static final Pattern MLFLOW_LINE =
            Pattern.compile("^(?<time>\\d{12,13}) (?<loss>[-+.\\w()#]+) (?<step>\\d{1,15})$");

    private final String label;

    LogFormat(String label) {
        this.label = label;
    }

    /** {@return its name on the command line} */
    public String label() {
        return label;
    }

    /** {@return whether the writer replaces the whole file by a longer one} */
    public boolean isRewritten() {
        return this == HF_TRAINER || this == JSON;
    }

    /** {@return whether it consists of records, not of lines} */
    boolean isBinary() {
        return this == TENSORBOARD || this == WANDB || this == MLFLOW || this == TRACKIO;
    }

    /** {@return whether any line may hold a point, so that one without a step is no fault} */
    boolean isOfLines() {
        return switch (this) {
            case LLMC, MODDED_NANOGPT, NANOGPT, MEGATRON, TEXT -> true;
            default -> false;
        };
    }

    /**
     * {@return the format of that name, null if there is none}
     *
     * @param label the name
     */
    public static @Nullable LogFormat ofLabel(String label) {
        return Arrays.stream(values())
                .filter(format -> format.label.equals(label) && format != PATTERN)
                .findFirst()
                .orElse(null);
    }

    /** {@return all names that --format takes, with commas between them} */
    public static String labels() {
        List<String> labels = Stream.of(values())
                .filter(format -> format != PATTERN)
                .map(LogFormat::label)
                .toList();
        return String.join(", ", labels);
    }

    /** {@return who plays what in a log of this format, by the user's names unless its own are fixed} */
    Roles roles(Map<Role, String> given) {
        return switch (this) {
            case CSV, JSONL, JSON, TENSORBOARD, WANDB, MLFLOW, TRACKIO -> Roles.ofNames(given);
            case TEXT -> Roles.ofPhrases(given);
            case HF_TRAINER -> Roles.fixed(withGiven(HF_NAMES, given), false);
            case PATTERN, MLFLOW_METRIC -> Roles.fixed(PatternLog.NAMES, false);
            case LLMC ->
                Roles.fixed(
                        Map.of(
                                "s", Role.STEP,
                                "trl", Role.LOSS,
                                "tel", Role.VALIDATION,
                                "lr", Role.LEARNING_RATE),
                        true);
            case MODDED_NANOGPT ->
                Roles.fixed(
                        Map.of(
                                "step", Role.STEP,
                                "train_loss", Role.LOSS,
                                "loss", Role.LOSS,
                                "val_loss", Role.VALIDATION,
                                "lr", Role.LEARNING_RATE,
                                "train_time", Role.ELAPSED),
                        true);
            case NANOGPT -> {
                Map<String, @Nullable Role> names = new HashMap<>(Map.of(
                        "iter", Role.STEP,
                        "step", Role.STEP,
                        "loss", Role.LOSS,
                        "val_loss", Role.VALIDATION,
                        "tokens_per_iteration_will_be", Role.STEP_TOKENS,
                        "number_of_parameters", Role.PARAMETERS));
                names.put("train_loss", null);
                yield Roles.fixed(names, true);
            }
            case MEGATRON ->
                Roles.fixed(
                        Map.of(
                                "iteration", Role.STEP,
                                "consumed_samples", Role.SAMPLES,
                                "consumed_tokens", Role.TOTAL_TOKENS,
                                "learning_rate", Role.LEARNING_RATE,
                                "lm_loss", Role.LOSS,
                                "lm_loss_value", Role.VALIDATION,
                                "grad_norm", Role.GRADIENT_NORM,
                                "number_of_skipped_iterations", Role.SKIPPED_STEPS,
                                "number_of_nan_iterations", Role.NAN_STEPS,
                                "actual_seqlen", Role.SEQUENCE_LENGTH),
                        true);
        };
    }

    private static Map<String, Role> withGiven(Map<String, Role> names, Map<Role, String> given) {
        Map<Role, String> byRole = new EnumMap<>(Role.class);
        names.forEach((name, role) -> byRole.put(role, name));
        given.forEach((role, name) -> byRole.put(role, Role.plain(name)));
        Map<String, Role> all = new HashMap<>();
        byRole.forEach((role, name) -> all.put(name, role));
        return all;
    }

    /** {@return a reader for one stream; only {@link #PATTERN} needs a pattern, only {@link TextLog} knows blocks} */
    LossLog reader(Map<Role, String> given, @Nullable Pattern pattern, boolean blocks) {
        return switch (this) {
            case CSV -> new CsvLog(given);
            case JSONL, MLFLOW, TRACKIO -> new JsonLinesLog();
            case LLMC, MODDED_NANOGPT, NANOGPT, MEGATRON, TEXT -> new TextLog(blocks);
            case HF_TRAINER -> new JsonDocumentLog("log_history");
            case JSON -> new JsonDocumentLog(null);
            case TENSORBOARD -> new TensorBoardLog();
            case WANDB -> new WandbLog();
            case MLFLOW_METRIC -> new PatternLog(MLFLOW_LINE);
            case PATTERN -> new PatternLog(Objects.requireNonNull(pattern));
        };
    }
}
