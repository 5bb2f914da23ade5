package org.etascope.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.etascope.core.LayerPoint;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class LayerProbeTest {
    private static final int LENGTH = 12;
    private static final int ROWS = 40;

    private final RunMonitor monitor = RunMonitor.builder("layers").build();

    /** Three layers of states, of which one knows no time; nothing is learnt, so that a probe sees what a test can see later. */
    private static NeuralNetConfiguration.ListBuilder unlearning() {
        return new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .list()
                .layer(new LSTM.Builder().nIn(Nets.VOCABULARY).nOut(6).build())
                .layer(new DenseLayer.Builder()
                        .nOut(5)
                        .activation(Activation.TANH)
                        .build())
                .layer(new LSTM.Builder().nOut(4).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(Nets.VOCABULARY)
                        .build())
                .setInputType(InputType.recurrent(Nets.VOCABULARY));
    }

    private static ListDataSetIterator<DataSet> heldOut(DataSet... batches) {
        return new ListDataSetIterator<>(List.of(batches), batches[0].numExamples());
    }

    private LayerPoint measured() {
        return monitor.snapshot().layers();
    }

    @Test
    void heldOut_residuals_areThoseOfALeastSquaresFitByHand() {
        MultiLayerNetwork net = Nets.network(unlearning().build());
        DataSet held = Nets.batch(1, ROWS, LENGTH);
        net.setListeners(EtaListener.builder(monitor)
                .probeLayersOn(heldOut(held), ROWS * LENGTH)
                .build());

        net.fit(Nets.batch(2));

        assertThat(measured().positions()).isEqualTo(ROWS * LENGTH);
        assertThat(measured().residuals()).hasSize(3);
        for (int layer = 1; layer <= 3; layer++) {
            List<double[]> states = new ArrayList<>();
            List<Double> ids = new ArrayList<>();
            for (int row = 0; row < ROWS; row++) {
                INDArray one = held.getFeatures()
                        .get(NDArrayIndex.interval(row, row + 1), NDArrayIndex.all(), NDArrayIndex.all());
                INDArray activations = net.feedForward(one, false).get(layer);
                for (int t = 0; t < LENGTH; t++) {
                    int time = t;
                    states.add(
                            activations.rank() == 2
                                    ? activations.getRow(t).toDoubleVector()
                                    : activations
                                            .get(NDArrayIndex.point(0), NDArrayIndex.all(), NDArrayIndex.point(time))
                                            .toDoubleVector());
                    ids.add((double) held.getLabels()
                            .get(NDArrayIndex.point(row), NDArrayIndex.all(), NDArrayIndex.point(t))
                            .argMax()
                            .getInt(0));
                }
            }
            assertThat(measured().residual(layer))
                    .as("layer " + layer)
                    .isEqualTo(residual(states, ids, layer < 3), within(1e-6));
        }
        assertThat(monitor.snapshot().process().listenerErrors()).isZero();
    }

    /** 1 − R² of the fit with intercept, adjusted, by Gaussian elimination of the normal equations. */
    private static double residual(List<double[]> states, List<Double> targets, boolean normalised) {
        int n = states.size();
        int d = states.get(0).length;
        double[][] equations = new double[d + 1][d + 2];
        double mean =
                targets.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        List<double[]> rows = new ArrayList<>();
        for (double[] state : states) {
            double[] row = new double[d + 1];
            row[d] = 1;
            double average = 0;
            double variance = 0;
            for (double x : state) {
                average += x / d;
            }
            for (double x : state) {
                variance += (x - average) * (x - average) / d;
            }
            for (int i = 0; i < d; i++) {
                row[i] = normalised ? (state[i] - average) / Math.sqrt(variance + 1e-5) : state[i];
            }
            rows.add(row);
        }
        for (int k = 0; k < n; k++) {
            for (int i = 0; i <= d; i++) {
                for (int j = 0; j <= d; j++) {
                    equations[i][j] += rows.get(k)[i] * rows.get(k)[j];
                }
                equations[i][d + 1] += rows.get(k)[i] * targets.get(k);
            }
        }
        if (normalised) {
            // Normalised states add up to 0: one unit follows from the others.
            for (int i = 0; i <= d + 1; i++) {
                equations[0][i] = i == 0 ? 1 : 0;
            }
            for (int i = 1; i <= d; i++) {
                equations[i][0] = 0;
            }
        }
        double[] solved = solve(equations);
        double left = 0;
        double all = 0;
        for (int k = 0; k < n; k++) {
            double fit = 0;
            for (int i = 0; i <= d; i++) {
                fit += solved[i] * rows.get(k)[i];
            }
            left += (targets.get(k) - fit) * (targets.get(k) - fit);
            all += (targets.get(k) - mean) * (targets.get(k) - mean);
        }
        return Math.min(1, left / all * (n - 1) / (n - d - 1));
    }

    private static double[] solve(double[][] a) {
        int n = a.length;
        for (int i = 0; i < n; i++) {
            int pivot = i;
            for (int k = i; k < n; k++) {
                pivot = Math.abs(a[k][i]) > Math.abs(a[pivot][i]) ? k : pivot;
            }
            double[] swapped = a[i];
            a[i] = a[pivot];
            a[pivot] = swapped;
            for (int k = 0; k < n; k++) {
                double factor = k == i ? 0 : a[k][i] / a[i][i];
                for (int j = i; j <= n; j++) {
                    a[k][j] -= factor * a[i][j];
                }
            }
        }
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = a[i][n] / a[i][i];
        }
        return x;
    }

    @Test
    void graph_ofTheSameLayers_hasTheSameResiduals() {
        MultiLayerNetwork net = Nets.network(unlearning().build());
        ComputationGraph graph = net.toComputationGraph();
        DataSet held = Nets.batch(1, ROWS, LENGTH);
        RunMonitor other = RunMonitor.builder("graph").build();
        net.setListeners(EtaListener.builder(monitor)
                .probeLayersOn(heldOut(held), 10_000)
                .build());
        graph.setListeners(
                EtaListener.builder(other).probeLayersOn(heldOut(held), 10_000).build());

        net.fit(Nets.batch(2));
        graph.fit(Nets.batch(2));

        assertThat(other.snapshot().layers().residuals())
                .hasSize(3)
                .isEqualTo(measured().residuals());
    }

    @Test
    void training_withAProbe_isBitIdentical() {
        MultiLayerNetwork alone = Nets.network(dropping().build());
        MultiLayerNetwork probed = Nets.network(dropping().build());
        Nd4j.getRandom().setSeed(3);
        Nets.batches(60).forEach(alone::fit);
        INDArray wanted = alone.params();

        probed.setListeners(EtaListener.builder(monitor)
                .probeLayersOn(heldOut(Nets.batch(1, ROWS, LENGTH)), 10_000)
                .build());
        Nd4j.getRandom().setSeed(3);
        Nets.batches(60).forEach(probed::fit);

        assertThat(measured().known()).isTrue();
        assertThat(probed.params()).isEqualTo(wanted);
        assertThat(probed.getUpdater().getStateViewArray())
                .isEqualTo(alone.getUpdater().getStateViewArray());
    }

    private static NeuralNetConfiguration.ListBuilder dropping() {
        return new NeuralNetConfiguration.Builder()
                .seed(9)
                .dataType(DataType.DOUBLE)
                .dropOut(0.7)
                .updater(new Adam(0.01))
                .list()
                .layer(new LSTM.Builder().nIn(Nets.VOCABULARY).nOut(6).build())
                .layer(new LSTM.Builder().nIn(6).nOut(6).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nIn(6)
                        .nOut(Nets.VOCABULARY)
                        .build());
    }

    @Test
    void masked_positions_areLeftOut() {
        DataSet held = Nets.batch(1, ROWS, LENGTH);
        INDArray mask = Nd4j.ones(DataType.DOUBLE, ROWS, LENGTH);
        mask.get(NDArrayIndex.all(), NDArrayIndex.interval(LENGTH / 2, LENGTH)).assign(0);
        held.setFeaturesMaskArray(mask);
        held.setLabelsMaskArray(mask);
        MultiLayerNetwork net = Nets.network(unlearning().build());
        net.setListeners(EtaListener.builder(monitor)
                .probeLayersOn(heldOut(held), 10_000)
                .build());

        net.fit(Nets.batch(2));

        assertThat(measured().positions()).isEqualTo(ROWS * LENGTH / 2);
        assertThat(measured().residuals()).hasSize(3).allMatch(residual -> residual > 0 && residual <= 1);
    }

    @Test
    void sample_ofTheTraining_isTakenOnceItIsFull() {
        MultiLayerNetwork net = Nets.network(unlearning().build());
        net.setListeners(EtaListener.builder(monitor).probeLayers().build());
        int perStep = 32 * 40;
        for (int step = 1; step < LayerProbe.ENOUGH_TOKENS / perStep; step++) {
            net.fit(Nets.batch(step, 32, 40));
        }
        assertThat(measured().known()).isFalse();

        net.fit(Nets.batch(99, 32, 40));

        assertThat(measured().positions()).isEqualTo(LayerProbe.ENOUGH_TOKENS);
        assertThat(measured().residuals()).hasSize(3).doesNotContain(Double.NaN);
    }

    @Test
    void embedding_isNoLayerOfItsOwn() {
        MultiLayerNetwork net = Nets.network(new NeuralNetConfiguration.Builder()
                .updater(new NoOp())
                .list()
                .layer(new EmbeddingSequenceLayer.Builder()
                        .nIn(Nets.VOCABULARY)
                        .nOut(4)
                        .build())
                .layer(new LSTM.Builder().nIn(4).nOut(4).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nIn(4)
                        .nOut(Nets.VOCABULARY)
                        .build())
                .setInputType(InputType.recurrent(Nets.VOCABULARY, LENGTH))
                .build());
        DataSet letters = Nets.batch(1, ROWS, LENGTH);
        letters.setFeatures(
                letters.getFeatures().argMax(1).castTo(DataType.FLOAT).reshape(ROWS, 1, LENGTH));
        letters.setLabels(letters.getLabels().castTo(DataType.FLOAT));
        net.setListeners(EtaListener.builder(monitor)
                .probeLayersOn(heldOut(letters), 10_000)
                .build());

        net.fit(letters);

        assertThat(measured().residuals()).hasSize(1);
    }

    @Test
    void classifier_withoutTime_isRefusedAndTrainsOn() {
        MultiLayerNetwork net = Nets.network(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new DenseLayer.Builder().nIn(3).nOut(4).build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nIn(4)
                        .nOut(2)
                        .build())
                .build());
        DataSet points = new DataSet(Nd4j.rand(8, 3), Nd4j.create(new double[8][2]));
        for (int i = 0; i < 8; i++) {
            points.getLabels().putScalar(i, i % 2, 1);
        }
        net.setListeners(
                EtaListener.builder(monitor).probeLayersOn(heldOut(points), 100).build());

        net.fit(points);
        net.fit(points);

        assertThat(measured().known()).isFalse();
        assertThat(monitor.snapshot().progress().steps()).isEqualTo(2);
        assertThat(monitor.snapshot().process().listenerErrors()).isZero();
    }

    @Test
    void rhythm_isAnEighthOfAnEFold_withinItsShareOfTheTime() {
        MultiLayerNetwork net = Nets.network(unlearning().build());
        List<Reading> readings = new ArrayList<>();
        net.setListeners(new EtaListener(monitor), new BaseTrainingListener() {
            @Override
            public void onBackwardPass(Model model) {
                readings.add(Reading.of(model, Set.of(), false));
            }
        });
        net.fit(Nets.batch(2));
        Reading reading = readings.get(0);
        long tokens = monitor.snapshot().progress().tokens();
        LayerProbe unhurried = probe();
        LayerProbe hurried = probe();
        int probes = 0;
        int hurriedProbes = 0;
        Random seeds = new Random(1);
        for (long step = 1; step <= 400; step++) {
            if (unhurried.due(tokens, step * 1_000_000_000_000L)) {
                unhurried.probe(net, reading, monitor);
                probes++;
            }
            if (hurried.due(tokens, step)) {
                hurried.probe(net, reading, monitor);
                hurriedProbes++;
            }
            net.fit(Nets.batch(seeds.nextLong()));
        }

        // Early on an eighth of an e-fold is less than a step; then there are 8·ln(400/8) more.
        assertThat(probes).isBetween(34, 42);
        assertThat(hurriedProbes).isEqualTo(1);
    }

    private static LayerProbe probe() {
        return new LayerProbe(new MultiDataSetIteratorAdapter(heldOut(Nets.batch(1, ROWS, LENGTH))), 10_000);
    }
}
