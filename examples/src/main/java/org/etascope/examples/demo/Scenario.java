package org.etascope.examples.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What the demo shows: data, network and how they meet. */
enum Scenario {
    /** A character model on real text: it would go on learning for hours. */
    LEARN(Duration.ofMinutes(2), 32, 50, 128, 0.01),

    /**
     * A small network on a source so simple that a minute's training leaves nothing to learn: its loss comes down to the
     * source's true entropy rate, and the run ends saturated.
     */
    SATURATE(Duration.ofMinutes(3), 256, 16, 48, 0.005),

    /** The same, with a learning rate that is driven up until the loss blows up, and put back. */
    BLOWUP(Duration.ofMinutes(3), 64, 16, 192, 0.003);

    /** The value of {@code --corpus} that asks for a synthetic source. */
    static final String SYNTHETIC = "synthetic";

    private static final int SYNTHETIC_SYMBOLS = 16;
    private static final int SOURCE_SEED = 7;
    private static final int NETWORK_SEED = 1;
    /** Stacked layers are convolutions: LSTMs above each other stay at the letters' frequencies for the first minutes. */
    private static final int STACKED_UNITS = 64;
    /** How many symbols each of them sees. */
    private static final int STACKED_REACH = 3;

    private final Duration time;
    private final int windows;
    private final int length;
    private final int units;
    private final double learningRate;

    Scenario(Duration time, int windows, int length, int units, double learningRate) {
        this.time = time;
        this.windows = windows;
        this.length = length;
        this.units = units;
        this.learningRate = learningRate;
    }

    /** {@return the scenario of this name, as options spell it} */
    static Scenario of(String name) {
        for (Scenario scenario : values()) {
            if (scenario.label().equals(name)) {
                return scenario;
            }
        }
        throw DemoException.usage("--scenario " + name + " is not known, allowed: learn, saturate, blowup");
    }

    /** {@return the name as options spell it} */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * {@return the network in a word}
     *
     * @param layers how many, 0 for the scenario's own network
     */
    String modelName(int layers) {
        return layers > 0 ? layers + " × causal Conv1D-" + STACKED_UNITS : (this == LEARN ? "LSTM-" : "RNN-") + units;
    }

    private int units(int layers) {
        return layers == 0 ? units : STACKED_UNITS;
    }

    /** {@return how long it trains unless told otherwise} */
    Duration time() {
        return time;
    }

    /** {@return tokens of one step} */
    int tokensPerStep() {
        return windows * length;
    }

    /**
     * {@return the data}
     *
     * @param choice a file, "synthetic", or empty for the scenario's own
     */
    Corpus corpus(String choice) {
        if (this != LEARN) {
            return new MarkovSource(SYNTHETIC_SYMBOLS, 1, SOURCE_SEED);
        }
        if (choice.equals(SYNTHETIC)) {
            return new MarkovSource(SYNTHETIC_SYMBOLS, 2, SOURCE_SEED);
        }
        return choice.isEmpty()
                ? new TextCorpus("Java source", JavaSources.read(), length, windows)
                : TextCorpus.ofFile(Path.of(choice), length, windows);
    }

    double learningRate() {
        return learningRate;
    }

    Batches batches(Corpus corpus) {
        return new Batches(corpus, windows, length);
    }

    /**
     * {@return a new network, the same one each time}
     *
     * @param symbols its inputs and outputs
     * @param layers how many, 0 for the scenario's own network
     */
    MultiLayerNetwork network(int symbols, int layers) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(NETWORK_SEED)
                .weightInit(WeightInit.XAVIER)
                .updater(new Adam(learningRate))
                .list();
        for (int layer = 0; layer < layers; layer++) {
            list.layer(new Convolution1DLayer.Builder(STACKED_REACH)
                    .convolutionMode(ConvolutionMode.Causal)
                    .nIn(layer == 0 ? symbols : STACKED_UNITS)
                    .nOut(STACKED_UNITS)
                    .weightInit(WeightInit.RELU)
                    .activation(Activation.RELU)
                    .build());
        }
        if (layers == 0) {
            list.layer(memory().nIn(symbols)
                    .nOut(units)
                    .activation(Activation.TANH)
                    .build());
        }
        list.layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                .nIn(units(layers))
                .nOut(symbols)
                .activation(Activation.SOFTMAX)
                .build());
        list.setInputType(InputType.recurrent(symbols, length));
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }

    private BaseRecurrentLayer.Builder<?> memory() {
        return this == LEARN ? new LSTM.Builder() : new SimpleRnn.Builder();
    }
}
