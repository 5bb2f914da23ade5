package org.etascope.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.stream.IntStream;
import org.etascope.core.CurvePoint;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.core.RunState;
import org.junit.jupiter.api.Test;

class RunJsonTest {
    private static final String[] REPLAY_KEYS = {
        "run",
        "steps",
        "points",
        "tokens",
        "skipped",
        "nonfinite",
        "parameters",
        "model_size_bits",
        "baseline_nats",
        "baseline_method",
        "mean_loss_nats",
        "current_loss_nats",
        "information_transmitted_bits",
        "information_absorbed_bits",
        "information_dataset_bits",
        "eta",
        "eta_absorbed",
        "eta_dataset",
        "eta_standard_error",
        "landauer_floor_joules",
        "nats_per_doubling",
        "nats_per_doubling_lower",
        "nats_per_doubling_upper",
        "progress_ratio",
        "tokens_until_conclusive",
        "eta_loglog_slope",
        "phase",
        "conditions",
        "saturation_cause",
        "saturated_at_tokens",
        "outcome",
        "forecast",
    };

    private final RunMonitor monitor = RunMonitor.builder("a \"run\"\n<b>η</b>")
            .modelSize(new ModelSize(1000, 16))
            .vocabularySize(100)
            .plannedTokens(1_000_000)
            .clock(() -> 1_000_000)
            .build();

    private static JsonNode parse(String json) throws Exception {
        return new ObjectMapper().readTree(json);
    }

    private void train(int steps) {
        for (int t = 1; t <= steps; t++) {
            monitor.step(100, 1 + 3.6 / (1 + t / 50.0) + 0.01 * (t % 7), 1_000_000 + 100L * t);
        }
    }

    @Test
    void replay_afterTraining_hasExactlyTheContractsKeys() throws Exception {
        train(500);

        assertThat(parse(RunJson.replay(monitor.snapshot())).fieldNames())
                .toIterable()
                .containsExactly(REPLAY_KEYS);
    }

    @Test
    void replay_afterTraining_hasTheSnapshotsNumbersToTheLastBit() throws Exception {
        train(500);
        RunSnapshot now = monitor.snapshot();

        JsonNode json = parse(RunJson.replay(now));

        assertThat(json.get("run").asText()).isEqualTo("a \"run\"\n<b>η</b>");
        assertThat(json.get("tokens").asLong()).isEqualTo(50_000);
        assertThat(json.get("eta").asDouble()).isEqualTo(now.ledger().eta());
        assertThat(json.get("information_absorbed_bits").asDouble())
                .isEqualTo(now.ledger().absorbed().bits());
        assertThat(json.get("nats_per_doubling_lower").asDouble())
                .isEqualTo(now.verdict().slope().natsPerDoublingLower());
        assertThat(json.get("landauer_floor_joules").asDouble())
                .isEqualTo(now.ledger().landauerFloorJoules());
        assertThat(json.get("phase").asText()).isEqualTo("training");
    }

    @Test
    void replay_beforeTheFirstStep_unknownNumbersAreNull() throws Exception {
        JsonNode json = parse(RunJson.replay(RunMonitor.builder("new").build().snapshot()));

        assertThat(List.of("parameters", "baseline_nats", "mean_loss_nats", "eta", "saturated_at_tokens"))
                .allSatisfy(key -> assertThat(json.get(key).isNull()).as(key).isTrue());
        assertThat(json.get("steps").asLong()).isZero();
        assertThat(json.get("phase").asText()).isEqualTo("initial");
    }

    @Test
    void replayWithEvents_saturatingRun_phaseChangesInOrder() throws Exception {
        for (int t = 1; t <= 20_000; t++) {
            monitor.step(100, 1 + 3.6 / (1 + Math.min(t, 300) / 5.0) + 0.01 * (t * 7919 % 13));
        }

        JsonNode json = parse(RunJson.replayWithEvents(Recording.of(monitor)));

        assertThat(json.get("events").findValuesAsText("phase")).startsWith("training", "saturated");
        assertThat(json.get("events").get(1).get("tokens").asLong())
                .isEqualTo(json.get("saturated_at_tokens").asLong());
    }

    @Test
    void run_afterTraining_seriesIsTheCurveByColumns() throws Exception {
        train(500);
        List<CurvePoint> curve = monitor.curve();

        JsonNode series = parse(RunJson.run(Recording.of(monitor), 1_100)).get("series");

        assertThat(IntStream.range(0, curve.size())
                        .mapToDouble(i -> series.get("eta_absorbed").get(i).asDouble()))
                .containsExactly(curve.stream()
                        .map(point ->
                                point.ledger(monitor.snapshot()).absorbed().eta())
                        .toArray(Double[]::new));
        assertThat(series).allSatisfy(column -> assertThat(column).hasSameSizeAs(curve));
        assertThat(series.get("nats_per_doubling").get(0).isNull()).isTrue();
    }

    @Test
    void run_halfWayThroughItsPlan_hasRateAndTimeLeft() throws Exception {
        train(5_000);

        JsonNode json = parse(RunJson.run(Recording.of(monitor), 1_500));

        assertThat(json.get("tokens_per_second").asDouble()).isCloseTo(1_000, within(1e-9));
        assertThat(json.get("seconds_left").asDouble()).isCloseTo(500, within(1e-9));
        assertThat(json.get("sentence").asText())
                .isEqualTo(monitor.snapshot().verdict().sentence());
    }

    @Test
    void run_withValidation_hasItsSeriesAndWhatFollows() throws Exception {
        for (int i = 1; i <= 20; i++) {
            train(50);
            monitor.validation(3 + 1.0 / i);
        }
        RunSnapshot now = monitor.snapshot();

        JsonNode json = parse(RunJson.run(Recording.of(monitor), 1_500));

        JsonNode series = json.get("validation_series");
        assertThat(series.get("loss_nats")).hasSameSizeAs(monitor.validationCurve());
        assertThat(series.get("tokens").get(0).asDouble())
                .isEqualTo(monitor.validationCurve().get(0).tokens());
        assertThat(json.get("generalization_gap_nats").asDouble())
                .isEqualTo(now.validation().generalizationGap());
        assertThat(json.get("compression_ratio").asDouble())
                .isEqualTo(now.baseline().nats() / now.losses().mean());
        assertThat(json.get("reference_eta_lower").asDouble()).isEqualTo(0.125);
    }

    @Test
    void list_twoRuns_oneObjectEach() throws Exception {
        RunMonitor other = RunMonitor.builder("other").build();

        JsonNode list = parse(RunJson.list(List.of(monitor.snapshot(), other.snapshot())));

        assertThat(list.findValuesAsText("run")).containsExactly(monitor.name(), "other");
    }

    private String changes(double nowSeconds, String since) {
        Recording recording = Recording.of(monitor);
        return RunJson.changes(recording, nowSeconds, RunJson.known(recording, since));
    }

    @Test
    void known_anyText_isOneWordForAllWhoHaveTheSame() throws Exception {
        train(500);
        String version = parse(changes(0, "")).get("version").asText();
        Recording then = Recording.of(monitor);
        train(1);
        Recording now = Recording.of(monitor);
        String rest = "\\.[0-9a-f]+\\.(\\d+\\.\\d+)$";

        assertThat(RunJson.known(then, version)).isNull();
        assertThat(RunJson.known(now, version)).isEqualTo(version.replaceFirst(rest, ".0.$1"));
        // What a client makes up is not kept apart.
        assertThat(RunJson.known(now, version.replaceFirst(rest, ".abc.$1"))).isEqualTo(RunJson.known(now, version));
        for (String other : List.of("", "x", "1.2.3.4.5", "ffffffff.ffffffff.0.999999999.1", "....", "1.1.1.-1.0")) {
            assertThat(RunJson.known(now, other)).as(other).isEqualTo("0.0.0.0.0");
        }
    }

    @Test
    void changes_sinceAnAnswer_areWhatIsNew() throws Exception {
        train(500);
        JsonNode all = parse(changes(1_100, ""));
        int points = all.at("/series/tokens").size();
        String version = all.get("version").asText();
        assertThat(points).isEqualTo(monitor.curve().size());
        assertThat(all.at("/series/from").asInt()).isZero();
        assertThat(all.has("events")).isTrue();
        assertThat(all.get("run").has("series")).isFalse();

        assertThat(RunJson.known(Recording.of(monitor), version)).isNull();

        train(100);
        JsonNode news = parse(changes(1_102, version));
        assertThat(news.at("/series/from").asInt()).isEqualTo(points);
        assertThat(news.at("/series/tokens").size())
                .isEqualTo(monitor.curve().size() - points)
                .isPositive();
        assertThat(news.at("/run/tokens").asLong())
                .isEqualTo(monitor.snapshot().progress().tokens());
    }

    @Test
    void changes_afterTheRunWentBackOrLearntItsSize_beginAnew() throws Exception {
        train(500);
        RunState earlier = monitor.state();
        train(500);
        String version = parse(changes(0, "")).get("version").asText();
        monitor.restore(earlier);
        train(3);
        JsonNode back = parse(changes(0, version));
        assertThat(back.at("/series/from").asInt()).isZero();

        version = back.get("version").asText();
        monitor.uniqueTokens(12_345);
        assertThat(parse(changes(0, version)).at("/series/from").asInt()).isZero();
    }
}
