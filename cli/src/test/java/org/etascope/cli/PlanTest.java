package org.etascope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class PlanTest {
    private static final Path GOLDEN = Path.of("..", "monitor-core", "src", "test", "resources", "golden_vectors.csv");

    private static JsonNode plan(String... args) {
        List<String> all = new ArrayList<>(List.of("plan", "--json"));
        all.addAll(List.of(args));
        CommandLineRun run = CommandLineRun.of(all.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return run.json();
    }

    @TestFactory
    Stream<DynamicTest> golden_rowsThatAPlanCanSay_matchTheirDigits() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (CsvReader<NamedCsvRecord> rows = CsvReader.builder().ofNamedCsvRecord(GOLDEN)) {
            for (NamedCsvRecord row : rows) {
                // plan counts whole parameters and tokens, from one on, and knows the exact Boltzmann constant.
                if (row.getField("kind").equals("ic")
                        && isCount(row.getField("params"))
                        && isCount(row.getField("D_tokens"))
                        && row.getField("kB").equals("1.380649E-23")) {
                    tests.add(DynamicTest.dynamicTest(row.getField("id"), () -> check(row)));
                }
            }
        }
        assertThat(tests).hasSizeGreaterThan(10);
        return tests.stream();
    }

    private static boolean isCount(String cell) {
        return !cell.isEmpty() && Double.parseDouble(cell) >= 1;
    }

    private static void check(NamedCsvRecord row) {
        List<String> args = new ArrayList<>();
        option(args, "--params", row.getField("params"));
        option(args, "--tokens", row.getField("D_tokens"));
        option(args, "--unique-tokens", row.getField("U_unique_tokens"));
        option(args, "--bits-per-param", row.getField("bits_per_param"));
        option(args, "--loss", row.getField("L_nats"));
        option(args, "--baseline", row.getField("H_nats"));
        option(args, "--temperature", row.getField("T_kelvin"));
        option(args, "--measured-joules", row.getField("measured_J"));
        JsonNode plan = plan(args.toArray(String[]::new));
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("model_size_bits", "N_bits");
        columns.put("eta", "eta_bits");
        columns.put("eta_paper_literal", "eta_paper_nats");
        columns.put("information_bits", "gross_info_bits");
        columns.put("bits_per_parameter", "gross_bits_per_param");
        columns.put("landauer_floor_joules", "E0_J_bits");
        columns.put("landauer_floor_joules_paper_literal", "E0_J_paper_nats");
        columns.put("joules_per_bit", "landauer_J_per_bit");
        columns.put("perplexity", "perplexity");
        columns.put("bits_per_token", "bits_per_token_L");
        columns.put("compression_ratio", "compression_ratio_H_over_L");
        double tolerance = Double.parseDouble(row.getField("tolerance_rel"));
        columns.forEach((key, column) -> {
            String cell = row.getField(column);
            if (!cell.isEmpty()) {
                double golden = Double.parseDouble(cell);
                // The golden floors are unclamped; no floor lies below 0.
                double expected = key.startsWith("landauer") ? Math.max(0, golden) : golden;
                assertThat(plan.get(key).asDouble())
                        .as(key)
                        .isCloseTo(expected, within(Math.abs(expected) * tolerance));
            }
        });
        if (!row.getField("measured_J").isEmpty()) {
            double ratio = Double.parseDouble(row.getField("energy_ratio_bits"));
            assertThat(plan.get("log10_energy_ratio").asDouble()).isCloseTo(Math.log10(ratio), within(1e-11));
        }
    }

    private static void option(List<String> args, String name, String cell) {
        if (!cell.isEmpty()) {
            args.add(name + "=" + cell);
        }
    }

    @Test
    void missing_anyOneOfFour_isFoundFromTheOthers() {
        String[] base = {"--baseline=10", "--bits-per-param=16"};
        double eta = get("eta", base, "--params=1B", "--tokens=173286795", "--loss=2");
        assertThat(eta).isCloseTo(0.125, within(1e-8));
        assertThat(get("tokens", base, "--params=1B", "--eta=0.125", "--loss=2"))
                .isCloseTo(173286795.14, within(0.01));
        assertThat(get("loss_nats", base, "--params=1B", "--tokens=173286795", "--eta=" + eta))
                .isCloseTo(2, within(1e-12));
        assertThat(get("parameters", base, "--tokens=173286795", "--loss=2", "--eta=" + eta))
                .isCloseTo(1e9, within(1e-3));
    }

    private static double get(String key, String[] base, String... more) {
        return plan(Stream.concat(Stream.of(base), Stream.of(more)).toArray(String[]::new))
                .get(key)
                .asDouble();
    }

    @Test
    void meanLoss_given_makesItTheTransmittedReading() {
        JsonNode plan = plan(
                "--params=1M", "--tokens=1M", "--baseline=10.824905119702080107", "--loss=2.008", "--mean-loss=2.016");
        // Row L02 of the golden vectors: net information.
        assertThat(plan.get("information_bits").asDouble()).isCloseTo(1.2708563731855592e7, within(1e-4));
        assertThat(plan.get("perplexity").asDouble()).isCloseTo(Math.exp(2.008), within(1e-12));
        assertThat(plan.get("compression_ratio").asDouble()).isCloseTo(10.82490511970208 / 2.016, within(1e-12));
    }

    @Test
    void uniqueTokens_fewerThanTokens_boundTheDatasetReading() {
        JsonNode plan = plan("--params=1M", "--tokens=4B", "--unique-tokens=1B", "--baseline=10", "--loss=3");
        assertThat(plan.get("information_bits").asDouble()).isCloseTo(7e9 / Math.log(2), within(1.0));
        assertThat(plan.get("effective_tokens").asDouble()).isLessThan(4e9).isGreaterThan(3e9);
    }

    @Test
    void expectedLoss_knownModelAndData_isThatOfThePublishedLaws() {
        JsonNode expected = plan("--params=124475904", "--tokens=10255073280").get("expected_loss");
        assertThat(expected.get("kaplan_d").asDouble())
                .isCloseTo(Math.pow(5.4e13 / 10255073280.0, 0.095), within(1e-12));
        assertThat(expected.get("kaplan_n").asDouble()).isCloseTo(Math.pow(8.8e13 / 124475904.0, 0.076), within(1e-12));
        assertThat(expected.get("hoffmann").asDouble())
                .isCloseTo(
                        1.6934 + 406.4 / Math.pow(124475904, .3392) + 410.7 / Math.pow(10255073280.0, .2849),
                        within(1e-12));
        assertThat(expected.get("besiroglu").asDouble())
                .isCloseTo(
                        1.8172 + 482.01 / Math.pow(124475904, .3478) + 2085.43 / Math.pow(10255073280.0, .3658),
                        within(1e-12));
    }

    @Test
    void kaplanJoint_muchOfOne_isTheLawOfTheOther() {
        JsonNode expected = plan("--params=124475904", "--tokens=10255073280").get("expected_loss");
        double parameters = Math.pow(8.8e13 / 124475904.0, .076 / .095);
        assertThat(expected.get("kaplan_joint").asDouble())
                .isCloseTo(Math.pow(parameters + 5.4e13 / 10255073280.0, .095), within(1e-12))
                .isGreaterThan(expected.get("kaplan_n").asDouble())
                .isGreaterThan(expected.get("kaplan_d").asDouble());
    }

    @Test
    void flops_ofChinchilla_giveTheLeastLossOfEachLaw() {
        double flops = 5.76e23;
        JsonNode optima = plan("--flops=" + flops).get("compute_optimal");
        for (String law : List.of("hoffmann", "besiroglu")) {
            JsonNode best = optima.get(law);
            double parameters = best.get("parameters").asDouble();
            assertThat(6 * parameters * best.get("tokens").asDouble()).isCloseTo(flops, within(1e-9 * flops));
            for (double factor : new double[] {0.98, 1.02}) {
                JsonNode beside = plan(
                                "--params=" + Math.round(parameters * factor),
                                "--tokens=" + Math.round(flops / (6 * parameters * factor)))
                        .get("expected_loss");
                assertThat(beside.get(law).asDouble())
                        .isGreaterThan(best.get("loss_nats").asDouble());
            }
        }
        // Besiroglu et al. find about 20 tokens a parameter at Chinchilla's budget, their appendix's Hoffmann more.
        JsonNode best = optima.get("besiroglu");
        assertThat(best.get("tokens").asDouble() / best.get("parameters").asDouble())
                .isBetween(10.0, 40.0);
        assertThat(plan("--params=1M").get("compute_optimal").isNull()).isTrue();
        assertThat(CommandLineRun.of("plan", "--flops=5.76e23").out()).contains("optimal", "by besiroglu");
        assertThat(CommandLineRun.of("plan", "--params=1M").out()).doesNotContain("optimal");
    }

    @Test
    void bytesPerToken_known_givesBitsPerByte() {
        assertThat(plan("--loss=3.28", "--bytes-per-token=4.5")
                        .get("bits_per_byte")
                        .asDouble())
                .isCloseTo(3.28 / Math.log(2) / 4.5, within(1e-12));
        assertThat(plan("--loss=3.28").get("bits_per_byte").isNull()).isTrue();
        assertThat(CommandLineRun.of("plan", "--bytes-per-token=0").exitCode()).isEqualTo(2);
    }

    @Test
    void json_keys_areThoseOfTheContractInOrder() {
        List<String> keys = new ArrayList<>();
        plan("--params=1M").fieldNames().forEachRemaining(keys::add);
        assertThat(keys)
                .containsExactly(
                        "parameters",
                        "model_size_bits",
                        "tokens",
                        "loss_nats",
                        "baseline_nats",
                        "eta",
                        "eta_paper_literal",
                        "information_bits",
                        "bits_per_parameter",
                        "landauer_floor_joules",
                        "landauer_floor_joules_paper_literal",
                        "joules_per_bit",
                        "log10_energy_ratio",
                        "perplexity",
                        "bits_per_token",
                        "bits_per_byte",
                        "compression_ratio",
                        "effective_tokens",
                        "expected_loss",
                        "compute_optimal",
                        "sizes",
                        "forecast",
                        "tokens_at_target",
                        "tokens_until_worth");
    }

    @Test
    void flops_sizesAroundTheBest_costTheSameAndAreWorse() {
        JsonNode sizes = plan("--flops=5.76e23").get("sizes");
        assertThat(sizes).hasSize(7);
        double best = sizes.get(3).get("hoffmann").asDouble();
        for (JsonNode size : sizes) {
            double parameters = size.get("parameters").asDouble();
            double tokens = size.get("tokens").asDouble();
            assertThat(6 * parameters * tokens).isCloseTo(5.76e23, within(1e12));
            assertThat(size.get("hoffmann").asDouble()).isGreaterThanOrEqualTo(best);
            assertThat(size.get("kaplan_joint").asDouble())
                    .isCloseTo(
                            Math.pow(Math.pow(8.8e13 / parameters, 0.076 / 0.095) + 5.4e13 / tokens, 0.095),
                            within(1e-9));
        }
        assertThat(plan("--params=1M").get("sizes").isNull()).isTrue();
        String people = CommandLineRun.of("plan", "--flops=5.76e23").out();
        assertThat(people).contains("Kaplan, joint law", "40.3 G").doesNotContain("needs");
    }

    @Test
    void people_etaAndLossThatContradictEachOther_areWarned() {
        assertThat(CommandLineRun.of("plan", "--params=124M", "--vocab=50257", "--loss=3.28", "--eta=0.125")
                        .out())
                .contains("22,783,653 tokens", "warning", "contradict each other");
        assertThat(CommandLineRun.of("plan", "--params=124M", "--vocab=50257", "--loss=3.28", "--tokens=10B")
                        .out())
                .doesNotContain("warning");
    }

    @Test
    void unknown_whatDoesNotFollow_isNull() {
        JsonNode plan = plan("--loss=2");
        assertThat(plan.get("eta").isNull()).isTrue();
        assertThat(plan.get("tokens").isNull()).isTrue();
        assertThat(plan.get("perplexity").asDouble()).isCloseTo(Math.exp(2), within(1e-12));
    }

    @Test
    void people_tooLittleGiven_areToldWhatEtaNeeds() {
        CommandLineRun some = CommandLineRun.of("plan", "--params=124M", "--tokens=10B");
        assertThat(some.exitCode()).isZero();
        assertThat(some.out()).contains("needs --loss, --vocab or --baseline as well");
        assertThat(CommandLineRun.of("plan").out()).contains("needs --params, --tokens, --loss, --vocab or --baseline");
    }

    @Test
    void given_allFour_isRefused() {
        CommandLineRun run =
                CommandLineRun.of("plan", "--params=1", "--tokens=1", "--loss=1", "--eta=1", "--baseline=2");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.error()).contains("leave one out");
    }

    @Test
    void eta_beyondTheDistinctTokens_saysHowManyWouldBeNeeded() {
        CommandLineRun run = CommandLineRun.of(
                "plan", "--params=1B", "--unique-tokens=1M", "--loss=2", "--eta=0.125", "--baseline=10");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.error()).contains("out of reach").contains("173 M");
    }

    @Test
    void people_gpt2_readSentencesWithUnitsAndThePapersValue() {
        String out = CommandLineRun.of("plan", "--params=124439808", "--tokens=10B", "--vocab=50257", "--loss=3.28")
                .out();
        assertThat(out)
                .contains("124,439,808 parameters × 16 bit = 1.99 Gbit")
                .contains("54.7, the dataset reading (the paper's own arithmetic, nats over bits: 37.9)")
                .contains("3.13e-10 J at 300 K");
    }
}
