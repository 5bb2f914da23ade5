package org.etascope.dl4j.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.etascope.core.Outcome;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.dl4j.EtaListener;
import org.etascope.dl4j.EtaSameDiffListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The guide's code is the code that is compiled here, and it runs. */
class GuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "dl4j.md");
    private static final Path SOURCE =
            Path.of("src", "test", "java", "org", "etascope", "dl4j", "docs", "Recipes.java");
    private static final Pattern IN_GUIDE =
            Pattern.compile("<!-- recipe: (\\S+) -->\\s*```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern IN_SOURCE =
            Pattern.compile("// recipe: (\\S+)\\n(.*?)^ *// end$", Pattern.DOTALL | Pattern.MULTILINE);

    private static final int WIDTH = 4;

    @TempDir
    private Path directory;

    @Test
    void guide_everyRecipe_isTheCompiledCode() throws IOException {
        Map<String, String> guide = recipes(IN_GUIDE, Files.readString(GUIDE));
        Map<String, String> source = recipes(IN_SOURCE, Files.readString(SOURCE));
        assertThat(guide).isEqualTo(source).hasSizeGreaterThan(8);
        assertThat(Files.readString(GUIDE).split("```java", -1)).hasSize(guide.size() + 1);
    }

    private static Map<String, String> recipes(Pattern pattern, String text) {
        Map<String, String> recipes = new TreeMap<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            recipes.put(
                    matcher.group(1),
                    matcher.group(2).stripTrailing().stripIndent().strip());
        }
        return recipes;
    }

    @Test
    void recipes_networks_train() throws IOException {
        assertThat(Recipes.attach(net(), data(), 3).snapshot().progress().uniqueTokens())
                .isEqualTo(12);
        assertThat(Recipes.log(net(), data(), 2).snapshot().progress().steps()).isEqualTo(6);
        RunMonitor validated = Recipes.validate(net(), data(), data());
        assertThat(validated.snapshot().validation().loss()).isFinite();
        assertThat(Recipes.parallel(net(), data(), 2).snapshot().progress().tokens())
                .isEqualTo(24);
        assertThat(Recipes.earlyStopping(net(), data(), data()).getTotalEpochs())
                .isEqualTo(2);
        RunMonitor byHand = RunMonitor.builder("by hand").build();
        EtaListener eta = new EtaListener(byHand);
        MultiLayerNetwork outsideFit = net();
        outsideFit.setListeners(eta);
        outsideFit.setInput(batch(0).getFeatures());
        outsideFit.setLabels(batch(0).getLabels());
        Recipes.outsideFit(outsideFit, eta, LayerWorkspaceMgr.noWorkspaces());
        assertThat(byHand.snapshot().progress().tokens()).isEqualTo(4);
        RunMonitor monitor = RunMonitor.builder("mask").build();
        MultiLayerNetwork net = net();
        net.setListeners(new EtaListener(monitor));
        DataSet batch = batch(0);
        Recipes.mask(
                net,
                batch.getFeatures(),
                batch.getLabels(),
                Nd4j.createFromArray(1.0, 0, 1, 1).reshape(4, 1));
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo(3);
    }

    @Test
    void recipe_end_saysHowItEnded() {
        assertThat(Recipes.end(net(), data(), 2).snapshot().timeline().outcome())
                .isEqualTo(Outcome.FINISHED);
        RunMonitor failed = RunMonitor.builder("failed").build();
        DataSetIterator broken = new ExistingDataSetIterator(Stream.of(0, 1, 2)
                .map(i -> {
                    if (i == 2) {
                        throw new IllegalStateException("the data cannot be read");
                    }
                    return batch(i);
                })
                .iterator());
        assertThatThrownBy(() -> {
                    try (failed) {
                        MultiLayerNetwork net = net();
                        net.setListeners(new EtaListener(failed));
                        net.fit(broken);
                    }
                })
                .hasMessageContaining("cannot be read");
        assertThat(failed.snapshot().timeline().outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void recipe_layers_measuresTheHiddenOne() {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .list()
                .layer(new LSTM.Builder().nIn(WIDTH).nOut(2).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nIn(2)
                        .nOut(WIDTH)
                        .build())
                .build());
        net.init();
        INDArray letters = Nd4j.zeros(DataType.DOUBLE, 4, WIDTH, 16);
        INDArray next = Nd4j.zeros(DataType.DOUBLE, 4, WIDTH, 16);
        for (int i = 0; i < 64; i++) {
            letters.putScalar(new int[] {i / 16, i * i % 7 % WIDTH, i % 16}, 1);
            next.putScalar(new int[] {i / 16, (i + 1) * (i + 1) % 7 % WIDTH, i % 16}, 1);
        }
        List<DataSet> sequences = List.of(new DataSet(letters, next));

        RunMonitor monitor =
                Recipes.layers(net, new ListDataSetIterator<>(sequences, 4), new ListDataSetIterator<>(sequences, 4));

        assertThat(monitor.snapshot().layers().residuals()).hasSize(1).allMatch(residual -> residual <= 1);
    }

    @Test
    void recipe_severalProcesses_namesItselfAndSharesTheBaseline() {
        RunSnapshot now = Recipes.severalProcesses(net(), data()).snapshot();

        assertThat(now.info().worker()).isEqualTo("node-3");
        assertThat(now.baseline().nats()).isEqualTo(4.59);
        assertThat(now.progress().steps()).isEqualTo(3);
    }

    @Test
    void recipes_saveAndResume_goOn() throws IOException {
        assertThat(Recipes.checkpoints(net(), data(), directory.toFile())
                        .snapshot()
                        .progress()
                        .steps())
                .isEqualTo(3);
        MultiLayerNetwork net = net();
        EtaListener eta = new EtaListener(RunMonitor.builder("saved").build());
        net.setListeners(eta);
        net.fit(batch(9));
        Path file = directory.resolve("model.zip");
        Recipes.save(net, eta, file);
        RunMonitor resumed = Recipes.resume(file, data());
        assertThat(resumed.snapshot().progress().steps()).isEqualTo(4);
        assertThat(resumed.snapshot().progress().segment()).isZero();
    }

    @Test
    void recipes_graphAndSameDiff_train() throws IOException {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.1))
                .graphBuilder()
                .addInputs("in")
                .addLayer("body", new DenseLayer.Builder().nIn(WIDTH).nOut(3).build(), "in")
                .addLayer("next-token", output(), "body")
                .setOutputs("next-token")
                .build());
        graph.init();
        assertThat(Recipes.graph(graph, data()).snapshot().progress().tokens()).isEqualTo(12);

        SameDiff sd = SameDiff.create();
        SDVariable in = sd.placeHolder("in", DataType.DOUBLE, -1, WIDTH);
        SDVariable labels = sd.placeHolder("labels", DataType.DOUBLE, -1, WIDTH);
        SDVariable logits = in.mmul(sd.var("w", Nd4j.rand(DataType.DOUBLE, WIDTH, WIDTH)));
        sd.loss().softmaxCrossEntropy("loss", labels, logits, null);
        sd.setLossVariables("loss");
        assertThat(Recipes.sameDiff(sd, data(), 2).snapshot().progress().tokens())
                .isEqualTo(24);
        EtaSameDiffListener eta =
                new EtaSameDiffListener(RunMonitor.builder("saved").build());
        sd.setListeners(eta);
        sd.fit(data(), 1);
        Path file = directory.resolve("graph.fb");
        Recipes.saveSameDiff(sd, eta, file);
        RunMonitor resumed = Recipes.resumeSameDiff(file, data(), 2);
        assertThat(resumed.snapshot().progress().steps()).isEqualTo(3 + 6);
        assertThat(resumed.snapshot().process().segments()).isEqualTo(1);
    }

    private static MultiLayerNetwork net() {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.1))
                .list()
                .layer(new DenseLayer.Builder().nIn(WIDTH).nOut(3).build())
                .layer(output())
                .build());
        net.init();
        return net;
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .nIn(3)
                .nOut(WIDTH)
                .build();
    }

    private static DataSetIterator data() {
        return new ExistingDataSetIterator(List.of(batch(0), batch(1), batch(2)));
    }

    private static DataSet batch(int offset) {
        INDArray features = Nd4j.eye(WIDTH).castTo(DataType.DOUBLE);
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, WIDTH, WIDTH);
        for (int i = 0; i < WIDTH; i++) {
            labels.putScalar(i, (i + offset) % WIDTH, 1);
        }
        return new DataSet(features, labels);
    }
}
