package org.etascope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two real public logs; skipped, loudly, where they are not at hand. */
class RealLogsTest {
    @TempDir
    private Path directory;

    private static Path log(String name) {
        String data = System.getenv("ETASCOPE_TEST_DATA");
        Path file = Path.of(data == null ? "../shared/data" : data)
                .resolve("losslogs")
                .resolve(name);
        assumeTrue(Files.exists(file), "NEEDS real loss logs: " + file + " is absent");
        return file;
    }

    private static JsonNode replay(Path file, String... more) {
        List<String> args = new java.util.ArrayList<>(List.of("replay", file.toString(), "--json", "--events"));
        args.addAll(List.of(more));
        CommandLineRun run = CommandLineRun.of(args.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        return run.json();
    }

    @Test
    void llmc_wholeLog_endsAtItsKnownNumbers() {
        JsonNode run = replay(
                log("llmc_gpt2_124M_10B_main.log"), "--params=124475904", "--tokens-per-step=524288", "--vocab=50257");
        assertThat(run.get("tokens").asLong()).isEqualTo(10_255_073_280L);
        assertThat(run.get("steps").asLong()).isEqualTo(19_560);
        assertThat(run.get("baseline_nats").asDouble()).isEqualTo(11.0091);
        assertThat(run.get("eta").asDouble()).isCloseTo(55.2, within(0.1));
        assertThat(run.get("eta_dataset").asDouble()).isCloseTo(57.3, within(0.1));
        assertThat(run.get("saturated_at_tokens").isNull()).isTrue();
        assertThat(run.get("events").toString()).doesNotContain("saturated");
    }

    @Test
    void parameterGolf_warmupAndText_areNoPoints() {
        JsonNode run = replay(
                log("pgolf_baseline_17M_sp1024.log"), "--params=17059912", "--tokens-per-step=524288", "--vocab=1024");
        assertThat(run.get("baseline_nats").asDouble()).isEqualTo(6.9408);
        assertThat(run.get("skipped").asLong()).isGreaterThan(50);
        assertThat(run.get("eta").asDouble()).isPositive();
        assertThat(run.get("phase").asText()).isEqualTo("training");
    }

    @Test
    void parameterGolf_afterStepTwo_isNegativeWithoutComplaint() throws IOException {
        Path cut = directory.resolve("two.log");
        List<String> lines = Files.readAllLines(log("pgolf_baseline_17M_sp1024.log"));
        int second = 0;
        while (!lines.get(second).startsWith("step:2/")) {
            second++;
        }
        Files.write(cut, lines.subList(0, second + 1));
        JsonNode run = replay(cut, "--params=17059912", "--tokens-per-step=524288", "--vocab=1024");
        assertThat(run.get("steps").asLong()).isEqualTo(2);
        assertThat(run.get("eta").asDouble()).isNegative();
        assertThat(run.get("landauer_floor_joules").asDouble()).isZero();
    }
}
