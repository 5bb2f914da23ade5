package org.etascope.dl4j.docs;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.etascope.core.BaselineRule;
import org.etascope.core.RunMonitor;
import org.etascope.dl4j.EtaListener;
import org.etascope.dl4j.EtaSameDiffListener;
import org.etascope.dl4j.EtaTerminationCondition;
import org.etascope.dl4j.Every;
import org.etascope.dl4j.StateStore;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Adam;

/** One method per recipe; what stands between the marks stands in the guide. */
final class Recipes {
    private Recipes() {}

    static RunMonitor attach(MultiLayerNetwork net, DataSetIterator data, int epochs) {
        // recipe: attach
        RunMonitor monitor = RunMonitor.builder("char-lm").build();
        net.setListeners(new EtaListener(monitor));
        net.fit(data, epochs);

        double eta = monitor.snapshot().ledger().eta();
        String verdict = monitor.snapshot().verdict().sentence();
        // end
        if (Double.isNaN(eta) || verdict.isBlank()) {
            throw new AssertionError(verdict);
        }
        return monitor;
    }

    static RunMonitor log(MultiLayerNetwork net, DataSetIterator data, int epochs) {
        // recipe: log
        RunMonitor monitor = RunMonitor.builder("char-lm").build();
        net.setListeners(EtaListener.builder(monitor).logEvery(100).build());
        net.fit(data, epochs);
        // end
        return monitor;
    }

    static RunMonitor end(MultiLayerNetwork net, DataSetIterator data, int epochs) {
        // recipe: end
        RunMonitor monitor = RunMonitor.builder("char-lm").build();
        try (monitor) {
            net.setListeners(new EtaListener(monitor));
            net.fit(data, epochs);
        }
        // end
        return monitor;
    }

    static void mask(MultiLayerNetwork net, INDArray features, INDArray labels, INDArray mask) {
        // recipe: mask
        DataSet batch = new DataSet(features, labels, mask, mask); // features mask, label mask
        net.fit(batch);
        // end
    }

    static RunMonitor graph(ComputationGraph net, DataSetIterator data) {
        // recipe: graph
        RunMonitor monitor = RunMonitor.builder("two-heads").build();
        net.setListeners(EtaListener.builder(monitor).outputs("next-token").build());
        net.fit(data);
        // end
        return monitor;
    }

    static void outsideFit(MultiLayerNetwork net, EtaListener eta, LayerWorkspaceMgr workspaces) {
        // recipe: outside-fit
        net.computeGradientAndScore(workspaces); // once, or several times for gradients that are added up
        update(net);
        eta.stepDone(net); // the passes since the last step are one step
        // end
    }

    private static void update(MultiLayerNetwork net) {
        net.params()
                .subi(net.gradient().gradient().mul(0.01).reshape(net.params().shape()));
    }

    static RunMonitor parallel(MultiLayerNetwork net, DataSetIterator data, int epochs) {
        // recipe: parallel
        RunMonitor monitor = RunMonitor.builder("parallel").build();
        EtaListener eta = new EtaListener(monitor);
        ParallelWrapper wrapper = new ParallelWrapper.Builder<>(net)
                .workers(2)
                .averagingFrequency(5)
                .build();
        wrapper.setListeners(eta);
        for (int epoch = 0; epoch < epochs; epoch++) {
            wrapper.fit(data);
            data.reset();
            eta.endEpoch();
        }
        // end
        wrapper.shutdown();
        return monitor;
    }

    static RunMonitor severalProcesses(MultiLayerNetwork net, DataSetIterator data) {
        // recipe: several-processes
        RunMonitor monitor = RunMonitor.builder("spread") // the same in every process
                .worker("node-3") // its own in each; or -Detascope.worker, or ETASCOPE_WORKER
                .baseline(BaselineRule.fixed(4.59)) // one H for all, in nats
                .build();
        net.setListeners(new EtaListener(monitor));
        net.fit(data);
        // end
        return monitor;
    }

    static RunMonitor checkpoints(MultiLayerNetwork net, DataSetIterator data, File directory) {
        // recipe: checkpoints
        RunMonitor monitor = RunMonitor.builder("char-lm").build();
        CheckpointListener checkpoints = new CheckpointListener.Builder(directory)
                .saveEveryNIterations(500)
                .keepLast(3)
                .build();
        net.setListeners(EtaListener.builder(monitor)
                .checkpoints(checkpoints, StateStore.IN_MODEL)
                .build());
        net.fit(data);
        // end
        return monitor;
    }

    static void save(MultiLayerNetwork net, EtaListener eta, Path file) throws IOException {
        // recipe: save
        eta.saveModel(net, file);
        // end
    }

    static RunMonitor resume(Path file, DataSetIterator data) throws IOException {
        // recipe: resume
        RunMonitor monitor = RunMonitor.builder("char-lm").build();
        MultiLayerNetwork net = MultiLayerNetwork.load(file.toFile(), true);
        net.setListeners(EtaListener.resume(monitor, file));
        net.fit(data);
        // end
        return monitor;
    }

    static RunMonitor validate(MultiLayerNetwork net, DataSetIterator data, DataSetIterator heldOut) {
        // recipe: validate
        RunMonitor monitor = RunMonitor.builder("char-lm").build();
        net.setListeners(EtaListener.builder(monitor)
                .validateOn(heldOut, Every.epochs(1))
                .build());
        net.fit(data, 2);
        // end
        return monitor;
    }

    static RunMonitor layers(MultiLayerNetwork net, DataSetIterator data, DataSetIterator heldOut) {
        // recipe: layers
        RunMonitor monitor = RunMonitor.builder("char-lm").build();
        net.setListeners(
                EtaListener.builder(monitor).probeLayersOn(heldOut, 5120).build());
        net.fit(data, 2);
        // end
        return monitor;
    }

    static EarlyStoppingResult<MultiLayerNetwork> earlyStopping(
            MultiLayerNetwork net, DataSetIterator data, DataSetIterator heldOut) {
        // recipe: early-stopping
        RunMonitor monitor = RunMonitor.builder("char-lm").build();
        net.setListeners(new EtaListener(monitor));
        var configuration = new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
                .iterationTerminationConditions(new EtaTerminationCondition(monitor, 3))
                .epochTerminationConditions(new MaxEpochsTerminationCondition(2))
                .scoreCalculator(new DataSetLossCalculator(heldOut, true))
                .modelSaver(new InMemoryModelSaver<>())
                .build();
        EarlyStoppingResult<MultiLayerNetwork> result = new EarlyStoppingTrainer(configuration, net, data).fit();
        // end
        return result;
    }

    static void saveSameDiff(SameDiff sd, EtaSameDiffListener eta, Path file) throws IOException {
        // recipe: samediff-save
        eta.saveModel(sd, file); // and its state beside it, as <file>.etascope
        // end
    }

    static RunMonitor resumeSameDiff(Path file, DataSetIterator data, int epochs) {
        // recipe: samediff-resume
        RunMonitor monitor = RunMonitor.builder("attention").build();
        SameDiff sd = SameDiff.load(file.toFile(), true);
        sd.setListeners(EtaSameDiffListener.resume(monitor, file));
        sd.fit(data, epochs);
        // end
        return monitor;
    }

    static RunMonitor sameDiff(SameDiff sd, DataSetIterator data, int epochs) {
        // recipe: samediff
        RunMonitor monitor = RunMonitor.builder("attention").build();
        sd.setTrainingConfig(new TrainingConfig.Builder()
                .updater(new Adam(0.01))
                .dataSetFeatureMapping("in")
                .dataSetLabelMapping("labels")
                .trainEvaluation("loss", 0) // or SameDiff reports every loss as 0
                .build());
        sd.setListeners(new EtaSameDiffListener(monitor));
        sd.fit(data, epochs);
        // end
        return monitor;
    }
}
