package org.etascope.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;
import org.slf4j.LoggerFactory;

/** What is a code length and what is not: each the right number, or a reason that is logged once and no eta. */
class RefusalsTest {
    private final RunMonitor monitor = RunMonitor.builder("refusals").build();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger().addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger().detachAppender(log);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(EtaListener.class);
    }

    @Test
    void fit_classWeights_refused() {
        INDArray weights = Nd4j.ones(DataType.DOUBLE, 1, Nets.VOCABULARY).muli(2);
        train(net(DataType.DOUBLE, new LossMCXENT(weights), Activation.SOFTMAX), Nets.batch(1));
        assertRefused("output \"output\" weighs its classes: the loss is no code length");
    }

    @Test
    void fit_sigmoidOutputs_refused() {
        train(net(DataType.DOUBLE, new LossMCXENT(), Activation.SIGMOID), Nets.batch(1));
        assertRefused("output \"output\" has the activation sigmoid, supported: softmax (else the outputs are no"
                + " probabilities and the loss is no code length)");
    }

    @Test
    void fit_softLabels_refused() {
        DataSet smoothed = Nets.batch(1);
        smoothed.setLabels(smoothed.getLabels().mul(0.9).addi(0.1 / Nets.VOCABULARY));
        train(Nets.lstm(), smoothed);
        assertRefused("the labels are soft (not 0 or 1): their own entropy is in the loss, which is no code length");
    }

    @Test
    void fit_severalLabelsPerPosition_refused() {
        DataSet many = Nets.batch(1);
        many.setLabels(Nd4j.ones(DataType.DOUBLE, Nets.MINIBATCH, Nets.VOCABULARY, Nets.LENGTH));
        train(Nets.lstm(), many);
        assertRefused("positions have several labels: the loss is no code length");
    }

    @Test
    void fit_weightedMask_refused() {
        DataSet weighted = Nets.batch(1);
        weighted.setLabelsMaskArray(
                Nd4j.ones(DataType.DOUBLE, Nets.MINIBATCH, Nets.LENGTH).muli(0.5));
        train(Nets.lstm(), weighted);
        assertRefused("the label mask holds 0.5, allowed: 0 and 1 (a weighted loss is no code length)");
    }

    @Test
    void fit_halfParameters_refused() {
        train(net(DataType.FLOAT16, new LossMCXENT(), Activation.SOFTMAX), Nets.batch(1));
        assertRefused("the parameters are HALF, and so is the score: 0.82 was seen for 4.09 nats; use FLOAT or DOUBLE");
        assertThat(monitor.snapshot().info().size().bitsPerParameter()).isEqualTo(16);
    }

    @Test
    void fit_floatParameters_lossWithinFloatPrecision() {
        MultiLayerNetwork net = net(DataType.FLOAT, new LossMCXENT(), Activation.SOFTMAX);
        net.setListeners(new EtaListener(monitor));
        DataSet batch = Nets.batch(1);
        double nats = Nets.nats(net, batch) / (Nets.MINIBATCH * Nets.LENGTH);
        net.fit(batch);
        assertThat(monitor.snapshot().losses().last()).isCloseTo(nats, within(1e-5));
        assertThat(monitor.snapshot().info().size().bitsPerParameter()).isEqualTo(32);
    }

    @Test
    void fit_featuresMaskWithoutLabelMask_onlyLabelledPositionsCount() {
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(new EtaListener(monitor));
        DataSet full = Nets.batch(1);
        net.fit(full);
        DataSet padded = padded();
        double nats = Nets.nats(net, padded);
        net.fit(padded);
        assertThat(monitor.snapshot().progress().tokens())
                .isEqualTo(2L * Nets.MINIBATCH * Nets.LENGTH - 2L * Nets.MINIBATCH);
        assertThat(monitor.snapshot().losses().last())
                .isCloseTo(nats / (Nets.MINIBATCH * (Nets.LENGTH - 2)), within(1e-12));
        assertThat(log.list).hasSize(1);
        assertThat(log.list.get(0).getFormattedMessage()).contains("features mask without a label mask");
    }

    @Test
    void fit_fullyMaskedBatch_countsAsSkipped() {
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(new EtaListener(monitor));
        DataSet masked = Nets.batch(1);
        masked.setLabelsMaskArray(Nd4j.zeros(DataType.DOUBLE, Nets.MINIBATCH, Nets.LENGTH));
        net.fit(masked);
        net.fit(Nets.batch(2));
        RunSnapshot now = monitor.snapshot();
        assertThat(now.progress().skippedSteps()).isEqualTo(1);
        assertThat(now.progress().steps()).isEqualTo(1);
        assertThat(now.info().unsupportedReason()).isNull();
    }

    @Test
    void fit_nanParameters_countsAsNonFinite() {
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(new EtaListener(monitor));
        net.fit(Nets.batch(1));
        net.params().assign(Double.NaN);
        net.fit(Nets.batch(2));
        RunSnapshot now = monitor.snapshot();
        assertThat(now.progress().nonFiniteSteps()).isEqualTo(1);
        assertThat(now.progress().steps()).isEqualTo(1);
        assertThat(now.losses().last()).isFinite();
    }

    @Test
    void fit_softLabelsFromAnyStepOn_refusedAtOnce() {
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(new EtaListener(monitor));
        Nets.batches(5).forEach(net::fit);
        DataSet smoothed = Nets.batch(1);
        smoothed.setLabels(smoothed.getLabels().mul(0.9).addi(0.1 / Nets.VOCABULARY));
        net.fit(smoothed);
        net.fit(smoothed);
        assertThat(monitor.snapshot().progress().steps()).isEqualTo(5);
        assertThat(monitor.snapshot().progress().skippedSteps()).isEqualTo(2);
        assertThat(monitor.snapshot().info().unsupportedReason()).startsWith("the labels are soft");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fit_positionsWithoutLabelsFromAnyStepOn_areNotCounted(boolean onDevice) {
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(EtaListener.builder(monitor).onDevice(onDevice).build());
        Nets.batches(5).forEach(net::fit);
        double nats = 0;
        for (int i = 0; i < 20; i++) {
            DataSet padded = padded();
            padded.setFeaturesMaskArray(null);
            nats += Nets.nats(net, padded);
            net.fit(padded);
        }
        RunSnapshot now = monitor.snapshot();
        long tokens = 5L * Nets.MINIBATCH * Nets.LENGTH + 20L * Nets.MINIBATCH * (Nets.LENGTH - 2);
        assertThat(now.progress().tokens()).isEqualTo(tokens);
        assertThat(nats).isPositive();
        assertThat(log.list).hasSize(1);
    }

    /** More positions than are looked at in one step: those that lack a label are found within a few. */
    @Test
    void fit_fewUnlabelledOfManyPositions_foundWithinAFewSteps() {
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(new EtaListener(monitor));
        DataSet wide = Nets.batch(3, 20, 40);
        DataSet holes = Nets.batch(3, 20, 40);
        for (int b = 0; b < 20; b++) {
            for (int v = 0; v < Nets.VOCABULARY; v++) {
                holes.getLabels().putScalar(new int[] {b, v, 39}, 0);
            }
        }
        for (int i = 0; i < 8; i++) {
            net.fit(wide);
        }
        long before = monitor.snapshot().progress().tokens();
        for (int i = 0; i < 30; i++) {
            net.fit(holes);
        }
        long counted = monitor.snapshot().progress().tokens() - before;
        long right = 30L * 20 * 39;
        assertThat(counted - right).isBetween(0L, 4 * 20L);
    }

    @Test
    void fit_unlabelledPositionsThatTheMaskKeeps_areNotCounted() {
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(new EtaListener(monitor));
        net.fit(Nets.batch(1));
        net.fit(Nets.batch(1));
        DataSet padded = padded();
        padded.setFeaturesMaskArray(null);
        INDArray mask = Nd4j.ones(DataType.DOUBLE, Nets.MINIBATCH, Nets.LENGTH);
        mask.putScalar(0, 0, 0);
        padded.setLabelsMaskArray(mask);
        net.fit(padded);
        assertThat(monitor.snapshot().progress().tokens())
                .isEqualTo(2L * Nets.MINIBATCH * Nets.LENGTH + Nets.MINIBATCH * (Nets.LENGTH - 2) - 1);
    }

    /** One label per sequence, taken from its last step that is there: the mask is of the features alone. */
    @Test
    void fit_sequencesClassifiedByTheirLastStep_eachIsOneAndNoPaddingIsSpokenOf() {
        MultiLayerNetwork net = Nets.network(new NeuralNetConfiguration.Builder()
                .seed(11)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.1))
                .list()
                .layer(new LastTimeStep(
                        new LSTM.Builder().nIn(Nets.VOCABULARY).nOut(4).build()))
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nIn(4)
                        .nOut(3)
                        .build())
                .build());
        net.setListeners(new EtaListener(monitor));
        DataSet sequences = padded();
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, Nets.MINIBATCH, 3);
        for (int b = 0; b < Nets.MINIBATCH; b++) {
            labels.putScalar(b, b % 3, 1);
        }
        sequences.setLabels(labels);
        for (int i = 0; i < 6; i++) {
            net.fit(sequences);
        }
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo(6 * Nets.MINIBATCH);
        assertThat(monitor.snapshot().info().unsupportedReason()).isNull();
        assertThat(log.list).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fit_sparseLabelsWithAFeaturesMaskOnly_paddingIsRefusedAndAWholeMaskIsNot(boolean padding) {
        MultiLayerNetwork net = net(DataType.DOUBLE, new LossSparseMCXENT(), Activation.SOFTMAX);
        net.setListeners(new EtaListener(monitor));
        DataSet batch = padding ? padded() : Nets.batch(2);
        if (!padding) {
            batch.setFeaturesMaskArray(Nd4j.ones(DataType.DOUBLE, Nets.MINIBATCH, Nets.LENGTH));
        }
        batch.setLabels(Nd4j.zeros(DataType.DOUBLE, Nets.MINIBATCH, 1, Nets.LENGTH));
        net.fit(batch);
        RunSnapshot now = monitor.snapshot();
        if (padding) {
            assertThat(now.info().unsupportedReason())
                    .isEqualTo("sparse labels, padded features and no label mask: Deeplearning4j trains on the padding"
                            + " as if it were labels; give a label mask");
            assertThat(now.progress().tokens()).isZero();
        } else {
            assertThat(now.progress().tokens()).isEqualTo(Nets.MINIBATCH * Nets.LENGTH);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fit_sparseLabelsAndPaddingThatIsNotZero_refusedWhereALayerKeepsTheMaskElseToldOnce(boolean kept) {
        var layers = new NeuralNetConfiguration.Builder()
                .seed(11)
                .dataType(DataType.DOUBLE)
                .list()
                .layer(new LSTM.Builder().nIn(Nets.VOCABULARY).nOut(4).build());
        if (kept) {
            layers.layer(new DenseLayer.Builder().nIn(4).nOut(4).build());
        }
        MultiLayerNetwork net = Nets.network(layers.layer(new RnnOutputLayer.Builder(new LossSparseMCXENT())
                        .activation(Activation.SOFTMAX)
                        .nIn(4)
                        .nOut(Nets.VOCABULARY)
                        .build())
                .validateOutputLayerConfig(false)
                .build());
        net.setListeners(new EtaListener(monitor));
        DataSet batch = Nets.batch(2);
        batch.setFeaturesMaskArray(padded().getFeaturesMaskArray());
        batch.setLabels(Nd4j.zeros(DataType.DOUBLE, Nets.MINIBATCH, 1, Nets.LENGTH));
        logger().setLevel(Level.INFO);
        try {
            net.fit(batch);
            net.fit(batch);
        } finally {
            logger().setLevel(null);
        }
        assertThat(log.list).hasSize(1);
        assertThat(log.list.get(0).getFormattedMessage())
                .contains(kept ? "sparse labels, padded features and no label mask" : "padding that is not zero");
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo(kept ? 0 : 2L * Nets.MINIBATCH * Nets.LENGTH);
    }

    /** The last two steps are padding: no feature, no label, and only the features are masked. */
    private static DataSet padded() {
        DataSet padded = Nets.batch(2);
        INDArray mask = Nd4j.ones(DataType.DOUBLE, Nets.MINIBATCH, Nets.LENGTH);
        for (int b = 0; b < Nets.MINIBATCH; b++) {
            for (int t = Nets.LENGTH - 2; t < Nets.LENGTH; t++) {
                mask.putScalar(b, t, 0);
                for (int v = 0; v < Nets.VOCABULARY; v++) {
                    padded.getFeatures().putScalar(new int[] {b, v, t}, 0);
                    padded.getLabels().putScalar(new int[] {b, v, t}, 0);
                }
            }
        }
        padded.setFeaturesMaskArray(mask);
        return padded;
    }

    private void train(MultiLayerNetwork net, DataSet batch) {
        net.setListeners(new EtaListener(monitor));
        for (int i = 0; i < 3; i++) {
            net.fit(batch);
        }
    }

    private void assertRefused(String reason) {
        RunSnapshot now = monitor.snapshot();
        assertThat(now.info().unsupportedReason()).isEqualTo(reason);
        assertThat(now.progress().skippedSteps()).isEqualTo(3);
        assertThat(now.progress().tokens()).isZero();
        assertThat(now.process().listenerErrors()).isZero();
        assertThat(log.list).hasSize(1);
        assertThat(log.list.get(0).getLevel()).isEqualTo(Level.WARN);
        assertThat(log.list.get(0).getFormattedMessage()).contains(reason);
    }

    private static MultiLayerNetwork net(DataType type, ILossFunction loss, Activation activation) {
        return Nets.network(new NeuralNetConfiguration.Builder()
                .seed(11)
                .dataType(type)
                .updater(new Sgd(0.1))
                .list()
                .layer(new LSTM.Builder().nIn(Nets.VOCABULARY).nOut(4).build())
                .layer(new RnnOutputLayer.Builder(loss)
                        .activation(activation)
                        .nIn(4)
                        .nOut(Nets.VOCABULARY)
                        .build())
                .validateOutputLayerConfig(false)
                .build());
    }
}
