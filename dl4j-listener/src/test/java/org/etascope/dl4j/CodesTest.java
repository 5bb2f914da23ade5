package org.etascope.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.core.TokenUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.adapter.SingletonMultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

/** Codes that are no language model's: binary labels, pixels. Their nats are those of the network's own probabilities. */
class CodesTest {
    private static final int EXAMPLES = 6;
    private static final int LABELS = 3;

    private final RunMonitor monitor = RunMonitor.builder("codes").build();

    @Test
    void fit_binaryLabels_eachIsATokenOfABernoulliCode() {
        MultiLayerNetwork net = binary(new LossBinaryXENT(), Activation.SIGMOID);
        net.setListeners(new EtaListener(monitor));
        double nats = 0;
        for (int i = 0; i < 5; i++) {
            DataSet batch = binaryBatch(i);
            INDArray p = net.output(batch.getFeatures());
            for (int b = 0; b < EXAMPLES; b++) {
                for (int k = 0; k < LABELS; k++) {
                    nats += binaryNats(p.getDouble(b, k), batch.getLabels().getDouble(b, k));
                }
            }
            net.fit(batch);
        }
        RunSnapshot now = monitor.snapshot();
        assertThat(now.info().unsupportedReason()).isNull();
        assertThat(now.progress().tokens()).isEqualTo(5 * EXAMPLES * LABELS);
        assertThat(now.ledger().codeLengthNats()).isCloseTo(nats, within(1e-9));
        assertThat(now.info().vocabularySize()).isEqualTo(2);
        assertThat(now.info().unit()).isEqualTo(TokenUnit.LABEL);
        assertThat(now.baseline().nats()).isBetween(0.5, 1.0);
    }

    @Test
    void fit_binaryLabelsUnderAMaskOfExamples_theMaskedAreLeftOut() {
        MultiLayerNetwork net = binary(new LossBinaryXENT(), Activation.SIGMOID);
        net.setListeners(new EtaListener(monitor));
        DataSet batch = binaryBatch(1);
        batch.setLabelsMaskArray(Nd4j.createFromArray(1.0, 0, 1, 1, 0, 1).reshape(EXAMPLES, 1));
        INDArray p = net.output(batch.getFeatures());
        double nats = 0;
        for (int b : new int[] {0, 2, 3, 5}) {
            for (int k = 0; k < LABELS; k++) {
                nats += binaryNats(p.getDouble(b, k), batch.getLabels().getDouble(b, k));
            }
        }
        net.fit(batch);
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo(4 * LABELS);
        assertThat(monitor.snapshot().ledger().codeLengthNats()).isCloseTo(nats, within(1e-9));
    }

    @Test
    void fit_binaryLabelsOverTime_maskOfStepsCountsAllLabelsOfAStep() {
        MultiLayerNetwork net = Nets.network(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.1))
                .list()
                .layer(new LSTM.Builder().nIn(Nets.VOCABULARY).nOut(4).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.XENT)
                        .activation(Activation.SIGMOID)
                        .nIn(4)
                        .nOut(LABELS)
                        .build())
                .build());
        net.setListeners(new EtaListener(monitor));
        DataSet batch = Nets.batch(1);
        Random random = new Random(8);
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, Nets.MINIBATCH, LABELS, Nets.LENGTH);
        INDArray mask = Nd4j.ones(DataType.DOUBLE, Nets.MINIBATCH, Nets.LENGTH);
        mask.putScalar(1, 2, 0);
        INDArray p = net.output(batch.getFeatures());
        double nats = 0;
        for (int b = 0; b < Nets.MINIBATCH; b++) {
            for (int t = 0; t < Nets.LENGTH; t++) {
                for (int k = 0; k < LABELS; k++) {
                    int label = random.nextInt(2);
                    labels.putScalar(new int[] {b, k, t}, label);
                    nats += mask.getDouble(b, t) * binaryNats(p.getDouble(b, k, t), label);
                }
            }
        }
        net.fit(new DataSet(batch.getFeatures(), labels, null, mask));
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo((Nets.MINIBATCH * Nets.LENGTH - 1) * LABELS);
        assertThat(monitor.snapshot().ledger().codeLengthNats()).isCloseTo(nats, within(1e-9));
    }

    @Test
    void fit_binaryLabelsThatAreSoft_refused() {
        MultiLayerNetwork net = binary(new LossBinaryXENT(), Activation.SIGMOID);
        net.setListeners(new EtaListener(monitor));
        DataSet batch = binaryBatch(1);
        batch.getLabels().putScalar(2, 1, 0.3);
        net.fit(batch);
        assertThat(monitor.snapshot().info().unsupportedReason()).startsWith("the labels are soft");
    }

    @Test
    void fit_binaryLabelsWeighed_refused() {
        MultiLayerNetwork net =
                binary(new LossBinaryXENT(Nd4j.createFromArray(1.0, 2, 1).reshape(1, 3)), Activation.SIGMOID);
        net.setListeners(new EtaListener(monitor));
        net.fit(binaryBatch(1));
        assertThat(monitor.snapshot().info().unsupportedReason())
                .isEqualTo("output \"output\" weighs its classes: the loss is no code length");
    }

    @Test
    void fit_binaryLabelsWithoutSigmoid_refused() {
        MultiLayerNetwork net = binary(new LossBinaryXENT(), Activation.SOFTMAX);
        net.setListeners(new EtaListener(monitor));
        net.fit(binaryBatch(1));
        assertThat(monitor.snapshot().info().unsupportedReason())
                .startsWith("output \"output\" has the loss XENT and the activation softmax, supported: sigmoid");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fit_pixels_eachIsAToken(boolean masked) {
        MultiLayerNetwork net = pixels(CNN2DFormat.NCHW);
        net.setListeners(new EtaListener(monitor));
        Random random = new Random(5);
        INDArray image = Nd4j.rand(DataType.DOUBLE, 2, 1, 4, 5);
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, 2, LABELS, 4, 5);
        INDArray mask = Nd4j.ones(DataType.DOUBLE, 2, 1, 4, 5);
        mask.putScalar(new int[] {1, 0, 2, 3}, masked ? 0 : 1);
        INDArray p = net.output(image);
        double nats = 0;
        for (int b = 0; b < 2; b++) {
            for (int y = 0; y < 4; y++) {
                for (int x = 0; x < 5; x++) {
                    int label = random.nextInt(LABELS);
                    labels.putScalar(new int[] {b, label, y, x}, 1);
                    nats -= mask.getDouble(b, 0, y, x) * Math.log(p.getDouble(b, label, y, x));
                }
            }
        }
        net.fit(new DataSet(image, labels, null, masked ? mask : null));
        RunSnapshot now = monitor.snapshot();
        assertThat(now.info().unsupportedReason()).isNull();
        assertThat(now.progress().tokens()).isEqualTo(masked ? 39 : 40);
        assertThat(now.ledger().codeLengthNats()).isCloseTo(nats, within(1e-9));
        assertThat(now.info().vocabularySize()).isEqualTo(LABELS);
        assertThat(monitor.snapshot().info().unit()).isEqualTo(TokenUnit.PIXEL);
    }

    @Test
    void fit_pixelsWithChannelsLast_refused() {
        MultiLayerNetwork net = pixels(CNN2DFormat.NHWC);
        net.setListeners(new EtaListener(monitor));
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, 2, 4, 5, LABELS);
        IntStream.range(0, 40).forEach(i -> labels.putScalar(new int[] {i / 20, i / 5 % 4, i % 5, i % LABELS}, 1));
        net.fit(new DataSet(Nd4j.rand(DataType.DOUBLE, 2, 4, 5, 1), labels));
        assertThat(monitor.snapshot().info().unsupportedReason())
                .startsWith("output \"output\" is a CnnLossLayer in NHWC, whose score Deeplearning4j 1.0.0-M2.1");
    }

    @Test
    void validateOn_severalOutputs_lossAsByHand() {
        ComputationGraph net = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.1))
                .graphBuilder()
                .addInputs("x", "y")
                .addLayer("body", new DenseLayer.Builder().nIn(8).nOut(5).build(), "x", "y")
                .addLayer("a", head(), "body")
                .addLayer("b", head(), "body")
                .setOutputs("a", "b")
                .build());
        net.init();
        MultiDataSet data = new MultiDataSet(
                new INDArray[] {Nd4j.rand(DataType.DOUBLE, EXAMPLES, 4), Nd4j.rand(DataType.DOUBLE, EXAMPLES, 4)},
                new INDArray[] {oneHot(0), oneHot(1)},
                null,
                new INDArray[] {null, Nd4j.createFromArray(1.0, 1, 0, 1, 1, 1).reshape(EXAMPLES, 1)});
        net.setListeners(EtaListener.builder(monitor)
                .validateOn(new SingletonMultiDataSetIterator(data), Every.iterations(1))
                .build());
        net.fit(data);
        INDArray[] p = net.output(data.getFeatures());
        double nats = 0;
        for (int b = 0; b < EXAMPLES; b++) {
            nats -= Math.log(p[0].getDouble(b, b % LABELS));
            nats -= b == 2 ? 0 : Math.log(p[1].getDouble(b, (b + 1) % LABELS));
        }
        assertThat(monitor.snapshot().validation().loss()).isCloseTo(nats / (2 * EXAMPLES - 1), within(1e-10));
        assertThat(monitor.snapshot().process().listenerErrors()).isZero();
    }

    private static OutputLayer head() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .nIn(5)
                .nOut(LABELS)
                .build();
    }

    private static INDArray oneHot(int offset) {
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, EXAMPLES, LABELS);
        for (int b = 0; b < EXAMPLES; b++) {
            labels.putScalar(b, (b + offset) % LABELS, 1);
        }
        return labels;
    }

    private static MultiLayerNetwork pixels(CNN2DFormat format) {
        return Nets.network(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.1))
                .convolutionMode(ConvolutionMode.Same)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nIn(1)
                        .nOut(LABELS)
                        .activation(Activation.IDENTITY)
                        .dataFormat(format)
                        .build())
                .layer(new CnnLossLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .format(format)
                        .build())
                .setInputType(InputType.convolutional(4, 5, 1, format))
                .build());
    }

    private static MultiLayerNetwork binary(LossBinaryXENT loss, Activation activation) {
        return Nets.network(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.1))
                .list()
                .layer(new OutputLayer.Builder(loss)
                        .activation(activation)
                        .nIn(4)
                        .nOut(LABELS)
                        .build())
                .validateOutputLayerConfig(false)
                .build());
    }

    private static DataSet binaryBatch(long seed) {
        Random random = new Random(seed);
        INDArray features = Nd4j.zeros(DataType.DOUBLE, EXAMPLES, 4);
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, EXAMPLES, LABELS);
        for (int b = 0; b < EXAMPLES; b++) {
            for (int i = 0; i < 4; i++) {
                features.putScalar(b, i, random.nextGaussian());
            }
            for (int k = 0; k < LABELS; k++) {
                labels.putScalar(b, k, random.nextInt(2));
            }
        }
        return new DataSet(features, labels);
    }

    private static double binaryNats(double p, double label) {
        return -Math.log(label == 1 ? p : 1 - p);
    }
}
