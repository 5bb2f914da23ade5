package org.etascope.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** The program {@code etascope}. Exit 0: success; 1: the input or the run failed; 2: usage. */
@Command(
        name = "etascope",
        description = "Loss streams of any framework: information capacity, energy floor, saturation.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:success", "1:the input or the run failed", "2:usage"},
        versionProvider = Main.Version.class)
public final class Main {
    /** Of --help, in their order. */
    private static final List<String> HEADINGS = List.of("The model:", "The log:", "The plan:", "The output:");

    /** Which heading the options of a class stand under; those of a command and of its server are of the output. */
    private static final Map<Class<?>, Integer> PLACES = Map.of(
            ModelOptions.class, 0,
            StreamOptions.class, 1,
            PlanCommand.class, 2,
            PriceOptions.class, 2,
            ScheduleOptions.class, 2);

    /** The {@code order} of an option whose class stands elsewhere. */
    static final int OUTPUT = 3;

    /** What picocli can do at least. */
    private static final int NARROWEST_HELP = 55;

    private Main() {}

    /** Reads the version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"etascope " + (version == null ? "(development)" : version)};
        }
    }

    /**
     * Runs a command and ends the JVM with its exit code.
     *
     * @param args see {@code etascope --help}
     */
    public static void main(String[] args) {
        System.exit(run(args, System.in, Terminal.ofProcess()));
    }

    /**
     * {@return the exit code of a command that runs within this JVM}
     *
     * @param args see {@code etascope --help}
     * @param in standard input
     * @param out standard output, taken as UTF-8 and as no terminal
     * @param err standard error, likewise
     */
    public static int run(String[] args, InputStream in, PrintStream out, PrintStream err) {
        return run(args, in, Terminal.of(out, err));
    }

    /** The same on other streams. */
    static int run(String[] args, InputStream in, Terminal terminal) {
        CommandLine line = new CommandLine(new Main());
        // One that is called is made alone: to describe them all takes longer than many a command runs.
        Map<String, Supplier<Object>> commands = commands(in, terminal);
        if (args.length > 0 && commands.containsKey(args[0])) {
            line.addSubcommand(args[0], commands.get(args[0]).get());
        } else {
            commands.forEach((name, command) -> line.addSubcommand(name, command.get()));
            CommandLine completion = new CommandLine(new AutoComplete.GenerateCompletion());
            completion.getCommandSpec().name("completion");
            line.addSubcommand(completion);
        }
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.registerConverter(Long.class, new Quantity());
        line.registerConverter(OffsetDateTime.class, Main::time);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        if (terminal.screen().terminal()) {
            line.setUsageHelpWidth(Math.max(NARROWEST_HELP, terminal.screen().columns()));
        }
        line.setParameterExceptionHandler((e, ignored) -> refuse(e, terminal));
        line.setExecutionExceptionHandler((e, command, result) -> fail(e, terminal));
        line.getSubcommands().values().forEach(Main::group);
        if (args.length == 0) {
            line.usage(terminal.out());
        }
        int exitCode = args.length == 0 ? Failure.USAGE : line.execute(args);
        // This flushes it. Whoever read our output may have gone; there is nobody left to tell.
        return terminal.out().checkError() ? Failure.FAILED : exitCode;
    }

    /** The commands, in the order of --help. */
    private static Map<String, Supplier<Object>> commands(InputStream in, Terminal terminal) {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("replay", () -> new ReplayCommand(in, terminal));
        commands.put("watch", () -> new WatchCommand(in, terminal));
        commands.put("plan", () -> new PlanCommand(terminal));
        commands.put("compare", () -> new CompareCommand(terminal));
        commands.put("report", () -> new ReportCommand(terminal));
        commands.put("serve", () -> new ServeCommand(terminal));
        return commands;
    }

    /** Options under headings, in the order of their places. */
    private static void group(CommandLine command) {
        command.getCommandSpec().usageMessage().sortOptions(false);
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, help -> {
            Map<Integer, List<OptionSpec>> groups = help.commandSpec().options().stream()
                    .collect(Collectors.groupingBy(Main::place, TreeMap::new, Collectors.toList()));
            StringBuilder text = new StringBuilder();
            groups.forEach((place, options) -> {
                if (place < HEADINGS.size()) {
                    text.append(HEADINGS.get(place)).append(System.lineSeparator());
                }
                Layout layout = help.createDefaultLayout();
                layout.addOptions(options, help.createDefaultParamLabelRenderer());
                text.append(layout);
            });
            return text.toString();
        });
    }

    private static int place(OptionSpec option) {
        if (option.usageHelp() || option.versionHelp()) {
            return HEADINGS.size();
        }
        Field field = (Field) option.userObject();
        return option.order() < 0 ? PLACES.getOrDefault(field.getDeclaringClass(), OUTPUT) : option.order();
    }

    private static OffsetDateTime time(String text) {
        try {
            return OffsetDateTime.parse(text);
        } catch (DateTimeParseException e) {
            throw new TypeConversionException("'" + text + "' is no time, allowed: such as 2026-03-18T15:00:00Z");
        }
    }

    private static int refuse(ParameterException e, Terminal terminal) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        terminal.complain(message + (message.endsWith(".") ? "" : ".") + " See " + command + " --help.");
        return Failure.USAGE;
    }

    private static int fail(Exception e, Terminal terminal) {
        if (e instanceof Failure failure) {
            terminal.complain(String.valueOf(failure.getMessage()));
            return failure.exitCode();
        }
        terminal.complain("internal error, please report it: " + e);
        return Failure.FAILED;
    }
}
