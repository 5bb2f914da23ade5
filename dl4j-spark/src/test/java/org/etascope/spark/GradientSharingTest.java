package org.etascope.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.parameterserver.training.SharedTrainingMaster;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.parameterserver.distributed.conf.VoidConfiguration;

/** SharedTrainingMaster: the plugin brings what Deeplearning4j does not, each step once. */
class GradientSharingTest {
    static {
        // Aeron refuses Deeplearning4j's own timeouts otherwise.
        System.setProperty("aeron.publication.unblock.timeout", "60s");
    }

    /** One task at a time: of two at once, Deeplearning4j's second may wait for ever for the first that has ended. */
    private JavaSparkContext spark =
            Trainings.context("spark.plugins", EtascopePlugin.class.getName(), "spark.master", "local[1,4]");

    private final List<DataSet> data = Trainings.minibatches(24);

    @AfterEach
    void stop() {
        spark.stop();
    }

    private SparkDl4jMultiLayer network() {
        VoidConfiguration network = VoidConfiguration.builder()
                .unicastPort(40_123)
                .controllerAddress("127.0.0.1")
                .networkMask("127.0.0.0/8")
                .build();
        SharedTrainingMaster master = new SharedTrainingMaster.Builder(network, Trainings.MINIBATCH)
                .batchSizePerWorker(Trainings.MINIBATCH)
                .workersPerNode(1)
                .rddTrainingApproach(RDDTrainingApproach.Direct)
                .rngSeed(7)
                .build();
        return new SparkDl4jMultiLayer(spark, Trainings.network(), master);
    }

    @Test
    @Timeout(1_800)
    void fit_severalEpochs_everyStepCountsOnce() {
        SparkDl4jMultiLayer net = network();
        RunMonitor monitor = RunMonitor.builder("shared").build();
        Trainings.Counted counted = new Trainings.Counted();
        SparkEta eta = SparkEta.attach(net, monitor, counted);
        for (int epoch = 0; epoch < Trainings.EPOCHS; epoch++) {
            net.fit(spark.parallelize(data, 4));
            eta.endEpoch();
        }
        RunSnapshot now = monitor.snapshot();
        assertThat(now.progress().tokens()).isEqualTo(counted.tokens()).isPositive();
        assertThat(now.ledger().codeLengthNats()).isCloseTo(counted.nats(), within(1e-9));
        assertThat(now.progress().skippedSteps()).isZero();
        assertThat(now.info().vocabularySize()).isEqualTo(Trainings.VOCABULARY);
    }

    @Test
    void attach_withoutThePlugin_isRefusedWithTheMend() {
        spark.stop();
        spark = Trainings.context();
        assertThatThrownBy(() ->
                        SparkEta.attach(network(), RunMonitor.builder("shared").build()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("SharedTrainingMaster sends nothing back to the driver: set spark.plugins to"
                        + " org.etascope.spark.EtascopePlugin before the Spark context is made");
    }
}
