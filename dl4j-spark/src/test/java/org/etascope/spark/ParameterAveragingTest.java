package org.etascope.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.MapOutputTrackerMaster;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.shuffle.FetchFailedException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import scala.math.Ordering;

/** Whatever is killed, lost or computed twice: D, C and parameters are those of an undisturbed training. */
class ParameterAveragingTest {
    private static final int MINIBATCHES = 24;
    private static final int EPOCHS = Trainings.EPOCHS;

    private JavaSparkContext spark = Trainings.context();
    private final List<DataSet> data = Trainings.minibatches(MINIBATCHES);

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        spark.stop();
    }

    private record Result(RunSnapshot run, INDArray parameters) {}

    private static ParameterAveragingTrainingMaster.Builder master() {
        return new ParameterAveragingTrainingMaster.Builder(2, Trainings.MINIBATCH)
                .batchSizePerWorker(Trainings.MINIBATCH)
                .averagingFrequency(3)
                .workerPrefetchNumBatches(0)
                .rngSeed(7)
                .rddTrainingApproach(RDDTrainingApproach.Direct)
                .repartionData(Repartition.Always);
    }

    private Result trained(ParameterAveragingTrainingMaster master, TrainingListener... others) {
        SparkDl4jMultiLayer net = new SparkDl4jMultiLayer(spark, Trainings.network(), master);
        RunMonitor monitor = RunMonitor.builder("spark").build();
        SparkEta eta = SparkEta.attach(net, monitor, others);
        JavaRDD<DataSet> rdd = spark.parallelize(data, 4);
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            net.fit(rdd);
            eta.endEpoch();
        }
        eta.close();
        return new Result(monitor.snapshot(), net.getNetwork().params());
    }

    private static void assertSame(Result disturbed, Result undisturbed) {
        assertThat(disturbed.run().progress().tokens())
                .isEqualTo(undisturbed.run().progress().tokens());
        assertThat(disturbed.run().ledger().codeLengthNats())
                .isCloseTo(undisturbed.run().ledger().codeLengthNats(), within(1e-9));
        assertThat(disturbed.run().baseline().nats())
                .isCloseTo(undisturbed.run().baseline().nats(), within(1e-12));
        assertThat(disturbed.run().progress().steps())
                .isEqualTo(undisturbed.run().progress().steps());
        assertThat(disturbed.parameters().equalsWithEps(undisturbed.parameters(), 1e-12))
                .isTrue();
    }

    @Test
    void fit_undisturbed_oneRunWithAllThatIsFoundByItself() {
        Trainings.Counted counted = new Trainings.Counted();
        Result result = trained(master().build(), counted);
        RunSnapshot now = result.run();
        assertThat(now.progress().tokens()).isEqualTo(counted.tokens());
        assertThat(now.ledger().codeLengthNats()).isCloseTo(counted.nats(), within(1e-9));
        assertThat(now.progress().uniqueTokens()).isPositive();
        assertThat(now.progress().skippedSteps()).isZero();
        assertThat(now.info().size().parameters()).isEqualTo(result.parameters().length());
        assertThat(now.info().size().bitsPerParameter()).isEqualTo(64);
        assertThat(now.info().vocabularySize()).isEqualTo(Trainings.VOCABULARY);
        assertThat(now.progress().learningRate()).isEqualTo(0.1);
        assertThat(now.baseline().nats()).isCloseTo(Math.log(Trainings.VOCABULARY), within(0.2));
        assertThat(now.timeline().ended()).isTrue();
    }

    @Test
    void fit_everyTaskKilledOnce_sameLedgerAndParameters() {
        Result undisturbed = trained(master().build());
        assertSame(
                trained(master().build(), new Trainings.InEveryTask(task -> {
                    throw new IllegalStateException("killed");
                })),
                undisturbed);
        // Each round of each epoch has two tasks, and each of them was struck once.
        assertThat(Trainings.InEveryTask.strikes()).isGreaterThanOrEqualTo(2L * EPOCHS);
    }

    @Test
    void fit_shuffleLost_sameLedgerAndParameters() {
        Result undisturbed = trained(master().build());
        assertSame(
                trained(master().build(), new Trainings.InEveryTask(task -> {
                    // The map outputs are gone, and the stage before is computed again.
                    MapOutputTrackerMaster outputs =
                            (MapOutputTrackerMaster) SparkEnv.get().mapOutputTracker();
                    int shuffle = (int) outputs.shuffleStatuses().keysIterator().max(Ordering.Int$.MODULE$);
                    throw new FetchFailedException(
                            SparkEnv.get().blockManager().blockManagerId(), shuffle, 0, 0, 0, "lost", null);
                })),
                undisturbed);
        assertThat(Trainings.InEveryTask.strikes()).isGreaterThanOrEqualTo(EPOCHS);
    }

    @Test
    void fit_exported_sameTokens() {
        spark.stop();
        // Deeplearning4j takes local[2,4] for a cluster, and there it wants no local file system.
        spark = Trainings.context(
                "spark.hadoop.fs.defaultFS",
                "viewfs:///",
                "spark.hadoop.fs.viewfs.mounttable.default.link./data",
                directory.toUri().toString());
        Trainings.Counted counted = new Trainings.Counted();
        Result result = trained(
                master().rddTrainingApproach(RDDTrainingApproach.Export)
                        .exportDirectory("viewfs:///data")
                        .build(),
                counted);
        assertThat(result.run().progress().tokens()).isEqualTo(counted.tokens()).isPositive();
        assertThat(result.run().ledger().codeLengthNats()).isCloseTo(counted.nats(), within(1e-9));
    }

    @Test
    void fit_kryo_sameLedgerAndParameters() {
        Result undisturbed = trained(master().build());
        spark.stop();
        spark = Trainings.context(
                "spark.serializer", "org.apache.spark.serializer.KryoSerializer",
                "spark.kryo.registrator", "org.nd4j.kryo.Nd4jRegistrator");
        assertSame(trained(master().build()), undisturbed);
    }

    @Test
    void fit_graph_sameLedgerAsTheNetworkOfLayers() {
        Result layers = trained(master().build());
        ComputationGraph graph = Trainings.network().toComputationGraph();
        SparkComputationGraph net = new SparkComputationGraph(spark, graph, master().build());
        RunMonitor monitor = RunMonitor.builder("graph").build();
        SparkEta eta = SparkEta.attach(net, monitor);
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            net.fit(spark.parallelize(data, 4));
            eta.endEpoch();
        }
        assertThat(monitor.snapshot().progress().tokens())
                .isEqualTo(layers.run().progress().tokens());
        assertThat(monitor.snapshot().ledger().codeLengthNats())
                .isCloseTo(layers.run().ledger().codeLengthNats(), within(1e-9));
        assertThat(monitor.snapshot().info().model()).isEqualTo("ComputationGraph");
    }
}
