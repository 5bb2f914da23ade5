package org.etascope.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every cell of golden_vectors.csv (70-digit arithmetic) that is an output of an implemented formula, at its row's own
 * tolerance. A column is an output by being in {@link #OUTPUTS} of the row's kind; the rest are inputs.
 */
class GoldenVectorsTest {
    /** Published by others, but not part of what Etascope computes. */
    private static final Set<String> NOT_OURS =
            Set.of("kaplan_joint", "kaplan_equal_loss_N", "data_constrained_loss", "precision_neff", "lossless_bits");

    private static final Map<String, Map<String, ToDoubleFunction<Row>>> OUTPUTS = new LinkedHashMap<>();

    static {
        Map<String, ToDoubleFunction<Row>> ic = outputs("ic");
        ic.put("eta_bits", r -> r.dataset(UnitConvention.CONSISTENT).dataset().eta());
        ic.put(
                "eta_paper_nats",
                r -> r.dataset(UnitConvention.PAPER_LITERAL).dataset().eta());
        ic.put(
                "gross_info_bits",
                r -> r.dataset(UnitConvention.CONSISTENT).dataset().bits());
        ic.put(
                "gross_info_nats",
                r -> r.dataset(UnitConvention.PAPER_LITERAL).dataset().bits());
        ic.put(
                "gross_bits_per_param",
                r -> r.dataset(UnitConvention.CONSISTENT).dataset().bitsPerParameter(r.size()));
        ic.put(
                "net_info_bits",
                r -> r.dataset(UnitConvention.CONSISTENT).transmitted().bits());
        ic.put("eta_net_bits", r -> r.dataset(UnitConvention.CONSISTENT).eta());
        ic.put(
                "model_info_bits",
                r -> r.dataset(UnitConvention.CONSISTENT).absorbed().bits());
        ic.put(
                "eta_model_bits",
                r -> r.dataset(UnitConvention.CONSISTENT).absorbed().eta());
        ic.put(
                "model_bits_per_param",
                r -> r.dataset(UnitConvention.CONSISTENT).absorbed().bitsPerParameter(r.size()));
        ic.put("E0_J_bits", r -> r.floor(UnitConvention.CONSISTENT));
        ic.put("E0_J_paper_nats", r -> r.floor(UnitConvention.PAPER_LITERAL));
        ic.put("landauer_J_per_bit", r -> InformationCapacity.joulesPerBit(r.get("T_kelvin")) * r.boltzmannRatio());
        ic.put(
                "energy_ratio_bits",
                r -> Math.pow(
                        10,
                        InformationCapacity.log10EnergyRatio(r.get("measured_J"), r.floor(UnitConvention.CONSISTENT))));
        ic.put("perplexity", r -> r.losses().perplexity());
        ic.put("bits_per_token_L", r -> r.losses().bitsPerToken());
        ic.put("compression_ratio_H_over_L", r -> r.get("H_nats") / r.get("L_nats"));
        ic.put("D_for_eta_max_bits", r -> r.tokensFor(UnitConvention.CONSISTENT));
        ic.put("D_for_eta_max_paper_nats", r -> r.tokensFor(UnitConvention.PAPER_LITERAL));
        ic.put(
                "N_bits_for_eta_max_bits",
                r -> InformationCapacity.modelSizeBits(
                        r.get("eta_max"),
                        r.get("D_tokens"),
                        r.get("H_nats"),
                        r.get("L_nats"),
                        UnitConvention.CONSISTENT));
        ic.put(
                "d_eta_dD_exposure_bits",
                r -> r.dataset(UnitConvention.CONSISTENT).dataset().eta() / r.get("D_tokens"));
        ic.put(
                "d_eta_dD_learning_bits",
                r -> InformationCapacity.eta(1, r.slope(), 0, r.size().bits(), UnitConvention.CONSISTENT));
        ic.put("loglog_slope_eta", r -> r.dataset(UnitConvention.CONSISTENT).etaLogLogSlope());

        // k: bits of model per token at which Kaplan's two laws would meet if their exponents were equal (Sec. 5.1).
        outputs("paper_k").put("N_bits", r -> 16 * 8.8e13 / 5.4e13);
        ToDoubleFunction<Row> effective =
                r -> InformationCapacity.effectiveTokens(r.get("D_tokens"), r.get("U_unique_tokens"));
        outputs("effective_tokens").put("D_effective", effective);
        outputs("effective_eta_slope").put("D_effective", effective);
        outputs("chinchilla_loss")
                .put("forecast_L_at_D", r -> r.scalingLaw().lossNats(r.get("params"), r.get("D_tokens")));
        outputs("kaplan_D").put("forecast_L_at_D", r -> ScalingLaw.kaplanOfTokens(r.get("D_tokens")));
        outputs("kaplan_N").put("forecast_L_at_D", r -> ScalingLaw.kaplanOfParameters(r.get("params")));
        Map<String, ToDoubleFunction<Row>> bytes = outputs("bits_per_byte");
        bytes.put("forecast_L_at_D", r -> InformationCapacity.bitsPerByte(r.get("L_nats"), r.get("bits_per_param")));
        bytes.put("perplexity", r -> r.losses().perplexity());
        bytes.put("bits_per_token_L", r -> r.losses().bitsPerToken());
    }

    private static Map<String, ToDoubleFunction<Row>> outputs(String kind) {
        return OUTPUTS.computeIfAbsent(kind, k -> new LinkedHashMap<>());
    }

    @TestFactory
    Stream<DynamicTest> everyOutputCell_matchesAtItsTolerance() {
        return GoldenVectors.rows("golden_vectors.csv").stream()
                .map(Row::new)
                .filter(row -> OUTPUTS.containsKey(row.kind()))
                .flatMap(row -> OUTPUTS.get(row.kind()).entrySet().stream()
                        .filter(output -> row.has(output.getKey()))
                        .map(output -> DynamicTest.dynamicTest(
                                row.id() + " " + output.getKey(),
                                () -> row.check(
                                        output.getKey(), output.getValue().applyAsDouble(row)))));
    }

    @Test
    void kinds_areAllImplementedOrNamedAsNotOurs() {
        Set<String> kinds = new LinkedHashSet<>(NOT_OURS);
        kinds.addAll(OUTPUTS.keySet());
        assertThat(GoldenVectors.rows("golden_vectors.csv"))
                .extracting(row -> row.get("kind"))
                .containsOnly(kinds.toArray(new String[0]));
    }

    /** The paper's printed numbers: [0.115, 0.268], 26.08, and 35.86e9 parameters for 22e9 tokens. */
    @Test
    void paperSection51_printedNumbers_areReproducedLiterally() {
        double k = 16 * 8.8 / 5.4;
        assertThat(k).isEqualTo(704.0 / 27, within(1e-12)).isEqualTo(26.074, within(5e-4));
        UnitConvention literal = UnitConvention.PAPER_LITERAL;
        assertThat(InformationCapacity.eta(1, 10, 7, 26.08, literal)).isEqualTo(0.115, within(5e-4));
        assertThat(InformationCapacity.eta(1, 10, 3, 26.08, literal)).isEqualTo(0.268, within(5e-4));
        assertThat(InformationCapacity.eta(1, 10, 2, 26.08, literal)).isEqualTo(0.307, within(5e-4));
        UnitConvention consistent = UnitConvention.CONSISTENT;
        assertThat(InformationCapacity.eta(1, 10, 7, 26.08, consistent)).isEqualTo(0.166, within(5e-4));
        assertThat(InformationCapacity.eta(1, 10, 3, 26.08, consistent)).isEqualTo(0.387, within(5e-4));
        assertThat(26.08 / 16 * 2.2e10).isEqualTo(3.586e10, within(1e5));
    }

    @Test
    void informationCapacity_solvedForEach_givesTheFourthBack() {
        for (UnitConvention convention : UnitConvention.values()) {
            double eta = InformationCapacity.eta(1e10, 10.8, 3.28, 1.99e9, convention);
            assertThat(InformationCapacity.tokens(eta, 1.99e9, 10.8, 3.28, convention))
                    .isEqualTo(1e10, within(1e-2));
            assertThat(InformationCapacity.modelSizeBits(eta, 1e10, 10.8, 3.28, convention))
                    .isEqualTo(1.99e9, within(1e-2));
            assertThat(InformationCapacity.lossNats(eta, 1.99e9, 1e10, 10.8, convention))
                    .isEqualTo(3.28, within(1e-12));
        }
    }

    /** One line of the file, its inputs as the core's own types. */
    private record Row(Map<String, String> cells) {
        String id() {
            return cells.get("id");
        }

        String kind() {
            return cells.get("kind");
        }

        boolean has(String column) {
            return cells.containsKey(column);
        }

        double get(String column) {
            return Double.parseDouble(cells.get(column));
        }

        double get(String column, double missing) {
            return has(column) ? get(column) : missing;
        }

        ModelSize size() {
            return has("params")
                    ? new ModelSize((long) get("params"), get("bits_per_param"))
                    : new ModelSize(1, get("N_bits"));
        }

        Losses losses() {
            return new Losses(get("L_nats"), get("Lbar_nats", Double.NaN), get("L_nats"), 0);
        }

        /** A and alpha stand in the note. */
        ScalingLaw scalingLaw() {
            String[] note = cells.get("note").split("[= ]+");
            return new ScalingLaw(
                    get("E_irr"), Double.parseDouble(note[1]), Double.parseDouble(note[3]), get("B_coef"), get("beta"));
        }

        double slope() {
            return get("beta") * get("B_coef") * Math.pow(get("D_tokens"), -get("beta"));
        }

        Ledger dataset(UnitConvention convention) {
            RunInfo info = new RunInfo(
                    new RunInfo.Names("", "", "", ""),
                    size(),
                    TokenUnit.TOKEN,
                    Double.NaN,
                    Double.NaN,
                    get("T_kelvin"),
                    convention,
                    null);
            long tokens = new BigDecimal(cells.get("D_tokens")).longValueExact();
            return Ledger.of(
                    info,
                    tokens,
                    tokens * get("Lbar_nats", Double.NaN),
                    Double.NaN,
                    new Baseline(get("H_nats"), 0, BaselineMethod.FIXED, false, false, Double.NaN),
                    losses(),
                    has("beta") ? slope() : Double.NaN,
                    RunEnergy.NONE);
        }

        /** The file's energies are from the dataset reading. */
        double floor(UnitConvention convention) {
            return InformationCapacity.landauerFloorJoules(
                            dataset(convention).dataset().bits(), get("T_kelvin"))
                    * boltzmannRatio();
        }

        /** One row takes the paper's rounded Boltzmann constant; ours is the exact one. */
        double boltzmannRatio() {
            return get("kB") / InformationCapacity.BOLTZMANN;
        }

        double tokensFor(UnitConvention convention) {
            return InformationCapacity.tokens(get("eta_max"), size().bits(), get("H_nats"), get("L_nats"), convention);
        }

        void check(String column, double actual) {
            // The file's energies are not clamped at zero, ours are.
            double expected = column.startsWith("E0") ? Math.max(0, get(column)) : get(column);
            assertThat(actual).isEqualTo(expected, within(Math.abs(expected) * get("tolerance_rel")));
        }
    }
}
