package org.etascope.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.listeners.CollectScoresIterationListener;
import org.etascope.core.Outcome;
import org.etascope.core.RunSnapshot;
import org.etascope.prometheus.PortTakenException;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A network learns which of eight symbols follows which; the page and the metrics show it. */
class EtascopeTest {
    private static final int SYMBOLS = 8;

    static MultiLayerNetwork net() {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new Adam(0.05))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(SYMBOLS)
                        .nOut(16)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(SYMBOLS)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        net.init();
        return net;
    }

    static DataSet successors(int count) {
        INDArray features = Nd4j.zeros(count, SYMBOLS);
        INDArray labels = Nd4j.zeros(count, SYMBOLS);
        for (int i = 0; i < count; i++) {
            features.putScalar(i, i % SYMBOLS, 1);
            labels.putScalar(i, (3 * i + 1) % SYMBOLS, 1);
        }
        return new DataSet(features, labels);
    }

    private static String get(URI uri) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void attach_trainingNetwork_isWatchedAndServed() throws Exception {
        MultiLayerNetwork net = net();
        CollectScoresIterationListener other = new CollectScoresIterationListener(1);
        net.setListeners(other);

        try (Etascope watched = Etascope.attach(net, 0, "successors")) {
            DataSet data = successors(64);
            for (int i = 0; i < 100; i++) {
                net.fit(data);
            }
            RunSnapshot now = watched.monitor().snapshot();

            assertThat(net.getListeners()).hasSize(2).contains(other);
            assertThat(now.progress().tokens()).isEqualTo(6_400);
            assertThat(now.info().size().parameters()).isEqualTo(net.numParams());
            assertThat(now.info().vocabularySize()).isEqualTo(SYMBOLS);
            assertThat(now.baseline().nats()).isCloseTo(Math.log(SYMBOLS), within(0.3));
            assertThat(now.losses().last()).isLessThan(0.2);
            assertThat(now.ledger().eta()).isGreaterThan(0.1);
            URI page = watched.endpoint().uri();
            assertThat(get(page.resolve("/metrics")))
                    .contains("etascope_tokens_total{run=\"successors\",worker=\"\",} 6400.0")
                    .contains("etascope_listener_errors_total{run=\"successors\",worker=\"\",} 0.0");
            assertThat(get(page.resolve("/api/runs/successors"))).contains("\"steps\":100");
            watched.endpoint().close(Duration.ZERO);
        }
    }

    @Test
    void run_trainingReturns_hasFinished() {
        RunSnapshot last = Etascope.run(net(), 0, "successors", net -> {
            for (int i = 0; i < 10; i++) {
                net.fit(successors(64));
            }
        });

        assertThat(last.timeline().outcome()).isEqualTo(Outcome.FINISHED);
        assertThat(last.progress().steps()).isEqualTo(10);
    }

    @Test
    void run_exceptionLeavesTheTraining_hasFailedAndThrowsIt() {
        MultiLayerNetwork network = net();
        Etascope watched = Etascope.attach(network, 0, "successors");

        assertThatThrownBy(() -> Etascope.run(watched, network, net -> {
                    net.fit(successors(64));
                    throw new IOException("no data");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("no data");

        assertThat(watched.monitor().snapshot().timeline().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(watched.endpoint().serving()).isFalse();
    }

    @Test
    void finished_thenClosed_hasFinished() {
        Etascope watched = Etascope.attach(net(), 0, "successors");
        watched.finished();
        watched.close();

        assertThat(watched.monitor().snapshot().timeline().outcome()).isEqualTo(Outcome.FINISHED);
    }

    @Test
    void attach_noName_namedAfterTheTime() {
        System.setProperty("etascope.port", "0");
        try (Etascope watched = Etascope.attach(net())) {
            assertThat(watched.monitor().name()).matches("run-\\d{8}T\\d{6}Z");
        } finally {
            System.clearProperty("etascope.port");
        }
    }

    @Test
    void attach_portTaken_oneErrorAndTheNetworkIsLeftAsItWas() throws Exception {
        MultiLayerNetwork net = net();
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> Etascope.attach(net, other.getLocalPort(), "run"))
                    .isInstanceOf(PortTakenException.class);
        }

        assertThat(List.copyOf(net.getListeners())).isEmpty();
    }
}
