package org.etascope.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.InvocationType;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.deeplearning4j.optimize.listeners.EvaluativeListener;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.etascope.core.Phase;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.core.SaturationCause;
import org.etascope.core.StopWhenBlownUp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Among DL4J's own listeners, trainers and solvers the numbers stay the same. */
class CompanyTest {
    @TempDir
    private Path directory;

    @Test
    void fit_amongOtherListenersInAnyOrder_sameNumbers() {
        RunMonitor alone = RunMonitor.builder("alone").build();
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(new EtaListener(alone));
        net.fit(new ExistingDataSetIterator(Nets.batches(8)), 1);
        for (int seed = 0; seed < 6; seed++) {
            RunMonitor monitor = RunMonitor.builder("among").build();
            List<TrainingListener> company = new ArrayList<>(List.of(
                    new EtaListener(monitor),
                    new ScoreIterationListener(1),
                    new EvaluativeListener(Nets.batch(77, 2, 9), 2, InvocationType.ITERATION_END),
                    new CheckpointListener.Builder(directory.resolve("c" + seed).toFile())
                            .saveEveryNIterations(3)
                            .deleteExisting(true)
                            .build()));
            assertThat(directory.resolve("c" + seed).toFile().mkdir()).isTrue();
            Collections.shuffle(company, new Random(seed));
            MultiLayerNetwork other = Nets.lstm();
            other.setListeners(company);
            other.fit(new ExistingDataSetIterator(Nets.batches(8)), 1);
            assertThat(monitor.snapshot().ledger()).isEqualTo(alone.snapshot().ledger());
            assertThat(monitor.snapshot().progress()).isEqualTo(alone.snapshot().progress());
            assertThat(monitor.snapshot().baseline()).isEqualTo(alone.snapshot().baseline());
        }
    }

    /** Always the same minibatch: what its losses differ by would hide a plateau of so small a network for long. */
    @Test
    void earlyStopping_saturatedRun_isEndedByTheCondition() {
        RunMonitor monitor = RunMonitor.builder("early").build();
        MultiLayerNetwork net = pairs(100);
        EarlyStoppingResult<MultiLayerNetwork> result =
                earlyStopping(monitor, net, Collections.nCopies(10, Nets.batch(100)), 400);
        RunSnapshot now = monitor.snapshot();
        assertThat(result.getTerminationReason())
                .isEqualTo(EarlyStoppingResult.TerminationReason.IterationTerminationCondition);
        assertThat(result.getTerminationDetails())
                .isEqualTo("EtaTerminationCondition(StopWhenSaturated[evaluations=2])");
        assertThat(now.verdict().phase()).isEqualTo(Phase.SATURATED);
        assertThat(now.verdict().saturation().cause()).isEqualTo(SaturationCause.LEARNING_RATE_EXHAUSTED);
        assertThat(now.verdict().saturation().evaluations()).isEqualTo(2);
        assertThat(now.progress().steps()).isGreaterThan(100).isLessThan(400 * 10);
    }

    @Test
    void earlyStopping_learningRun_isLeftToItsOtherConditions() {
        RunMonitor monitor = RunMonitor.builder("early").build();
        EarlyStoppingResult<MultiLayerNetwork> result = earlyStopping(monitor, Nets.lstm(), Nets.batches(10), 3);
        assertThat(result.getTerminationReason())
                .isEqualTo(EarlyStoppingResult.TerminationReason.EpochTerminationCondition);
        RunSnapshot now = monitor.snapshot();
        assertThat(now.progress().steps()).isEqualTo(30);
        assertThat(now.progress().uniqueTokens()).isEqualTo(10.0 * Nets.MINIBATCH * Nets.LENGTH);
        assertThat(now.progress().segment()).isZero();
    }

    private static EarlyStoppingResult<MultiLayerNetwork> earlyStopping(
            RunMonitor monitor, MultiLayerNetwork net, List<DataSet> data, int epochs) {
        net.setListeners(new EtaListener(monitor));
        EarlyStoppingConfiguration<MultiLayerNetwork> configuration = new EarlyStoppingConfiguration.Builder<
                        MultiLayerNetwork>()
                .epochTerminationConditions(new MaxEpochsTerminationCondition(epochs))
                .iterationTerminationConditions(new EtaTerminationCondition(monitor, 2))
                .scoreCalculator(new DataSetLossCalculator(new ExistingDataSetIterator(Nets.batches(2)), true))
                .modelSaver(new InMemoryModelSaver<>())
                .build();
        return new EarlyStoppingTrainer(configuration, net, new ExistingDataSetIterator(data)).fit();
    }

    /** Learns which symbol follows which, quickly, and from an iteration on nothing more: its learning rate ends. */
    private static MultiLayerNetwork pairs(int learningIterations) {
        return Nets.network(new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(new MapSchedule.Builder(ScheduleType.ITERATION)
                        .add(0, 0.5)
                        .add(learningIterations, 0.0)
                        .build()))
                .list()
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nIn(Nets.VOCABULARY)
                        .nOut(Nets.VOCABULARY)
                        .build())
                .build());
    }

    @Test
    void terminate_onceSaturated_andOnlyThen() {
        RunMonitor monitor = RunMonitor.builder("flat").build();
        EtaTerminationCondition condition = new EtaTerminationCondition(monitor, 1);
        condition.initialize();
        long end = -1;
        for (int t = 1; t <= 200_000 && end < 0; t++) {
            monitor.step(1, 2.6 + 8.2 * Math.pow(1 + Math.min(t, 1200) / 5.0, -0.4));
            if (condition.terminate(0)) {
                end = t;
            }
        }
        assertThat(end).isGreaterThan(1200);
        assertThat(monitor.snapshot().verdict().saturation().atTokens()).isEqualTo(end);
        assertThat(condition).hasToString("EtaTerminationCondition(StopWhenSaturated[evaluations=1])");
    }

    @Test
    void terminate_byABlowUp_withinFiftySteps() {
        RunMonitor monitor = RunMonitor.builder("blown up").build();
        EtaTerminationCondition condition = new EtaTerminationCondition(monitor, new StopWhenBlownUp());
        long end = -1;
        for (int t = 1; t <= 2_000 && end < 0; t++) {
            monitor.step(1, 2.6 + 8.2 * Math.pow(1 + t / 5.0, -0.4) + 0.01 * (t * 7919 % 13) + (t > 1_500 ? 3 : 0));
            if (condition.terminate(0)) {
                end = t;
            }
        }
        assertThat(end).isBetween(1_501L, 1_550L);
    }

    @Test
    void validateOn_everySecondEpoch_lossAsByHand() {
        RunMonitor monitor = RunMonitor.builder("validated").build();
        List<DataSet> held = List.of(Nets.batch(900), Nets.batch(901, 2, 9));
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(EtaListener.builder(monitor)
                .validateOn(new ExistingDataSetIterator(held), Every.epochs(2))
                .build());
        ExistingDataSetIterator data = new ExistingDataSetIterator(Nets.batches(4));
        net.fit(data);
        assertThat(monitor.snapshot().validation().loss()).isNaN();
        net.fit(data);
        double nats = Nets.nats(net, held.get(0)) + Nets.nats(net, held.get(1));
        double tokens = Nets.MINIBATCH * Nets.LENGTH + 2 * 9;
        assertThat(monitor.snapshot().validation().loss()).isCloseTo(nats / tokens, within(1e-10));
        assertThat(monitor.snapshot().process().listenerErrors()).isZero();
    }

    @Test
    void validateOn_everyThirdIterationOfAGraph_lossAsByHand() {
        RunMonitor monitor = RunMonitor.builder("validated").build();
        DataSet held = Nets.batch(900);
        ComputationGraph net = Nets.lstm().toComputationGraph();
        net.setListeners(EtaListener.builder(monitor)
                .validateOn(new ExistingDataSetIterator(List.of(held)), Every.iterations(3))
                .build());
        Nets.batches(3).forEach(net::fit);
        double nats = Nets.nats(net.output(true, held.getFeatures())[0], held.getLabels(), null);
        assertThat(monitor.snapshot().validation().loss())
                .isCloseTo(nats / (Nets.MINIBATCH * Nets.LENGTH), within(1e-10));
    }

    @Test
    void every_countBelowOne_isRefusedByName() {
        assertThatThrownBy(() -> Every.epochs(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("every 0 epochs, allowed: 1 or more");
        assertThatThrownBy(() -> Every.iterations(-3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("every -3 iterations, allowed: 1 or more");
        assertThat(Every.iterations(500)).hasToString("every 500 iterations");
    }

    @Test
    void uniqueTokens_singleMinibatchesBeforeTheFirstEpoch_areNotCountedAsItsOwn() {
        RunMonitor monitor = RunMonitor.builder("warmed up").build();
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(new EtaListener(monitor));
        Nets.batches(3).forEach(net::fit);
        net.fit(new ExistingDataSetIterator(Nets.batches(4)), 2);
        assertThat(monitor.snapshot().progress().steps()).isEqualTo(3 + 2 * 4);
        assertThat(monitor.snapshot().progress().uniqueTokens()).isEqualTo(4.0 * Nets.MINIBATCH * Nets.LENGTH);
    }

    @Test
    void validation_handedIn_isReported() {
        RunMonitor monitor = RunMonitor.builder("validated").build();
        EtaListener eta = new EtaListener(monitor);
        eta.validation(1.25);
        assertThat(monitor.snapshot().validation().loss()).isEqualTo(1.25);
    }

    @ParameterizedTest
    @EnumSource(
            value = OptimizationAlgorithm.class,
            names = {"LBFGS", "CONJUGATE_GRADIENT", "LINE_GRADIENT_DESCENT"})
    void fit_solverOfSeveralPasses_lossBeforeTheStepCounts(OptimizationAlgorithm solver) {
        RunMonitor monitor = RunMonitor.builder("solver").build();
        MultiLayerNetwork net = solved(solver);
        net.setListeners(new EtaListener(monitor));
        double codeLength = 0;
        for (DataSet batch : Nets.batches(3)) {
            codeLength += Nets.nats(net, batch);
            net.fit(batch);
        }
        assertThat(monitor.snapshot().ledger().codeLengthNats()).isCloseTo(codeLength, within(1e-9));
        assertThat(monitor.snapshot().progress().steps()).isEqualTo(3);
    }

    /** The aborted iteration comes again with other labels: its numbers must not be taken for theirs. */
    @ParameterizedTest
    @EnumSource(
            value = OptimizationAlgorithm.class,
            names = {"LBFGS", "CONJUGATE_GRADIENT", "LINE_GRADIENT_DESCENT", "STOCHASTIC_GRADIENT_DESCENT"})
    void fit_iterationAbortedByAnotherListener_isNotCountedWithTheNext(OptimizationAlgorithm solver) {
        RunMonitor monitor = RunMonitor.builder("solver").build();
        MultiLayerNetwork net = solved(solver);
        boolean[] abort = {true};
        net.setListeners(
                new BaseTrainingListener() {
                    @Override
                    public void iterationDone(Model model, int iteration, int epoch) {
                        if (abort[0]) {
                            throw new IllegalStateException("aborted");
                        }
                    }
                },
                new EtaListener(monitor));
        assertThatThrownBy(() -> net.fit(Nets.batch(1, 2, 5))).hasMessage("aborted");
        abort[0] = false;
        DataSet next = Nets.batch(2, 4, 9);
        double nats = Nets.nats(net, next);
        net.fit(next);
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo(4 * 9);
        assertThat(monitor.snapshot().ledger().codeLengthNats()).isCloseTo(nats, within(1e-9));
    }

    private static MultiLayerNetwork solved(OptimizationAlgorithm solver) {
        return Nets.network(new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .optimizationAlgo(solver)
                .updater(new Sgd(0.1))
                .list()
                .layer(new LSTM.Builder().nIn(Nets.VOCABULARY).nOut(4).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nIn(4)
                        .nOut(Nets.VOCABULARY)
                        .build())
                .build());
    }
}
