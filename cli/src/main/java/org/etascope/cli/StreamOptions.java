package org.etascope.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.etascope.core.BaselineRule;
import org.etascope.core.LossUnit;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.etascope.logs.LogFormat;
import org.etascope.logs.LossPoint;
import org.etascope.logs.OpenLog;
import org.etascope.logs.Role;
import org.etascope.logs.RunDatabase;
import org.etascope.recording.Format;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the user says of a log and of the model behind it. */
final class StreamOptions {
    /** Which of the losses is the run's. */
    enum Series {
        TRAIN,
        VALIDATION;

        /** {@return whether a point has a loss of this series} */
        boolean isIn(LossPoint point) {
            return this == VALIDATION ? point.hasValidation : point.hasLoss;
        }

        double loss(LossPoint point) {
            return this == VALIDATION ? point.validation : point.loss;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** For the shell's completion. */
    static final class Formats extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Formats() {
            super(List.of((LogFormat.labels() + ", auto").split(", ")));
        }
    }

    /** So far a first loss may be from a multiple of ln V to be one. */
    private static final double WHOLE_TOLERANCE = 0.03;

    private static final int MOST_NAMED = 12;
    /** Before it is read, a log may be going to say what is needed. */
    private static final Map<Role, Long> MAY_BE_TOLD = Map.of(Role.PARAMETERS, 1L, Role.VOCABULARY, 2L);

    @Mixin
    ModelOptions model = new ModelOptions();

    @Mixin
    ScheduleOptions plan = new ScheduleOptions();

    @Option(
            names = "--format",
            paramLabel = "F",
            completionCandidates = Formats.class,
            description =
                    "csv, jsonl, json, llmc, modded-nanogpt, nanogpt, hf-trainer, tensorboard, wandb, megatron,"
                            + " mlflow-metric, mlflow, trackio, text (any lines with names and numbers) or auto (default: auto)")
    String format = "auto";

    @Option(
            names = "--tokens-per-step",
            paramLabel = "N",
            description = "loss-bearing tokens of one optimiser step, where the log does not tell")
    @Nullable
    Long tokensPerStep;

    @Option(
            names = "--seq-length",
            paramLabel = "S",
            description = "tokens of a sample, where the log counts samples (megatron)")
    @Nullable
    Long sequenceLength;

    @Option(
            names = "--unit",
            paramLabel = "nats|bits",
            description = "unit of the log's losses: nats (natural logarithm) or bits (base 2); default: nats, unless a"
                    + " perplexity in the log says bits")
    @Nullable
    LossUnit unit;

    @Option(
            names = "--log-every",
            paramLabel = "K",
            description = "steps that a value stands for, where the log does not number them (default: 1)")
    @Nullable
    Long logEvery;

    @Option(
            names = "--pattern",
            paramLabel = "REGEX",
            description = "finds the lines of a log that no format fits, by its groups (?<step>...), (?<loss>...) and"
                    + " validation, lr, tokens, totaltokens, samples, epoch, time")
    @Nullable
    String pattern;

    @Option(
            names = "--baseline",
            paramLabel = "initial|uniform|NATS",
            description = "baseline H: the first step's loss (default), ln V, or a value in nats")
    String baseline = "initial";

    @Option(
            names = "--series",
            paramLabel = "train|validation",
            description = "which losses are the run's (default: train)")
    Series series = Series.TRAIN;

    @Option(
            names = "--smoothed",
            description = "the losses are averaged (EMA): said beside them, for loss and slope of such a curve lag"
                    + " behind the model's")
    boolean smoothed;

    @Option(
            names = "--map",
            paramLabel = "ROLE=NAME",
            split = ",",
            description = "names of columns, keys or tags: step, loss, validation, lr, tokens, total-tokens, samples,"
                    + " epoch, time; tokens may be of a step or so far, total-tokens is so far")
    Map<String, String> map = new LinkedHashMap<>();

    @Option(
            names = "--energy",
            paramLabel = "FILE",
            description = "CSV of time,joules: the joules that the machine had counted by then, for logs with times")
    @Nullable
    Path energy;

    @Option(names = "--lenient", description = "skip and count values that cannot be read")
    boolean lenient;

    @Option(
            names = "--run",
            order = Main.OUTPUT,
            paramLabel = "NAME",
            description =
                    "name of the run (default: the file's name); of a database's runs, the one to be read (default: all)")
    @Nullable
    String run;

    /** Whether several runs go on at once, at the same machine as far as is known. */
    volatile boolean severalRuns;

    /** {@return the energy that a run took, null where none was measured} */
    @Nullable
    EnergyFile energy() {
        return energy == null ? null : new EnergyFile(energy, () -> severalRuns, System::currentTimeMillis);
    }

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
        return new OpenLog.Wish(format(), names(), compiled());
    }

    private @Nullable Pattern compiled() {
        if (pattern == null) {
            return null;
        }
        try {
            if (!pattern.contains("(?<loss>") && !pattern.contains("(?<validation>")) {
                throw Failure.usage(
                        "--pattern needs a group (?<loss>...), and (?<step>...) where the lines have a step");
            }
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw Failure.usage(
                    "--pattern is no regular expression: " + e.getDescription() + " near place " + e.getIndex());
        }
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
        return Stream.of(Role.TOKENS, Role.TOTAL_TOKENS, Role.SAMPLES)
                .map(Role::word)
                .anyMatch(map::containsKey);
    }

    /** {@return the run's name: given, or the file's without its endings} */
    String runName(String file) {
        if (run != null) {
            return run;
        }
        Path name = Path.of(file).getFileName();
        String stem = name == null
                ? ""
                : name.toString().replaceFirst("(?<=.)(\\.(log|txt|csv|tsv|jsonl?|wandb|db|sqlite3?|gz|xz|zst))+$", "");
        return stem.isBlank() || stem.equals("-") ? "stdin" : stem;
    }

    /** {@return the runs of a database that are asked for: all, or the one of that name} */
    List<RunDatabase.Run> chosen(List<RunDatabase.Run> all, String file) {
        String wanted = run;
        if (all.isEmpty()) {
            throw Failure.failed(file + " has no run that has logged anything.");
        }
        if (wanted == null) {
            return all;
        }
        if (all.size() == 1) {
            return List.of(all.get(0).named(wanted));
        }
        List<RunDatabase.Run> named = all.stream()
                .filter(one -> one.name().equals(wanted) || one.id().equals(wanted))
                .toList();
        if (named.isEmpty()) {
            throw Failure.usage("--run \"" + wanted + "\" is none of the " + all.size() + " runs in " + file + ": "
                    + all.stream().limit(MOST_NAMED).map(RunDatabase.Run::name).collect(Collectors.joining(", "))
                    + (all.size() > MOST_NAMED ? ", ..." : ""));
        }
        return named;
    }

    /** Checks what can be checked before a line is read. */
    void check() {
        wish();
        builder("check", 1, System::currentTimeMillis, "", new LogFacts(MAY_BE_TOLD, Double.NaN, note -> {}));
    }

    /**
     * {@return a builder with all that is known of the run}
     *
     * @param firstStep the step of the first point
     * @param place file and line of the first point, for messages
     */
    RunMonitor.Builder builder(String name, long firstStep, LongSupplier clock, String place, LogFacts facts) {
        Long vocabulary = said(model.vocabulary, Role.VOCABULARY, facts);
        Long parameters = said(model.parameters, Role.PARAMETERS, facts);
        if (parameters == null) {
            throw Failure.usage("--params is needed: eta is information divided by the model's size.");
        }
        try {
            RunMonitor.Builder builder = RunMonitor.builder(name)
                    .temperatureKelvin(model.temperature)
                    .modelSize(new ModelSize(parameters, model.bitsPerParameter))
                    .clock(clock);
            double times = vocabulary == null ? Double.NaN : facts.firstLossNats() / Math.log(vocabulary);
            if (baseline.equals("initial") && firstStep <= 1 && isWholeMultiple(times)) {
                facts.notes()
                        .accept(String.format(
                                Locale.ROOT,
                                "the first loss is %.1f ln V: losses that are summed over gradient accumulation are"
                                        + " such multiples; the unit is in doubt, and every figure in nats and bits with"
                                        + " it",
                                times));
                builder.baseline(BaselineRule.initialLoss());
            } else {
                builder.baseline(rule(firstStep, place, vocabulary));
                if (vocabulary != null) {
                    builder.vocabularySize(vocabulary);
                }
            }
            if (model.uniqueTokens != null) {
                builder.uniqueTokens(model.uniqueTokens);
            }
            plan.apply(builder, said(plan.plannedSteps, Role.PLANNED_STEPS, facts));
            return builder;
        } catch (IllegalArgumentException e) {
            throw Failure.usage(String.valueOf(e.getMessage()));
        }
    }

    private static boolean isWholeMultiple(double times) {
        double whole = Math.rint(times);
        return whole >= 2 && Math.abs(times - whole) <= WHOLE_TOLERANCE * whole;
    }

    private static @Nullable Long said(@Nullable Long byTheUser, Role role, LogFacts facts) {
        Long byTheLog = facts.counts().get(role);
        if (byTheUser == null && byTheLog != null) {
            facts.notes().accept(role.word() + ": " + Format.whole(byTheLog) + ", as the log says");
        }
        return byTheUser == null ? byTheLog : byTheUser;
    }

    private BaselineRule rule(long firstStep, String place, @Nullable Long vocabulary) {
        String word = baseline.toLowerCase(Locale.ROOT);
        boolean initial = word.equals("initial");
        if (initial && firstStep <= 1) {
            return BaselineRule.initialLoss();
        }
        if (!initial && !word.equals("uniform")) {
            return BaselineRule.fixed(ModelOptions.baselineNats(baseline, "initial, uniform"));
        }
        if (vocabulary == null) {
            throw Failure.usage(
                    initial
                            ? place + ": the first training loss is that of step " + firstStep + ", so the log has no"
                                    + " initial loss. Give --vocab (the baseline is then ln V, flagged as assumed) or"
                                    + " --baseline NATS."
                            : "--vocab is needed: --baseline uniform is ln V.");
        }
        return initial ? BaselineRule.uniform().assumed() : BaselineRule.uniform();
    }
}
