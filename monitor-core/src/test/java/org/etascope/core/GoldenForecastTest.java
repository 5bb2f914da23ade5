package org.etascope.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every row and every column of golden_forecast.csv: made runs, their forecasts to 1e-9 and their refusals. */
class GoldenForecastTest {

    @TestFactory
    Stream<DynamicTest> everyRow_isMet() throws IOException {
        List<Map<String, String>> rows = rows();
        assertThat(rows).hasSizeGreaterThanOrEqualTo(68);
        return rows.stream()
                .map(row -> DynamicTest.dynamicTest(row.get("name") + " at " + row.get("cut_steps"), () -> check(row)));
    }

    private static void check(Map<String, String> row) {
        GoldenRun run = new GoldenRun(row);
        assertThat(run.bins.view().bins()).isEqualTo((int) number(row, "bins"));
        Forecast forecast = new Forecast(run.basis());
        assertThat(forecast.refused() == null ? "" : forecast.refused()).isEqualTo(row.get("refused"));
        same(row, "now", forecast.currentLossNats());

        Forecast.Answer end = forecast.plannedEnd();
        if (row.get("refused").isEmpty()) {
            assertThat(end.refused() == null ? "" : end.refused()).isEqualTo(row.get("end_refused"));
        }
        same(row, "end", end.lossNats());
        same(row, "end_lo", end.lowerNats());
        same(row, "end_hi", end.upperNats());

        // The rows have the doubling also where the rate is too low to show it.
        Forecast.Answer doubling = new Forecaster(run.basis()).doubling(forecast.refused());
        same(row, "doubling", doubling.lossNats());
        same(row, "doubling_lo", doubling.lowerNats());
        same(row, "doubling_hi", doubling.upperNats());

        Forecast.Answer decay = forecast.decayNow();
        same(row, "gain", decay.gainNats());
        same(row, "gain_lo", decay.gainLowerNats());
        same(row, "gain_hi", decay.gainUpperNats());

        if (number(row, "target") > 0) {
            Forecast.Crossing crossing = forecast.tokensAt(number(row, "target"));
            same(row, "at", crossing.tokens());
            same(row, "at_first", crossing.earliest());
            same(row, "at_last", crossing.latest());
        }
        if (number(row, "g") > 0) {
            same(row, "below_g", forecast.tokensUntilDoublingBuys(number(row, "g")));
        }
    }

    private static void same(Map<String, String> row, String column, double value) {
        if (row.get(column).isEmpty()) {
            assertThat(value).as(column).isNaN();
            return;
        }
        double expected = number(row, column);
        if (Double.isInfinite(expected)) {
            assertThat(value).as(column).isEqualTo(expected);
        } else {
            assertThat(value).as(column).isCloseTo(expected, within(1e-9 * Math.abs(expected)));
        }
    }

    private static double number(Map<String, String> row, String column) {
        String text = row.get(column);
        return text.equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    }

    /** The run that a row describes, fed as the monitor feeds a run. */
    private static final class GoldenRun {
        final ForecastBins bins = new ForecastBins();
        final LearningRates rates = new LearningRates();
        final TrainingPlan plan;
        final double tokens;
        final double cut;

        GoldenRun(Map<String, String> row) {
            double steps = number(row, "end_steps");
            double warm = number(row, "warm");
            LearningRateSchedule schedule =
                    LearningRateSchedule.parse(schedule(row)).withWarmup((long) warm);
            double tokensPerStep = number(row, "tokens_per_step");
            plan = new TrainingPlan(steps * tokensPerStep, steps, schedule);
            int every = (int) number(row, "every");
            LogBins curve = new LogBins((int) number(row, "points"));
            double sum = 0;
            double last = 0;
            cut = number(row, "cut_steps");
            for (int t = 1; t <= cut; t++) {
                double h = schedule.at(t, steps);
                sum += h;
                if (t % every != 0) {
                    continue;
                }
                last = t * tokensPerStep;
                double loss = number(row, "E")
                        + number(row, "A") * Math.pow(1 + sum / 5, -number(row, "p"))
                        - (t > warm ? number(row, "K") * (1 - h) : 0)
                        + (t > number(row, "jump_at") ? number(row, "jump") : 0)
                        + number(row, "sigma") * Math.sqrt(12) * ((long) t * 7919 % 1000 / 1000.0 - 0.4995);
                rates.tell(number(row, "peak_rate") * h);
                rates.step(last, every * tokensPerStep, Double.NaN);
                bins.add(loss, Math.log(last), Math.log(rates.sum()), rates.rate());
                if (curve.add(Math.log(last), loss)) {
                    bins.close();
                }
            }
            tokens = last;
        }

        private static String schedule(Map<String, String> row) {
            String text = row.get("schedule");
            return text.startsWith("cosine") || text.startsWith("wsd") ? text + ":" + row.get("floor") : text;
        }

        ForecastBasis basis() {
            return new ForecastBasis(bins.view(), rates.now(), tokens, cut, plan, TokenUnit.TOKEN);
        }
    }

    private static List<Map<String, String>> rows() throws IOException {
        List<Map<String, String>> rows = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                GoldenForecastTest.class.getResourceAsStream("/golden_forecast.csv"), StandardCharsets.UTF_8))) {
            String[] names = in.readLine().split(",");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] values = fields(line);
                assertThat(values).hasSameSizeAs(names);
                Map<String, String> row = new HashMap<>();
                for (int i = 0; i < names.length; i++) {
                    row.put(names[i], values[i]);
                }
                rows.add(row);
            }
        }
        return rows;
    }

    /** Commas separate, but for those within quotes. */
    private static String[] fields(String line) {
        List<String> fields = new ArrayList<>();
        String[] quoted = line.split("\"", -1);
        StringBuilder open = new StringBuilder();
        for (int i = 0; i < quoted.length; i++) {
            if (i % 2 == 1) {
                open.append(quoted[i]);
                continue;
            }
            String[] parts = quoted[i].split(",", -1);
            for (int j = 0; j < parts.length; j++) {
                open.append(parts[j]);
                if (j < parts.length - 1) {
                    fields.add(open.toString());
                    open.setLength(0);
                }
            }
        }
        fields.add(open.toString());
        return fields.toArray(String[]::new);
    }
}
