package org.etascope.benchmarks.endurance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.core.CurvePoint;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.dl4j.EtaListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a checkpoint of the demo holds, read as a resuming user would.
 *
 * @param iterations what the network itself says it has done
 * @param parameters its parameters, then its updater's state
 * @param run the run whose state was kept with it
 * @param curve that run's curve
 */
record SavedRun(int iterations, List<float[]> parameters, RunSnapshot run, List<CurvePoint> curve) {
    /** Tokens of a step of the demo. */
    static final long TOKENS_PER_STEP = 1600;

    /** {@return the checkpoint's content} */
    static SavedRun of(Path checkpoint) throws IOException {
        MultiLayerNetwork network = MultiLayerNetwork.load(checkpoint.toFile(), true);
        RunMonitor monitor = RunMonitor.builder("seen").build();
        EtaListener.resume(monitor, checkpoint);
        return new SavedRun(
                network.getIterationCount(),
                List.of(floats(network.params()), floats(network.getUpdater().getStateViewArray())),
                monitor.snapshot(),
                monitor.curve());
    }

    private static float[] floats(INDArray array) {
        return array.dup().data().asFloat();
    }

    /** {@return what does not fit together in it, empty if all does} */
    List<String> contradictions() {
        List<String> found = new ArrayList<>();
        if (run.progress().steps() != iterations) {
            found.add("network at iteration " + iterations + ", ledger at step "
                    + run.progress().steps());
        }
        if (run.ledger().tokens() != TOKENS_PER_STEP * iterations) {
            found.add(run.ledger().tokens() + " tokens after " + iterations + " iterations");
        }
        if (run.progress().segment() != 0) {
            found.add("segment " + run.progress().segment());
        }
        return found;
    }

    /**
     * {@return in what it differs from another saved run, empty if in nothing; when things happened is left out, and what
     * the machine took meanwhile}
     */
    List<String> differences(SavedRun other) {
        List<String> found = new ArrayList<>();
        differ(found, "iterations", iterations, other.iterations);
        for (int i = 0; i < parameters.size(); i++) {
            if (!Arrays.equals(parameters.get(i), other.parameters.get(i))) {
                found.add(i == 0 ? "parameters" : "updater state");
            }
        }
        differ(found, "progress", run.progress(), other.run.progress());
        differ(found, "baseline", run.baseline(), other.run.baseline());
        differ(found, "losses", run.losses(), other.run.losses());
        differ(found, "ledger", ledger(run), ledger(other.run));
        differ(found, "verdict", run.verdict(), other.run.verdict());
        differ(found, "curve", withoutTimes(curve), withoutTimes(other.curve));
        return found;
    }

    private static void differ(List<String> found, String what, Object mine, Object others) {
        if (!mine.equals(others)) {
            found.add(what + ": " + mine + " and " + others);
        }
    }

    /** {@return a ledger but for the energy, as text, which tells every bit of a number} */
    static String ledger(RunSnapshot run) {
        return run.ledger().toString().replace(run.ledger().energy().toString(), "");
    }

    private static List<String> withoutTimes(List<CurvePoint> curve) {
        return curve.stream()
                .map(point -> point.toString().replace("seconds=" + point.seconds(), "seconds"))
                .toList();
    }
}
