package org.etascope.examples.demo;

import java.io.PrintStream;
import org.etascope.prometheus.EndpointException;
import org.etascope.prometheus.PortTakenException;
import org.etascope.recording.Screen;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Trains a language model and watches it: the program behind {@code bin/demo}. */
public final class Demo {
    private static final String NAME = "demo";

    private Demo() {}

    /**
     * Runs the demo. Exit 0 at the end, 1 if the input or the run failed, 2 if the command line was wrong, 130 after
     * Ctrl-C.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        Screen screen = Screen.standard();
        Interruption interruption =
                new Interruption(code -> Runtime.getRuntime().halt(code));
        interruption.install();
        System.exit(run(screen, System.err, interruption, arguments));
    }

    static int run(Screen screen, PrintStream errors, Interruption interruption, String... arguments) {
        try {
            DemoOptions options = new DemoOptions();
            CommandLine line = commandLine(options);
            line.parseArgs(arguments);
            if (options.help) {
                line.usage(screen.out());
                return 0;
            }
            options.check();
            new DemoRun(options, screen, interruption).run();
            return interruption.exitCode();
        } catch (CommandLine.ParameterException e) {
            errors.println(NAME + ": " + oneLine(e.getMessage()) + ". See bin/demo --help.");
            return DemoException.USAGE;
        } catch (DemoException e) {
            errors.println(screen.shown(NAME + ": " + oneLine(e.getMessage())));
            return e.exitCode();
        } catch (PortTakenException e) {
            errors.println(NAME + ": port " + e.port()
                    + " is taken (OpenTelemetry exporters use 9464 too). Choose another with --port.");
            return DemoException.FAILED;
        } catch (EndpointException e) {
            errors.println(screen.shown(NAME + ": " + oneLine(e.getMessage())));
            return DemoException.FAILED;
        }
    }

    private static String oneLine(@Nullable String message) {
        return String.valueOf(message).strip().replaceAll("\\R+", " ");
    }

    private static CommandLine commandLine(DemoOptions options) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(options);
        spec.name("bin/demo");
        spec.usageMessage()
                .description("Trains a small language model with Deeplearning4j and shows what it learns, live.")
                .footer("", "Exit code: 0 at the end, 1 the input or the run failed, 2 wrong usage, 130 after Ctrl-C.")
                .abbreviateSynopsis(true);
        return new CommandLine(spec).setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.AUTO));
    }
}
