package org.etascope.benchmarks.reallogs;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import org.etascope.benchmarks.Median;

/** Replays public logs and holds what comes out against what is known of them. */
public final class RealLogs {
    private static final int SEEDS = 20;
    private static final double SAME = 1e-9;

    private final Path folder;
    private boolean failed;

    private RealLogs(Path folder) {
        this.folder = folder;
    }

    /**
     * Prints a line for each check, and fails if one does or if a log is missing.
     *
     * @param args the folder of the logs
     * @throws IOException if a log cannot be read or replayed
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            System.err.println("soak: real-logs needs the folder of the logs");
            System.exit(2);
        }
        Path folder = Path.of(args[0]);
        for (RealLog log : RealLog.values()) {
            if (!Files.isReadable(folder.resolve(log.file()))) {
                System.err.println("soak: " + folder.resolve(log.file()) + " is not there");
                System.exit(1);
            }
        }
        RealLogs logs = new RealLogs(folder);
        logs.llmc();
        logs.parameterGolf();
        logs.frozen(0.25, 1.6);
        logs.frozen(0.40, 1.4);
        logs.forecasts();
        if (logs.failed) {
            System.exit(1);
        }
    }

    private void check(String what, boolean holds, Object found) {
        System.out.printf(Locale.ROOT, "%-5s %-72s %s%n", holds ? "ok" : "FAILS", what, found);
        failed |= !holds;
    }

    private void near(String what, double wanted, double tolerance, JsonNode found) {
        check(what + " is " + wanted, Math.abs(found.asDouble(Double.NaN) - wanted) <= tolerance, found);
    }

    private void llmc() throws IOException {
        JsonNode run = RealLog.LLMC.replay(folder.resolve(RealLog.LLMC.file()), false);
        check("llm.c 124M: tokens are 10255073280", run.path("tokens").asLong() == 10_255_073_280L, run.path("tokens"));
        near("llm.c 124M: baseline_nats", 11.0091, 0, run.path("baseline_nats"));
        near("llm.c 124M: eta", 55.2, 0.05, run.path("eta"));
        near("llm.c 124M: eta_dataset", 57.3, 0.05, run.path("eta_dataset"));
        onlyTraining("llm.c 124M", run);
    }

    private void parameterGolf() throws IOException {
        JsonNode run = RealLog.PARAMETER_GOLF.replay(folder.resolve(RealLog.PARAMETER_GOLF.file()), false);
        near("parameter golf: baseline_nats", 6.9408, 0, run.path("baseline_nats"));
        check(
                "parameter golf: text around the data is skipped",
                run.path("skipped").asLong() > 50,
                run.path("skipped"));
        check("parameter golf: eta at the end is positive", run.path("eta").asDouble() > 0, run.path("eta"));
        onlyTraining("parameter golf", run);

        List<String> two = RealLog.PARAMETER_GOLF.points(folder).stream()
                .limit(2)
                .map(RealLog.Point::line)
                .toList();
        JsonNode early = RealLog.PARAMETER_GOLF.replay(two, false);
        check("parameter golf: eta after step 2 is negative", early.path("eta").asDouble() < 0, early.path("eta"));
        near("parameter golf: landauer_floor_joules after step 2", 0, 0, early.path("landauer_floor_joules"));
    }

    private void onlyTraining(String log, JsonNode run) {
        List<String> events = new ArrayList<>();
        run.path("events")
                .forEach(event -> events.add(
                        event.path("phase").asText(event.path("event").asText())));
        check(log + ": the only event is training", events.equals(List.of("training")), events);
    }

    /**
     * The loss held at its level from a point on, plus the noise the log itself has there: residuals of the 400 steps around
     * it against their running mean, drawn at random.
     */
    private void frozen(double share, double foundBy) throws IOException {
        List<RealLog.Point> log = RealLog.LLMC.points(folder);
        int at = (int) (share * log.size());
        double level = mean(log, at - 100, at + 100);
        double[] noise = new double[400];
        Arrays.setAll(noise, i -> log.get(at - 200 + i).loss() - mean(log, at - 250 + i, at - 150 + i));
        List<Double> found = new ArrayList<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<String> lines = new ArrayList<>();
            for (int t = 0; t < log.size(); t++) {
                RealLog.Point point = log.get(t);
                lines.add(t < at ? point.line() : point.withLoss(level + noise[random.nextInt(noise.length)]));
            }
            JsonNode tokens = RealLog.LLMC.replay(lines, false).path("saturated_at_tokens");
            found.add(tokens.asDouble(Double.POSITIVE_INFINITY) / RealLog.TOKENS_PER_STEP / at);
        }
        Median median = Median.of(found);
        check(
                String.format(
                        Locale.ROOT,
                        "llm.c 124M frozen at %.0f %%: found by %.1f times, never before",
                        100 * share,
                        foundBy),
                median.middle() <= foundBy && median.least() > 1,
                median.text("%.2f"));
    }

    private static double mean(List<RealLog.Point> log, int from, int to) {
        return log.subList(from, to).stream()
                .mapToDouble(RealLog.Point::loss)
                .average()
                .orElseThrow();
    }

    private void forecasts() throws IOException {
        try (InputStream table =
                Objects.requireNonNull(RealLogs.class.getResourceAsStream("/golden_forecast_real.csv"))) {
            List<String> rows = new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            List<String> names = Arrays.asList(rows.get(0).split(",", -1));
            for (String row : rows.subList(1, rows.size())) {
                forecast(names, row.split(",", -1));
            }
        }
    }

    private void forecast(List<String> names, String[] row) throws IOException {
        RealLog log = RealLog.of(row[0]);
        int cut = Integer.parseInt(row[names.indexOf("cut_steps")]);
        List<String> lines = log.points(folder).stream()
                .filter(point -> point.steps() <= cut)
                .map(RealLog.Point::line)
                .toList();
        JsonNode forecast = log.replay(lines, true).path("forecast");
        double worst = 0;
        for (String[] pair : new String[][] {
            {"end", "/planned_end/loss_nats"},
            {"end_lo", "/planned_end/loss_lower_nats"},
            {"end_hi", "/planned_end/loss_upper_nats"},
            {"doubling", "/next_doubling/loss_nats"},
            {"doubling_lo", "/next_doubling/loss_lower_nats"},
            {"doubling_hi", "/next_doubling/loss_upper_nats"},
            {"gain", "/decay_now/gain_nats"},
            {"gain_lo", "/decay_now/gain_lower_nats"},
            {"gain_hi", "/decay_now/gain_upper_nats"}
        }) {
            double wanted = Double.parseDouble(row[names.indexOf(pair[0])]);
            double off = Math.abs(forecast.at(pair[1]).asDouble(Double.NaN) - wanted) / Math.abs(wanted);
            worst = Double.isNaN(off) ? Double.POSITIVE_INFINITY : Math.max(worst, off);
        }
        check(log.file() + " cut at " + cut + ": its forecasts", worst <= SAME, "off by " + worst + " at most");
    }
}
