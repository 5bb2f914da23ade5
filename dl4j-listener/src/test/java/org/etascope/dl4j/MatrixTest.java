package org.etascope.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.core.TokenUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Every way to train against the loss computed by hand from a twin's output with the same parameters. */
class MatrixTest {
    private static final int BATCHES = 2;

    static Stream<Case> possible() {
        return Case.all().stream().filter(c -> c.impossible() == null);
    }

    /** One of each kind; the penalty and the minibatch switch change nothing about them. */
    static Stream<Case> impossible() {
        return Case.all().stream()
                .filter(c -> c.impossible() != null && c.miniBatch() && c.penalty() == Case.Penalty.NONE)
                .filter(c -> c.head().recurrent() || (c.truncated() && c.format() == RNNFormat.NCW));
    }

    @Test
    void all_ofTheMatrix_isTestedOrListedWithItsReason() {
        assertThat(Case.all()).hasSize(1_152);
        assertThat(possible()).hasSize(576);
        assertThat(Case.all().stream()
                        .map(Case::impossible)
                        .filter(reason -> reason != null)
                        .distinct())
                .hasSize(4);
    }

    @ParameterizedTest
    @MethodSource("possible")
    void fit_everyWayToTrain_tokensExactAndNatsAsByHand(Case how) {
        RunMonitor monitor = RunMonitor.builder("matrix").build();
        Model net = how.network();
        ByHand hand = new ByHand(how);
        EtaListener eta = new EtaListener(monitor);
        net.setListeners(List.of(hand, eta));
        for (int i = 0; i < BATCHES; i++) {
            fit(net, how.batch(i));
            hand.add(how.batch(i));
        }
        RunSnapshot now = monitor.snapshot();
        assertThat(now.progress().tokens()).isEqualTo(hand.tokens);
        assertThat(now.progress().steps() + now.progress().skippedSteps()).isEqualTo((long) how.segments() * BATCHES);
        assertThat(now.ledger().codeLengthNats()).isCloseTo(hand.nats, within(1e-6));
        assertThat(now.losses().last()).isCloseTo(hand.lastMean, within(1e-6));
        assertThat(now.info().vocabularySize()).isEqualTo(Case.VOCABULARY);
        assertThat(now.info().unit()).isEqualTo(how.head().recurrent() ? TokenUnit.TOKEN : TokenUnit.EXAMPLE);
        assertThat(now.process().listenerErrors()).isZero();
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void fit_whatDeeplearning4jCannot_throwsOrTrainsNothing(Case how) {
        RunMonitor monitor = RunMonitor.builder("matrix").build();
        Model net = how.network();
        net.setListeners(List.of(new EtaListener(monitor)));
        Throwable thrown = catchThrowable(() -> fit(net, how.batch(0)));
        RunSnapshot now = monitor.snapshot();
        assertThat(thrown != null || Double.isNaN(now.progress().position().iteration()))
                .as("%s", how.impossible())
                .isTrue();
        assertThat(now.progress().tokens()).isZero();
        assertThat(now.process().listenerErrors()).isZero();
    }

    private static void fit(Model net, DataSet batch) {
        if (net instanceof ComputationGraph graph) {
            graph.fit(batch);
        } else {
            ((MultiLayerNetwork) net).fit(batch);
        }
    }

    /** Computes each step's loss from the parameters before its update, on a network of its own. */
    private static final class ByHand extends BaseTrainingListener {
        private final Case how;
        private final Model twin;
        private final List<double[]> parameters = new ArrayList<>();
        private long tokens;
        private double nats;
        private double lastMean;

        ByHand(Case how) {
            this.how = how;
            this.twin = how.network();
        }

        @Override
        public void onForwardPass(Model model, List<INDArray> activations) {
            parameters.add(model.params().toDoubleVector());
        }

        @Override
        public void onForwardPass(Model model, Map<String, INDArray> activations) {
            onForwardPass(model, List.of());
        }

        void add(DataSet batch) {
            INDArray mask = batch.getLabelsMaskArray();
            Case.clearState(twin);
            for (int step = 0; step < parameters.size(); step++) {
                twin.setParams(Nd4j.createFromArray(new double[][] {parameters.get(step)}));
                if (how.segments() > 1) {
                    int from = step * Case.SEGMENT;
                    int to = Math.min(Case.LENGTH, from + Case.SEGMENT);
                    INDArray probabilities = Case.timeStep(twin, part(batch.getFeatures(), from, to));
                    INDArray partOfMask = mask == null ? null : part(mask, from, to);
                    add(how.sum(probabilities, part(batch.getLabels(), from, to), partOfMask));
                } else {
                    add(how.sum(Case.output(twin, batch.getFeatures()), batch.getLabels(), mask));
                }
            }
            parameters.clear();
        }

        private void add(Case.Sum sum) {
            tokens += sum.tokens();
            nats += sum.nats();
            lastMean = sum.nats() / sum.tokens();
        }

        private static INDArray part(INDArray array, int from, int to) {
            return array.rank() == 2
                    ? array.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to))
                            .dup()
                    : array.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(from, to))
                            .dup();
        }
    }
}
