package org.etascope.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.etascope.core.InformationCapacity;
import org.etascope.core.ScalingLaw;
import org.etascope.core.TokenUnit;
import org.etascope.core.UnitConvention;
import org.etascope.recording.Format;

/**
 * What follows from the known ones of P, D, L, η and H: IC-1 solved for the missing one, by the core. NaN is unknown.
 *
 * <p>Without a mean loss the dataset reading is meant, η = min(D, U)(H − L)/(N ln 2); with one the transmitted reading,
 * η = D(H − L̄)/(N ln 2).
 *
 * @param parameters P
 * @param bitsPerParameter storage bits of one
 * @param tokens D
 * @param uniqueTokens U
 * @param lossNats L
 * @param meanLossNats L̄
 * @param baselineNats H
 * @param eta η
 * @param temperatureKelvin T
 * @param measuredJoules energy that the training took
 * @param bytesPerToken mean bytes of text in a token
 */
record Plan(
        double parameters,
        double bitsPerParameter,
        double tokens,
        double uniqueTokens,
        double lossNats,
        double meanLossNats,
        double baselineNats,
        double eta,
        double temperatureKelvin,
        double measuredJoules,
        double bytesPerToken) {
    /** Between runs of one size and data the laws err by less. */
    private static final double FAR_NATS = 0.5;
    /** P, D, L and H. */
    private static final int NEEDED = 4;

    /** {@return whether L̄ is known, so that the transmitted reading is meant} */
    boolean transmitted() {
        return !Double.isNaN(meanLossNats);
    }

    /** {@return the loss that η is about} */
    double loss() {
        return transmitted() ? meanLossNats : lossNats;
    }

    double modelSizeBits() {
        return parameters * bitsPerParameter;
    }

    /** {@return the tokens that count: all, or the distinct ones if the dataset reading is meant} */
    private double countedTokens() {
        return !transmitted() && tokens > uniqueTokens ? uniqueTokens : tokens;
    }

    /** {@return this plan with the missing one of P, D, L, η, if the other three and H are known} */
    Plan solved() {
        boolean p = !Double.isNaN(parameters);
        boolean d = !Double.isNaN(tokens);
        boolean l = !Double.isNaN(loss());
        boolean e = !Double.isNaN(eta);
        if (p && d && l && e) {
            throw Failure.usage("--params, --tokens, --loss and --eta are all given: leave one out, it follows from the"
                    + " others.");
        }
        if (p && d && l) {
            double found = InformationCapacity.eta(
                    countedTokens(), baselineNats, loss(), modelSizeBits(), UnitConvention.CONSISTENT);
            return with(parameters, tokens, lossNats, found);
        }
        if (p && d && e) {
            double found = InformationCapacity.lossNats(
                    eta, modelSizeBits(), countedTokens(), baselineNats, UnitConvention.CONSISTENT);
            return with(parameters, tokens, found, eta);
        }
        if (p && l && e) {
            return with(parameters, tokensNeeded(), lossNats, eta);
        }
        if (d && l && e) {
            double bits = InformationCapacity.modelSizeBits(
                    eta, countedTokens(), baselineNats, loss(), UnitConvention.CONSISTENT);
            return with(bits / bitsPerParameter, tokens, lossNats, eta);
        }
        return this;
    }

    private double tokensNeeded() {
        double found =
                InformationCapacity.tokens(eta, modelSizeBits(), baselineNats, loss(), UnitConvention.CONSISTENT);
        if (!transmitted() && found > uniqueTokens) {
            throw Failure.failed(
                    "eta " + eta + " is out of reach: the dataset reading stops growing at --unique-tokens," + " and "
                            + Format.si(found) + " distinct tokens would be needed.");
        }
        return found;
    }

    private Plan with(double newParameters, double newTokens, double newLoss, double newEta) {
        return new Plan(
                newParameters,
                bitsPerParameter,
                newTokens,
                uniqueTokens,
                newLoss,
                meanLossNats,
                baselineNats,
                newEta,
                temperatureKelvin,
                measuredJoules,
                bytesPerToken);
    }

    /** {@return η as the paper divides, nats by bits} */
    double etaPaperLiteral() {
        return informationPaperLiteral() / modelSizeBits();
    }

    /** {@return G, or S with a mean loss; η·N where D or L is not known} */
    double informationBits() {
        double bits = information(UnitConvention.CONSISTENT);
        return Double.isNaN(bits) ? eta * modelSizeBits() : bits;
    }

    private double informationPaperLiteral() {
        double nats = information(UnitConvention.PAPER_LITERAL);
        return Double.isNaN(nats) ? eta * modelSizeBits() * InformationCapacity.LN2 : nats;
    }

    private double information(UnitConvention convention) {
        return InformationCapacity.information(countedTokens(), baselineNats, loss(), convention);
    }

    double informationPerParameter() {
        return informationBits() / parameters;
    }

    double landauerFloorJoules() {
        return floor(informationBits());
    }

    double landauerFloorJoulesPaperLiteral() {
        return floor(informationPaperLiteral());
    }

    private double floor(double bits) {
        return InformationCapacity.landauerFloorJoules(bits, temperatureKelvin);
    }

    double joulesPerBit() {
        return InformationCapacity.joulesPerBit(temperatureKelvin);
    }

    double log10EnergyRatio() {
        return InformationCapacity.log10EnergyRatio(measuredJoules, landauerFloorJoules());
    }

    double perplexity() {
        return Math.exp(lossNats);
    }

    double bitsPerToken() {
        return lossNats / InformationCapacity.LN2;
    }

    double compressionRatio() {
        return baselineNats / loss();
    }

    double effectiveTokens() {
        return InformationCapacity.effectiveTokens(tokens, uniqueTokens);
    }

    double bitsPerByte() {
        return InformationCapacity.bitsPerByte(lossNats, bytesPerToken);
    }

    double hoffmann() {
        return ScalingLaw.HOFFMANN.lossNats(parameters, tokens);
    }

    double besiroglu() {
        return ScalingLaw.BESIROGLU.lossNats(parameters, tokens);
    }

    /** {@return whether both published laws expect a far higher loss of this P and D} */
    boolean unlikely() {
        return lossNats < Math.min(hoffmann(), besiroglu()) - FAR_NATS;
    }

    /** {@return all that follows, by its key in JSON} */
    Map<String, Object> results() {
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("parameters", parameters);
        results.put("model_size_bits", modelSizeBits());
        results.put("tokens", tokens);
        results.put("loss_nats", lossNats);
        results.put("baseline_nats", baselineNats);
        results.put("eta", eta);
        results.put("eta_paper_literal", etaPaperLiteral());
        results.put("information_bits", informationBits());
        results.put("bits_per_parameter", informationPerParameter());
        results.put("landauer_floor_joules", landauerFloorJoules());
        results.put("landauer_floor_joules_paper_literal", landauerFloorJoulesPaperLiteral());
        results.put("joules_per_bit", joulesPerBit());
        results.put("log10_energy_ratio", log10EnergyRatio());
        results.put("perplexity", perplexity());
        results.put("bits_per_token", bitsPerToken());
        results.put("bits_per_byte", bitsPerByte());
        results.put("compression_ratio", compressionRatio());
        results.put("effective_tokens", effectiveTokens());
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("kaplan_d", ScalingLaw.kaplanOfTokens(tokens));
        expected.put("kaplan_n", ScalingLaw.kaplanOfParameters(parameters));
        expected.put("kaplan_joint", ScalingLaw.kaplanJoint(parameters, tokens));
        expected.put("hoffmann", hoffmann());
        expected.put("besiroglu", besiroglu());
        results.put("expected_loss", expected);
        return results;
    }

    /**
     * {@return all that follows, for people; what is unknown has no line}
     *
     * @param unit what D counts
     * @param asksForEta whether what η lacks is to be said
     */
    List<String> lines(TokenUnit unit, boolean asksForEta) {
        Lines lines = new Lines(new ArrayList<>());
        lines.add(
                "model",
                parameters,
                whole(parameters) + " parameters × " + plain(bitsPerParameter) + " bit = " + Format.si(modelSizeBits())
                        + "bit");
        lines.add("data", tokens, whole(tokens) + " " + unit.plural());
        if (tokens > uniqueTokens) {
            lines.add(
                    "",
                    effectiveTokens(),
                    whole(uniqueTokens) + " of them distinct; the repeats make it worth " + Format.si(effectiveTokens())
                            + " fresh ones");
        }
        lines.add("baseline", baselineNats, "H " + Format.fixed(baselineNats, 4) + " nats per " + unit.label());
        String perByte = Double.isNaN(bitsPerByte()) ? "" : ", " + Format.fixed(bitsPerByte(), 3) + " per byte";
        lines.add(
                "loss",
                lossNats,
                Format.fixed(lossNats, 4) + " nats (" + Format.fixed(bitsPerToken(), 3) + " bits per " + unit.label()
                        + perByte + "), perplexity " + Format.significant(perplexity()));
        lines.add("", meanLossNats, "mean over the run " + Format.fixed(meanLossNats, 4) + " nats");
        lines.add(
                "",
                compressionRatio(),
                "the data becomes " + Format.significant(compressionRatio()) + " times shorter");
        lines.add(
                "η",
                eta,
                Format.significant(eta) + ", the " + (transmitted() ? "transmitted" : "dataset")
                        + " reading (the paper's own arithmetic, nats over bits: "
                        + Format.significant(etaPaperLiteral()) + ")");
        if (Double.isNaN(eta) && asksForEta) {
            lines.add("η", 0, "needs " + String.join(", ", missing()) + " as well");
        }
        String information = Format.si(informationBits());
        lines.add(
                "bits",
                informationBits(),
                information + (information.contains(" ") ? "" : " ") + "bit of information, "
                        + Format.significant(informationPerParameter()) + " per parameter");
        lines.add(
                "energy",
                informationBits(),
                InformationCapacity.landauerFloorWords(landauerFloorJoules(), temperatureKelvin)
                        + " (the paper's own arithmetic: " + Format.scientific(landauerFloorJoulesPaperLiteral())
                        + " J); a bit costs " + Format.scientific(joulesPerBit()) + " J");
        lines.add(
                "",
                log10EnergyRatio(),
                "measured " + Format.scientific(measuredJoules) + " J, 10^" + Format.fixed(log10EnergyRatio(), 1)
                        + " times the floor");
        Map<String, Double> expected = new LinkedHashMap<>();
        expected.put("Hoffmann et al. for this P and D", hoffmann());
        expected.put("Besiroglu et al. for this P and D", besiroglu());
        expected.put("Kaplan et al. for this D", ScalingLaw.kaplanOfTokens(tokens));
        expected.put("Kaplan et al. for this P", ScalingLaw.kaplanOfParameters(parameters));
        expected.put("Kaplan et al.'s joint law for this P and D", ScalingLaw.kaplanJoint(parameters, tokens));
        expected.values().removeIf(nats -> Double.isNaN(nats));
        String name = "expected";
        for (Map.Entry<String, Double> law : expected.entrySet()) {
            lines.add(name, law.getValue(), Format.fixed(law.getValue(), 3) + " nats by " + law.getKey());
            name = "";
        }
        if (unlikely()) {
            lines.add(
                    "warning",
                    0,
                    "the loss is far below what these laws expect of so few parameters and " + unit.plural()
                            + ": η and the loss contradict each other");
        }
        lines.add(
                "lines",
                eta,
                "2 bits per parameter in 16 are η 0.125, 2 in 8 are 0.25, 3.6 in 16 are 0.225: for the absorbed"
                        + " reading, never for this one");
        return lines.all;
    }

    /** {@return whether any of what η is computed from is known} */
    boolean aboutEta() {
        return missing().size() < NEEDED;
    }

    /** {@return what η could still be computed from} */
    private List<String> missing() {
        Map<String, Double> needed = new LinkedHashMap<>();
        needed.put("--params", parameters);
        needed.put("--tokens", tokens);
        needed.put("--loss", loss());
        needed.put("--vocab or --baseline", baselineNats);
        needed.values().removeIf(value -> !Double.isNaN(value));
        return List.copyOf(needed.keySet());
    }

    private static String whole(double value) {
        return Double.isFinite(value) && Math.abs(value) < Long.MAX_VALUE ? Format.whole(Math.round(value)) : "-";
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Format.fixed(value, 0) : Double.toString(value);
    }

    private record Lines(List<String> all) {
        void add(String name, double shownIfFinite, String text) {
            if (Double.isFinite(shownIfFinite)) {
                all.add(String.format(Locale.ROOT, "  %-9s %s", name, text));
            }
        }
    }
}
