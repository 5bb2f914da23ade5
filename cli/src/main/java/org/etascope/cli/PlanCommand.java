package org.etascope.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.etascope.core.ScalingLaw;
import org.etascope.recording.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what follows from the few things known of a model, its data and its loss, before or after a run. */
@Command(
        mixinStandardHelpOptions = true,
        description =
                "From three of parameters, tokens, loss and eta (and the baseline): the fourth, and what follows.",
        footer = {
            "",
            "Without --mean-loss eta is the dataset reading, min(D, U)(H - L)/(N ln 2);",
            "with it the transmitted one, D(H - mean loss)/(N ln 2). Counts may be written",
            "124475904, 124M or 1.3B.",
            "With --log, the run's own forecast, and what a loss or a gain costs in tokens",
            "at the learning rate of now."
        })
final class PlanCommand implements Callable<Integer> {
    private static final String SIZES = "  parameters     tokens   Hoffmann  Besiroglu  Kaplan, joint law";

    private final Terminal terminal;

    @Mixin
    ModelOptions model = new ModelOptions();

    @Option(names = "--tokens", paramLabel = "D", description = "tokens trained on")
    @Nullable
    Long tokens;

    @Option(names = "--loss", paramLabel = "NATS", description = "loss L, nats per token")
    double loss = Double.NaN;

    @Option(names = "--mean-loss", paramLabel = "NATS", description = "mean loss over the whole run, nats per token")
    double meanLoss = Double.NaN;

    @Option(
            names = "--baseline",
            paramLabel = "uniform|NATS",
            description = "baseline H, nats per token (default: ln V if --vocab is given)")
    String baseline = "uniform";

    @Option(names = "--eta", paramLabel = "ETA", description = "information capacity, no unit")
    double eta = Double.NaN;

    @Option(names = "--measured-joules", paramLabel = "J", description = "energy that the training took")
    double measuredJoules = Double.NaN;

    @Option(
            names = "--bytes-per-token",
            paramLabel = "B",
            description = "mean bytes of text in a token: gives bits per byte")
    double bytesPerToken = Double.NaN;

    @Option(
            names = "--flops",
            paramLabel = "C",
            description = "compute, such as 5.76e23: gives the best parameters and tokens for it, C = 6PD")
    double flops = Double.NaN;

    @Mixin
    PriceOptions prices = new PriceOptions();

    @Option(names = "--json", order = Main.OUTPUT, description = "print one JSON object")
    boolean json;

    PlanCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        check(
                "--bits-per-param",
                model.bitsPerParameter,
                model.bitsPerParameter > 0 && model.bitsPerParameter <= 64,
                "above 0, up to 64");
        check("--temperature", model.temperature, model.temperature > 0 && model.temperature < 1e12, "kelvin above 0");
        checkOptional("--loss", loss, 0, "nats, 0 or more");
        checkOptional("--mean-loss", meanLoss, 0, "nats, 0 or more");
        checkOptional("--eta", eta, -Double.MAX_VALUE, "a finite number");
        checkOptional("--measured-joules", measuredJoules, Double.MIN_VALUE, "joules above 0");
        checkOptional("--bytes-per-token", bytesPerToken, Double.MIN_VALUE, "bytes above 0");
        checkOptional("--flops", flops, Double.MIN_VALUE, "operations above 0");
        RunPrices run = prices.read(model, terminal);
        Plan plan = new Plan(
                        orNaN(model.parameters),
                        model.bitsPerParameter,
                        orNaN(tokens),
                        orNaN(model.uniqueTokens),
                        loss,
                        meanLoss,
                        baselineNats(),
                        eta,
                        model.temperature,
                        measuredJoules,
                        bytesPerToken)
                .solved();
        if (json) {
            Map<String, @Nullable Object> results = new LinkedHashMap<>(plan.results());
            results.put("compute_optimal", Double.isNaN(flops) ? null : optima());
            results.put("sizes", Double.isNaN(flops) ? null : ComputeOptimum.Size.around(flops));
            results.putAll(run.results());
            terminal.out().println(Json.text(results));
        } else {
            boolean asked = run.lines().isEmpty() && (plan.aboutEta() || Double.isNaN(flops));
            plan.lines(run.unit(), asked).forEach(terminal::print);
            if (!Double.isNaN(flops)) {
                optima().forEach((law, best) -> terminal.print("  optimal   " + best.words() + " by " + law));
                terminal.print(SIZES);
                ComputeOptimum.Size.around(flops).forEach(size -> terminal.print("  " + size.row()));
            }
            run.lines().forEach(line -> terminal.print("  forecast  " + line));
        }
        return 0;
    }

    private static double orNaN(@Nullable Long value) {
        return value == null ? Double.NaN : value;
    }

    private static void checkOptional(String name, double value, double least, String allowed) {
        check(name, value, Double.isNaN(value) || (value >= least && value <= Double.MAX_VALUE), allowed);
    }

    private static void check(String name, double value, boolean holds, String allowed) {
        if (!holds) {
            throw Failure.usage(name + " is " + value + ", allowed: " + allowed);
        }
    }

    private double baselineNats() {
        if (baseline.equalsIgnoreCase("uniform")) {
            return model.vocabulary == null ? Double.NaN : Math.log(model.vocabulary);
        }
        return ModelOptions.baselineNats(baseline, "uniform");
    }

    private Map<String, ComputeOptimum> optima() {
        Map<String, ComputeOptimum> optima = new LinkedHashMap<>();
        optima.put("hoffmann", ComputeOptimum.of(ScalingLaw.HOFFMANN, flops));
        optima.put("besiroglu", ComputeOptimum.of(ScalingLaw.BESIROGLU, flops));
        return optima;
    }
}
