package org.etascope.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Training by hand, where no callback tells of the end of an iteration. */
class OutsideFitTest {
    private static final int UPDATES = 12;
    private static final int ADDED_UP = 3;

    private final RunMonitor monitor = RunMonitor.builder("outside").build();
    private final EtaListener eta = new EtaListener(monitor);

    @Test
    void computeGradientAndScore_addedUp_saidWhyNoStepIsReported() {
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(eta);
        for (int update = 0; update < UPDATES; update++) {
            update(net, update);
        }
        RunSnapshot now = monitor.snapshot();
        assertThat(now.progress().steps()).isZero();
        assertThat(now.info().unsupportedReason())
                .isEqualTo("backward passes come without the end of an iteration (training outside fit): no step is"
                        + " reported; call stepDone(net) of the listener after each update");
    }

    @Test
    void stepDone_afterEachUpdate_passesAddedUpAreOneStep() {
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(eta);
        double nats = 0;
        for (int update = 0; update < UPDATES; update++) {
            nats += update(net, update);
            eta.stepDone(net);
        }
        RunSnapshot now = monitor.snapshot();
        assertThat(now.progress().steps()).isEqualTo(UPDATES);
        assertThat(now.progress().skippedSteps()).isZero();
        assertThat(now.progress().segment()).isZero();
        assertThat(now.progress().tokens()).isEqualTo((long) UPDATES * ADDED_UP * Nets.MINIBATCH * Nets.LENGTH);
        assertThat(now.ledger().codeLengthNats()).isCloseTo(nats, within(1e-9));
        assertThat(now.info().unsupportedReason()).isNull();
        assertThat(now.info().size().parameters()).isEqualTo(net.numParams());
    }

    @Test
    void stepDone_onceToldOf_theReasonGoes() {
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(eta);
        for (int update = 0; update < UPDATES; update++) {
            update(net, update);
        }
        eta.stepDone(net);
        assertThat(monitor.snapshot().info().unsupportedReason()).isNull();
        assertThat(monitor.snapshot().progress().steps()).isEqualTo(1);
    }

    @Test
    void fit_afterStepsByHand_goesOnInTheSameSegment() {
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(eta);
        net.fit(Nets.batch(1));
        update(net, 2);
        eta.stepDone(net);
        net.fit(Nets.batch(3));
        net.fit(Nets.batch(4));
        assertThat(monitor.snapshot().progress().steps()).isEqualTo(4);
        assertThat(monitor.snapshot().progress().segment()).isZero();
    }

    @Test
    void stepDone_externalErrors_theGivenLossCounts() {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .updater(new Adam(.01))
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(3).build())
                .build());
        net.init();
        net.setListeners(eta);
        INDArray input = Nd4j.rand(8, 4);
        for (int i = 0; i < 5; i++) {
            net.setInput(input);
            net.feedForward(true, false);
            Gradient gradient =
                    net.backpropGradient(Nd4j.rand(8, 3).sub(.5), null).getFirst();
            net.getUpdater().update(net, gradient, i, 0, 8, LayerWorkspaceMgr.noWorkspaces());
            net.params().subi(gradient.gradient());
            eta.stepDone(net, 8, 1.5 - i / 10.0);
        }
        RunSnapshot now = monitor.snapshot();
        assertThat(now.progress().tokens()).isEqualTo(40);
        assertThat(now.baseline().nats()).isEqualTo(1.5);
        assertThat(now.losses().last()).isCloseTo(1.1, within(1e-12));
        assertThat(now.info().size().parameters()).isEqualTo(15);
        assertThat(now.progress().segment()).isZero();
    }

    @Test
    void externalErrors_nothingReported_theVerdictSaysSo() {
        assertThat(monitor.snapshot().verdict().sentence()).isEqualTo("waiting: no usable step was reported yet");
    }

    /** One update of several minibatches' gradients; returns their nats. */
    private static double update(MultiLayerNetwork net, int update) {
        INDArray sum = Nd4j.zeros(DataType.DOUBLE, 1, net.numParams());
        double nats = 0;
        for (int i = 0; i < ADDED_UP; i++) {
            DataSet batch = Nets.batch(update * ADDED_UP + i);
            nats += Nets.nats(net, batch);
            net.setInput(batch.getFeatures());
            net.setLabels(batch.getLabels());
            net.computeGradientAndScore(LayerWorkspaceMgr.noWorkspaces());
            sum.addi(net.gradient().gradient().reshape(1, net.numParams()));
        }
        net.params().subi(sum.muli(0.01).reshape(net.params().shape()));
        return nats;
    }
}
