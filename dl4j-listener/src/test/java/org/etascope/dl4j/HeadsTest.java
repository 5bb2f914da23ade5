package org.etascope.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Graphs with several outputs: two language heads, the second one masked, and a regression beside them. */
class HeadsTest {
    private static final int EXAMPLES = 6;
    private final RunMonitor monitor = RunMonitor.builder("heads").build();

    @Test
    void fit_allHeads_languageHeadsAreSummedByTokens() {
        ComputationGraph net = graph(4, 4);
        net.setListeners(new EtaListener(monitor));
        Expected expected = train(net);
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo(expected.tokensA + expected.tokensB);
        assertThat(monitor.snapshot().ledger().codeLengthNats())
                .isCloseTo(expected.natsA + expected.natsB, within(1e-9));
        assertThat(monitor.snapshot().info().vocabularySize()).isEqualTo(4);
        assertThat(monitor.snapshot().info().unsupportedReason()).isNull();
    }

    @Test
    void fit_firstHeadChosen_regularizationIsTakenOffIt() {
        ComputationGraph net = graph(4, 4);
        net.setListeners(EtaListener.builder(monitor).outputs("a").build());
        Expected expected = train(net);
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo(expected.tokensA);
        assertThat(monitor.snapshot().ledger().codeLengthNats()).isCloseTo(expected.natsA, within(1e-9));
    }

    @Test
    void fit_secondHeadChosen_itsMaskCounts() {
        ComputationGraph net = graph(4, 4);
        net.setListeners(EtaListener.builder(monitor).outputs("b").build());
        Expected expected = train(net);
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo(expected.tokensB);
        assertThat(monitor.snapshot().ledger().codeLengthNats()).isCloseTo(expected.natsB, within(1e-9));
    }

    @Test
    void fit_vocabulariesDiffer_vocabularyStaysUnknown() {
        ComputationGraph net = graph(4, 3);
        net.setListeners(new EtaListener(monitor));
        train(net);
        assertThat(monitor.snapshot().info().vocabularySize()).isNaN();
        assertThat(monitor.snapshot().progress().tokens()).isPositive();
    }

    @Test
    void fit_regressionHeadChosen_saysWhyNot() {
        ComputationGraph net = graph(4, 4);
        net.setListeners(EtaListener.builder(monitor).outputs("value").build());
        train(net);
        RunSnapshot now = monitor.snapshot();
        assertThat(now.info().unsupportedReason()).startsWith("output \"value\" has the loss LossMSE");
        assertThat(now.progress().tokens()).isZero();
    }

    @Test
    void fit_outputOfAnotherName_namesTheOnesThereAre() {
        ComputationGraph net = graph(4, 4);
        net.setListeners(EtaListener.builder(monitor).outputs("logits").build());
        train(net);
        assertThat(monitor.snapshot().info().unsupportedReason())
                .isEqualTo("no such output: [logits], allowed: [a, b, value]");
    }

    private record Expected(long tokensA, double natsA, long tokensB, double natsB) {}

    private static Expected train(ComputationGraph net) {
        long tokensA = 0;
        long tokensB = 0;
        double natsA = 0;
        double natsB = 0;
        INDArray mask = Nd4j.createFromArray(1.0, 0, 1, 1, 0, 1).reshape(EXAMPLES, 1);
        for (int i = 0; i < 4; i++) {
            INDArray features = Nd4j.rand(DataType.DOUBLE, EXAMPLES, 3);
            INDArray a = oneHot(i, (int) width(net, 0));
            INDArray b = oneHot(i + 1, (int) width(net, 1));
            INDArray value = Nd4j.rand(DataType.DOUBLE, EXAMPLES, 2);
            INDArray[] out = net.output(true, features);
            natsA += nats(out[0], a, null);
            natsB += nats(out[1], b, mask);
            tokensA += EXAMPLES;
            tokensB += mask.sumNumber().longValue();
            net.fit(new MultiDataSet(
                    new INDArray[] {features}, new INDArray[] {a, b, value}, null, new INDArray[] {null, mask, null}));
        }
        return new Expected(tokensA, natsA, tokensB, natsB);
    }

    private static long width(ComputationGraph net, int head) {
        return ((org.deeplearning4j.nn.conf.layers.FeedForwardLayer)
                        net.getOutputLayer(head).conf().getLayer())
                .getNOut();
    }

    private static INDArray oneHot(int offset, int width) {
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, EXAMPLES, width);
        for (int i = 0; i < EXAMPLES; i++) {
            labels.putScalar(i, (i + offset) % width, 1);
        }
        return labels;
    }

    private static double nats(INDArray probabilities, INDArray labels, INDArray mask) {
        double nats = 0;
        for (int i = 0; i < EXAMPLES; i++) {
            for (int v = 0; v < labels.size(1); v++) {
                if (labels.getDouble(i, v) == 1 && (mask == null || mask.getDouble(i) == 1)) {
                    nats -= Math.log(probabilities.getDouble(i, v));
                }
            }
        }
        return nats;
    }

    private static ComputationGraph graph(int widthA, int widthB) {
        ComputationGraph net = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .l2(0.05)
                .updater(new Sgd(0.1))
                .graphBuilder()
                .addInputs("in")
                .addLayer("body", new DenseLayer.Builder().nIn(3).nOut(5).build(), "in")
                .addLayer("a", head(LossFunction.MCXENT, Activation.SOFTMAX, widthA), "body")
                .addLayer("b", head(LossFunction.NEGATIVELOGLIKELIHOOD, Activation.SOFTMAX, widthB), "body")
                .addLayer("value", head(LossFunction.MSE, Activation.IDENTITY, 2), "body")
                .setOutputs("a", "b", "value")
                .build());
        net.init();
        return net;
    }

    private static OutputLayer head(LossFunction loss, Activation activation, int width) {
        return new OutputLayer.Builder(loss)
                .activation(activation)
                .nIn(5)
                .nOut(width)
                .build();
    }
}
