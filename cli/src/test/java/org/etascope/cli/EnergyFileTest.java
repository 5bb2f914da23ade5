package org.etascope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.etascope.core.ModelSize;
import org.etascope.core.RunEnergy;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnergyFileTest {
    private static final long START = 1_780_000_000;

    @TempDir
    Path directory;

    /** A step a second, a loss that falls. */
    private static String log(int steps, boolean times) {
        return (times ? "step,loss,time\n" : "step,loss\n")
                + IntStream.rangeClosed(1, steps)
                        .mapToObj(t -> String.format(Locale.ROOT, "%d,%.6f", t, 1.5 + 2.4 * Math.pow(t, -0.3))
                                + (times ? "," + (START + t) : ""))
                        .collect(Collectors.joining("\n"));
    }

    private String table(String text) throws IOException {
        return Files.writeString(directory.resolve("energy.csv"), text).toString();
    }

    /** 200 W from a second before the log on. */
    private static String steady(int seconds) {
        return "time,joules\n"
                + IntStream.rangeClosed(0, seconds)
                        .mapToObj(t -> START + t + "," + (1_000_000 + 200 * t))
                        .collect(Collectors.joining("\n"));
    }

    private JsonNode json(String log, String table, String... more) throws IOException {
        String[] options = Stream.concat(Stream.of("--energy=" + table(table)), Stream.of(more))
                .toArray(String[]::new);
        CommandLineRun run = CommandLineRun.replay(directory.resolve("log.csv"), log, options);
        assertThat(run.err()).isEmpty();
        return run.json();
    }

    @Test
    void replay_withEnergy_hasJoulesAndTheirPrice() throws IOException {
        JsonNode json = json(log(2_000, true), steady(2_000));
        // From the first point on; before it nobody knows when the run began.
        assertThat(json.path("energy_joules").doubleValue()).isEqualTo(200 * 1_999, within(1e-6));
        assertThat(json.path("energy_covered_seconds").doubleValue()).isEqualTo(1_999);
        assertThat(json.path("joules_per_token").doubleValue()).isEqualTo(0.2, within(1e-9));
        double slope = json.path("nats_per_doubling").doubleValue();
        assertThat(json.path("joules_per_absorbed_bit").doubleValue())
                .isEqualTo(0.2 * Math.pow(Math.log(2), 2) / slope, within(1e-9));
        assertThat(json.path("energy_reason").isNull()).isTrue();
        assertThat(json.path("energy_shared").booleanValue()).isFalse();
    }

    @Test
    void replay_withoutEnergy_hasNoKeyOfIt() {
        JsonNode json = CommandLineRun.replay(directory.resolve("log.csv"), log(100, true))
                .json();
        assertThat(json.has("energy_joules")).isFalse();
    }

    @Test
    void replay_table_saysItOnATerminalAndInTheReport() throws IOException {
        Path log = Files.writeString(directory.resolve("log.csv"), log(2_000, true));
        Path report = directory.resolve("report.html");
        CommandLineRun run = CommandLineRun.of(
                "replay",
                log.toString(),
                "--params=1M",
                "--tokens-per-step=1000",
                "--energy=" + table(steady(2_000)),
                "--html=" + report);
        assertThat(run.out())
                .contains(
                        "400 kJ measured at this machine: 100 % of the run's time; ",
                        "200 mJ a token", "An absorbed bit costs");
        assertThat(Files.readString(report)).contains("\"energy_sentences\":[\"400 kJ measured");
    }

    @Test
    void rowsBetweenPoints_areLaidEvenly() throws IOException {
        JsonNode json = json(log(1_000, true), "time,joules\n" + START + ",500\n" + (START + 1_000) + ",200500\n");
        assertThat(json.path("energy_joules").doubleValue()).isEqualTo(200 * 999, within(1e-6));
        assertThat(json.path("energy_covered_seconds").doubleValue()).isEqualTo(999);
    }

    @Test
    void rowThatGoesBack_isAGapAndNotFilledIn() throws IOException {
        String table = steady(500) + "\n" + (START + 501) + ",7\n" + (START + 1_001) + ",100007\n";
        JsonNode json = json(log(1_000, true), table);
        assertThat(json.path("energy_joules").doubleValue()).isEqualTo(200 * (499 + 499), within(1e-6));
        assertThat(json.path("energy_covered_seconds").doubleValue()).isEqualTo(998);
    }

    @Test
    void rowWithoutANumber_isAGap() throws IOException {
        String table = "time,joules\n" + START + ",0\n" + (START + 100) + ",20000\n" + (START + 200) + ",\n"
                + (START + 300) + ",60000\n" + (START + 400) + ",80000\n";
        JsonNode json = json(log(400, true), table);
        assertThat(json.path("energy_joules").doubleValue()).isEqualTo(200 * (99 + 100), within(1e-6));
    }

    @Test
    void tableThatEndsBeforeTheLog_saysSince() throws IOException {
        JsonNode json = json(log(2_000, true), steady(500));
        assertThat(json.path("energy_joules").doubleValue()).isEqualTo(200 * 499, within(1e-6));
        assertThat(json.path("energy_reason").textValue()).contains("energy.csv ends at 2026-05-28T");
        assertThat(json.path("joules_per_token").doubleValue()).isEqualTo(0.2, within(0.001));
        assertThat(json.path("log10_energy_ratio").isNull())
                .as("a quarter of the tokens")
                .isTrue();
    }

    @Test
    void tableThatBeginsAfterTheLog_countsFromThere() throws IOException {
        String table = "time,joules\n" + (START + 1_000) + ",5\n" + (START + 2_000) + ",200005\n";
        JsonNode json = json(log(2_000, true), table);
        assertThat(json.path("energy_joules").doubleValue()).isEqualTo(200_000, within(1e-6));
        assertThat(json.path("joules_per_token").doubleValue()).isEqualTo(0.2, within(1e-9));
    }

    @Test
    void logWithoutTimes_isLaidToItsEnd() throws IOException {
        JsonNode json = json(log(1_000, false), steady(1_000), "--end-time=2026-05-28T20:43:20Z");
        assertThat(json.path("energy_joules").doubleValue()).isEqualTo(200 * 999, within(1e-6));
    }

    @Test
    void logWithoutTimes_andNoEnd_isRefused() throws IOException {
        CommandLineRun run = CommandLineRun.replay(
                directory.resolve("log.csv"),
                log(10, false),
                "--energy=" + table(steady(10)),
                "--html=" + directory.resolve("report.html"));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--energy needs the log's times").contains("--end-time");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "time,joules;5,3;6,4|line 2: time \"5\" is no point in time",
                "1780000000,abc;1780000001,4|line 1: joules \"abc\" is no number",
                "time,joules;1780000005,3;1780000001,4|line 3: its time lies before that of the row above",
                "time,joules;1780000005;1780000006,4|is no table of time,joules: ",
                "1780000005;1780000006|line 1: it has one column, wanted: time,joules",
                "time,joules;1780000005,3|has fewer than two rows of time,joules",
            })
    void table_thatIsWrong_isOneLine(String table, String message) throws IOException {
        CommandLineRun run = CommandLineRun.replay(
                directory.resolve("log.csv"), log(10, true), "--energy=" + table(table.replace(';', '\n')));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("energy.csv").contains(message).hasLineCount(1);
    }

    @Test
    void table_withAByteOrderMark_isRead() throws IOException {
        assertThat(json(log(2_000, true), '\ufeff' + steady(2_000))
                        .path("energy_joules")
                        .doubleValue())
                .isEqualTo(200 * 1_999, within(1e-6));
    }

    @Test
    void table_isAFolder_isOneLine() {
        CommandLineRun run =
                CommandLineRun.replay(directory.resolve("log.csv"), log(10, true), "--energy=" + directory);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("--energy " + directory + " ")
                .contains("folder")
                .hasLineCount(1);
    }

    /** 200 W, 10 tokens a second, written down now and then: the price is right, where it is known. */
    @ParameterizedTest
    @CsvSource({"120, 20, 0.99", "900, NaN, 0"})
    void table_thatLagsBehindTheLog_makesNoTokenDearer(int every, double price, double share) throws IOException {
        AtomicLong clock = new AtomicLong();
        RunMonitor monitor =
                RunMonitor.builder("lags").modelSize(new ModelSize(1_000, 32)).build();
        EnergyFile energy = new EnergyFile(Path.of(table(steady(1))), () -> false, clock::get);
        for (int t = 1; t <= 3_600; t++) {
            if (t % every == 0) {
                table(steady(t));
            }
            monitor.step(10, 3);
            clock.set(1_000 * (START + t));
            energy.tell(monitor, clock.get());
        }
        RunEnergy found = monitor.snapshot().energy();
        assertThat(found.joules()).isEqualTo(200 * 3_599, within(1e-6));
        assertThat(Double.isNaN(price) ? Double.isNaN(found.joulesPerToken()) : found.joulesPerToken() == price)
                .as("%s J a token", found.joulesPerToken())
                .isTrue();
        assertThat(found.coverage().share()).isEqualTo(share, within(0.01));
    }

    @Test
    void table_thatGrows_isReadAgain() throws Exception {
        RunMonitor monitor =
                RunMonitor.builder("live").modelSize(new ModelSize(1_000, 32)).build();
        AtomicLong clock = new AtomicLong();
        EnergyFile energy = new EnergyFile(Path.of(table(steady(10))), () -> true, clock::get);
        for (int t = 1; t <= 15; t++) {
            monitor.step(100, 3);
            energy.tell(monitor, 1_000 * (START + t));
        }
        assertThat(monitor.snapshot().energy().joules()).isEqualTo(200 * 9);
        table(steady(30) + "\n178000");
        clock.addAndGet(1_001); // It is looked at once a second.
        energy.tell(monitor, 1_000 * (START + 15));
        assertThat(monitor.snapshot().energy().joules())
                .as("a row half written")
                .isEqualTo(200 * 9);
        table(steady(30));
        clock.addAndGet(1_001);
        for (int t = 16; t <= 20; t++) {
            monitor.step(100, 3);
            energy.tell(monitor, 1_000 * (START + t));
        }
        assertThat(monitor.snapshot().energy().joules()).isEqualTo(200 * 19);
        assertThat(monitor.snapshot().energy().shared()).isTrue();
        assertThat(monitor.snapshot().energy().reason()).isNull();
    }
}
