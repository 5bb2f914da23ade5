package org.etascope.micrometer;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.etascope.core.EnergyReport;
import org.etascope.core.Figure;
import org.etascope.core.InformationCapacity;
import org.etascope.core.LayerResiduals;
import org.etascope.core.ModelSize;
import org.etascope.core.Outcome;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What holds over every registry. A subclass brings the registry and says how it is scraped. */
abstract class RunMetersContract {
    private static final String RUN = "contract";

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final MeterRegistry registry;
    private final Supplier<String> text;

    /** {@code registry} is closed after the test. */
    <R extends MeterRegistry> RunMetersContract(R registry, Function<R, String> scrape) {
        this.registry = registry;
        this.text = () -> scrape.apply(registry);
        toClose.add(registry::close);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable closeable : toClose) {
            closeable.close();
        }
    }

    private Exposition scrape() {
        return Exposition.parse(text.get());
    }

    private static RunMonitor.Builder builder(String run) {
        return RunMonitor.builder(run)
                .model("lstm")
                .dataset("source text")
                .modelSize(new ModelSize(96_816, 32))
                .vocabularySize(95);
    }

    private RunMeters bind(RunMonitor monitor) {
        RunMeters meters = new RunMeters(monitor);
        meters.bindTo(registry);
        toClose.add(meters);
        return meters;
    }

    private static void train(RunMonitor monitor, int steps) {
        for (int t = 0; t < steps; t++) {
            monitor.step(1600, 1.4 + 3.15 * Math.pow(1 + t / 5.0, -0.4), 1_000L * t);
            monitor.energy(new EnergyReport(80, 1, true, false, List.of("CPU package"), null));
        }
        monitor.layers(residuals(4));
    }

    private static LayerResiduals residuals(int layers) {
        int[] ids = IntStream.range(0, 100).map(i -> i * i % 17).toArray();
        int[] widths = new int[layers];
        Arrays.fill(widths, 1);
        LayerResiduals residuals = new LayerResiduals(widths, ids);
        for (int layer = 0; layer < layers; layer++) {
            for (int i = 0; i < ids.length; i++) {
                residuals.add(layer, i, new double[] {ids[i] + (9 - layer) * Math.sin(i)}, 0);
            }
        }
        return residuals;
    }

    @Test
    void scrape_trainingRun_everyMeterOfTheEnumAndNoOther() {
        RunMonitor monitor = builder(RUN).build();
        bind(monitor);
        train(monitor, 100);
        await().untilAsserted(
                        () -> assertThat(scrape().contains("etascope_run_info")).isTrue());
        await().untilAsserted(() ->
                assertThat(scrape().contains("etascope_run_energy_joules")).isTrue());

        Set<String> names = scrape().values().keySet().stream()
                .map(Exposition.Key::name)
                .filter(name -> name.startsWith("etascope_"))
                .collect(toCollection(TreeSet::new));

        Set<String> expected = new TreeSet<>();
        for (EtascopeMeter meter : EtascopeMeter.all()) {
            expected.add(meter.prometheusName());
        }
        assertThat(names).isEqualTo(expected);
    }

    @Test
    void scrape_trainingRun_typesAndLabelsAreThoseOfTheEnum() {
        RunMonitor monitor = builder(RUN).build();
        train(monitor, 100);
        bind(monitor);

        Exposition scrape = scrape();

        for (EtascopeMeter meter : EtascopeMeter.all()) {
            assertThat(scrape.types().get(meter.prometheusName()))
                    .as(meter.prometheusName())
                    .isEqualTo(meter.type() == Meter.Type.COUNTER ? "counter" : "gauge");
            assertThat(scrape.values().keySet())
                    .filteredOn(key -> key.name().equals(meter.prometheusName()))
                    .isNotEmpty()
                    .allSatisfy(key ->
                            assertThat(key.labels().keySet()).containsExactlyInAnyOrderElementsOf(meter.tagKeys()));
        }
    }

    @Test
    void scrape_trainingRun_valuesAreTheSnapshots() {
        RunMonitor monitor = builder(RUN).plannedTokens(1_000_000).build();
        monitor.energy(EnergyReport.gap(1, "measuring begins"));
        bind(monitor);
        train(monitor, 2_000);
        monitor.step(1600, Double.NaN, 2_000_000);
        monitor.skip();
        monitor.validation(2.5);
        monitor.learningRate(0.01);
        monitor.position(2_001, 3);
        monitor.countError();
        monitor.addCallbackNanos(1_500_000_000);

        Exposition scrape = scrape();
        RunSnapshot now = monitor.snapshot();

        for (Figure figure : Figure.values()) {
            figure.metric()
                    .filter(name -> figure.labelName().isEmpty() && figure.scope() != Figure.Scope.LAYERS)
                    .ifPresent(name -> assertThat(scrape.value(name, "run", RUN))
                            .as(name)
                            .isEqualTo(Double.valueOf(figure.value(now))));
        }
        assertThat(scrape.value("etascope_steps_total")).isEqualTo(2_000);
        assertThat(scrape.value("etascope_nonfinite_steps_total")).isEqualTo(1);
        assertThat(scrape.value("etascope_listener_seconds_total")).isEqualTo(1.5);
        assertThat(scrape.value("etascope_baseline_nats")).isEqualTo(4.55, within(1e-12));
        assertThat(scrape.value("etascope_model_size_bits")).isEqualTo(96_816.0 * 32);
        assertThat(scrape.value("etascope_epoch")).isEqualTo(3);
        assertThat(scrape.value("etascope_learning_rate")).isEqualTo(0.01);
        assertThat(scrape.value("etascope_eta_ratio")).isGreaterThan(0.1);
        assertThat(scrape.value("etascope_phase", "phase", "training")).isEqualTo(1);
        assertThat(scrape.value("etascope_phase", "phase", "initial")).isEqualTo(0);
        assertThat(scrape.value("etascope_phase", "phase", "saturated")).isEqualTo(0);
    }

    @Test
    void scrape_nothingKnownYet_nanAndNeverZero() {
        RunMonitor monitor = RunMonitor.builder(RUN).build();
        bind(monitor);

        Exposition scrape = scrape();

        for (String unknown : List.of(
                "epoch",
                "iteration",
                "vocabulary_size",
                "planned_tokens",
                "model_parameters",
                "model_size_bits",
                "unique_tokens",
                "baseline_nats",
                "last_loss_nats",
                "mean_loss_nats",
                "validation_loss_nats",
                "generalization_gap_nats",
                "memorized_bits",
                "eta_ratio",
                "nats_per_doubling",
                "progress_ratio",
                "last_step_timestamp_seconds",
                "saturation_timestamp_seconds",
                "run_end_timestamp_seconds",
                "learning_rate")) {
            assertThat(scrape.value("etascope_" + unknown)).as(unknown).isNaN();
        }
        assertThat(scrape.value("etascope_steps_total")).isZero();
        assertThat(scrape.value("etascope_phase", "phase", "initial")).isEqualTo(1);
        assertThat(scrape.contains("etascope_run_info")).isFalse();
    }

    /** A sweep that is over: no end goes before it was seen. */
    @Test
    void ends_ofMoreThanAHundredAtOnce_allStay() {
        List<RunMonitor> sweep = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            RunMonitor monitor = builder("sweep-" + i).build();
            bind(monitor);
            monitor.step(1600, 4.5);
            sweep.add(monitor);
        }

        sweep.forEach(monitor -> monitor.end(Outcome.FINISHED));

        await().until(() -> sweep.stream().allMatch(RunMonitor::closed));
        Exposition scrape = scrape();
        for (RunMonitor monitor : sweep) {
            assertThat(scrape.value("etascope_run_outcome", "run", monitor.name(), "outcome", "finished"))
                    .as(monitor.name())
                    .isEqualTo(1);
        }
    }

    @Test
    void scrape_layers_comeOnceTheyAreProbed_andGrow() {
        RunMonitor monitor = builder(RUN).build();
        bind(monitor);
        monitor.step(1600, 4.5);
        assertThat(scrape().contains("etascope_layer_decay_ratio")).isFalse();
        for (int layers : new int[] {3, 5}) {
            monitor.layers(residuals(layers));
            String last = Integer.toString(layers);
            await().untilAsserted(() -> assertThat(scrape().value("etascope_layer_prediction_residual", "layer", last))
                    .isEqualTo(monitor.snapshot().layers().residual(layers)));
        }
        monitor.layers(residuals(4));

        // Series that came in the middle of a scrape shift where the binder sees the next one begin, for a second.
        await().untilAsserted(() -> {
            Exposition scrape = scrape();
            assertThat(scrape.value("etascope_layer_decay_ratio"))
                    .isEqualTo(monitor.snapshot().layers().law().decayRatio());
            assertThat(scrape.value("etascope_layer_prediction_residual", "layer", "4"))
                    .isBetween(0.1, 1.0);
            assertThat(scrape.value("etascope_layer_prediction_residual", "layer", "5"))
                    .isNaN();
        });
        assertThat(registry.getMeters().stream()
                        .filter(meter -> meter.getId().getName().equals("etascope.layer.prediction.residual")))
                .hasSize(5);
    }

    @Test
    void scrape_flatLoss_saturatedWithItsCauseAndConditions() {
        RunMonitor monitor = builder(RUN).build();
        bind(monitor);
        train(monitor, 300);
        for (int t = 300; t < 60_000; t++) {
            monitor.step(1600, 2.0 + 0.001 * (t % 7), 1_000L * t);
        }

        Exposition scrape = scrape();

        assertThat(scrape.value("etascope_phase", "phase", "saturated")).isEqualTo(1);
        assertThat(scrape.value("etascope_phase", "phase", "training")).isEqualTo(0);
        String cause = requireNonNull(monitor.snapshot().verdict().saturation().cause())
                .label();
        assertThat(scrape.value("etascope_saturation_cause", "cause", cause)).isEqualTo(1);
        assertThat(scrape.values().entrySet().stream()
                        .filter(e -> e.getKey().name().equals("etascope_saturation_cause"))
                        .mapToDouble(Map.Entry::getValue)
                        .sum())
                .isEqualTo(1);
        assertThat(scrape.value("etascope_condition", "condition", "warming_up"))
                .isEqualTo(0);
        assertThat(scrape.value("etascope_saturation_timestamp_seconds")).isGreaterThan(300);
    }

    @Test
    void scrape_twoRunsOfOneName_secondIsToldApart() {
        RunMonitor first = builder(RUN).build();
        RunMonitor second = builder(RUN).build();
        RunMeters firstMeters = bind(first);
        RunMeters secondMeters = bind(second);
        first.step(100, 4.5);
        second.step(700, 4.5);

        assertThat(firstMeters.run()).isEqualTo(RUN);
        assertThat(secondMeters.run()).isEqualTo(RUN + "-2");
        assertThat(scrape().value("etascope_tokens_total", "run", RUN)).isEqualTo(100);
        assertThat(scrape().value("etascope_tokens_total", "run", RUN + "-2")).isEqualTo(700);
    }

    @Test
    void scrape_runsOfOneNameAfterEachOther_keepTheirName() {
        for (int fold = 1; fold <= 3; fold++) {
            RunMonitor run = builder(RUN).build();
            assertThat(bind(run).run()).isEqualTo(RUN);
            run.step(100L * fold, 4.5);
            assertThat(scrape().value("etascope_tokens_total", "run", RUN)).isEqualTo(100L * fold);
            run.close();
        }
    }

    @Test
    void scrape_oneRunWithAWorkerAndOneWithout_everySeriesOfBothIsThere() {
        RunMonitor worker = builder("spread").worker("node-3").build();
        RunMonitor alone = builder(RUN).worker("").build();
        train(worker, 100);
        train(alone, 100);
        bind(worker);
        bind(alone);

        Map<Exposition.Key, Double> values = scrape().values();

        for (EtascopeMeter meter : EtascopeMeter.all()) {
            for (RunMonitor run : List.of(worker, alone)) {
                Map<String, String> own = Map.of(
                        "run", run.name(), "worker", run.snapshot().info().worker());
                assertThat(values.keySet())
                        .filteredOn(key -> key.name().equals(meter.prometheusName())
                                && key.labels().entrySet().containsAll(own.entrySet()))
                        .as(meter.prometheusName())
                        .hasSameSizeAs(meter.samples(run.name(), run.snapshot()));
            }
        }
    }

    @Test
    void run_firstOfTheNameClosed_nameIsFreeAgain() {
        bind(builder(RUN).build()).close();

        assertThat(bind(builder(RUN).build()).run()).isEqualTo(RUN);
    }

    @Test
    void run_sameMonitorTwice_oneLabel() {
        RunMonitor monitor = builder(RUN).build();

        assertThat(bind(monitor).run()).isEqualTo(new RunMeters(monitor, Duration.ZERO).run());

        monitor.close();
    }

    @Test
    void close_oneOfTwoRuns_onlyItsMetersGo() {
        RunMonitor gone = builder("gone").build();
        RunMonitor stays = builder("stays").build();
        RunMeters meters = bind(gone);
        bind(stays);
        train(gone, 10);
        train(stays, 10);

        meters.close();

        Set<String> runs = new TreeSet<>();
        scrape().values().keySet().forEach(key -> runs.add(key.labels().get("run")));
        assertThat(runs).containsExactly("stays");
        assertThat(registry.getMeters())
                .allMatch(meter -> "stays".equals(meter.getId().getTag("run")));
    }

    @Test
    void runClosed_meters_showTheEndAndGoAfterTheLinger() {
        RunMonitor monitor = builder(RUN).clock(() -> 5_000).build();
        bind(monitor);
        monitor.close();
        assertThat(scrape().value("etascope_run_end_timestamp_seconds")).isEqualTo(5);

        RunMonitor brief = builder("brief").build();
        new RunMeters(brief, Duration.ofMillis(1)).bindTo(registry);
        assertThat(scrape().value("etascope_steps_total", "run", "brief")).isZero();
        brief.close();

        await().until(() -> registry.getMeters().stream()
                .noneMatch(meter -> "brief".equals(meter.getId().getTag("run"))));
    }

    @Test
    void runInfo_baselineFrozenThenModelTold_replacedNotDoubled() {
        RunMonitor monitor = RunMonitor.builder(RUN).dataset("a \"b\"\n\\c").build();
        bind(monitor);
        assertThat(scrape().contains("etascope_run_info")).isFalse();

        monitor.step(1000, 4.5);
        await().untilAsserted(() -> assertThat(info())
                .containsEntry("baseline_method", "initial_loss")
                .containsEntry("model", "")
                .containsEntry("bits_per_parameter", "")
                .containsEntry("dataset", "a \"b\"\n\\c")
                .containsEntry("unit_convention", "consistent"));

        monitor.describe("lstm", new ModelSize(10, 16), 90);
        await().untilAsserted(() ->
                assertThat(info()).containsEntry("model", "lstm").containsEntry("bits_per_parameter", "16"));
        assertThat(info().get("version")).matches("\\d+\\.\\d+\\.\\d+.*");
    }

    private Map<String, String> info() {
        List<Map<String, String>> found = scrape().values().keySet().stream()
                .filter(key -> key.name().equals("etascope_run_info"))
                .map(Exposition.Key::labels)
                .toList();
        assertThat(found).hasSizeLessThanOrEqualTo(1);
        return found.isEmpty() ? Map.of() : found.get(0);
    }

    @Test
    void runInfo_unsupportedRun_shownAlthoughItHasNoBaseline() {
        RunMonitor monitor = RunMonitor.builder(RUN).build();
        monitor.unsupported("the loss is a squared error, which is no code length");
        bind(monitor);

        assertThat(scrape().value("etascope_run_info")).isEqualTo(1);
    }

    @Test
    void scrape_whileRunSteps_everyScrapeShowsOneMoment() throws Exception {
        RunMonitor monitor = builder(RUN).build();
        monitor.step(1600, 4.55);
        bind(monitor);
        AtomicBoolean done = new AtomicBoolean();
        Thread trainer = new Thread(() -> {
            while (!done.get()) {
                monitor.step(1600, 2.5);
            }
        });
        trainer.start();
        List<Exposition> scrapes = new ArrayList<>();
        try {
            for (int i = 0; i < 500; i++) {
                scrapes.add(scrape());
            }
        } finally {
            done.set(true);
            trainer.join();
        }

        double joulesPerBit = InformationCapacity.joulesPerBit(300);
        for (Exposition scrape : scrapes) {
            double bits = scrape.value("etascope_information_transmitted_bits");
            double n = scrape.value("etascope_model_size_bits");
            assertThat(scrape.value("etascope_eta_ratio") * n).isCloseTo(bits, within(1e-12 * bits));
            assertThat(scrape.value("etascope_landauer_floor_joules"))
                    .isCloseTo(bits * joulesPerBit, within(1e-12 * bits * joulesPerBit));
            assertThat(scrape.value("etascope_tokens_total")).isEqualTo(scrape.value("etascope_run_tokens"));
            assertThat(scrape.value("etascope_tokens_total")).isEqualTo(1600 * scrape.value("etascope_steps_total"));
        }
        assertThat(scrapes.get(scrapes.size() - 1).value("etascope_steps_total"))
                .isGreaterThan(scrapes.get(0).value("etascope_steps_total"));
    }

    @Test
    void freeze_runStepsOn_thisThreadSeesTheMomentUntilItThaws() {
        RunMonitor monitor = builder(RUN).build();
        RunMeters meters = bind(monitor);
        monitor.step(100, 4.5);

        meters.freeze();
        monitor.step(100, 4.4);
        double first = scrape().value("etascope_tokens_total");
        double second = scrape().value("etascope_tokens_total");
        meters.thaw();
        double thawed = scrape().value("etascope_tokens_total");

        assertThat(List.of(first, second, thawed)).containsExactly(100.0, 100.0, 200.0);
    }

    @Test
    void read_sameSeriesTwice_secondIsNew() {
        RunMonitor monitor = builder(RUN).build();
        bind(monitor);
        Gauge tokens = registry.get("etascope.run.tokens").gauge();
        assertThat(tokens.value()).isZero();

        monitor.step(100, 4.5);

        assertThat(tokens.value()).isEqualTo(100);
    }

    @Test
    void bindTo_sameRegistryTwice_boundOnce() {
        RunMonitor monitor = builder(RUN).build();
        RunMeters meters = bind(monitor);
        int before = registry.getMeters().size();

        meters.bindTo(registry);

        assertThat(registry.getMeters()).hasSize(before);
    }

    @Test
    void bindTo_registryWasCleared_hasTheMetersAgain() {
        RunMonitor monitor = builder(RUN).build();
        train(monitor, 100);
        RunMeters meters = bind(monitor);
        int before = registry.getMeters().size();
        registry.clear();
        assertThat(registry.getMeters()).isEmpty();

        meters.bindTo(registry);

        assertThat(registry.getMeters()).hasSize(before);
        assertThat(scrape().value("etascope_steps_total")).isEqualTo(100);
        meters.close();
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void bindTo_registryLostOneMeter_hasItAgain() {
        RunMonitor monitor = builder(RUN).build();
        train(monitor, 100);
        RunMeters meters = bind(monitor);
        int before = registry.getMeters().size();
        registry.remove(registry.get("etascope.eta.ratio").gauge());
        assertThat(registry.getMeters()).hasSize(before - 1);

        meters.bindTo(registry);

        assertThat(registry.getMeters()).hasSize(before);
        assertThat(scrape().value("etascope_eta_ratio"))
                .isEqualTo(monitor.snapshot().ledger().eta());
        meters.close();
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void close_oneOfTwoBindersOfARun_metersStayForTheOther() {
        RunMonitor monitor = builder(RUN).build();
        train(monitor, 100);
        RunMeters first = bind(monitor);
        RunMeters second = bind(monitor);
        int before = registry.getMeters().size();

        first.close();
        assertThat(registry.getMeters()).hasSize(before);
        train(monitor, 10);
        assertThat(scrape().value("etascope_steps_total")).isEqualTo(110);

        second.close();
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void runsClosed_manyInAShortTime_theLastThousandStay() {
        for (int i = 0; i < 1_050; i++) {
            RunMonitor monitor = builder(RUN + i).build();
            bind(monitor);
            monitor.step(100, 4.5);
            monitor.close();
        }

        await().untilAsserted(() -> {
            Set<String> runs = new TreeSet<>();
            registry.getMeters().forEach(meter -> runs.add(meter.getId().getTag("run")));
            assertThat(runs).hasSize(1_000).contains(RUN + 1_049).doesNotContain(RUN + 0);
        });
    }

    @Test
    void bindTo_binderAndMonitorLetGo_metersKeepTheirState() {
        WeakReference<RunMonitor> monitor = bindAndForget();

        for (int i = 0; i < 3; i++) {
            System.gc();
        }

        Exposition scrape = scrape();
        assertThat(scrape.value("etascope_tokens_total", "run", "forgotten")).isEqualTo(100);
        assertThat(scrape.value("etascope_run_tokens", "run", "forgotten")).isEqualTo(100);
        requireNonNull(monitor.get()).close();
    }

    private WeakReference<RunMonitor> bindAndForget() {
        RunMonitor monitor = builder("forgotten").build();
        monitor.step(100, 4.5);
        new RunMeters(monitor, Duration.ZERO).bindTo(registry);
        return new WeakReference<>(monitor);
    }
}
