package org.etascope.cli;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.etascope.logs.LogFormat;
import org.etascope.logs.OpenLog;
import org.etascope.logs.Role;
import org.etascope.core.BaselineRule;
import org.etascope.core.DetectorSettings;
import org.etascope.core.LossUnit;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the user says of a log and of the model behind it. */
final class StreamOptions {
    /** An averaged curve looks calmer than it is: its slopes' interval is taken twice as wide. */
    private static final DetectorSettings SMOOTHED =
            new DetectorSettings(2 * DetectorSettings.DEFAULT.z(), DetectorSettings.DEFAULT.lowestKappa(), 0.10);

    /** Which of the losses is the run's. */
    enum Series {
        TRAIN,
        VALIDATION
    }

    @Mixin
    ModelOptions model = new ModelOptions();

    @Option(
            names = "--format",
            paramLabel = "F",
            defaultValue = "auto",
            description = "csv, jsonl, llmc, modded-nanogpt, nanogpt, hf-trainer, tensorboard, megatron or auto"
                    + " (default: auto)")
    String format = "auto";

    @Option(
            names = "--tokens-per-step",
            paramLabel = "N",
            converter = Quantity.class,
            description = "loss-bearing tokens of one optimiser step, where the log does not tell")
    @Nullable
    Long tokensPerStep;

    @Option(
            names = "--seq-length",
            paramLabel = "S",
            converter = Quantity.class,
            description = "tokens of a sample, where the log counts samples (megatron)")
    @Nullable
    Long sequenceLength;

    @Option(
            names = "--unit",
            paramLabel = "nats|bits",
            defaultValue = "nats",
            description = "unit of the log's losses: nats (natural logarithm, default) or bits (base 2)")
    LossUnit unit = LossUnit.NATS;

    @Option(
            names = "--baseline",
            paramLabel = "initial|uniform|NATS",
            defaultValue = "initial",
            description = "baseline H: the first step's loss (default), ln V, or a value in nats")
    String baseline = "initial";

    @Option(
            names = "--series",
            paramLabel = "train|validation",
            defaultValue = "train",
            description = "which losses are the run's (default: train)")
    Series series = Series.TRAIN;

    @Option(
            names = "--smoothed",
            description = "the losses are averaged (EMA): widens the verdict's interval, for such a curve looks"
                    + " calmer than it is")
    boolean smoothed;

    @Option(
            names = "--map",
            paramLabel = "ROLE=NAME",
            split = ",",
            description = "names of columns, keys or tags: step, loss, validation, lr, tokens, total-tokens, samples,"
                    + " epoch, time; tokens may be of a step or so far, total-tokens is so far")
    Map<String, String> map = new LinkedHashMap<>();

    @Option(names = "--lenient", description = "skip and count values that cannot be read")
    boolean lenient;

    @Option(names = "--run", paramLabel = "NAME", description = "name of the run (default: the file's name)")
    @Nullable
    String run;

    /** {@return the named format, null for auto} */
    @Nullable
    LogFormat format() {
        if (format.equals("auto")) {
            return null;
        }
        LogFormat named = LogFormat.ofLabel(format);
        if (named == null) {
            throw Failure.usage("--format \"" + format + "\" is unknown, allowed: " + LogFormat.labels() + ", auto");
        }
        return named;
    }

    /** {@return what the user says of the log's form} */
    OpenLog.Wish wish() {
        return new OpenLog.Wish(format(), names(), null);
    }

    /** {@return the names of --map by their roles} */
    Map<Role, String> names() {
        Map<Role, String> names = new EnumMap<>(Role.class);
        map.forEach((word, name) -> {
            Role role = Role.ofWord(word);
            if (role == null) {
                throw Failure.usage("--map " + word + "=" + name + ": \"" + word + "\" is unknown, allowed: step, loss,"
                        + " validation, lr, tokens, total-tokens, samples, epoch, time");
            }
            names.put(role, name);
        });
        return names;
    }

    /** {@return whether the user named a column that counts tokens} */
    boolean namesTokens() {
        return map.containsKey(Role.TOKENS.word())
                || map.containsKey(Role.TOTAL_TOKENS.word())
                || map.containsKey(Role.SAMPLES.word());
    }

    /** {@return the run's name: given, or the file's without its endings} */
    String runName(String file) {
        if (run != null) {
            return run;
        }
        Path name = Path.of(file).getFileName();
        String stem = name == null ? "" : name.toString().replaceFirst("(?<=.)(\\.(log|txt|csv|tsv|jsonl?|gz))+$", "");
        return stem.isBlank() || stem.equals("-") ? "stdin" : stem;
    }

    /** Checks what can be checked before a line is read. */
    void check() {
        format();
        names();
        if (model.parameters == null) {
            throw Failure.usage("--params is needed: eta is information divided by the model's size.");
        }
        rule(1, "");
        builder("check", 1, System::currentTimeMillis, "");
    }

    /**
     * {@return a builder with all that is known of the run}
     *
     * @param name the run's name
     * @param firstStep the step of the first point
     * @param clock gives the time of the run's current moment
     * @param place file and line of the first point, for messages
     */
    RunMonitor.Builder builder(String name, long firstStep, LongSupplier clock, String place) {
        try {
            RunMonitor.Builder builder = RunMonitor.builder(name)
                    .temperatureKelvin(model.temperature)
                    .detector(smoothed ? SMOOTHED : DetectorSettings.DEFAULT)
                    .baseline(rule(firstStep, place))
                    .clock(clock);
            if (model.parameters != null) {
                builder.modelSize(new ModelSize(model.parameters, model.bitsPerParameter));
            }
            if (model.vocabulary != null) {
                builder.vocabularySize(model.vocabulary);
            }
            if (model.uniqueTokens != null) {
                builder.uniqueTokens(model.uniqueTokens);
            }
            return builder;
        } catch (IllegalArgumentException e) {
            throw Failure.usage(String.valueOf(e.getMessage()));
        }
    }

    private BaselineRule rule(long firstStep, String place) {
        return switch (baseline.toLowerCase(Locale.ROOT)) {
            case "initial" -> firstStep <= 1 ? BaselineRule.initialLoss() : withoutInitialLoss(firstStep, place);
            case "uniform" -> uniform();
            default -> BaselineRule.fixed(ModelOptions.baselineNats(baseline, "initial, uniform"));
        };
    }

    private BaselineRule withoutInitialLoss(long firstStep, String place) {
        if (model.vocabulary == null) {
            throw Failure.usage(
                    place + ": the first training loss is that of step " + firstStep + ", so the log has no"
                            + " initial loss. Give --vocab (the baseline is then ln V, flagged as assumed) or --baseline NATS.");
        }
        return BaselineRule.uniform().assumed();
    }

    private BaselineRule uniform() {
        if (model.vocabulary == null) {
            throw Failure.usage("--vocab is needed: --baseline uniform is ln V.");
        }
        return BaselineRule.uniform();
    }
}
