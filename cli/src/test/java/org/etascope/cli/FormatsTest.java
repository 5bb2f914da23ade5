package org.etascope.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** One run, as every format logs it. */
class FormatsTest {
    @TempDir
    private Path directory;

    private CommandLineRun replay(byte[] log, String... more) throws IOException {
        Path file = Files.write(directory.resolve("a.log"), log);
        List<String> args = new ArrayList<>(List.of("replay", file.toString(), "--params=1M", "--json"));
        args.addAll(List.of(more));
        return CommandLineRun.of(args.toArray(String[]::new));
    }

    private static String[] tokens(String format) {
        return switch (format) {
            case "nanogpt" -> new String[0];
            case "megatron" -> new String[] {"--seq-length=1000"};
            default -> new String[] {"--tokens-per-step=1000"};
        };
    }

    @TestFactory
    Stream<DynamicTest> format_namedOrFoundByItself_givesTheSameRun() {
        return SampleLogs.all().entrySet().stream()
                .map(log -> DynamicTest.dynamicTest(log.getKey(), () -> check(log.getKey(), log.getValue())));
    }

    private void check(String format, byte[] log) throws IOException {
        String[] found = tokens(format);
        String[] named = Arrays.copyOf(found, found.length + 1);
        named[found.length] = "--format=" + format;
        CommandLineRun byItself = replay(log, found);
        assertThat(byItself.err()).isEmpty();
        JsonNode run = byItself.json();
        assertThat(replay(log, named).json()).isEqualTo(run);
        assertThat(run.get("points").asLong()).isEqualTo(SampleLogs.STEPS);
        assertThat(run.get("steps").asLong()).isEqualTo(SampleLogs.STEPS);
        assertThat(run.get("tokens").asLong()).isEqualTo(1000L * SampleLogs.STEPS);
        assertThat(run.get("baseline_nats").asDouble()).isEqualTo(10);
        assertThat(run.get("mean_loss_nats").asDouble()).isCloseTo(7.75, within(1e-12));
    }

    @Test
    void compressedLog_givesWhatTheLogItselfGives() throws IOException {
        byte[] log = SampleLogs.all().get("csv");
        JsonNode plain = replay(log, "--tokens-per-step=1000").json();
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        ByteArrayOutputStream xz = new ByteArrayOutputStream();
        ByteArrayOutputStream zstd = new ByteArrayOutputStream();
        try (OutputStream a = new GZIPOutputStream(gzip);
                OutputStream b = new XZOutputStream(xz, new LZMA2Options());
                OutputStream c = new ZstdOutputStream(zstd)) {
            a.write(log);
            b.write(log);
            c.write(log);
        }
        for (ByteArrayOutputStream packed : List.of(gzip, xz, zstd)) {
            assertThat(replay(packed.toByteArray(), "--tokens-per-step=1000").json())
                    .isEqualTo(plain);
        }
    }

    @Test
    void compressedLog_cutOff_isOneLineThatSaysSo() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new XZOutputStream(packed, new LZMA2Options())) {
            out.write(SampleLogs.all().get("csv"));
        }
        byte[] whole = packed.toByteArray();
        CommandLineRun run = replay(Arrays.copyOf(whole, whole.length / 2), "--tokens-per-step=1000");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.error()).contains("cannot be read").contains("cut off");
    }

    @Test
    void tensorBoard_tensorScalars_areReadLikePlainOnes() throws IOException {
        JsonNode plain =
                replay(SampleLogs.tensorBoard(false), "--tokens-per-step=1000").json();
        assertThat(replay(SampleLogs.tensorBoard(true), "--tokens-per-step=1000")
                        .json())
                .isEqualTo(plain);
    }

    @Test
    void tensorBoard_tornLastRecord_costsThatRecordOnly() throws IOException {
        byte[] log = SampleLogs.tensorBoard(false);
        JsonNode run = replay(Arrays.copyOf(log, log.length - 3), "--tokens-per-step=1000")
                .json();
        assertThat(run.get("points").asLong()).isEqualTo(SampleLogs.STEPS - 1);
    }

    @Test
    void tensorBoard_alteredRecord_isNamedOrSkipped() throws IOException {
        byte[] log = SampleLogs.tensorBoard(false);
        log[log.length - 10] ^= 1;
        CommandLineRun strict = replay(log, "--tokens-per-step=1000");
        assertThat(strict.exitCode()).isEqualTo(1);
        assertThat(strict.error()).contains("a.log: record 21: its checksum is wrong");
        JsonNode lenient = replay(log, "--tokens-per-step=1000", "--lenient").json();
        assertThat(lenient.get("points").asLong()).isEqualTo(SampleLogs.STEPS - 1);
    }

    @Test
    void megatron_nanAndSkippedIterations_areCounted() throws IOException {
        String format = " iteration %d/ 100 | consumed samples: %d | lm loss: %s | number of skipped iterations: %d |"
                + " number of nan iterations: %d |\n";
        String text = String.format(format, 1, 8, "1.0E+01", 0, 0) + String.format(format, 11, 88, "9.0E+00", 2, 3)
                + " validation loss at iteration 11 | lm loss value: 8.5E+00 | lm loss PPL: 1E+03 |\n";
        JsonNode run = replay(text.getBytes(UTF_8), "--seq-length=10").json();
        assertThat(run.get("steps").asLong()).isEqualTo(1 + 5);
        assertThat(run.get("nonfinite").asLong()).isEqualTo(3);
        assertThat(run.get("skipped").asLong()).isEqualTo(2);
        assertThat(run.get("tokens").asLong()).isEqualTo(80 + 400);
    }

    @Test
    void megatron_withoutSequenceLength_saysThatItIsNeeded() throws IOException {
        CommandLineRun run = replay(SampleLogs.all().get("megatron"));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.error()).contains("--seq-length is needed");
    }

    @Test
    void hfTrainer_tokensSeen_countAsTotal() throws IOException {
        String text = """
            {"log_history": [
             {"step": 10, "loss": 5.0, "num_input_tokens_seen": 5120, "epoch": 0.5},
             {"step": 20, "loss": 4.0, "num_input_tokens_seen": 10000, "epoch": 1.0},
             {"step": 20, "eval_loss": 4.5}]}
            """;
        JsonNode run = replay(text.getBytes(UTF_8), "--vocab=32000").json();
        assertThat(run.get("tokens").asLong()).isEqualTo(10_000);
        assertThat(run.get("steps").asLong()).isEqualTo(20);
        assertThat(run.get("mean_loss_nats").asDouble()).isCloseTo((5 * 5120 + 4 * 4880) / 10000.0, within(1e-12));
    }

    @Test
    void csv_weightsAndBiasesExport_findsTheMetricAndItsGaps() throws IOException {
        String text = """
            "Step","happy-run-1 - train/loss","happy-run-1 - train/loss__MIN","happy-run-1 - train/loss__MAX"
            "1","10","1","20"
            "3","","",""
            "5","9","1","20"
            """;
        JsonNode run = replay(text.getBytes(UTF_8), "--tokens-per-step=10").json();
        assertThat(run.get("points").asLong()).isEqualTo(2);
        assertThat(run.get("steps").asLong()).isEqualTo(5);
        assertThat(run.get("skipped").asLong()).isEqualTo(1);
    }

    @Test
    void csv_twoRunsInOneExport_asksWhichOne() throws IOException {
        byte[] text = "Step,a - train/loss,b - train/loss\n1,10,11\n2,9,10\n".getBytes(UTF_8);
        assertThat(replay(text, "--tokens-per-step=10").error())
                .contains("b - train/loss")
                .contains("--map loss=");
        assertThat(replay(text, "--tokens-per-step=10", "--map=loss=b - train/loss")
                        .json()
                        .get("baseline_nats")
                        .asDouble())
                .isEqualTo(11);
    }

    @Test
    void map_unusualNames_areTaken() throws IOException {
        byte[] text = "i;perte;jetons\n1;10;7\n2;9;7\n".getBytes(UTF_8);
        JsonNode run = replay(text, "--map=step=i,loss=perte,tokens=jetons").json();
        assertThat(run.get("tokens").asLong()).isEqualTo(14);
    }

    @Test
    void jsonl_tornLastLine_isText() throws IOException {
        byte[] text = "{\"step\":1,\"loss\":10}\n{\"step\":2,\"lo".getBytes(UTF_8);
        JsonNode run = replay(text, "--tokens-per-step=10").json();
        assertThat(run.get("points").asLong()).isEqualTo(1);
        assertThat(run.get("skipped").asLong()).isEqualTo(1);
    }

    @Test
    void detection_everySample_isFoundUnderAMegabyteOfSource() throws IOException {
        byte[] source = "print(f\"step:{step}/{n} train_loss:{loss}\"); x, loss = model(x)\n"
                .repeat(10_000)
                .getBytes(UTF_8);
        for (Map.Entry<String, byte[]> log : SampleLogs.all().entrySet()) {
            if (List.of("llmc", "modded-nanogpt", "nanogpt", "megatron", "jsonl")
                    .contains(log.getKey())) {
                byte[] both = Arrays.copyOf(source, source.length + log.getValue().length);
                System.arraycopy(log.getValue(), 0, both, source.length, log.getValue().length);
                CommandLineRun run = replay(both, tokens(log.getKey()));
                assertThat(run.err()).as(log.getKey()).isEmpty();
                assertThat(run.json().get("points").asLong()).isEqualTo(SampleLogs.STEPS);
            }
        }
    }

    private static String column(int rows, IntFunction<String> value) {
        return IntStream.rangeClosed(1, rows).mapToObj(value).collect(Collectors.joining(",\n  ", "[", "]"));
    }

    @Test
    void json_columns_areReadToTheLastValue() throws IOException {
        String losses = column(100, i -> i == 50 ? "NaN" : Double.toString(10 - i / 20.0));
        Path file = directory.resolve("history.json");
        JsonNode keras = CommandLineRun.replay(
                        file,
                        "{\"loss\": " + losses + ",\n \"val_loss\": " + losses + "}",
                        "--log-every=30",
                        "--vocab=50257")
                .json();
        assertThat(keras.get("format").asText()).isEqualTo("json");
        assertThat(keras.get("points").asInt()).isEqualTo(99);
        assertThat(keras.get("nonfinite").asInt()).isEqualTo(1);
        assertThat(keras.get("tokens").asLong()).isEqualTo(99 * 30_000L);

        String nested = "{\"args\": {\"lr\": [0.1, 0.2]}, \"history\": {\"train\": {\"step\": "
                + column(100, i -> Integer.toString(10 * i)) + ", \"loss\": "
                + column(100, i -> Double.toString(10 - i / 20.0))
                + "}}}";
        JsonNode steps = CommandLineRun.replay(file, nested, "--vocab=50257").json();
        assertThat(steps.get("steps").asInt()).isEqualTo(1000);
        assertThat(steps.get("points").asInt()).isEqualTo(100);
        CommandLineRun cut = CommandLineRun.replay(file, nested.substring(0, nested.length() - 40), "--vocab=50257");
        assertThat(cut.exitCode()).isEqualTo(1);
        assertThat(cut.error()).contains("not valid JSON");
    }

    @Test
    void json_rowsInAList_areRead() throws IOException {
        String rows = column(60, i -> "{\"iter\": " + i + ", \"metrics\": {\"loss\": " + (10 - i / 20.0) + "}}");
        for (String document : List.of(rows, "{\"version\": 1, \"log\": " + rows + "}")) {
            JsonNode run =
                    CommandLineRun.replay(directory.resolve("a.json"), document).json();
            assertThat(run.get("points").asInt()).isEqualTo(60);
            assertThat(run.get("steps").asInt()).isEqualTo(60);
        }
    }

    /** Losses of a validation, with steps of their own between those of the training, are none of the training. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'split':'%1$s','step':%2$d,'loss':%3$s}",
                "{'step':%2$d,'loss':%3$s,'phase':'%1$s'}",
                "%s,%d,%s",
                "[%s] step %d loss %s",
                "%s | step %d | loss %s",
                "2026-01-01 10:00:00 INFO %s: step=%d loss=%s",
                "%s step %d loss: %s"
            })
    void losses_thatARecordSaysAreOfAValidation_areThat(String line) throws IOException {
        StringBuilder log = new StringBuilder(line.startsWith("%s,") ? "mode,step,loss\n" : "");
        for (int step = 10; step <= 1000; step += 10) {
            double loss = 2 + 8 * Math.pow(1 + step / 50.0, -0.4);
            log.append(String.format(Locale.ROOT, line, "train", step, loss)).append('\n');
            if (step % 100 == 0) {
                log.append(String.format(Locale.ROOT, line, "valid", step + 5, loss + 1))
                        .append('\n');
            }
        }
        JsonNode run = CommandLineRun.replay(
                        directory.resolve("a.log"), log.toString().replace('\'', '"'), "--vocab=50257")
                .json();
        assertThat(run.get("points").asInt()).isEqualTo(100);
        assertThat(run.get("steps").asInt()).isEqualTo(1000);
        double mean = IntStream.rangeClosed(1, 100)
                .mapToDouble(i -> 2 + 8 * Math.pow(1 + i / 5.0, -0.4))
                .average()
                .orElseThrow();
        assertThat(run.get("mean_loss_nats").asDouble()).isCloseTo(mean, within(1e-9));
    }

    @Test
    void step_thatBeginsAnewInEachEpoch_isNotTheOneThatGoesOn() throws IOException {
        StringBuilder log = new StringBuilder("step,global_step,loss\n");
        for (int i = 0; i < 90; i++) {
            log.append(i % 30 + 1)
                    .append(',')
                    .append(i + 1)
                    .append(',')
                    .append(10 - i / 20.0)
                    .append('\n');
        }
        JsonNode run = CommandLineRun.replay(directory.resolve("a.csv"), log.toString())
                .json();
        assertThat(run.get("steps").asInt()).isEqualTo(90);
        assertThat(run.get("restarts").asInt()).isZero();
        assertThat(run.get("notes").toString()).contains("the step is \\\"global_step\\\"");
    }
}
