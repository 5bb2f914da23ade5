package org.etascope.dl4j;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Model;
import org.etascope.core.LayerResiduals;
import org.etascope.core.RunMonitor;
import org.etascope.core.TokenUnit;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures how each layer of a language model improves the prediction of the next token ({@link LayerResiduals}), on the
 * network's twin, between steps: at the first one and then whenever D has grown by 1/8 e-fold, if its share of the time
 * allows.
 *
 * <p><b>What it looks with.</b> Held-out data, read once, or a {@link Reservoir} of the sequences trained on.
 *
 * <p><b>Cost.</b> A forward pass of the twin over the positions and {@link LayerResiduals}; a probe waits until all so far,
 * and it itself if it takes as long as the one before, have taken no more than their share of the time since the first step.
 *
 * <p>Thread-safe.
 */
final class LayerProbe {
    /** Enough for layers of any width. */
    static final int ENOUGH_TOKENS = LayerResiduals.POSITIONS_PER_DIMENSION * LayerResiduals.DIRECTIONS;

    /** Of the time since the first step. */
    private static final double SHARE = 0.01;

    private static final double GROWTH = Math.expm1(1.0 / 8);
    private static final Logger LOG = LoggerFactory.getLogger(LayerProbe.class);

    private final @Nullable MultiDataSetIterator heldOut;
    private final Reservoir reservoir;
    private final int mostTokens;

    private List<ProbeBatch> read = List.of();
    private @Nullable List<String> layers;
    private boolean refused;
    private boolean tooFewTold;

    private double tokensUntilDue;
    private long begunAt = Long.MIN_VALUE;
    private long spentNanos;
    private long lastNanos;

    /**
     * @param heldOut where to read what it looks with, null to take it from the training
     * @param mostTokens positions at most
     */
    LayerProbe(@Nullable MultiDataSetIterator heldOut, int mostTokens) {
        this.heldOut = heldOut;
        this.reservoir = new Reservoir(mostTokens);
        this.mostTokens = mostTokens;
    }

    /** Looks at a minibatch in its backward pass. */
    synchronized void see(Model training, Reading reading) {
        if (!refused && heldOut == null && whyNot(reading) == null) {
            reservoir.see(training, reading.heads()[0]);
        }
    }

    /**
     * {@return whether to probe now, after a step}
     *
     * @param tokens of the step
     * @param now as {@link System#nanoTime} tells
     */
    synchronized boolean due(long tokens, long now) {
        if (begunAt == Long.MIN_VALUE) {
            begunAt = now;
        }
        tokensUntilDue -= tokens;
        return !refused
                && tokensUntilDue <= 0
                && (heldOut != null || reservoir.full())
                && spentNanos + lastNanos <= SHARE * (now - begunAt);
    }

    /** Something of it does not work: the training goes on without. */
    synchronized void stop() {
        refused = true;
    }

    /**
     * Measures the layers and reports them.
     *
     * @param twin not the network in training
     */
    synchronized void probe(Model twin, Reading reading, RunMonitor monitor) {
        long start = System.nanoTime();
        String reason = whyNot(reading);
        if (reason != null) {
            refuse(reason);
            return;
        }
        Head head = reading.heads()[0];
        List<ProbeBatch> batches = batches(head);
        int[] ids = batches.stream()
                .flatMapToInt(batch -> Arrays.stream(batch.ids()))
                .filter(id -> id != ProbeBatch.NONE)
                .toArray();
        LayerResiduals residuals = null;
        int position = 0;
        for (ProbeBatch batch : batches) {
            Map<String, INDArray> activations = HiddenLayers.activations(twin, batch);
            List<String> names = layers(twin, activations, batch);
            if (names.isEmpty()) {
                return;
            }
            if (residuals == null) {
                int[] widths = widths(names, activations, batch);
                residuals = new LayerResiduals(widths, ids);
                sayTooFew(widths, ids.length);
            }
            int next = position;
            for (int layer = 0; layer < names.size(); layer++) {
                double[] states = HiddenLayers.values(states(activations, names.get(layer)), batch, head.timeAxis());
                next = add(residuals, layer, position, states, batch.ids());
            }
            position = next;
        }
        if (residuals == null) {
            refuse("there is no position to look at");
            return;
        }
        monitor.layers(residuals);
        tokensUntilDue = GROWTH * monitor.snapshot().progress().tokens();
        lastNanos = System.nanoTime() - start;
        spentNanos += lastNanos;
        LOG.debug("The layers were looked at in {} ms.", lastNanos / 1_000_000);
    }

    /** {@return why a network has no next token to predict, null if it has one} */
    private static @Nullable String whyNot(Reading reading) {
        String reason = reading.reason();
        if (reason != null) {
            return reason;
        }
        if (reading.heads().length != 1) {
            return "the network has " + reading.heads().length + " outputs with a loss; supported: one";
        }
        return reading.unit() == TokenUnit.TOKEN
                ? null
                : "the output predicts no sequence of tokens: a loss is of one "
                        + reading.unit().label() + "; supported: a softmax over time";
    }

    private void refuse(String reason) {
        refused = true;
        LOG.warn("The layers are not looked at: {}.", reason);
    }

    private List<ProbeBatch> batches(Head head) {
        if (heldOut == null) {
            return reservoir.batches();
        }
        if (read.isEmpty()) {
            read = ProbeBatch.read(heldOut, head, mostTokens);
        }
        return read;
    }

    /** {@return the names of the layers to look at, found once} */
    private List<String> layers(Model twin, Map<String, INDArray> activations, ProbeBatch batch) {
        List<String> found = layers;
        if (found == null) {
            List<String> names = HiddenLayers.names(twin);
            found = names.stream()
                    .filter(name ->
                            activations.containsKey(name) && HiddenLayers.fits(states(activations, name), batch))
                    .limit(LayerResiduals.MOST_LAYERS)
                    .toList();
            if (found.isEmpty()) {
                refuse("none of the layers " + names + " has a state for each token");
            }
            layers = found;
        }
        return found;
    }

    private static INDArray states(Map<String, INDArray> activations, String name) {
        return Objects.requireNonNull(activations.get(name), name);
    }

    private static int[] widths(List<String> names, Map<String, INDArray> activations, ProbeBatch batch) {
        return names.stream()
                .mapToInt(name -> (int) (states(activations, name).length() / batch.ids().length))
                .toArray();
    }

    private void sayTooFew(int[] widths, int positions) {
        int needed =
                Arrays.stream(widths).map(LayerResiduals::positionsNeeded).max().orElse(0);
        if (positions < needed && !tooFewTold) {
            tooFewTold = true;
            LOG.warn(
                    "The widest layer needs {} tokens to look at and there are {}: what it leaves is unknown.",
                    needed,
                    positions);
        }
    }

    /** {@return the position after the batch's last one} */
    private static int add(LayerResiduals residuals, int layer, int first, double[] states, int[] ids) {
        int width = states.length / ids.length;
        int position = first;
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] != ProbeBatch.NONE) {
                residuals.add(layer, position++, states, i * width);
            }
        }
        return position;
    }
}
