package org.etascope.prometheus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.micrometer.EtascopeMeter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The past of a run as metrics with timestamps. */
class OpenMetricsFileTest {
    @TempDir
    Path directory;

    private static RunMonitor trained(String name, int steps) {
        RunMonitor monitor = RunMonitor.builder(name)
                .modelSize(new ModelSize(1000, 16))
                .vocabularySize(100)
                .clock(() -> 1_700_000_000_000L)
                .build();
        for (int t = 1; t <= steps; t++) {
            monitor.step(100, 1 + 3.6 / (1 + t / 50.0) + 0.01 * (t % 7), 1_700_000_000_000L + 100L * t);
        }
        return monitor;
    }

    private static String openMetrics(List<RunSnapshot> moments) throws IOException {
        StringBuilder text = new StringBuilder();
        OpenMetricsFile.write(text, moments);
        return text.toString();
    }

    @Test
    void openMetrics_namesAndValues_areThoseOfAScrape() throws Exception {
        RunSnapshot now = trained("a \"run\"\n\\", 2_000).snapshot();

        List<String> lines = openMetrics(List.of(now)).lines().toList();

        assertThat(lines.get(lines.size() - 1)).isEqualTo("# EOF");
        assertThat(lines)
                .contains(
                        "etascope_eta_ratio{instance=\"backfill\",job=\"etascope\",run=\"a \\\"run\\\"\\n\\\\\"} "
                                + now.ledger().eta() + " 1700000200.000",
                        "etascope_phase{instance=\"backfill\",job=\"etascope\",phase=\"training\",run=\"a \\\"run\\\"\\n\\\\\"} 1.0 1700000200.000");
        List<String> names = lines.stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.substring(0, line.indexOf('{')))
                .distinct()
                .toList();
        assertThat(EtascopeMeter.all().stream().map(EtascopeMeter::prometheusName))
                .containsAll(names);
        assertThat(names).contains("etascope_steps_total", "etascope_run_info", "etascope_last_loss_nats");
    }

    @Test
    void openMetrics_whatIsNotKnown_isLeftOut() throws Exception {
        RunSnapshot waiting = RunMonitor.builder("waiting").build().snapshot();
        RunSnapshot trained = trained("char-lm", 8).snapshot();

        assertThat(openMetrics(List.of(waiting))).isEqualTo("# EOF\n");
        assertThat(openMetrics(List.of(trained)))
                .doesNotContain("} NaN")
                .doesNotContain("etascope_validation_loss_nats")
                .contains("etascope_eta_ratio");
    }

    @Test
    void openMetrics_ofALongRun_promtoolMakesBlocksWithItsValues() throws Exception {
        Programs.need("promtool");
        RunMonitor monitor = LongRun.monitor("gpt2-124M", 3_000);
        List<RunSnapshot> moments = new ArrayList<>();
        LongRun.replay(monitor, 3_000, () -> moments.add(monitor.snapshot()));
        Path file = directory.resolve("backfill.om");
        try (Writer out = Files.newBufferedWriter(file)) {
            OpenMetricsFile.write(out, moments);
        }

        Path blocks = directory.resolve("blocks");
        // Reading expects the log of a running server beside the blocks.
        Files.createDirectories(blocks.resolve("wal"));
        run("promtool", "tsdb", "create-blocks-from", "openmetrics", file.toString(), blocks.toString());

        String dumped = run("promtool", "tsdb", "dump", "--match={__name__=\"etascope_eta_ratio\"}", blocks.toString());
        List<Double> etas = dumped.lines()
                .map(line -> Double.parseDouble(line.replaceFirst("^\\{.*} (\\S+) \\d+$", "$1")))
                .sorted()
                .toList();
        assertThat(etas).hasSameSizeAs(moments);
        assertThat(etas.get(etas.size() - 1))
                .isCloseTo(monitor.snapshot().ledger().eta(), within(1e-12));
    }

    private String run(String... command) throws Exception {
        Path output = Files.createTempFile(directory, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String text = Files.readString(output, UTF_8);
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }
}
