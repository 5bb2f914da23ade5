package org.etascope.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.etascope.core.CurvePoint;
import org.etascope.core.EnergyReport;
import org.etascope.core.Figure;
import org.etascope.core.LayerResiduals;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.junit.jupiter.api.Test;

/** The list of figures, and its two rules: one name, and unknown is never 0. */
class FigureTest {
    /** Metrics whose name is not etascope_ and the key with the suffix of its kind; docs/metrics.md says why. */
    private static final Set<Figure> OTHER_NAME = EnumSet.of(
            Figure.STEPS,
            Figure.TOKENS,
            Figure.PARAMETERS,
            Figure.CODE_LENGTH_BITS,
            Figure.CONDITIONS,
            Figure.OUTCOME,
            Figure.ENERGY_JOULES,
            Figure.ENERGY_COVERED_SECONDS,
            Figure.LAYER_PREDICTION_RESIDUAL,
            Figure.PROCESS_NONFINITE,
            Figure.PROCESS_SKIPPED);

    private static RunMonitor trained(boolean validated) {
        RunMonitor monitor = RunMonitor.builder("figures")
                .modelSize(new ModelSize(1_000, 16))
                .vocabularySize(50)
                .uniqueTokens(100_000)
                .clock(() -> 1_000)
                .build();
        for (int t = 1; t <= 2_000; t++) {
            monitor.step(t + 3, 1 + t / 1_000, 0.01 - 1e-6 * t, 100, 1.5 + 2.4 * Math.pow(t, -0.3), 1_000L * t);
            monitor.energy(new EnergyReport(5, 1, true, false, List.of("CPU package"), null));
            if (validated && t % 50 == 0) {
                monitor.validation(1.6 + 2.4 * Math.pow(t, -0.3));
            }
        }
        return monitor;
    }

    @Test
    void metric_ofEachFigure_followsItsKeyOrIsAnException() {
        for (Figure figure : Figure.values()) {
            String suffix = figure.counter() ? "_total" : figure.unit().equals("ratio") ? "_ratio" : "";
            String byRule = "etascope_" + figure.key() + (figure.key().endsWith(suffix) ? "" : suffix);
            figure.metric().ifPresent(metric -> {
                if (OTHER_NAME.contains(figure)) {
                    assertThat(metric).isNotEqualTo(byRule);
                } else {
                    assertThat(metric).isEqualTo(byRule);
                }
                assertThat(metric).matches("etascope_[a-z]+(_[a-z]+|10)*");
            });
        }
    }

    @Test
    void keysAndMetrics_areEachOthersOnlyOne() {
        Set<String> keys = new HashSet<>();
        Set<String> metrics = new HashSet<>();
        for (Figure figure : Figure.values()) {
            assertThat(keys.add((figure.scope() == Figure.Scope.PROCESS ? "process." : "") + figure.key()))
                    .isTrue();
            figure.metric()
                    .ifPresent(
                            metric -> assertThat(metrics.add(metric)).as(metric).isTrue());
            assertThat(figure.sentence()).endsWith(".").doesNotContain("\n");
        }
    }

    @Test
    void unknown_beforeAnything_isNaNAndNullNotZero() {
        RunSnapshot nothing =
                RunMonitor.builder("nothing").clock(() -> 1_000).build().snapshot();
        for (Figure figure : List.of(
                Figure.PARAMETERS,
                Figure.MODEL_SIZE_BITS,
                Figure.BITS_PER_PARAMETER,
                Figure.ETA,
                Figure.BASELINE_NATS,
                Figure.CURRENT_LOSS_NATS,
                Figure.NATS_PER_DOUBLING,
                Figure.ITERATION,
                Figure.EPOCH,
                Figure.UNIQUE_TOKENS,
                Figure.SATURATED_AT_TOKENS,
                Figure.LAST_STEP_TIMESTAMP_SECONDS)) {
            assertThat(figure.value(nothing)).as(figure.key()).isNaN();
            assertThat(figure.read(nothing)).as(figure.key()).isNull();
        }
    }

    @Test
    void read_afterTraining_knowsEveryFigureOfAWholeRun() {
        RunSnapshot run = trained(true).snapshot();
        Set<Figure> unknown = EnumSet.noneOf(Figure.class);
        for (Figure figure : Figure.values()) {
            if (figure.scope() != Figure.Scope.CURVE
                    && figure.scope() != Figure.Scope.FORECAST
                    && figure.scope() != Figure.Scope.LAYERS
                    && figure.read(run) == null) {
                unknown.add(figure);
            }
        }
        assertThat(unknown)
                .containsExactlyInAnyOrder(
                        Figure.SATURATION_CAUSE,
                        Figure.SATURATED_AT_TOKENS,
                        Figure.OUTCOME,
                        Figure.UNSUPPORTED_REASON,
                        Figure.PLANNED_TOKENS,
                        Figure.SATURATION_CAUSE_SENTENCE,
                        Figure.LOSS_ABOVE_LOWEST_SINCE_TOKENS,
                        Figure.SATURATION_TIMESTAMP_SECONDS,
                        Figure.PLANNED_END_JOULES,
                        Figure.JOULES_SINCE_PLATEAU,
                        Figure.ENERGY_REASON,
                        Figure.RUN_END_TIMESTAMP_SECONDS);
        assertThat(Figure.STEPS.read(run)).isEqualTo(2_000L);
        assertThat(Figure.PROCESS_TOKENS.read(run)).isEqualTo(200_000L);
        assertThat(Figure.ETA.read(run)).isEqualTo(run.ledger().eta());
        assertThat(Figure.CONDITIONS.read(run)).isEqualTo(List.of());
    }

    @Test
    void layers_haveASeriesEach_onceTheyWereProbed() {
        RunMonitor monitor = trained(true);
        assertThat(Figure.LAYER_PREDICTION_RESIDUAL.appliesTo(monitor.snapshot()))
                .isFalse();
        assertThat(Figure.LAYER_PREDICTION_RESIDUAL.labels(monitor.snapshot())).isEmpty();
        int[] ids = IntStream.range(0, 100).map(i -> i * i % 17).toArray();
        LayerResiduals residuals = new LayerResiduals(new int[] {2, 1}, ids);
        for (int i = 0; i < ids.length; i++) {
            residuals.add(0, i, new double[] {Math.sin(i), Math.cos(i * i)}, 0);
            residuals.add(1, i, new double[] {ids[i] + 9 * Math.sin(i)}, 0);
        }
        monitor.layers(residuals);
        RunSnapshot run = monitor.snapshot();

        assertThat(Figure.LAYER_PREDICTION_RESIDUAL.appliesTo(run)).isTrue();
        assertThat(Figure.LAYER_PREDICTION_RESIDUAL.labels(run)).containsExactly("1", "2");
        assertThat(Figure.LAYER_PREDICTION_RESIDUAL.value(run, "2"))
                .isEqualTo(run.layers().residuals().get(1))
                .isBetween(0.2, 0.9);
        assertThat(Figure.LAYER_PREDICTION_RESIDUAL.value(run, "3")).isNaN();
        assertThat(Figure.LAYER_DECAY_RATIO.value(run))
                .isCloseTo(run.layers().residual(2) / run.layers().residual(1), within(1e-12));
        assertThat(Figure.ETA.appliesTo(run)).isTrue();
    }

    @Test
    void forecast_hasOneSeriesForEachQuestion() {
        RunSnapshot run = trained(true).snapshot();
        assertThat(Figure.FORECAST_LOSS_NATS.labels()).containsExactly("planned_end", "next_doubling", "decay_now");
        assertThat(Figure.FORECAST_LOSS_NATS.value(run, "planned_end")).isNaN();
        assertThat(Figure.FORECAST_LOSS_NATS.value(run, "next_doubling"))
                .isEqualTo(run.forecast().nextDoubling().lossNats())
                .isBetween(1.5, 2.0);
        assertThat(Figure.FORECAST_GAIN_NATS_UPPER.value(run, "decay_now"))
                .isEqualTo(run.forecast().decayNow().gainUpperNats());
    }

    @Test
    void states_haveOneSeriesEach() {
        RunSnapshot run = trained(true).snapshot();
        assertThat(Figure.PHASE.labels()).containsExactly("initial", "training", "saturated");
        assertThat(Figure.PHASE.labels().stream().map(label -> Figure.PHASE.value(run, label)))
                .containsExactly(0.0, 1.0, 0.0);
        RunSnapshot early = RunMonitor.builder("early").build().snapshot();
        assertThat(Figure.CONDITIONS.value(early, "warming_up")).isEqualTo(1);
        assertThat(Figure.CONDITIONS.value(early, "fault")).isZero();
        assertThat(Figure.CONDITIONS.read(early)).isEqualTo(List.of("no_step", "warming_up"));
        assertThat(Figure.SATURATION_CAUSE.value(run, "unknown")).isZero();
    }

    @Test
    void columns_atThePointThatIsNow_sayWhatTheSnapshotSays() {
        RunMonitor monitor = trained(false);
        List<CurvePoint> curve = monitor.curve();
        RunSnapshot run = monitor.snapshot();
        List<String> different = new ArrayList<>();
        CurvePoint last = curve.get(curve.size() - 1);
        for (Figure figure : Figure.columns()) {
            assertThat(curve)
                    .as(figure.key())
                    .anySatisfy(p -> assertThat(figure.read(p, run)).isNotNull());
            boolean moves = Arrays.asList(
                            "steps",
                            "tokens",
                            "mean_loss_nats",
                            "eta",
                            "eta_absorbed",
                            "eta_dataset",
                            "learning_rate",
                            "energy_joules")
                    .contains(figure.key());
            if (!moves
                    && figure.scope() == Figure.Scope.RUN
                    && !Objects.equals(figure.read(last, run), figure.read(run))) {
                different.add(figure.key());
            }
        }
        assertThat(different).isEmpty();
        assertThat(Figure.columns()).extracting(Figure::key).contains("seconds", "loss_nats", "phase", "eta");
    }
}
