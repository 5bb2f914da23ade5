package org.etascope.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.EarlyTerminationDataSetIterator;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.datasets.iterator.MultipleEpochsIterator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;

/** U is what the data hold, or unknown: an epoch of {@code fit(iterator)} is whatever its iterator makes of it. */
class UniqueTokensTest {
    private static final int BATCHES = 20;
    private static final double ALL = 300;

    private final RunMonitor monitor = RunMonitor.builder("unique").build();
    private final EtaListener eta = new EtaListener(monitor);
    private final MultiLayerNetwork net = Nets.lstm();
    private final List<DataSet> data = Nets.batches(BATCHES);

    @BeforeEach
    void attach() {
        net.setListeners(eta);
    }

    private double unique() {
        return monitor.snapshot().progress().uniqueTokens();
    }

    @Test
    void fit_oneEpoch_isUnknown() {
        net.fit(new ExistingDataSetIterator(data));
        assertThat(unique()).isNaN();
    }

    @Test
    void fit_secondEpochOfTheSameData_isKnown() {
        net.fit(new ExistingDataSetIterator(data), 2);
        assertThat(unique()).isEqualTo(ALL);
        assertThat(monitor.snapshot().progress().position().epochs()).isEqualTo(2);
    }

    @Test
    @SuppressWarnings("deprecation") // Still there, and used.
    void fit_severalPassesInOneEpoch_isOnePass() {
        net.fit(new MultipleEpochsIterator(3, new ExistingDataSetIterator(data)));
        assertThat(unique()).isEqualTo(ALL);
    }

    @Test
    void fit_epochThatEndsEarly_isUnknown() {
        net.fit(new EarlyTerminationDataSetIterator(new ExistingDataSetIterator(data), 5));
        assertThat(unique()).isNaN();
    }

    @Test
    void fit_anotherOrderEachEpoch_isUnknownUntilTold() {
        Random random = new Random(3);
        for (int epoch = 0; epoch < 4; epoch++) {
            List<DataSet> shuffled = new ArrayList<>(data);
            Collections.shuffle(shuffled, random);
            net.fit(new ExistingDataSetIterator(shuffled));
            assertThat(unique()).isNaN();
        }
        net.fit(new ExistingDataSetIterator(data));
        eta.endEpoch();
        assertThat(unique()).isEqualTo(ALL);
    }

    @Test
    void fit_minibatchesInALoop_isKnownWhenTheyComeAgain() {
        for (int i = 0; i < BATCHES + 5; i++) {
            net.fit(data.get(i % BATCHES));
        }
        assertThat(unique()).isEqualTo(ALL);
    }

    @Test
    void fit_minibatchesThatLookAlike_isUnknown() {
        for (int i = 0; i < 30; i++) {
            net.fit(data.get(0));
        }
        assertThat(unique()).isNaN();
    }
}
