package org.etascope.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small trainings on Spark, always the same. */
final class Trainings {
    static final int VOCABULARY = 5;
    static final int MINIBATCH = 2;
    /** {@code bin/soak spark} asks for more. */
    static final int EPOCHS = Integer.getInteger("etascope.spark.epochs", 2);

    private Trainings() {}

    static JavaSparkContext context(String... settings) {
        SparkConf conf = new SparkConf()
                .setMaster("local[2,4]")
                .setAppName("etascope")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.locality.wait", "0");
        for (int i = 0; i < settings.length; i += 2) {
            conf.set(settings[i], settings[i + 1]);
        }
        return new JavaSparkContext(conf);
    }

    static MultiLayerNetwork network() {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.1))
                .list()
                .layer(new LSTM.Builder().nIn(VOCABULARY).nOut(4).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nIn(4)
                        .nOut(VOCABULARY)
                        .build())
                .build());
        net.init();
        return net;
    }

    /** Minibatches of sequences, of another length each. */
    static List<DataSet> minibatches(int count) {
        List<DataSet> data = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Random random = new Random(i);
            int length = 3 + random.nextInt(5);
            INDArray features = Nd4j.zeros(DataType.DOUBLE, MINIBATCH, VOCABULARY, length);
            INDArray labels = Nd4j.zeros(DataType.DOUBLE, MINIBATCH, VOCABULARY, length);
            for (int b = 0; b < MINIBATCH; b++) {
                int symbol = random.nextInt(VOCABULARY);
                for (int t = 0; t < length; t++) {
                    features.putScalar(new int[] {b, symbol, t}, 1);
                    symbol = (symbol + 1) % VOCABULARY;
                    labels.putScalar(new int[] {b, symbol, t}, 1);
                }
            }
            data.add(new DataSet(features, labels));
        }
        return data;
    }

    /** Counts by itself what an undisturbed training trains on; the executors are in this process. */
    static final class Counted extends BaseTrainingListener implements Serializable {
        private static final long serialVersionUID = 1;
        private static final LongAdder TOKENS = new LongAdder();
        private static final DoubleAdder NATS = new DoubleAdder();

        Counted() {
            TOKENS.reset();
            NATS.reset();
        }

        @Override
        public void onBackwardPass(Model model) {
            Layer output = model instanceof ComputationGraph graph
                    ? graph.getOutputLayer(0)
                    : ((MultiLayerNetwork) model).getOutputLayer();
            INDArray labels = ((IOutputLayer) output).getLabels();
            TOKENS.add(labels.size(0) * labels.size(2));
            NATS.add(model.score() * labels.size(0));
        }

        long tokens() {
            return TOKENS.sum();
        }

        double nats() {
            return NATS.sum();
        }
    }

    /** What happens to a task after some of its minibatches. */
    interface Fault extends Serializable {
        void strike(TaskContext task) throws Exception;
    }

    /** Strikes in the first attempt of every task, after its second minibatch: all that it did is lost. */
    static final class InEveryTask extends BaseTrainingListener implements Serializable {
        private static final long serialVersionUID = 1;
        private static final LongAdder STRIKES = new LongAdder();
        private final Fault fault;
        private int seen;

        InEveryTask(Fault fault) {
            this.fault = fault;
            STRIKES.reset();
        }

        static long strikes() {
            return STRIKES.sum();
        }

        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
            TaskContext task = TaskContext.get();
            if (++seen == 2 && task.attemptNumber() == 0 && task.stageAttemptNumber() == 0) {
                STRIKES.increment();
                try {
                    fault.strike(task);
                } catch (RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }
}
