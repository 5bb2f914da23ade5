package org.etascope.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.etascope.recording.Format;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what follows from the few things known of a model, its data and its loss, before or after a run. */
@Command(
        name = "plan",
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
    private final Terminal terminal;

    @Mixin
    ModelOptions model = new ModelOptions();

    @Option(
            names = "--tokens",
            order = Main.PLAN,
            paramLabel = "D",
            converter = Quantity.class,
            description = "tokens trained on")
    @Nullable
    Long tokens;

    @Option(names = "--loss", order = Main.PLAN, paramLabel = "NATS", description = "loss L, nats per token")
    double loss = Double.NaN;

    @Option(
            names = "--mean-loss",
            order = Main.PLAN,
            paramLabel = "NATS",
            description = "mean loss over the whole run, nats per token")
    double meanLoss = Double.NaN;

    @Option(
            names = "--baseline",
            order = Main.PLAN,
            paramLabel = "uniform|NATS",
            description = "baseline H, nats per token (default: ln V if --vocab is given)")
    String baseline = "uniform";

    @Option(names = "--eta", order = Main.PLAN, paramLabel = "ETA", description = "information capacity, no unit")
    double eta = Double.NaN;

    @Option(
            names = "--measured-joules",
            order = Main.PLAN,
            paramLabel = "J",
            description = "energy that the training took")
    double measuredJoules = Double.NaN;

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
                        measuredJoules)
                .solved();
        if (json) {
            terminal.out().println(json(plan, run));
        } else {
            print(plan);
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

    private static String json(Plan plan, RunPrices run) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            number(json, "parameters", plan.parameters());
            number(json, "model_size_bits", plan.modelSizeBits());
            number(json, "tokens", plan.tokens());
            number(json, "loss_nats", plan.lossNats());
            number(json, "baseline_nats", plan.baselineNats());
            number(json, "eta", plan.eta());
            number(json, "eta_paper_literal", plan.etaPaperLiteral());
            number(json, "information_bits", plan.informationBits());
            number(json, "bits_per_parameter", plan.informationPerParameter());
            number(json, "landauer_floor_joules", plan.landauerFloorJoules());
            number(json, "landauer_floor_joules_paper_literal", plan.landauerFloorJoulesPaperLiteral());
            number(json, "joules_per_bit", plan.joulesPerBit());
            number(json, "log10_energy_ratio", plan.log10EnergyRatio());
            number(json, "perplexity", plan.perplexity());
            number(json, "bits_per_token", plan.bitsPerToken());
            number(json, "compression_ratio", plan.compressionRatio());
            number(json, "effective_tokens", plan.effectiveTokens());
            json.writeObjectFieldStart("expected_loss");
            number(json, "kaplan_d", plan.kaplanOfTokens());
            number(json, "kaplan_n", plan.kaplanOfParameters());
            number(json, "hoffmann", plan.hoffmann());
            number(json, "besiroglu", plan.besiroglu());
            json.writeEndObject();
            run.write(json);
            json.writeEndObject();
        }
        return text.toString();
    }

    /** JSON has neither NaN nor infinities. */
    static void number(JsonGenerator json, String name, double value) throws IOException {
        if (!Double.isFinite(value)) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, value);
        }
    }

    private void print(Plan p) {
        line(
                "model",
                "%s parameters × %s bit = %s",
                p.parameters(),
                whole(p.parameters()),
                plain(p.bitsPerParameter()),
                Format.si(p.modelSizeBits()) + "bit");
        line("data", "%s tokens", p.tokens(), whole(p.tokens()));
        if (p.tokens() > p.uniqueTokens()) {
            line(
                    "",
                    "%s of them distinct; the repeats make it worth %s fresh ones",
                    p.effectiveTokens(),
                    whole(p.uniqueTokens()),
                    Format.si(p.effectiveTokens()));
        }
        line("baseline", "H %s nats per token", p.baselineNats(), Format.fixed(p.baselineNats(), 4));
        line(
                "loss",
                "%s nats (%s bits per token), perplexity %s",
                p.lossNats(),
                Format.fixed(p.lossNats(), 4),
                Format.fixed(p.bitsPerToken(), 3),
                Format.significant(p.perplexity()));
        line("", "mean over the run %s nats", p.meanLossNats(), Format.fixed(p.meanLossNats(), 4));
        line("", "the data becomes %s times shorter", p.compressionRatio(), Format.significant(p.compressionRatio()));
        line(
                "η",
                "%s, the %s reading (the paper's own arithmetic, nats over bits: %s)",
                p.eta(),
                Format.significant(p.eta()),
                p.transmitted() ? "transmitted" : "dataset",
                Format.significant(p.etaPaperLiteral()));
        needs(p);
        line(
                "bits",
                "%sbit of information, %s per parameter",
                p.informationBits(),
                spaced(Format.si(p.informationBits())),
                Format.significant(p.informationPerParameter()));
        line(
                "energy",
                "Landauer floor %s J at %s K (the paper's own arithmetic: %s J); a bit costs %s J",
                p.informationBits(),
                Format.scientific(p.landauerFloorJoules()),
                plain(p.temperatureKelvin()),
                Format.scientific(p.landauerFloorJoulesPaperLiteral()),
                Format.scientific(p.joulesPerBit()));
        line(
                "",
                "measured %s J, 10^%s times the floor",
                p.log10EnergyRatio(),
                Format.scientific(p.measuredJoules()),
                Format.fixed(p.log10EnergyRatio(), 1));
        line(
                "expected",
                "%s nats by Hoffmann et al., %s by Besiroglu et al. for this P and D",
                p.hoffmann(),
                Format.fixed(p.hoffmann(), 3),
                Format.fixed(p.besiroglu(), 3));
        line(
                Double.isFinite(p.hoffmann()) ? "" : "expected",
                "%s nats by Kaplan et al. for this D",
                p.kaplanOfTokens(),
                Format.fixed(p.kaplanOfTokens(), 3));
        line(
                "",
                "%s nats by Kaplan et al. for this P",
                p.kaplanOfParameters(),
                Format.fixed(p.kaplanOfParameters(), 3));
        line(
                "lines",
                "2 bits per parameter in 16 are η %s, 2 in 8 are 0.25, 3.6 in 16 are 0.225: for the absorbed"
                        + " reading, never for this one",
                p.eta(),
                "0.125");
    }

    /** Says what eta could still be computed from. */
    private void needs(Plan p) {
        List<String> missing = new ArrayList<>();
        if (Double.isNaN(p.parameters())) {
            missing.add("--params");
        }
        if (Double.isNaN(p.tokens())) {
            missing.add("--tokens");
        }
        if (Double.isNaN(p.loss())) {
            missing.add("--loss");
        }
        if (Double.isNaN(p.baselineNats())) {
            missing.add("--vocab or --baseline");
        }
        if (Double.isNaN(p.eta())) {
            terminal.print("  η         needs " + String.join(", ", missing) + " as well");
        }
    }

    /** A line whose number is unknown is not shown. */
    private void line(String name, String format, double shownIf, Object... values) {
        if (Double.isFinite(shownIf)) {
            terminal.print(String.format(Locale.ROOT, "  %-9s ", name) + String.format(Locale.ROOT, format, values));
        }
    }

    private static String spaced(String si) {
        return si.contains(" ") ? si : si + " ";
    }

    private static String whole(double value) {
        return Double.isFinite(value) && Math.abs(value) < Long.MAX_VALUE ? Format.whole(Math.round(value)) : "-";
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Format.fixed(value, 0) : Double.toString(value);
    }
}
