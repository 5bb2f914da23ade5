package org.etascope.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.threshold.AdaptiveThresholdAlgorithm;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.deeplearning4j.parallelism.ParallelWrapper.TrainingMode;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.dataset.DataSet;

/** One listener under concurrent workers: nothing lost, nothing counted twice, the loss weighted by tokens. */
@Timeout(60)
class ParallelWrapperTest {
    private static final int BATCHES = 24;

    @ParameterizedTest
    @CsvSource({"2, AVERAGING", "4, AVERAGING", "2, SHARED_GRADIENTS", "4, SHARED_GRADIENTS"})
    void fit_concurrentWorkers_tokensExactAndLossTokenWeighted(int workers, TrainingMode mode) {
        RunMonitor monitor = RunMonitor.builder("parallel").build();
        MultiLayerNetwork net = Nets.lstm();
        Tally tally = new Tally();
        EtaListener eta = new EtaListener(monitor);
        List<DataSet> data = unevenBatches();
        ParallelWrapper wrapper = wrapper(net, workers, mode);
        wrapper.setListeners(eta, tally);
        for (int epoch = 0; epoch < 2; epoch++) {
            wrapper.fit(new ExistingDataSetIterator(() -> onceWorkersWait(data.iterator(), workers)));
            eta.endEpoch();
        }
        wrapper.shutdown();
        long tokensPerEpoch = data.stream()
                .mapToLong(batch -> batch.getLabels().sumNumber().longValue())
                .sum();
        RunSnapshot now = monitor.snapshot();
        assertThat(now.progress().steps()).isEqualTo(2 * BATCHES);
        assertThat(now.progress().tokens()).isEqualTo(2 * tokensPerEpoch);
        assertThat(now.progress().uniqueTokens()).isEqualTo(tokensPerEpoch);
        assertThat(now.ledger().codeLengthNats()).isCloseTo(tally.nats, within(1e-9 * tally.nats));
        assertThat(now.info().size().parameters()).isEqualTo(net.numParams());
        assertThat(now.baseline().nats()).isIn(tally.meansOfFirstRound);
        assertThat(now.progress().segment()).isZero();
        assertThat(now.process().listenerErrors()).isZero();
    }

    private static ParallelWrapper wrapper(MultiLayerNetwork net, int workers, TrainingMode mode) {
        ParallelWrapper.Builder<MultiLayerNetwork> builder = new ParallelWrapper.Builder<>(net);
        builder.workers(workers).prefetchBuffer(0).trainingMode(mode);
        if (mode == TrainingMode.SHARED_GRADIENTS) {
            builder.thresholdAlgorithm(new AdaptiveThresholdAlgorithm(1e-3));
        }
        return builder.build();
    }

    /**
     * Feeds nothing before all workers wait for food: in the shared mode DL4J's first worker else holds the model while it
     * waits for a second one that needs the model to start.
     */
    private static Iterator<DataSet> onceWorkersWait(Iterator<DataSet> data, int workers) {
        return new Iterator<>() {
            private boolean waited;

            @Override
            public boolean hasNext() {
                return data.hasNext();
            }

            @Override
            public DataSet next() {
                if (!waited) {
                    await().until(() -> waitingWorkers() == workers);
                    waited = true;
                }
                return data.next();
            }
        };
    }

    private static long waitingWorkers() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().startsWith("ParallelWrapper training thread"))
                .filter(thread -> Arrays.stream(thread.getValue())
                        .anyMatch(frame -> frame.getMethodName().equals("poll")))
                .count();
    }

    private static List<DataSet> unevenBatches() {
        List<DataSet> batches = new ArrayList<>();
        for (int i = 0; i < BATCHES; i++) {
            batches.add(Nets.batch(i, 2 + i % 3, 3 + i % 4));
        }
        return batches;
    }

    /** What every worker paid, from score and labels of its own network. */
    private static final class Tally extends BaseTrainingListener {
        private double nats;
        private final List<Double> meansOfFirstRound = new ArrayList<>();

        @Override
        public synchronized void iterationDone(Model model, int iteration, int epoch) {
            MultiLayerNetwork net = (MultiLayerNetwork) model;
            double paid = net.score() * net.getLabels().size(0);
            nats += paid;
            if (iteration == 0) {
                meansOfFirstRound.add(paid / net.getLabels().sumNumber().doubleValue());
            }
        }
    }
}
