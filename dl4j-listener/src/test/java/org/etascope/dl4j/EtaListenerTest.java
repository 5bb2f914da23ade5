package org.etascope.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.core.BaselineMethod;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class EtaListenerTest {
    private final RunMonitor monitor = RunMonitor.builder("run").build();

    @Test
    void fit_batchByBatch_ledgerEqualsTheNetworksOwnOutput() {
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(new EtaListener(monitor));
        double codeLength = 0;
        double firstLoss = Double.NaN;
        for (DataSet batch : Nets.batches(12)) {
            double nats = Nets.nats(net, batch);
            net.fit(batch);
            codeLength += nats;
            double mean = nats / (Nets.MINIBATCH * Nets.LENGTH);
            firstLoss = Double.isNaN(firstLoss) ? mean : firstLoss;
            assertThat(monitor.snapshot().losses().last()).isCloseTo(mean, within(1e-12));
        }
        RunSnapshot now = monitor.snapshot();
        assertThat(now.progress().tokens()).isEqualTo(12L * Nets.MINIBATCH * Nets.LENGTH);
        assertThat(now.progress().steps()).isEqualTo(12);
        assertThat(now.ledger().codeLengthNats()).isCloseTo(codeLength, within(1e-10));
        assertThat(now.baseline().method()).isEqualTo(BaselineMethod.INITIAL_LOSS);
        assertThat(now.baseline().nats()).isCloseTo(firstLoss, within(1e-12));
        assertThat(now.process().listenerErrors()).isZero();
        assertThat(now.process().listenerNanos()).isPositive();
    }

    @Test
    void fit_anyNetwork_sizeVocabularyRateAndPositionAreFound() {
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(new EtaListener(monitor));
        net.fit(new ListDataSetIterator<>(Nets.batches(4), 1), 2);
        RunSnapshot now = monitor.snapshot();
        assertThat(now.info().size().parameters()).isEqualTo(net.numParams());
        assertThat(now.info().size().bitsPerParameter()).isEqualTo(64);
        assertThat(now.info().vocabularySize()).isEqualTo(Nets.VOCABULARY);
        assertThat(now.info().model()).isEqualTo("MultiLayerNetwork");
        assertThat(now.progress().learningRate()).isEqualTo(0.01);
        assertThat(now.progress().position().iteration()).isEqualTo(net.getIterationCount() - 1);
        assertThat(now.progress().position().epoch()).isEqualTo(1);
        assertThat(now.progress().segment()).isZero();
    }

    @Test
    void fit_squaredError_saysWhyThereIsNoEta() {
        MultiLayerNetwork net = Nets.network(new NeuralNetConfiguration.Builder()
                .updater(new Sgd(0.1))
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(3).build())
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .activation(Activation.IDENTITY)
                        .nIn(3)
                        .nOut(2)
                        .build())
                .build());
        net.setListeners(new EtaListener(monitor));
        for (int i = 0; i < 3; i++) {
            net.fit(Nd4j.rand(5, 4), Nd4j.rand(5, 2));
        }
        RunSnapshot now = monitor.snapshot();
        assertThat(now.info().unsupportedReason())
                .isEqualTo("output \"output\" has the loss LossMSE, which is no code"
                        + " length; supported: MCXENT, SPARSE_MCXENT, NEGATIVELOGLIKELIHOOD, XENT");
        assertThat(now.progress().skippedSteps()).isEqualTo(3);
        assertThat(now.progress().tokens()).isZero();
        assertThat(now.ledger().eta()).isZero();
        assertThat(now.process().listenerErrors()).isZero();
    }

    @Test
    void attach_trainedNetworkWithoutState_beginsASegment() {
        MultiLayerNetwork net = Nets.lstm();
        net.fit(Nets.batch(1));
        net.setListeners(new EtaListener(monitor));
        net.fit(Nets.batch(2));
        net.fit(Nets.batch(3));
        RunSnapshot now = monitor.snapshot();
        assertThat(now.progress().segment()).isEqualTo(1);
        assertThat(now.baseline().assumed()).isTrue();
        assertThat(now.baseline().nats()).isEqualTo(Math.log(Nets.VOCABULARY));
    }
}
