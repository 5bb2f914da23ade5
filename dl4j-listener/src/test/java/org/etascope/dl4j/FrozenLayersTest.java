package org.etascope.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Transfer learning: frozen layers take part in the loss, and in N unless they are left out. */
class FrozenLayersTest {
    private static final int HIDDEN = 6;
    private static final long OF_LSTM = 4L * HIDDEN * (Nets.VOCABULARY + HIDDEN + 1);
    private static final long OF_OUTPUT = (HIDDEN + 1L) * Nets.VOCABULARY;

    static Stream<Arguments> frozen() {
        UnaryOperator<Layer> none = layer -> layer;
        UnaryOperator<Layer> frozen = FrozenLayer::new;
        UnaryOperator<Layer> withBackprop = FrozenLayerWithBackprop::new;
        return Stream.of(
                Arguments.of("nothing", none, none, OF_LSTM + OF_OUTPUT),
                Arguments.of("LSTM", frozen, none, OF_OUTPUT),
                Arguments.of("LSTM, with backprop", withBackprop, none, OF_OUTPUT),
                Arguments.of("output, with backprop", none, withBackprop, OF_LSTM));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frozen")
    void fit_frozenLayers_countInTheLossAndInAllParametersOnly(
            String what, UnaryOperator<Layer> ofLstm, UnaryOperator<Layer> ofOutput, long trainable) {
        assertLedger(what, ofLstm, ofOutput, false, OF_LSTM + OF_OUTPUT);
        assertLedger(what, ofLstm, ofOutput, true, trainable);
    }

    private static void assertLedger(
            String what, UnaryOperator<Layer> ofLstm, UnaryOperator<Layer> ofOutput, boolean trainableOnly, long n) {
        MultiLayerNetwork net = Nets.network(new NeuralNetConfiguration.Builder()
                .seed(11)
                .dataType(DataType.DOUBLE)
                .updater(new Adam(0.01))
                .list()
                .layer(ofLstm.apply(
                        new LSTM.Builder().nIn(Nets.VOCABULARY).nOut(HIDDEN).build()))
                .layer(ofOutput.apply(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nIn(HIDDEN)
                        .nOut(Nets.VOCABULARY)
                        // A frozen layer below does not tell it.
                        .dataFormat(RNNFormat.NCW)
                        .build()))
                .build());
        RunMonitor monitor = RunMonitor.builder("frozen").build();
        EtaListener.Builder listener = EtaListener.builder(monitor);
        net.setListeners((trainableOnly ? listener.trainableParametersOnly() : listener).build());
        double nats = 0;
        for (DataSet batch : Nets.batches(4)) {
            nats += Nets.nats(net, batch);
            net.fit(batch);
        }

        RunSnapshot now = monitor.snapshot();
        assertThat(now.info().unsupportedReason()).as(what).isNull();
        assertThat(now.info().size().parameters()).as(what).isEqualTo(n);
        assertThat(now.progress().tokens()).as(what).isEqualTo(4L * Nets.MINIBATCH * Nets.LENGTH);
        assertThat(now.ledger().codeLengthNats()).as(what).isCloseTo(nats, within(1e-9));
    }
}
