package org.etascope.dl4j;

import java.nio.file.Path;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.listeners.Checkpoint;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.jspecify.annotations.Nullable;

/** A user's checkpoint listener, watched for the files it writes. What it throws is the user's to see. */
final class Checkpoints {
    /** No model can be written faster; asking the listener costs a file each time. */
    private static final long NANOS_OF_A_WRITE = 100_000;

    private final CheckpointListener listener;
    private final StateStore where;
    private boolean mayHaveWritten;
    private int lastNumber = -1;

    Checkpoints(CheckpointListener listener, StateStore where) {
        this.listener = listener;
        this.where = where;
    }

    StateStore where() {
        return where;
    }

    /**
     * The network counts an iteration only after its listeners have heard of it. What is written in between would go on
     * with that iteration once more, its updater one step behind.
     */
    void iterationDone(Model model, int iteration, int epoch) {
        if (!Networks.isNetwork(model)) {
            return;
        }
        long start = System.nanoTime();
        int count = Networks.iteration(model);
        Networks.iteration(model, count + 1);
        try {
            listener.iterationDone(model, iteration + 1, epoch);
        } finally {
            Networks.iteration(model, count);
        }
        mayHaveWritten = System.nanoTime() - start > NANOS_OF_A_WRITE;
    }

    /** The same for epochs. */
    void onEpochEnd(Model model) {
        int count = Networks.epoch(model);
        Networks.epoch(model, count + 1);
        try {
            listener.onEpochEnd(model);
        } finally {
            Networks.epoch(model, count);
        }
        mayHaveWritten = true;
    }

    /** {@return the checkpoint written since the last call, null if none was} */
    @Nullable
    Path newlyWritten() {
        if (!mayHaveWritten) {
            return null;
        }
        Checkpoint last = listener.lastCheckpoint();
        if (last == null || last.getCheckpointNum() == lastNumber) {
            return null;
        }
        lastNumber = last.getCheckpointNum();
        return listener.getFileForCheckpoint(last).toPath();
    }
}
