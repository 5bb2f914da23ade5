package org.etascope.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.etascope.cli.Main;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Restarts, seeds and several processes in one log: each counts what the undamaged log of the tool counts. */
class DamagedCorpusTest {
    private static final Map<String, Shapes.Parts> PARTS = Shapes.parts(0);
    private static final Map<String, Shapes.Parts> OTHERS = Shapes.parts(0.2);
    private static final int ROWS = 150;

    /** Without a step nothing tells that a log goes back. */
    private static final Set<String> WITHOUT_STEPS = Set.of("hf-stdout");

    @TempDir
    private Path directory;

    static Collection<String> tools() {
        return PARTS.keySet().stream()
                .filter(tool -> !WITHOUT_STEPS.contains(tool))
                .toList();
    }

    static Collection<String> printingTools() {
        return tools().stream()
                .filter(tool -> !tool.matches(".*(csv|jsonl|table|file|metric)"))
                .toList();
    }

    private static Shapes.Parts parts(String tool) {
        return Objects.requireNonNull(PARTS.get(tool));
    }

    private List<JsonNode> replay(String log) throws IOException {
        Path file = Files.writeString(directory.resolve("run.log"), log);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                new String[] {
                    "replay",
                    file.toString(),
                    "--params=1M",
                    "--tokens-per-step=1000",
                    "--vocab=50257",
                    "--baseline=uniform",
                    "--unit=nats",
                    "--json"
                },
                InputStream.nullInputStream(),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8));
        assertThat(code).as(err.toString(UTF_8)).isZero();
        List<JsonNode> runs = new ArrayList<>();
        for (String line : out.toString(UTF_8).lines().toList()) {
            runs.add(new ObjectMapper().readTree(line));
        }
        return runs;
    }

    private JsonNode whole(String tool) throws IOException {
        List<JsonNode> runs = replay(parts(tool).log(0, ROWS));
        assertThat(runs).hasSize(1);
        assertThat(runs.get(0).get("points").asInt()).isEqualTo(ROWS);
        return runs.get(0);
    }

    private static void assertSameCounts(JsonNode run, JsonNode whole, int restarts) {
        assertThat(run.get("points")).isEqualTo(whole.get("points"));
        assertThat(run.get("steps")).isEqualTo(whole.get("steps"));
        assertThat(run.get("tokens")).isEqualTo(whole.get("tokens"));
        assertThat(run.get("nonfinite").asInt()).isZero();
        assertThat(run.get("restarts").asInt()).isEqualTo(restarts);
        assertThat(run.get("mean_loss_nats").asDouble())
                .isEqualTo(whole.get("mean_loss_nats").asDouble());
    }

    @ParameterizedTest
    @MethodSource("tools")
    void replay_aRestart_countsEachStepOnce(String tool) throws IOException {
        Shapes.Parts log = parts(tool);
        List<JsonNode> runs = replay(log.log(0, 100) + log.log(60, ROWS));
        assertThat(runs).hasSize(1);
        assertSameCounts(runs.get(0), whole(tool), 1);
    }

    @ParameterizedTest
    @MethodSource("tools")
    void replay_twoRestarts_countEachStepOnce(String tool) throws IOException {
        Shapes.Parts log = parts(tool);
        List<JsonNode> runs = replay(log.log(0, 90) + log.log(60, 120) + log.log(40, ROWS));
        assertThat(runs).hasSize(1);
        assertSameCounts(runs.get(0), whole(tool), 2);
    }

    /** A bar that is full and begins again without an epoch's number goes on in the next epoch. */
    static Collection<String> toolsThatSayWhereTheyAre() {
        return tools().stream().filter(tool -> !tool.equals("diffusers-bar")).toList();
    }

    @ParameterizedTest
    @MethodSource("toolsThatSayWhereTheyAre")
    void replay_severalSeeds_areSeveralRuns(String tool) throws IOException {
        JsonNode whole = whole(tool);
        List<JsonNode> runs = replay(parts(tool).log(0, ROWS).repeat(3));
        assertThat(runs).hasSize(3);
        for (JsonNode run : runs) {
            assertSameCounts(run, whole, 0);
        }
    }

    /** {@return the lines of two processes, each one's in order, the second never more than a few behind or before} */
    private static String interleaved(List<String> first, List<String> second, Random random) {
        StringBuilder text = new StringBuilder();
        int i = 0;
        int j = 0;
        while (i < first.size() || j < second.size()) {
            boolean one = j == second.size() || (i < first.size() && i <= j + 2 && (i < j - 2 || random.nextBoolean()));
            text.append(one ? first.get(i++) : second.get(j++));
        }
        return text.toString();
    }

    private static List<String> marked(String mark, List<String> rows) {
        return rows.stream()
                .map(row -> row.lines().map(line -> mark + line + "\n").collect(Collectors.joining()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("printingTools")
    void replay_twoProcessesThatSayWhoTheyAre_countsTheFirst(String tool) throws IOException {
        JsonNode whole = whole(tool);
        List<String> other = Objects.requireNonNull(OTHERS.get(tool)).rows().stream()
                .map(row -> row.replace("[rank0]", "[rank1]").replace("[Rank 0]", "[Rank 1]"))
                .toList();
        for (String mark : List.of(
                "[rank%d]: ", "[default%d]:", "[%d]:", "%3d: ", "[1,%d]<stdout>:", "(RayTrainWorker pid=41%d) ")) {
            List<String> first =
                    new ArrayList<>(marked(String.format(mark, 0), parts(tool).rows()));
            String begin = first.remove(0);
            String log = begin + interleaved(first, marked(String.format(mark, 1), other), new Random(5));
            List<JsonNode> runs = replay(log);
            assertThat(runs).as(mark).hasSize(1);
            assertThat(mark + runs.get(0).get("mean_loss_nats")).isEqualTo(mark + whole.get("mean_loss_nats"));
            assertSameCounts(runs.get(0), whole, 0);
        }
    }

    @ParameterizedTest
    @MethodSource("printingTools")
    void replay_twoProcessesAtOnce_countEachStepOnce(String tool) throws IOException {
        JsonNode whole = whole(tool);
        List<String> other = Objects.requireNonNull(OTHERS.get(tool)).rows();
        List<JsonNode> runs = replay(interleaved(parts(tool).rows(), other, new Random(5)));
        assertThat(runs).hasSize(1);
        assertThat(runs.get(0).get("steps")).isEqualTo(whole.get("steps"));
        assertThat(runs.get(0).get("tokens")).isEqualTo(whole.get("tokens"));
        double low = whole.get("mean_loss_nats").asDouble();
        assertThat(runs.get(0).get("mean_loss_nats").asDouble()).isBetween(low - 1e-9, low + 0.2);
    }
}
