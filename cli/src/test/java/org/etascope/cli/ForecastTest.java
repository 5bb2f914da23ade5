package org.etascope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.etascope.core.Outcome;
import org.etascope.core.RunMonitor;
import org.etascope.recording.JournalWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code --planned-steps}, {@code --schedule} and {@code --warmup-steps}, and what is said of the future. */
class ForecastTest {
    private static final int STEPS = 4000;

    @TempDir
    private Path directory;

    /** A power law over STEPS steps of 1,000 tokens each; with rates those of a line from 1 at step 0 to 0 at 8,000. */
    private static String log(boolean rates) {
        StringBuilder text = new StringBuilder(rates ? "step,loss,lr\n" : "step,loss\n");
        for (int t = 1; t <= STEPS; t++) {
            double noise = 0.02 * (new SplittableRandom(t).nextDouble() - 0.5);
            text.append(t).append(',').append(2 + 9 * Math.pow(1000.0 * t, -0.3) + noise);
            text.append(rates ? "," + (1 - t / 8000.0) + "\n" : "\n");
        }
        return text.toString();
    }

    private JsonNode forecast(boolean rates, String... more) {
        CommandLineRun run = CommandLineRun.replay(directory.resolve("a.csv"), log(rates), more);
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return run.json().get("forecast");
    }

    @Test
    void json_plannedRun_hasThreeAnswersWithTheKeysOfTheContract() {
        JsonNode forecast = forecast(true, "--planned-steps=8000", "--schedule=linear");
        List<String> questions = new ArrayList<>();
        forecast.fieldNames().forEachRemaining(questions::add);
        assertThat(questions).containsExactly("planned_end", "next_doubling", "decay_now");
        for (JsonNode answer : forecast) {
            List<String> keys = new ArrayList<>();
            answer.fieldNames().forEachRemaining(keys::add);
            assertThat(String.join(" ", keys))
                    .isEqualTo("tokens loss_nats loss_lower_nats loss_upper_nats gain_nats gain_lower_nats"
                            + " gain_upper_nats refused");
            assertThat(answer.get("refused").isNull()).isTrue();
            assertThat(answer.get("loss_lower_nats").asDouble())
                    .isLessThan(answer.get("loss_nats").asDouble());
            assertThat(answer.get("loss_upper_nats").asDouble())
                    .isGreaterThan(answer.get("loss_nats").asDouble());
        }
        assertThat(forecast.at("/planned_end/tokens").asDouble()).isEqualTo(8e6);
        assertThat(forecast.at("/next_doubling/tokens").asDouble()).isEqualTo(8e6);
        assertThat(forecast.at("/decay_now/tokens").asDouble()).isEqualTo(4.8e6);
    }

    @Test
    void json_ratesNotInTheLog_areTheSchedules() {
        assertThat(forecast(false, "--planned-steps=8000", "--schedule=linear"))
                .isEqualTo(forecast(true, "--planned-steps=8000", "--schedule=linear"));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "false, -, -, the learning rate is not known",
                "false, 8000, -, the learning rate is not known",
                "true, -, -, unknown schedule or end",
                "true, 8000, -, unknown schedule or end",
                "true, -, linear, unknown schedule or end",
                "false, 40000, linear, too early: less than a sixth of the run",
                "true, 4000, linear, the planned end is reached",
                "true, 100, linear, the planned end is reached",
                "true, 8000, list:0:1, the learning rate will rise again",
            })
    void json_withoutAForecastOfTheEnd_saysWhyAndHasNulls(boolean rates, String steps, String schedule, String why) {
        List<String> options = new ArrayList<>();
        if (steps != null) {
            options.add("--planned-steps=" + steps);
        }
        if (schedule != null) {
            options.add("--schedule=" + schedule);
        }
        JsonNode end = forecast(rates, options.toArray(String[]::new)).get("planned_end");
        assertThat(end.get("refused").asText()).isEqualTo(why);
        for (String key : List.of("tokens", "loss_nats", "gain_upper_nats")) {
            assertThat(end.get(key).isNull()).as(key).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--schedule=exponential, 'schedule is \"exponential\", allowed: constant, linear, cosine[:FLOOR]'",
        "--schedule=wsd, 'schedule is \"wsd\", allowed: '",
        "--schedule=cosine:2, allowed: shares from 0 to 1",
        "--planned-steps=0, --planned-steps",
        "--warmup-steps=100, --warmup-steps belongs to a --schedule",
    })
    void planThatIsNone_isAUsageErrorInOneLine(String option, String message) {
        CommandLineRun run = CommandLineRun.replay(directory.resolve("a.csv"), "step,loss\n1,10\n", option);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message);
        assertThat(run.err().strip().lines()).hasSize(1);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void warmupBelowZero_isAUsageError() {
        CommandLineRun run = CommandLineRun.replay(
                directory.resolve("a.csv"), "step,loss\n1,10\n", "--schedule=linear", "--warmup-steps=-1");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("warm-up steps is -1, allowed: 0 or more");
    }

    @Test
    void table_plannedRun_hasTheSentencesOfTheCore() {
        Path file = directory.resolve("a.csv");
        CommandLineRun.write(file, log(true));
        CommandLineRun run = CommandLineRun.of(
                "replay",
                file.toString(),
                "--params=1M",
                "--tokens-per-step=1000",
                "--planned-steps=8000",
                "--schedule=linear");
        assertThat(run.out())
                .contains("forecast At the planned end: ")
                .contains("Next doubling at this rate: −")
                .contains("A decay to zero over the next 20 % of the tokens would give ");
    }

    // ---- plan --log ----

    private CommandLineRun plan(Path log, String... more) {
        List<String> args = new ArrayList<>(List.of("plan", "--json", "--log=" + log));
        args.addAll(List.of(more));
        return CommandLineRun.of(args.toArray(String[]::new));
    }

    private Path logFile() {
        Path file = directory.resolve("a.csv");
        CommandLineRun.write(file, log(true));
        return file;
    }

    @Test
    void plan_ofALog_isItsForecastAndPrices() {
        String[] schedule = {"--tokens-per-step=1000", "--planned-steps=8000", "--schedule=linear"};
        JsonNode replayed = forecast(true, "--planned-steps=8000", "--schedule=linear");
        JsonNode plan = plan(logFile(), schedule[0], schedule[1], schedule[2], "--target=2.08", "--worth=0.01")
                .json();
        assertThat(plan.get("forecast")).isEqualTo(replayed);
        JsonNode target = plan.get("tokens_at_target");
        assertThat(target.get("tokens").asDouble()).isBetween(4e6, 4e8);
        assertThat(target.get("earliest").asDouble())
                .isLessThanOrEqualTo(target.get("tokens").asDouble());
        assertThat(plan.get("tokens_until_worth").asDouble()).isBetween(4e6, 4e8);
    }

    @Test
    void plan_targetOutOfReach_isNull() {
        JsonNode plan =
                plan(logFile(), "--tokens-per-step=1000", "--target=0.5").json();
        assertThat(plan.at("/tokens_at_target/tokens").isNull()).isTrue();
        assertThat(plan.get("tokens_until_worth").isNull()).isTrue();
    }

    @Test
    void plan_withoutALog_hasTheKeysAndNoForecast() {
        JsonNode plan = CommandLineRun.of("plan", "--json", "--params=1M").json();
        for (String key : List.of("forecast", "tokens_at_target", "tokens_until_worth")) {
            assertThat(plan.has(key)).isTrue();
            assertThat(plan.get(key).isNull()).as(key).isTrue();
        }
        assertThat(CommandLineRun.of("plan", "--target=2").exitCode()).isEqualTo(2);
    }

    @Test
    void plan_forPeople_saysTheSentences() {
        Path file = logFile();
        assertThat(CommandLineRun.of("plan", "--log=" + file, "--tokens-per-step=1000", "--target=9", "--worth=0.01")
                        .out())
                .contains("Next doubling at this rate: ", "9.00 nats: reached.", "A doubling buys less than 0.01");
    }

    /** A step a second, 200 J each. */
    @Test
    void plan_ofALogWithTimesAndEnergy_tellsHoursAndJoules() {
        StringBuilder log = new StringBuilder("step,loss,lr,time\n");
        StringBuilder energy = new StringBuilder("time,joules\n");
        for (int t = 1; t <= 3_000; t++) {
            log.append(String.format(
                    Locale.ROOT, "%d,%.6f,0.01,%d%n", t, 1.5 + 2.4 * Math.pow(t, -0.3), 1_780_000_000 + t));
            energy.append(1_780_000_000 + t).append(',').append(200 * t).append('\n');
        }
        Path file = directory.resolve("timed.csv");
        CommandLineRun.write(file, log.toString());
        Path joules = directory.resolve("energy.csv");
        CommandLineRun.write(joules, energy.toString());
        JsonNode target = plan(file, "--tokens-per-step=1000", "--target=1.7", "--energy=" + joules)
                .json()
                .get("tokens_at_target");
        double steps = target.get("tokens").asDouble() / 1_000 - 3_000;
        assertThat(steps).isPositive();
        assertThat(target.get("seconds").asDouble()).isCloseTo(steps, withinPercentage(1));
        assertThat(target.get("joules").asDouble()).isCloseTo(200 * steps, withinPercentage(1));
        assertThat(CommandLineRun.of(
                                "plan", "--log=" + file, "--tokens-per-step=1000", "--target=1.7", "--energy=" + joules)
                        .out())
                .containsPattern("1\\.70 nats at .* From here: .* min at 1\\.00 k tokens a second, .* kJ\\.");
        // Without times a second a step is only assumed, and no speed.
        assertThat(plan(logFile(), "--tokens-per-step=1000", "--target=2.08")
                        .json()
                        .at("/tokens_at_target/seconds")
                        .isNull())
                .isTrue();
    }

    @Test
    void plan_ofARecordingWithoutItsLaw_saysSo() throws IOException {
        RunMonitor monitor = RunMonitor.builder("kept").build();
        Path folder = directory.resolve("kept");
        JournalWriter journal = JournalWriter.start(monitor, folder);
        for (int t = 1; t <= 2_000; t++) {
            monitor.step(t, 0, 0.01, 1_000, 1.5 + 2.4 * Math.pow(t, -0.3), 1_780_000_000_000L + 1_000L * t);
        }
        monitor.end(Outcome.FINISHED);
        journal.close();
        assertThat(CommandLineRun.of("plan", "--log=" + folder, "--target=1.5", "--worth=0.01")
                        .out())
                .contains(
                        "No forecast of when a loss is reached: the law was not recorded.",
                        "No forecast of what a doubling buys: the law was not recorded.");
    }
}
