package org.etascope.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** No array is kept: over thousands of iterations heap and native memory stay flat, and every minibatch can go. */
class LeakTest {
    private static final int ITERATIONS = 2_500;
    private static final int WARM_UP = 500;
    private static final long SLACK_BYTES = 2 << 20;
    /** The heap may still grow to its limit within the process; arrays kept would come on top. */
    private static final long SLACK_OF_THE_PROCESS_BYTES = 512 << 20;

    @Test
    void fit_thousandsOfMinibatches_heapAndNativeMemoryFlat() {
        MultiLayerNetwork net = Nets.lstm();
        EtaListener eta = new EtaListener(RunMonitor.builder("leak").build());
        net.setListeners(eta);
        List<WeakReference<INDArray>> labels = new ArrayList<>();
        train(net, 0, WARM_UP, labels);
        long heap = heapUsed();
        long resident = Pointer.physicalBytes();
        train(net, WARM_UP, ITERATIONS, labels);
        // The network itself may keep the last minibatch.
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            System.gc();
            return labels.stream().filter(label -> label.get() != null).count() <= 1;
        });
        await().atMost(Duration.ofMinutes(1)).until(() -> heapUsed() - heap < SLACK_BYTES);
        assertThat(Pointer.physicalBytes() - resident).isLessThan(SLACK_OF_THE_PROCESS_BYTES);
        assertThat(eta).isNotNull();
    }

    private static void train(MultiLayerNetwork net, int from, int to, List<WeakReference<INDArray>> labels) {
        for (int i = from; i < to; i++) {
            DataSet batch = Nets.batch(i, 1, 2);
            labels.add(new WeakReference<>(batch.getLabels()));
            net.fit(batch);
        }
    }

    private static long heapUsed() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
