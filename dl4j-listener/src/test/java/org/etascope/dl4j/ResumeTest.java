package org.etascope.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.etascope.core.Condition;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** A run cut anywhere and resumed ends as the uncut one, to the last bit. */
class ResumeTest {
    private static final int BATCHES = 40;
    private static final int SEGMENTS = 2;
    private static final int CUTS = 20;

    private static final List<DataSet> DATA = IntStream.range(0, BATCHES)
            .mapToObj(i -> Nets.batch(i, Nets.MINIBATCH, 6))
            .toList();

    @TempDir
    private Path directory;

    @Test
    void resume_anyCutPoint_sameLedgerAndVerdictBitForBit() throws IOException {
        RunMonitor whole = RunMonitor.builder("whole").build();
        MultiLayerNetwork uncut = trained(net(false), new EtaListener(whole), BATCHES);
        Random random = new Random(1);
        for (int i = 0; i < CUTS; i++) {
            int cut = 1 + random.nextInt(BATCHES - 1);
            Path file = directory.resolve("model" + i + ".zip");
            EtaListener eta = new EtaListener(RunMonitor.builder("first").build());
            MultiLayerNetwork first = trained(net(false), eta, cut);
            first.save(file.toFile(), true);
            eta.saveState(file, i % 2 == 0 ? StateStore.IN_MODEL : StateStore.SIDECAR);

            RunMonitor monitor = RunMonitor.builder("second").build();
            MultiLayerNetwork second = resumed(file, monitor);
            fit(second, cut, BATCHES);
            assertThat(second.params()).isEqualTo(uncut.params());
            assertSame(monitor.snapshot(), whole.snapshot());
        }
    }

    /** DL4J does not save the recurrent state inside a minibatch, so here the network goes on and the ledger is cut. */
    @Test
    void resume_betweenTruncatedSegments_sameLedgerAndVerdictBitForBit() throws IOException {
        RunMonitor whole = RunMonitor.builder("whole").build();
        trained(net(true), new EtaListener(whole), BATCHES);
        Random random = new Random(2);
        for (int i = 0; i < CUTS; i++) {
            int cut = 1 + random.nextInt(SEGMENTS * BATCHES - 1);
            RunMonitor first = RunMonitor.builder("first").build();
            RunMonitor second = RunMonitor.builder("second").build();
            Path file = directory.resolve("cut" + i + ".zip");
            MultiLayerNetwork net = net(true);
            net.setListeners(new Cut(cut, new EtaListener(first), second, file));
            fit(net, 0, BATCHES);
            assertThat(first.snapshot().progress().steps()).isEqualTo(cut);
            assertSame(second.snapshot(), whole.snapshot());
        }
    }

    /** Hands events to one listener up to a cut, saves, and hands the others to a second one that has resumed. */
    private static final class Cut extends Relay {
        private final RunMonitor monitor;
        private final Path file;
        private final EtaListener first;
        private int steps;

        Cut(int steps, EtaListener first, RunMonitor monitor, Path file) {
            super(first);
            this.steps = steps;
            this.first = first;
            this.monitor = monitor;
            this.file = file;
        }

        @Override
        public void iterationDone(org.deeplearning4j.nn.api.Model model, int iteration, int epoch) {
            super.iterationDone(model, iteration, epoch);
            if (--steps == 0) {
                try {
                    first.saveModel(model, file);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                to(EtaListener.resume(monitor, file));
            }
        }
    }

    @Test
    void resume_middleOfAnEpoch_uniqueTokensAndVerdictAsUncut() throws IOException {
        MultiLayerNetwork uncut = net(false);
        RunMonitor whole = RunMonitor.builder("whole").build();
        uncut.setListeners(new EtaListener(whole));
        uncut.fit(new ExistingDataSetIterator(data(0, 20)));
        uncut.fit(new ExistingDataSetIterator(data(0, 20)));

        EtaListener eta = new EtaListener(RunMonitor.builder("first").build());
        MultiLayerNetwork first = trained(net(false), eta, 13);
        Path file = directory.resolve("middle.zip");
        eta.saveModel(first, file);

        RunMonitor monitor = RunMonitor.builder("second").build();
        MultiLayerNetwork second = resumed(file, monitor);
        second.fit(new ExistingDataSetIterator(data(13, 20)));
        second.fit(new ExistingDataSetIterator(data(0, 20)));
        assertSame(monitor.snapshot(), whole.snapshot());
        assertThat(monitor.snapshot().progress().uniqueTokens()).isEqualTo(20.0 * Nets.MINIBATCH * 6);
        assertThat(monitor.snapshot().progress().position().epochs()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(StateStore.class)
    void checkpoints_everyFewIterations_eachHoldsItsOwnLedger(StateStore where) throws IOException {
        EtaListener eta = EtaListener.builder(RunMonitor.builder("run").build())
                .checkpoints(checkpoints().build(), where)
                .build();
        trained(net(false), eta, 23);
        List<File> models = models();
        assertThat(models).hasSize(2);
        for (File model : models) {
            RunMonitor monitor = RunMonitor.builder("resumed").build();
            MultiLayerNetwork restored = resumed(model.toPath(), monitor);
            long steps = monitor.snapshot().progress().steps();
            assertThat(steps).isEqualTo(restored.getIterationCount());
            assertThat(monitor.snapshot().progress().tokens()).isEqualTo(steps * Nets.MINIBATCH * 6);
            fit(restored, (int) steps, BATCHES);
            assertThat(monitor.snapshot().progress().segment()).isZero();
            assertThat(monitor.snapshot().progress().tokens()).isEqualTo(BATCHES * Nets.MINIBATCH * 6L);
        }
        assertThat(new File(directory.toString()).list((dir, name) -> name.endsWith(".etascope")))
                .hasSize(where == StateStore.SIDECAR ? 2 : 0);
    }

    /** Also the optimiser's: Adam corrects its bias by the iteration, and a schedule looks at the epoch. */
    @ParameterizedTest
    @EnumSource(StateStore.class)
    void checkpoints_resumedWithAdam_parametersAndLedgerToTheLastBit(StateStore where) throws IOException {
        RunMonitor whole = RunMonitor.builder("whole").build();
        MultiLayerNetwork uncut = trained(scheduled(), new EtaListener(whole), BATCHES);
        EtaListener eta = EtaListener.builder(RunMonitor.builder("run").build())
                .checkpoints(
                        new CheckpointListener.Builder(directory.toFile())
                                .saveEveryNIterations(5)
                                .keepAll()
                                .build(),
                        where)
                .build();
        trained(scheduled(), eta, 23);
        List<File> models = models();
        assertThat(models).hasSize(4);
        for (File model : models) {
            RunMonitor monitor = RunMonitor.builder("resumed").build();
            MultiLayerNetwork restored = resumed(model.toPath(), monitor);
            fit(restored, restored.getIterationCount(), BATCHES);
            assertThat(restored.params()).isEqualTo(uncut.params());
            assertSame(monitor.snapshot(), whole.snapshot());
        }
    }

    @Test
    void checkpoints_everyEpoch_resumedToTheLastBit() throws IOException {
        RunMonitor whole = RunMonitor.builder("whole").build();
        MultiLayerNetwork uncut = scheduled();
        uncut.setListeners(new EtaListener(whole));
        uncut.fit(new ExistingDataSetIterator(data(0, 10)), 3);
        EtaListener eta = EtaListener.builder(RunMonitor.builder("run").build())
                .checkpoints(
                        new CheckpointListener.Builder(directory.toFile())
                                .saveEveryEpoch()
                                .keepLast(1)
                                .build(),
                        StateStore.IN_MODEL)
                .build();
        MultiLayerNetwork first = scheduled();
        first.setListeners(eta);
        first.fit(new ExistingDataSetIterator(data(0, 10)), 2);
        RunMonitor monitor = RunMonitor.builder("resumed").build();
        MultiLayerNetwork restored = resumed(models().get(0).toPath(), monitor);
        restored.fit(new ExistingDataSetIterator(data(0, 10)));
        assertThat(restored.params()).isEqualTo(uncut.params());
        assertSame(monitor.snapshot(), whole.snapshot());
    }

    private static MultiLayerNetwork scheduled() {
        var conf = Nets.lstmConf(11).build();
        Adam adam = new Adam(new MapSchedule.Builder(ScheduleType.EPOCH)
                .add(0, 0.01)
                .add(1, 0.005)
                .add(2, 0.001)
                .build());
        conf.getConfs().forEach(layer -> ((BaseLayer) layer.getLayer()).setIUpdater(adam));
        return Nets.network(conf);
    }

    @Test
    void resume_olderCheckpointInTheSameProcess_ledgerGoesBackAndCountersGoOn() throws IOException {
        RunMonitor monitor = RunMonitor.builder("run").build();
        EtaListener eta = new EtaListener(monitor);
        MultiLayerNetwork net = trained(net(false), eta, 10);
        Path file = directory.resolve("older.zip");
        eta.saveModel(net, file);
        fit(net, 10, 30);
        MultiLayerNetwork older = resumed(file, monitor);
        long perStep = Nets.MINIBATCH * 6L;
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo(10 * perStep);
        long before = monitor.snapshot().process().tokens();
        assertThat(before).isEqualTo(30 * perStep);
        for (int i = 10; i < 40; i++) {
            fit(older, i, i + 1);
            long now = monitor.snapshot().process().tokens();
            assertThat(now - before).isEqualTo(perStep);
            before = now;
        }
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo(40 * perStep);
        assertThat(monitor.snapshot().progress().segment()).isZero();
        assertThat(monitor.snapshot().process().segments()).isEqualTo(1);
    }

    @Test
    void resume_modelWithoutState_newSegmentWithAssumedBaseline() throws IOException {
        MultiLayerNetwork net = net(false);
        fit(net, 0, 5);
        Path file = directory.resolve("bare.zip");
        net.save(file.toFile(), true);
        RunMonitor monitor = RunMonitor.builder("resumed").build();
        MultiLayerNetwork restored = resumed(file, monitor);
        fit(restored, 5, 8);
        assertThat(monitor.snapshot().progress().segment()).isEqualTo(1);
        assertThat(monitor.snapshot().verdict().conditions()).contains(Condition.BASELINE_ASSUMED);
    }

    @Test
    void resume_damagedState_newSegmentAndTrainingGoesOn() throws IOException {
        EtaListener eta = new EtaListener(RunMonitor.builder("first").build());
        MultiLayerNetwork net = trained(net(false), eta, 5);
        Path file = directory.resolve("damaged.zip");
        net.save(file.toFile(), true);
        eta.saveState(file, StateStore.SIDECAR);
        Path sidecar = directory.resolve("damaged.zip.etascope");
        byte[] bytes = Files.readAllBytes(sidecar);
        bytes[40] ^= 1;
        Files.write(sidecar, bytes);
        RunMonitor monitor = RunMonitor.builder("resumed").build();
        MultiLayerNetwork restored = resumed(file, monitor);
        fit(restored, 5, 8);
        assertThat(monitor.snapshot().progress().steps()).isEqualTo(3);
        assertThat(monitor.snapshot().progress().segment()).isEqualTo(1);
    }

    @Test
    void resume_stateOfAnotherCheckpoint_isNoticedAsANewSegment() throws IOException {
        EtaListener eta = new EtaListener(RunMonitor.builder("first").build());
        MultiLayerNetwork net = trained(net(false), eta, 5);
        Path early = directory.resolve("early.zip");
        eta.saveModel(net, early);
        fit(net, 5, 9);
        RunMonitor monitor = RunMonitor.builder("resumed").build();
        net.setListeners(EtaListener.resume(monitor, early));
        fit(net, 9, 12);
        assertThat(monitor.snapshot().progress().segment()).isEqualTo(1);
        assertThat(monitor.snapshot().progress().steps()).isEqualTo(5 + 3);
    }

    private CheckpointListener.Builder checkpoints() {
        return new CheckpointListener.Builder(directory.toFile())
                .saveEveryNIterations(5)
                .keepLast(2);
    }

    private List<File> models() {
        File[] files = directory.toFile().listFiles((dir, name) -> name.endsWith(".zip"));
        return List.of(files == null ? new File[0] : files);
    }

    static void assertSame(RunSnapshot resumed, RunSnapshot uncut) {
        assertThat(resumed.ledger()).isEqualTo(uncut.ledger());
        assertThat(resumed.baseline()).isEqualTo(uncut.baseline());
        assertThat(resumed.verdict()).isEqualTo(uncut.verdict());
        assertThat(resumed.losses()).isEqualTo(uncut.losses());
        assertThat(resumed.progress()).isEqualTo(uncut.progress());
    }

    /** The network, watched over its first minibatches. */
    private static MultiLayerNetwork trained(MultiLayerNetwork net, EtaListener eta, int batches) {
        net.setListeners(eta);
        fit(net, 0, batches);
        return net;
    }

    private static MultiLayerNetwork resumed(Path file, RunMonitor monitor) throws IOException {
        MultiLayerNetwork net = MultiLayerNetwork.load(file.toFile(), true);
        net.setListeners(EtaListener.resume(monitor, file));
        return net;
    }

    static MultiLayerNetwork net(boolean truncated) {
        var conf = Nets.lstmConf(11);
        if (truncated) {
            conf.backpropType(BackpropType.TruncatedBPTT).tBPTTLength(3);
        }
        return Nets.network(conf.build());
    }

    /** Six positions each: two truncated segments of three. */
    static List<DataSet> data(int from, int to) {
        return DATA.subList(from, to);
    }

    static void fit(MultiLayerNetwork net, int from, int to) {
        data(from, to).forEach(net::fit);
    }
}
