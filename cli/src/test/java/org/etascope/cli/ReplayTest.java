package org.etascope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayTest {
    @TempDir
    private Path directory;

    private CommandLineRun replay(String name, String text, String... more) {
        return CommandLineRun.replay(directory.resolve(name), text, more);
    }

    private JsonNode json(String name, String text, String... more) {
        CommandLineRun run = replay(name, text, more);
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return run.json();
    }

    @Test
    void json_anyRun_hasTheKeysOfTheContractInOrder() {
        List<String> keys = new ArrayList<>();
        json("a.csv", "step,loss\n1,10\n2,9\n", "--events").fieldNames().forEachRemaining(keys::add);
        assertThat(String.join(" ", keys))
                .isEqualTo("run steps points tokens skipped nonfinite parameters model_size_bits baseline_nats"
                        + " baseline_method mean_loss_nats current_loss_nats information_transmitted_bits"
                        + " information_absorbed_bits information_dataset_bits eta eta_absorbed eta_dataset"
                        + " eta_standard_error landauer_floor_joules nats_per_doubling nats_per_doubling_lower"
                        + " nats_per_doubling_upper progress_ratio tokens_until_conclusive eta_loglog_slope"
                        + " phase conditions saturation_cause saturated_at_tokens outcome forecast events"
                        + " format restarts notes");
    }

    // ---- which steps a point stands for ----

    @ParameterizedTest
    @CsvSource({
        "'0 10', 1", // a point at step 0 is one step
        "'1 10', 1", // a first point at step 1 is one step
        "'0 10;1 9', 2",
        "'0 10;10 9;20 8', 21",
        "'1 10;10 9;20 8', 20",
        "'1 10;1 9;2 8', 2", // a second point for the same step stands for none
    })
    void steps_byStepNumber_countsThoseSinceThePointBefore(String points, long steps) {
        String text = "step,loss\n" + points.replace(' ', ',').replace(';', '\n');
        JsonNode run = json("a.csv", text);
        assertThat(run.get("steps").asLong()).isEqualTo(steps);
        assertThat(run.get("tokens").asLong()).isEqualTo(1000 * steps);
        assertThat(run.get("baseline_nats").asDouble()).isEqualTo(10);
        assertThat(run.get("baseline_method").asText()).isEqualTo("initial_loss");
    }

    /** As {@code <(zcat log.gz)} of a shell is one. */
    @Test
    void pipe_isReadToItsEnd_aDeviceIsRefused(@TempDir Path folder) throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Process writer = new ProcessBuilder(
                        "sh",
                        "-c",
                        "printf 'step,loss\\n1,4\\n2,3.5\\n3,3\\n2,3.5\\n4,2.5\\n' > \"$0\"",
                        pipe.toString())
                .start();

        CommandLineRun replay =
                CommandLineRun.of("replay", pipe.toString(), "--params=1M", "--tokens-per-step=1000", "--json");

        assertThat(writer.waitFor()).isZero();
        assertThat(replay.json().path("steps").asInt()).isEqualTo(4);
        CommandLineRun device = CommandLineRun.of("replay", "/dev/null", "--params=1M", "--tokens-per-step=1000");
        assertThat(device.exitCode()).isEqualTo(1);
        assertThat(device.err()).contains("/dev/null is neither a file nor a pipe.");
    }

    @Test
    void steps_secondPointOfAStep_isCounted() {
        assertThat(json("a.csv", "step,loss\n1,10\n1,9\n2,8\n").get("skipped").asLong())
                .isEqualTo(1);
    }

    @Test
    void steps_firstPointIsLate_standsForAllBeforeAndBaselineIsAssumed() {
        JsonNode run = json("a.csv", "step,loss\n100,5\n200,4\n", "--vocab=50257");
        assertThat(run.get("steps").asLong()).isEqualTo(200);
        assertThat(run.get("baseline_method").asText()).isEqualTo("uniform");
        assertThat(run.get("baseline_nats").asDouble()).isCloseTo(Math.log(50257), within(1e-12));
        assertThat(run.get("conditions").toString()).contains("baseline_assumed");
    }

    @Test
    void steps_firstPointIsLateAndNoVocabulary_saysWhatIsNeeded() {
        CommandLineRun run = replay("a.csv", "step,loss\n100,5\n200,4\n");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.error()).contains("step 100").contains("--vocab").contains("--baseline");
    }

    @Test
    void steps_goingBack_countOnceAndTheLastTime() {
        JsonNode run = json("a.csv", "step,loss\n0,10\n10,9\n20,8\n10,9\n20,8\n");
        assertThat(run.get("steps").asLong()).isEqualTo(1 + 10 + 10);
        assertThat(run.get("restarts").asLong()).isEqualTo(1);
        assertThat(run.get("baseline_nats").asDouble()).isEqualTo(10);
    }

    @Test
    void steps_withoutStepColumn_areRows() {
        assertThat(json("a.csv", "loss\n10\n9\n8\n").get("steps").asLong()).isEqualTo(3);
    }

    // ---- tokens ----

    @Test
    void tokens_noneKnown_saysWhichOptionIsNeeded() {
        Path file = directory.resolve("run.log");
        CommandLineRun.write(file, "s:0 trl:10\n");
        CommandLineRun run = CommandLineRun.of("replay", file.toString(), "--params=1M");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.error())
                .isEqualTo("etascope: --tokens-per-step is needed: this format does not say how many tokens a step"
                        + " trains on.");
    }

    @Test
    void tokens_columnThatOnlyGrows_isARunningTotal() {
        StringBuilder text = new StringBuilder("step,loss,tokens\n");
        for (int i = 1; i <= 20; i++) {
            text.append(i).append(",5,").append(512 * i).append('\n');
        }
        assertThat(jsonWithoutTokens(text.toString()).get("tokens").asLong()).isEqualTo(512 * 20);
    }

    @Test
    void tokens_columnThatDoesNotGrow_isOfAStep() {
        JsonNode run = jsonWithoutTokens("step,loss,tokens\n1,5,512\n2,5,500\n4,5,512\n");
        assertThat(run.get("tokens").asLong()).isEqualTo(512 + 500 + 2 * 512);
    }

    @Test
    void tokens_totalNamedByTheUser_isATotalFromTheFirstRow() {
        assertThat(jsonWithoutTokens("step,loss,seen\n1,5,512\n2,5,1024\n", "--map=total-tokens=seen")
                        .get("tokens")
                        .asLong())
                .isEqualTo(1024);
    }

    private JsonNode jsonWithoutTokens(String text, String... more) {
        Path file = directory.resolve("tokens.csv");
        CommandLineRun.write(file, text);
        List<String> args = new ArrayList<>(List.of("replay", file.toString(), "--params=1M", "--json"));
        args.addAll(List.of(more));
        CommandLineRun run = CommandLineRun.of(args.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        return run.json();
    }

    // ---- baseline, unit, series ----

    @Test
    void baseline_initialLossFarAboveUniform_isReplacedAndSuspect() {
        JsonNode run = json("a.csv", "step,loss\n1,22.6\n2,12\n", "--vocab=50257");
        assertThat(run.get("baseline_nats").asDouble()).isCloseTo(Math.log(50257), within(1e-12));
        assertThat(run.get("conditions").toString()).contains("baseline_suspect");
    }

    @Test
    void baseline_given_isTaken() {
        JsonNode run = json("a.csv", "step,loss\n100,5\n", "--baseline=10.5");
        assertThat(run.get("baseline_nats").asDouble()).isEqualTo(10.5);
        assertThat(run.get("baseline_method").asText()).isEqualTo("fixed");
    }

    @Test
    void unit_bits_areConverted() {
        JsonNode run = json("a.csv", "step,loss\n1,3\n2,2\n", "--unit=bits");
        assertThat(run.get("baseline_nats").asDouble()).isCloseTo(3 * Math.log(2), within(1e-15));
    }

    @Test
    void series_validation_takesTheValidationLossesAsTheRun() {
        String text = "s:0 tel:11\ns:0 trl:10\ns:250 tel:7\ns:250 trl:6\n";
        JsonNode run = json("main.log", text, "--series=validation");
        assertThat(run.get("points").asLong()).isEqualTo(2);
        assertThat(run.get("baseline_nats").asDouble()).isEqualTo(11);
        assertThat(run.get("steps").asLong()).isEqualTo(251);
    }

    @Test
    void smoothed_sameLosses_isSaidAndChangesNoFigure() {
        String text = noisyCurve();
        JsonNode plain = json("a.csv", text);
        assertThat(json("a.csv", text, "--smoothed")).isEqualTo(plain);
    }

    private static String noisyCurve() {
        StringBuilder text = new StringBuilder("step,loss\n");
        for (int t = 1; t <= 3000; t++) {
            double noise = 0.03 * Math.sqrt(12) * ((t * 7919L % 1000) / 1000.0 - 0.4995);
            text.append(String.format(Locale.ROOT, "%d,%.6f%n", t, 2.6 + 8.2 * Math.pow(1 + t / 5.0, -0.4) + noise));
        }
        return text.toString();
    }

    @Test
    void saturation_flatFromSomeStepOn_isFoundAfterIt() {
        // H 10.8, E 2.6, flat from t = 1500 on, D = t.
        StringBuilder text = new StringBuilder("step,loss\n");
        for (int t = 1; t <= 6000; t++) {
            double u = (t * 7919L % 1000) / 1000.0 - 0.4995;
            double y = 2.6 + 8.2 * Math.pow(1 + Math.min(t, 1500) / 5.0, -0.4) + 0.03 * Math.sqrt(12) * u;
            text.append(t).append(',').append(y).append('\n');
        }
        Path file = directory.resolve("g2.csv");
        CommandLineRun.write(file, text.toString());
        JsonNode run = CommandLineRun.of(
                        "replay",
                        file.toString(),
                        "--params=1M",
                        "--tokens-per-step=1",
                        "--baseline=10.8",
                        "--json",
                        "--events")
                .json();
        assertThat(run.get("saturated_at_tokens").asLong()).isEqualTo(1982);
        JsonNode entered = run.get("events").get(1);
        assertThat(entered.get("phase").asText()).isEqualTo("saturated");
        assertThat(entered.get("tokens").asLong()).isEqualTo(1982);
        assertThat(entered.get("step").asLong()).isEqualTo(1982);
        assertThat(entered.get("sentence").asText()).startsWith("flat");
        assertThat(run.get("phase").asText()).isEqualTo("saturated");
    }

    // ---- input from the wild ----

    @Test
    void nonFinite_bareTokens_areCountedAndChangeNothingElse() {
        JsonNode run = json("a.jsonl", """
            {"step": 1, "loss": 10.0}
            {"step": 2, "loss": NaN}
            {"step": 3, "loss": Infinity}
            {"step": 4, "loss": "nan"}
            {"step": 5, "loss": 9.0}
            """);
        assertThat(run.get("nonfinite").asLong()).isEqualTo(3);
        assertThat(run.get("steps").asLong()).isEqualTo(2);
        assertThat(run.get("mean_loss_nats").asDouble()).isEqualTo(9.5);
    }

    /** As C, Python and Windows write it; Windows rounds the word itself where few digits are asked for. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "nan",
                "-nan",
                "NaN",
                "inf",
                "-inf",
                "Infinity",
                "nan(ind)",
                "-nan(ind)",
                "nan(snan)",
                "1.#QNAN",
                "-1.#IND",
                "-1.#IND00",
                "1.#INF",
                "-1.#INF",
                "1.#R",
                "1.#QO",
                "1.#J",
                "-1.#IO"
            })
    void nonFinite_inAnyWriting_isCountedOnceInEachFormat(String word) {
        for (String line : List.of("%d,%s\n", "epoch 1 step %d | loss: %s | lr 1e-4\n", "step:%d/9 train_loss:%s\n")) {
            String head = line.startsWith("%") ? "step,loss\n" : "";
            String log = head + line.formatted(1, "10.0") + line.formatted(2, word) + line.formatted(3, "9.0");
            JsonNode run = json("a.log", log);
            assertThat(run.get("nonfinite").asLong()).as(log).isEqualTo(1);
            assertThat(run.get("steps").asLong()).as(log).isEqualTo(2);
            assertThat(run.get("mean_loss_nats").asDouble()).as(log).isEqualTo(9.5);
        }
    }

    @Test
    void text_aroundTheData_isSkippedAndCounted() {
        JsonNode run = json("out.log", """
            import torch
            warmup_step:1/20
            warmup_step:2/20
            step:0/100 val_loss:10.9 train_time:0ms
            [rank0] step:1/100 train_loss:10.8 train_time:24ms
            step:2/100 train_time:48ms
            step:2/100 loss:10.5 train_time:48ms
            final val_loss:3.2
            """);
        assertThat(run.get("points").asLong()).isEqualTo(2);
        assertThat(run.get("steps").asLong()).isEqualTo(2);
        assertThat(run.get("skipped").asLong()).isEqualTo(5);
    }

    @Test
    void badValue_strict_namesFileLineValueAndMend() {
        CommandLineRun run = replay("run.log", "step:1/9 train_loss:10\nstep:2/9 train_loss:1.2.3\n");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.error())
                .isEqualTo("etascope: " + directory.resolve("run.log") + ":2: loss \"1.2.3\" is not a number (format"
                        + " modded-nanogpt). Lines like this can be skipped with --lenient.");
    }

    @Test
    void badValue_lenient_isSkippedAndCounted() {
        JsonNode run = json(
                "run.log", "step:1/9 train_loss:10\nstep:2/9 train_loss:1.2.3\nstep:3/9 train_loss:9\n", "--lenient");
        assertThat(run.get("skipped").asLong()).isEqualTo(1);
        assertThat(run.get("steps").asLong()).isEqualTo(3);
    }

    @Test
    void shapes_ofTheSameLog_giveTheSameRun() throws IOException {
        String text = "step,loss\n1,10\n2,9.5\n3,9\n";
        JsonNode plain = json("a.csv", text);
        assertThat(json("a.csv", text.replace("\n", "\r\n"))).isEqualTo(plain);
        assertThat(json("a.csv", "\uFEFF" + text)).isEqualTo(plain);
        assertThat(json("a.csv", text.stripTrailing())).isEqualTo(plain);
        assertThat(json("a.csv", text.replace(',', ';'))).isEqualTo(plain);
        assertThat(json("a.csv", text.replace(',', '\t'))).isEqualTo(plain);
        assertThat(json("a.csv", "\n\n" + text + "\n\n")).isEqualTo(plain);
        assertThat(gzipped(text)).isEqualTo(plain);
        CommandLineRun piped = CommandLineRun.withInput(
                text, "replay", "-", "--params=1M", "--tokens-per-step=1000", "--json", "--run=a");
        assertThat(piped.json()).isEqualTo(plain);
    }

    @Test
    void gzip_cutOff_isSaidSo() throws IOException {
        gzipped("step,loss\n1,10\n2,9.5\n");
        Path file = directory.resolve("a.csv.gz");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 9));
        CommandLineRun run = CommandLineRun.of("replay", file.toString(), "--params=1M", "--tokens-per-step=1000");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.error()).endsWith("a.csv.gz cannot be read: it is cut off");
    }

    private JsonNode gzipped(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        Path file = Files.write(directory.resolve("a.csv.gz"), bytes.toByteArray());
        return CommandLineRun.of("replay", file.toString(), "--params=1M", "--tokens-per-step=1000", "--json")
                .json();
    }

    @Test
    void longLine_ofTenMegabytes_isReadPast() {
        String text =
                "s:0 trl:10\n" + "x".repeat(10_000_000) + "\ns:1 trl:9\n" + "y".repeat(40_000_000) + "\ns:2 trl:8\n";
        JsonNode run = json("main.log", text);
        assertThat(run.get("points").asLong()).isEqualTo(3);
        assertThat(run.get("skipped").asLong()).isEqualTo(2);
    }

    @Test
    void file_emptyMissingOrDirectory_saysSoInOneLine() {
        assertThat(replay("empty.log", "").error()).endsWith("empty.log is empty.");
        assertThat(replay("text.log", "hello\n").error()).contains("no format was recognised");
        assertThat(CommandLineRun.of("replay", directory.resolve("none").toString(), "--params=1")
                        .error())
                .endsWith("none does not exist.");
        assertThat(CommandLineRun.of("replay", directory.toString(), "--params=1")
                        .error())
                .contains("is a directory");
    }

    @Test
    void format_wrong_namesTheOneItLooksLike() {
        CommandLineRun run = replay("run.log", "s:0 trl:10\ns:1 trl:9\n", "--format=jsonl");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.error()).endsWith("It looks like llmc: --format llmc");
        assertThat(replay("run.log", "s:0 trl:10\n", "--format=csv").error()).endsWith("--format llmc");
        assertThat(replay("run.csv", "step,loss\n1,2\n", "--format=megatron").error())
                .endsWith("--format csv");
    }

    @ParameterizedTest
    @CsvSource({
        "--params=0, --params",
        "--params=x, --params",
        "--bits-per-param=65, bits per parameter",
        "--vocab=-3, --vocab",
        "--temperature=NaN, temperature",
        "--baseline=high, --baseline",
        "--baseline=uniform, --vocab is needed",
        "--format=word, --format",
        "--map=los=x, --map",
        "--unit=kg, --unit",
        "--nonsense, --nonsense",
        "--step-seconds=0, --step-seconds",
        "--step-seconds=x, --step-seconds",
        "--end-time=yesterday, 'is no time, allowed: such as 2026'",
        "--pattern=(?<loss, --pattern",
        "--log-every=x, --log-every",
    })
    void usage_badOption_isOneLineThatNamesItAndExitCodeTwo(String option, String named) {
        CommandLineRun run = replay("a.csv", "step,loss\n1,10\n", option);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.error())
                .hasLineCount(1)
                .startsWith("etascope: ")
                .contains(named)
                .doesNotContain("java.");
    }

    @Test
    void usage_withoutParameters_saysWhyTheyAreNeeded() {
        Path file = directory.resolve("a.csv");
        CommandLineRun.write(file, "step,loss\n1,10\n");
        CommandLineRun run = CommandLineRun.of("replay", file.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.error()).contains("--params is needed");
    }

    // ---- for people, and the files ----

    @Test
    void table_anyRun_showsReadingsVerdictAndFloor() {
        Path file = directory.resolve("char-lm.csv");
        CommandLineRun.write(file, noisyCurve());
        CommandLineRun run =
                CommandLineRun.of("replay", file.toString(), "--params=96816", "--tokens-per-step=1600", "--events");
        assertThat(run.out())
                .contains("run char-lm, 4.80 M tokens, 3,000 steps")
                .contains("transmitted")
                .contains("absorbed")
                .contains("dataset")
                .contains("learning: ")
                .contains("Landauer floor ")
                .contains(" tokens, step ");
    }

    @Test
    void backfill_logWithoutTimes_endsAtTheGivenTimeAndGrowsBySteps() throws IOException {
        Path metrics = directory.resolve("m.txt");
        json("a.csv", noisyCurve(), "--backfill=" + metrics, "--end-time=2026-01-01T00:00:00Z", "--step-seconds=2");
        List<String> tokens = Files.readAllLines(metrics).stream()
                .filter(line -> line.startsWith("etascope_run_tokens{"))
                .toList();
        assertThat(tokens.get(tokens.size() - 1)).endsWith("3000000.0 1767225600.000");
        // 3,000 steps of 2 s, the first one at its end: 5,998 s before.
        assertThat(tokens.get(0)).endsWith("1000.0 1767219602.000");
        assertThat(tokens).hasSizeGreaterThan(300);
        assertThat(Files.readString(metrics)).endsWith("# EOF\n");
    }

    @Test
    void backfill_logWithTimes_keepsThem() throws IOException {
        Path metrics = directory.resolve("m.txt");
        json(
                "a.jsonl",
                "{\"step\":1,\"loss\":5,\"timestamp\":1700000000}\n{\"step\":2,\"loss\":4,\"timestamp\":1700000060}\n",
                "--backfill=" + metrics);
        assertThat(Files.readString(metrics)).contains(" 1700000060.000");
    }

    @Test
    void html_anyRun_isOneFileWithTheRunInIt() throws IOException {
        Path report = directory.resolve("r.html");
        json("a.csv", noisyCurve(), "--html=" + report, "--run=the <b>run</b>");
        assertThat(Files.readString(report)).contains("<html").doesNotContain("the <b>run");
    }

    @Test
    void html_directoryIsMissing_isOneLine() {
        CommandLineRun run = replay("a.csv", noisyCurve(), "--html=" + directory.resolve("no/r.html"));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.error()).contains("r.html cannot be written");
    }
}
