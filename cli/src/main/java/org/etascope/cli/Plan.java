package org.etascope.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.etascope.core.InformationCapacity;
import org.etascope.core.ScalingLaw;
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
            return with(parameters, tokens, lossNats, etaOf(UnitConvention.CONSISTENT));
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

    private double etaOf(UnitConvention convention) {
        return InformationCapacity.eta(countedTokens(), baselineNats, loss(), modelSizeBits(), convention);
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

    double kaplanOfTokens() {
        return ScalingLaw.kaplanOfTokens(tokens);
    }

    double kaplanOfParameters() {
        return ScalingLaw.kaplanOfParameters(parameters);
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
        expected.put("kaplan_d", kaplanOfTokens());
        expected.put("kaplan_n", kaplanOfParameters());
        expected.put("kaplan_joint", ScalingLaw.kaplanJoint(parameters, tokens));
        expected.put("hoffmann", hoffmann());
        expected.put("besiroglu", besiroglu());
        results.put("expected_loss", expected);
        return results;
    }
}
