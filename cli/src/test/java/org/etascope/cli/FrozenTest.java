package org.etascope.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code replay --json --events} says of our own logs, against what it said on 2026-11-26, when the files in the
 * folder {@code frozen} were written. A key may get another name; a figure of the ledger never another digit.
 */
class FrozenTest {
    /** Another detector judges otherwise; the ledger is none of its business. */
    private static final Set<String> OF_THE_VERDICT = Set.of(
            "nats_per_doubling",
            "nats_per_doubling_lower",
            "nats_per_doubling_upper",
            "progress_ratio",
            "eta_loglog_slope",
            "phase",
            "conditions",
            "saturation_cause",
            "saturated_at_tokens",
            "events");

    @TempDir
    private Path directory;

    /** {@return name of the log to its bytes} */
    private static Map<String, byte[]> logs() {
        Map<String, byte[]> logs = new LinkedHashMap<>(SampleLogs.all());
        logs.put("tensorboard-tensors", SampleLogs.tensorBoard(true));
        logs.put("long-learning", curve(3000, 0));
        logs.put("long-flat", curve(6000, 1500));
        return logs;
    }

    private static byte[] curve(int steps, int flatFrom) {
        StringBuilder text = new StringBuilder("step,loss,lr,val_loss\n");
        for (int t = 1; t <= steps; t++) {
            double u = (t * 7919L % 1000) / 1000.0 - 0.4995;
            int falls = flatFrom > 0 ? Math.min(t, flatFrom) : t;
            double loss = 2.6 + 8.2 * Math.pow(1 + falls / 5.0, -0.4) + 0.03 * Math.sqrt(12) * u;
            text.append(String.format(
                    Locale.ROOT,
                    "%d,%s,%s,%s\n",
                    t,
                    t % 501 == 500 ? "nan" : String.format(Locale.ROOT, "%.5f", loss),
                    1e-3 * Math.min(1, t / 100.0),
                    t % 250 == 0 ? String.format(Locale.ROOT, "%.4f", loss + 0.01) : ""));
        }
        return text.toString().getBytes(UTF_8);
    }

    @TestFactory
    Stream<DynamicTest> replay_ourLogs_saysWhatItSaid() {
        return logs().entrySet().stream()
                .map(log -> DynamicTest.dynamicTest(log.getKey(), () -> check(log.getKey(), log.getValue())));
    }

    private void check(String name, byte[] log) throws IOException {
        Path file = Files.write(directory.resolve("frozen"), log);
        List<String> args = new ArrayList<>(List.of(
                "replay", file.toString(), "--params=1M", "--vocab=22027", "--unique-tokens=8M", "--json", "--events"));
        switch (name) {
            case "nanogpt" -> {}
            case "megatron" -> args.add("--seq-length=1000");
            default -> args.add("--tokens-per-step=1000");
        }
        CommandLineRun run = CommandLineRun.of(args.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        JsonNode now = run.json();
        frozen(name).properties().forEach(figure -> {
            if (!OF_THE_VERDICT.contains(figure.getKey())) {
                assertThat(now.get(figure.getKey())).as(figure.getKey()).isEqualTo(figure.getValue());
            }
        });
    }

    private static JsonNode frozen(String name) throws IOException {
        try (InputStream in = FrozenTest.class.getResourceAsStream("/frozen/" + name + ".json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in, name));
        }
    }
}
