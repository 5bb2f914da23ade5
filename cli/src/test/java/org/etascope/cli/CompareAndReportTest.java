package org.etascope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.etascope.core.TokenUnit;
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
        return journal(name, steps, TokenUnit.TOKEN);
    }

    private Path journal(String name, int steps, TokenUnit unit) {
        RunMonitor monitor = RunMonitor.builder(name)
                .modelSize(new ModelSize(1_000_000, 16))
                .unit(unit)
                .build();
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

    private CommandLineRun compare(String... args) {
        List<String> all = new ArrayList<>(List.of("compare", "--params=1M", "--tokens-per-step=1000"));
        all.addAll(List.of(args));
        return CommandLineRun.of(all.toArray(String[]::new));
    }

    @Test
    void compare_logsAndJournal_standAtEqualTokens() {
        Path a = log("a.csv", 2);
        Path b = log("b.csv", 3);
        Path c = journal("c", 1000);
        CommandLineRun run = compare(a.toString(), b.toString(), c.toString(), "--json");
        assertThat(run.err()).isEmpty();
        JsonNode runs = run.json().get("runs");
        JsonNode tokens = run.json().get("tokens");
        assertThat(tokens.get(tokens.size() - 1).asLong()).isEqualTo(1_000_000);
        for (int i = 0; i < tokens.size(); i++) {
            double lossA = runs.get(0).get("loss_nats").get(i).asDouble();
            double lossB = runs.get(1).get("loss_nats").get(i).asDouble();
            assertThat(lossB - lossA).isBetween(0.999, 1.001);
        }
        assertThat(runs.get(0).get("end").get("tokens").asLong()).isEqualTo(2_000_000);
    }

    @Test
    void compare_lossAtEqualTokens_isWhatTheLogSaysThere() {
        Path a = log("a.csv", 2);
        JsonNode run =
                compare(a.toString(), journal("c", 1000).toString(), "--json").json();
        JsonNode tokens = run.get("tokens");
        for (int i = 0; i < tokens.size(); i++) {
            double steps = tokens.get(i).asDouble() / 1000;
            double said = 2 + 8 * Math.pow(1 + steps / 5, -0.4);
            assertThat(run.get("runs").get(0).get("loss_nats").get(i).asDouble())
                    .as("after %s steps", steps)
                    .isCloseTo(said, within(0.02 * said));
        }
    }

    @Test
    void compare_runThatComesLower_saysWhenTheOtherGotThere() {
        JsonNode run = compare(log("a.csv", 2).toString(), log("b.csv", 3).toString(), "--json")
                .json();
        double all = run.get("loss_of_all_nats").asDouble();
        // 2 + 8(1 + t/5)^-0.4 = L at t = 5((8/(L - 2))^2.5 - 1).
        double steps = 5 * (Math.pow(8 / (all - 2), 2.5) - 1);
        assertThat(run.get("runs").get(0).get("tokens_to_loss_of_all").asDouble())
                .isCloseTo(1000 * steps, within(30.0 * steps));
        assertThat(run.get("runs").get(1).get("difference_nats").asDouble()).isCloseTo(1, within(0.01));
    }

    @Test
    void compare_csv_hasARowForEachRunAndD() throws IOException {
        Path csv = directory.resolve("c.csv");
        assertThat(compare(log("a.csv", 2).toString(), log("b.csv", 3).toString(), "--csv=" + csv)
                        .err())
                .isEmpty();
        assertThat(Files.readAllLines(csv)).hasSize(21).contains("run,tokens,loss_nats,nats_per_doubling");
    }

    @Test
    void compare_html_holdsTheCurvesOfAllRuns() throws IOException {
        Path html = directory.resolve("c.html");
        Path b = Files.createDirectory(directory.resolve("b")).resolve("a.csv");
        Files.move(log("b.csv", 3), b);
        CommandLineRun run = compare(log("a.csv", 2).toString(), b.toString(), b.toString(), "--html=" + html);
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("  a\n", "  b/a\n", "  b/a-2\n");
        String page = Files.readString(html);
        int from = page.indexOf("id=\"recording\">") + "id=\"recording\">".length();
        JsonNode runs = new ObjectMapper().readTree(page.substring(from, page.indexOf("</script>", from)));
        assertThat(runs).hasSize(3);
        assertThat(runs.get(1).get("run").asText()).isEqualTo("b/a");
        for (JsonNode one : runs) {
            assertThat(one.get("series").get("tokens")).hasSizeGreaterThan(40);
            assertThat(one.get("tokens_per_second").isNull()).isTrue();
        }
        assertThat(runs.get(1).get("current_loss_nats").asDouble()
                        - runs.get(0).get("current_loss_nats").asDouble())
                .isCloseTo(1, within(0.001));
    }

    @Test
    void compare_forPeople_namesEachRunAndItsVerdict() {
        Path a = journal("first", 500);
        Path b = journal("second", 800);
        String out = CommandLineRun.of("compare", a.toString(), b.toString()).out();
        assertThat(out).contains("first").contains("second").contains("500 k").contains("learning");
    }

    @Test
    void compare_runsOfExamples_saysExamplesAndNeverTokens() {
        Path a = journal("first", 500, TokenUnit.EXAMPLE);
        Path b = journal("second", 800, TokenUnit.EXAMPLE);
        CommandLineRun run = CommandLineRun.of("compare", a.toString(), b.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("at equal examples", "500 k examples").doesNotContain("token");
    }

    @Test
    void compare_runsThatCountDifferentThings_saysThatTheyDoNotCompare() {
        String a = journal("first", 500, TokenUnit.EXAMPLE).toString();
        String b = journal("second", 800).toString();
        assertThat(CommandLineRun.of("compare", a, b).out())
                .contains(
                        "the runs count different things (examples, tokens): neither their counts nor their nats compare")
                .doesNotContain("at equal");
        assertThat(CommandLineRun.of("compare", a, b, "--json")
                        .json()
                        .get("units_differ")
                        .asBoolean())
                .isTrue();
        assertThat(CommandLineRun.of("compare", b, b, "--json")
                        .json()
                        .get("units_differ")
                        .asBoolean())
                .isFalse();
    }

    /** What programs read is in docs/json.md. */
    @Test
    void json_everyKeyOfPlanAndCompare_isDocumented() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "json.md"));
        JsonNode compared = compare(log("a.csv", 2).toString(), log("b.csv", 3).toString(), "--json")
                .json();
        JsonNode planned = CommandLineRun.of(
                        "plan",
                        "--flops=1e20",
                        "--log=" + log("c.csv", 2),
                        "--params=1M",
                        "--tokens-per-step=1000",
                        "--target=2.1",
                        "--worth=0.1",
                        "--json")
                .json();
        for (JsonNode found : List.of(compared, planned)) {
            List<JsonNode> left = new ArrayList<>(List.of(found));
            while (!left.isEmpty()) {
                JsonNode node = left.remove(left.size() - 1);
                node.fieldNames().forEachRemaining(key -> assertThat(document).contains("`" + key + "`"));
                node.forEach(left::add);
            }
        }
    }

    @Test
    void compare_badOption_isNamed() {
        CommandLineRun run = CommandLineRun.of("compare", "a", "b", "--params=many");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.error()).contains("--params");
    }

    @Test
    void compare_oneRunOnly_isUsage() {
        CommandLineRun run = compare(log("a.csv", 2).toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.error()).contains("needs two runs or more", "a.csv holds one");
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

    @Test
    void report_ofARunWithAHostileName_drivesNoTerminal() {
        Path run = journal("harmless", 100);
        RunMonitor hostile =
                RunMonitor.builder("a\u001b]0;title\u0007\u202e\nrun b").build();
        JournalWriter journal = JournalWriter.start(hostile, run.resolveSibling("hostile"));
        try (journal) {
            hostile.step(1000, 2);
            hostile.close();
        }

        for (String[] command : new String[][] {
            {"report", run.resolveSibling("hostile").toString()},
            {"compare", run.toString(), run.resolveSibling("hostile").toString()}
        }) {
            CommandLineRun said = CommandLineRun.of(command);
            assertThat(said.out() + said.err())
                    .contains("a\\u001b]0;title\\u0007\\u202e\\u000arun b")
                    .doesNotContain("\u001b", "\u0007", "\u202e");
        }
    }
}
