package org.etascope.logs;

import java.util.Arrays;
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
    LLMC("llmc", "s=STEP trl tel lr"),
    /** modded-nanogpt's and parameter-golf's output: {@code step:12/20000 train_loss:9.79 train_time:24ms}. */
    MODDED_NANOGPT("modded-nanogpt", "step train_loss loss val_loss lr train_time"),
    /**
     * nanoGPT's output: {@code iter 12: loss 9.79} is a training point; of {@code step 250: train loss 3.1, val loss 3.2}
     * the validation loss counts, for its train loss is an estimate after the fact.
     */
    NANOGPT("nanogpt", "iter step loss train_loss= val_loss tokens_per_iteration_will_be number_of_parameters"),
    /** Hugging Face Trainer's trainer_state.json; names that the user gave come in the place of its own. */
    HF_TRAINER("hf-trainer", "step loss eval_loss learning_rate grad_norm epoch num_input_tokens_seen"),
    /** A TensorBoard event file. */
    TENSORBOARD("tensorboard"),
    /** A run file of Weights &amp; Biases, {@code run-*.wandb}. */
    WANDB("wandb"),
    /** Megatron-LM's output; an iteration without an lm loss is broken. */
    MEGATRON(
            "megatron",
            "iteration consumed_samples consumed_tokens learning_rate lm_loss lm_loss_value grad_norm"
                    + " number_of_skipped_iterations number_of_nan_iterations actual_seqlen"),
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

    private static final Pattern MLFLOW_LINE =
            Pattern.compile("^(?<time>\\d{12,13}) (?<loss>[-+.\\w()#]+) (?<step>\\d{1,15})$");

    private final String label;
    private final String names;

    LogFormat(String label) {
        this(label, "");
    }

    /** A format with these names and no others, each in its {@link Role#usual} role unless another or none is said. */
    LogFormat(String label, String names) {
        this.label = label;
        this.names = names;
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
            case PATTERN, MLFLOW_METRIC -> Roles.fixed(PatternLog.NAMES, false);
            case HF_TRAINER -> {
                Map<String, @Nullable Role> all = fixedRoles();
                all.values().removeAll(given.keySet());
                given.forEach((role, name) -> all.put(Role.plain(name), role));
                yield Roles.fixed(all, false);
            }
            case LLMC, MODDED_NANOGPT, NANOGPT, MEGATRON -> Roles.fixed(fixedRoles(), true);
        };
    }

    private Map<String, @Nullable Role> fixedRoles() {
        Map<String, @Nullable Role> roles = new HashMap<>();
        for (String name : names.split(" ", -1)) {
            String[] said = name.split("=", -1);
            boolean none = said.length > 1 && said[1].isEmpty();
            roles.put(said[0], none ? null : said.length > 1 ? Role.valueOf(said[1]) : Role.usual(name));
        }
        return roles;
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
