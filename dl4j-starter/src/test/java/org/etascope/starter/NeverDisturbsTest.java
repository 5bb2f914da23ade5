package org.etascope.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.core.RunEvent;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunObserver;
import org.etascope.core.RunSnapshot;
import org.etascope.dl4j.EtaListener;
import org.etascope.micrometer.RunMeters;
import org.etascope.prometheus.PrometheusEndpoint;
import org.etascope.recording.Journal;
import org.etascope.recording.JournalWriter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Whatever goes wrong around the monitor, the network trains to the same bits as one that nobody watches. It has dropout,
 * so that a single random number drawn by anything of ours would show.
 */
class NeverDisturbsTest {
    private static final int STEPS = 60;
    private static final int SYMBOLS = 7;
    /** Steps whose features are NaN; after them the parameters of before are put back, as people do. */
    private static final int STORM_BEGINS = 20;

    private static final int STORM_ENDS = 35;

    private static List<Integer> unwatched = List.of();
    private static List<Integer> unwatchedInStorm = List.of();

    @TempDir
    private Path folder;

    @BeforeAll
    static void trainWithoutMonitor() {
        MultiLayerNetwork net = net();
        train(net);
        unwatched = bits(net.params());
        MultiLayerNetwork inStorm = net();
        trainThroughStorm(inStorm);
        unwatchedInStorm = bits(inStorm.params());
        assertThat(unwatched).isNotEqualTo(bits(net().params())).isNotEqualTo(unwatchedInStorm);
    }

    // ---- the training that must not change ----

    private static MultiLayerNetwork net() {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(11)
                .updater(new Adam(0.01))
                .list()
                .layer(new LSTM.Builder().nIn(SYMBOLS).nOut(12).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nIn(12)
                        .nOut(SYMBOLS)
                        .dropOut(new Dropout(0.5))
                        .build())
                .build());
        net.init();
        return net;
    }

    private static DataSet minibatch(int step) {
        Random random = new Random(step);
        INDArray features = Nd4j.zeros(4, SYMBOLS, 6);
        INDArray labels = Nd4j.zeros(4, SYMBOLS, 6);
        for (int row = 0; row < 4; row++) {
            int symbol = random.nextInt(SYMBOLS);
            for (int t = 0; t < 6; t++) {
                features.putScalar(new int[] {row, symbol, t}, 1);
                symbol = random.nextInt(4) == 0 ? random.nextInt(SYMBOLS) : (symbol + 1) % SYMBOLS;
                labels.putScalar(new int[] {row, symbol, t}, 1);
            }
        }
        return new DataSet(features, labels);
    }

    private static void train(MultiLayerNetwork net) {
        Nd4j.getRandom().setSeed(4);
        for (int step = 0; step < STEPS; step++) {
            net.fit(minibatch(step));
        }
    }

    private static void trainThroughStorm(MultiLayerNetwork net) {
        Nd4j.getRandom().setSeed(4);
        INDArray calm = net.params().dup();
        INDArray calmUpdater = net.getUpdater().getStateViewArray().dup();
        for (int step = 0; step < STEPS; step++) {
            DataSet data = minibatch(step);
            if (step == STORM_BEGINS) {
                calm = net.params().dup();
                calmUpdater = net.getUpdater().getStateViewArray().dup();
            }
            if (step >= STORM_BEGINS && step < STORM_ENDS) {
                data.getFeatures().putScalar(0, Double.NaN);
            }
            if (step == STORM_ENDS) {
                net.setParams(calm);
                net.getUpdater().getStateViewArray().assign(calmUpdater);
            }
            net.fit(data);
        }
    }

    private static List<Integer> bits(INDArray parameters) {
        List<Integer> bits = new ArrayList<>();
        for (float value : parameters.dup().data().asFloat()) {
            bits.add(Float.floatToRawIntBits(value));
        }
        return bits;
    }

    private static void trainWatchedBy(RunMonitor monitor) {
        MultiLayerNetwork net = net();
        net.setListeners(new EtaListener(monitor));
        train(net);
        assertThat(bits(net.params())).isEqualTo(unwatched);
        RunSnapshot now = monitor.snapshot();
        assertThat(now.progress().steps()).isEqualTo(STEPS);
        assertThat(now.ledger().tokens()).isEqualTo(STEPS * 24L);
        assertThat(now.baseline().known()).isTrue();
    }

    private static RunMonitor monitor() {
        return RunMonitor.builder("run").build();
    }

    // ---- what goes wrong ----

    /** Something that goes wrong around a run until it is closed. */
    private interface Hazard {
        Closeable begin(RunMonitor monitor, Path folder) throws IOException;
    }

    /** A disk that is really full, and one that is read-only, are in the benchmarks' FailingDiskTest. */
    static Stream<Named<Hazard>> hazards() {
        return Stream.of(
                Named.of("an observer throws", NeverDisturbsTest::throwingObserver),
                Named.of("the journal's disk is full", (monitor, folder) -> {
                    Files.createSymbolicLink(folder.resolve("journal.jsonl"), Path.of("/dev/full"));
                    return JournalWriter.start(monitor, folder)::close;
                }),
                Named.of(
                        "the journal's folder cannot be made",
                        (monitor, folder) -> JournalWriter.start(monitor, Path.of("/proc/runs"))::close));
    }

    private static Closeable throwingObserver(RunMonitor monitor, Path folder) {
        monitor.addObserver(new RunObserver() {
            @Override
            public void happened(String run, RunEvent event) {
                throw new IllegalStateException("observer");
            }

            @Override
            public void ended(RunSnapshot last) {
                throw new AssertionError("observer");
            }
        });
        return () -> {};
    }

    @ParameterizedTest
    @MethodSource("hazards")
    @EnabledOnOs(value = OS.LINUX, disabledReason = "/dev/full and /proc are Linux's")
    void fit_aroundItSomethingFails_sameBitsAndItIsCounted(Hazard hazard) throws Exception {
        RunMonitor monitor = monitor();
        Closeable around = hazard.begin(monitor, folder);
        try {
            trainWatchedBy(monitor);
            monitor.close();
        } finally {
            around.close();
        }
        await().until(() -> monitor.snapshot().process().listenerErrors()
                        + monitor.snapshot().process().observerErrors()
                > 0);
    }

    @Test
    void registryThrows_sameBits_andItIsCounted() throws Exception {
        RunMonitor monitor = monitor();
        MeterRegistry registry = new SimpleMeterRegistry();
        registry.config().onMeterAdded(meter -> {
            if (meter.getId().getName().equals("etascope.run.info")) {
                throw new IllegalStateException("registry");
            }
        });
        try (RunMeters meters = new RunMeters(monitor)) {
            meters.bindTo(registry);
            trainWatchedBy(monitor);
            await().until(() -> {
                registry.getMeters().forEach(meter -> meter.measure().forEach(Measurement::getValue));
                return monitor.snapshot().process().listenerErrors() > 0;
            });
        }
    }

    @Test
    void scrapersHang_sameBits_andOthersAreServed() throws Exception {
        RunMonitor monitor = monitor();
        PrometheusEndpoint endpoint =
                PrometheusEndpoint.builder().port(0).monitor(monitor).start();
        List<Socket> hanging = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                Socket socket =
                        new Socket(endpoint.uri().getHost(), endpoint.uri().getPort());
                hanging.add(socket);
                // Half of them never end their request, the others never read the answer.
                String request = "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n" + (i % 2 == 0 ? "" : "\r\n");
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            }
            trainWatchedBy(monitor);
            assertThat(metrics(endpoint)).contains("etascope_run_steps{run=\"run\",worker=\"\",} 60.0");
        } finally {
            for (Socket socket : hanging) {
                socket.close();
            }
            endpoint.close(Duration.ZERO);
        }
    }

    @Test
    void clockOfTheStartIsADayAhead_sameBits_andNoTimeIsInvented() throws Exception {
        long start = System.currentTimeMillis();
        RunMonitor monitor = RunMonitor.builder("run")
                .clock(() -> System.currentTimeMillis() + Duration.ofDays(1).toMillis())
                .build();
        PrometheusEndpoint endpoint =
                PrometheusEndpoint.builder().port(0).monitor(monitor).start();
        try (JournalWriter journal = JournalWriter.start(monitor, folder)) {
            trainWatchedBy(monitor);
            assertThat(metrics(endpoint)).contains("etascope_run_steps{run=\"run\",worker=\"\",} 60.0");
            assertThat(monitor.snapshot().timeline().lastStepSeconds())
                    .isBetween(start / 1e3, System.currentTimeMillis() / 1e3);
            assertThat(journal.file()).hasParent(folder);
            monitor.close();
        } finally {
            endpoint.close(Duration.ZERO);
        }
        assertThat(Journal.read(folder).recording().snapshot().progress())
                .isEqualTo(monitor.snapshot().progress());
    }

    @Test
    void nanStorm_sameBits_andEveryLossIsCounted() {
        RunMonitor monitor = monitor();
        MultiLayerNetwork net = net();
        net.setListeners(new EtaListener(monitor));
        trainThroughStorm(net);
        assertThat(bits(net.params())).isEqualTo(unwatchedInStorm);
        assertThat(net.params().sumNumber().doubleValue()).isFinite();
        RunSnapshot now = monitor.snapshot();
        int storm = STORM_ENDS - STORM_BEGINS;
        assertThat(now.progress().nonFiniteSteps()).isEqualTo(storm);
        assertThat(now.progress().steps()).isEqualTo(STEPS - storm);
        assertThat(now.ledger().tokens()).isEqualTo((STEPS - storm) * 24L);
        assertThat(now.losses().current()).isFinite();
        assertThat(now.process().listenerErrors()).isZero();
    }

    // ---- tools ----

    private static String metrics(PrometheusEndpoint endpoint) throws IOException, InterruptedException {
        URI metrics = endpoint.uri().resolve("/metrics");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
