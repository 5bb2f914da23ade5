package org.etascope.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ProfilingMode;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.profiler.OpProfiler;

/**
 * What a step would cost on a GPU, where every value read is a wait for the device: no value is read one by one, and the
 * native operations of a step are few. Counted on the host, with the listener told that it is on a device.
 */
class DeviceTest {
    private static final int STEPS = 32;
    private static final Set<String> READS = Set.of("data", "getDouble", "getFloat", "getInt", "getLong", "getNumber");

    private int reads;
    private long forwardOperations;
    private long backwardOperations;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void step_onDevice_noValueIsReadAndOperationsAreFew(boolean masked) {
        RunMonitor monitor = RunMonitor.builder("device").build();
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(
                new Counting(EtaListener.builder(monitor).onDevice(true).build()));
        DataSet batch = Nets.batch(1, 8, 20);
        if (masked) {
            INDArray mask = Nd4j.ones(DataType.DOUBLE, 8, 20);
            mask.putScalar(3, 4, 0);
            batch.setLabelsMaskArray(mask);
        }
        for (int i = 0; i < STEPS; i++) {
            net.fit(batch);
        }
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo(STEPS * (masked ? 159L : 160));
        assertThat(monitor.snapshot().process().listenerErrors()).isZero();
        assertThat(reads).isZero();
        // Two of the labels, two of the mask; what looks at all labels comes at six steps.
        assertThat((double) backwardOperations / STEPS).isLessThanOrEqualTo(masked ? 4.5 : 2.5);
        assertThat(backwardOperations).isPositive();
        assertThat(forwardOperations).isZero();
    }

    /** In the backward pass they would wait for it; the parameters are the same in the forward pass. */
    @Test
    void penalties_ofARegularisedNetwork_areTakenInTheForwardPass() {
        RunMonitor monitor = RunMonitor.builder("device").build();
        Case how = new Case(
                false,
                Case.Kind.RNN_OUTPUT,
                org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction.SPARSE_MCXENT,
                org.deeplearning4j.nn.conf.RNNFormat.NCW,
                false,
                false,
                true,
                Case.Penalty.L1_L2);
        MultiLayerNetwork net = (MultiLayerNetwork) how.network();
        net.setListeners(
                new Counting(EtaListener.builder(monitor).onDevice(true).build()));
        net.fit(how.batch(0));
        backwardOperations = 0;
        net.fit(how.batch(1));
        assertThat(monitor.snapshot().progress().steps()).isEqualTo(2);
        assertThat(forwardOperations).isPositive();
        // The inputs are looked at for padding.
        assertThat(backwardOperations).isLessThanOrEqualTo(2);
    }

    @Test
    void mask_onDevice_isSummedAndNeverRead() {
        INDArray mask = Nd4j.ones(DataType.FLOAT, 30, 40);
        mask.putScalar(2, 3, 0);
        assertThat(Tokens.inMask(counted(mask), true)).isEqualTo(1199);
        assertThat(reads).isZero();
        mask.putScalar(5, 6, 0.5);
        assertThatThrownBy(() -> Tokens.inMask(mask, true))
                .isInstanceOf(UnreadableLossException.class)
                .hasMessage("the label mask holds weights, allowed: 0 and 1 (a weighted loss is no code length)");
    }

    /** Native operations of an action. Only they are profiled: the profiler is slow. */
    @SuppressWarnings("deprecation") // Nothing has taken its place.
    private static long operations(Runnable action) {
        OpProfiler.getInstance().reset();
        Nd4j.getExecutioner().setProfilingMode(ProfilingMode.OPERATIONS);
        try {
            action.run();
        } finally {
            Nd4j.getExecutioner().setProfilingMode(ProfilingMode.DISABLED);
        }
        return OpProfiler.getInstance().getInvocationsCount();
    }

    /** Counts what the listener does in its callbacks, and shows it labels and masks that count who reads them. */
    private final class Counting extends Relay {
        Counting(EtaListener target) {
            super(target);
        }

        @Override
        public void onForwardPass(Model model, List<INDArray> activations) {
            forwardOperations += operations(() -> super.onForwardPass(model, activations));
        }

        @Override
        public void onBackwardPass(Model model) {
            Layer output = ((MultiLayerNetwork) model).getOutputLayer();
            INDArray labels = ((IOutputLayer) output).getLabels();
            ((IOutputLayer) output).setLabels(counted(labels));
            backwardOperations += operations(() -> super.onBackwardPass(model));
            ((IOutputLayer) output).setLabels(labels);
        }
    }

    private INDArray counted(INDArray array) {
        return (INDArray) Proxy.newProxyInstance(
                INDArray.class.getClassLoader(), new Class<?>[] {INDArray.class}, (proxy, method, arguments) -> {
                    if (READS.contains(method.getName())) {
                        reads++;
                    }
                    try {
                        Object result = method.invoke(array, arguments);
                        return result == array || !(result instanceof INDArray part) ? result : counted(part);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
