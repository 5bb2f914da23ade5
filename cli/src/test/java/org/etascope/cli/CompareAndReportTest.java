package org.etascope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.etascope.recording.JournalWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareAndReportTest {
    @TempDir
    private Path directory;

    private Path log(String name, double floor) {
        StringBuilder text = new StringBuilder("step,loss\n");
        for (int t = 1; t <= 2000; t++) {
            text.append(t)
                    .append(',')
                    .append(floor + 8 * Math.pow(1 + t / 5.0, -0.4))
                    .append('\n');
        }
        Path file = directory.resolve(name);
        CommandLineRun.write(file, text.toString());
        return file;
    }

    private Path journal(String name, int steps) {
        RunMonitor monitor =
                RunMonitor.builder(name).modelSize(new ModelSize(1_000_000, 16)).build();
        Path run = directory.resolve(name);
        JournalWriter journal = JournalWriter.start(monitor, run);
        try (journal) {
            for (int t = 1; t <= steps; t++) {
                monitor.step(1000, 2 + 8 * Math.pow(1 + t / 5.0, -0.4));
            }
            monitor.close();
        }
        return run;
    }

    @Test
    void compare_logWithOptionsBesideItOptionsFileAndJournal_standsAtEqualTokens() {
        Path a = log("a.csv", 2);
        CommandLineRun.write(directory.resolve("a.csv.yaml"), """
                # the small one
                params: 1M
                tokens-per-step: 1000   # as logged
                """);
        log("b.csv", 3);
        Path b = directory.resolve("b.json");
        CommandLineRun.write(b, "{\"file\": \"b.csv\", \"params\": 1000000, \"tokens_per_step\": 1000}");
        Path c = journal("c", 1000);
        CommandLineRun run = CommandLineRun.of("compare", a.toString(), b.toString(), c.toString(), "--json");
        assertThat(run.err()).isEmpty();
        JsonNode runs = run.json().get("runs");
        JsonNode tokens = run.json().get("tokens");
        assertThat(tokens.get(tokens.size() - 1).asLong()).isEqualTo(1_000_000);
        for (int i = 0; i < tokens.size(); i++) {
            double lossA = runs.get(0).get("current_loss_nats").get(i).asDouble();
            double lossB = runs.get(1).get("current_loss_nats").get(i).asDouble();
            assertThat(lossB - lossA).isBetween(0.999, 1.001);
            assertThat(runs.get(2).get("current_loss_nats").get(i).asDouble()).isEqualTo(lossA);
        }
        assertThat(runs.get(0).get("end").get("tokens").asLong()).isEqualTo(2_000_000);
    }

    @Test
    void compare_forPeople_namesEachRunAndItsVerdict() {
        Path a = journal("first", 500);
        Path b = journal("second", 800);
        String out = CommandLineRun.of("compare", a.toString(), b.toString()).out();
        assertThat(out).contains("first").contains("second").contains("500 k").contains("learning");
    }

    @Test
    void compare_badOption_namesFileAndOption() {
        Path a = log("a.csv", 2);
        CommandLineRun.write(directory.resolve("a.csv.yaml"), "params: many\n");
        CommandLineRun run = CommandLineRun.of("compare", a.toString(), a.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.error()).contains("a.csv.yaml").contains("--params");
    }

    @Test
    void compare_logWithoutOptions_saysWhereTheyBelong() {
        Path a = log("a.csv", 2);
        CommandLineRun run = CommandLineRun.of("compare", a.toString(), a.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.error()).contains("a.csv").contains("a.csv.yaml").contains("compare --help");
    }

    @Test
    void compare_oneRunOnly_isUsage() {
        assertThat(CommandLineRun.of("compare", "a").exitCode()).isEqualTo(2);
    }

    @Test
    void report_journal_writesHtmlAndCsv() throws IOException {
        Path run = journal("c", 1000);
        Path html = directory.resolve("r.html");
        Path csv = directory.resolve("r.csv");
        CommandLineRun report = CommandLineRun.of("report", run.toString(), "--html=" + html, "--csv=" + csv);
        assertThat(report.err()).isEmpty();
        assertThat(report.out()).contains("run c, 1.00 M tokens, 1,000 steps").contains("absorbed");
        assertThat(Files.readString(html)).contains("<html");
        List<String> rows = Files.readAllLines(csv);
        assertThat(rows).hasSizeGreaterThan(40);
        assertThat(rows.get(0)).contains("loss");
    }

    @Test
    void report_noJournal_isOneLine() {
        CommandLineRun report =
                CommandLineRun.of("report", directory.resolve("none").toString());
        assertThat(report.exitCode()).isEqualTo(1);
        assertThat(report.error()).contains("none");
    }
}
