package org.etascope.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;
import org.slf4j.LoggerFactory;

/** A run is the training of one network, each step counted once, however listeners, networks and runs are mixed up. */
class OneNetworkTest {
    private static final int TOKENS = Nets.MINIBATCH * Nets.LENGTH;

    private final RunMonitor monitor = RunMonitor.builder("one").build();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @TempDir
    private Path directory;

    @BeforeEach
    void listen() {
        log.start();
        ((Logger) LoggerFactory.getLogger(EtaListener.class)).addAppender(log);
    }

    @AfterEach
    void stopListening() {
        ((Logger) LoggerFactory.getLogger(EtaListener.class)).detachAppender(log);
    }

    @Test
    void fit_twoNetworksAlternating_theSecondIsSkippedAndSaidOnce() {
        EtaListener eta = new EtaListener(monitor);
        MultiLayerNetwork generator = Nets.lstm();
        MultiLayerNetwork discriminator = Nets.network(Nets.lstmConf(12).build());
        generator.setListeners(eta);
        discriminator.setListeners(eta);
        double nats = 0;
        for (DataSet batch : Nets.batches(4)) {
            nats += Nets.nats(generator, batch);
            generator.fit(batch);
            discriminator.fit(batch);
        }
        RunSnapshot now = monitor.snapshot();
        assertThat(now.progress().tokens()).isEqualTo(4 * TOKENS);
        assertThat(now.ledger().codeLengthNats()).isCloseTo(nats, within(1e-9));
        assertThat(now.progress().skippedSteps()).isEqualTo(4);
        assertThat(now.progress().segment()).isZero();
        assertSaidOnce("Run one is of another network: this one's steps count as skipped.");
    }

    @Test
    void fit_aFreshNetworkAfterTheFirst_isRefused() {
        EtaListener eta = new EtaListener(monitor);
        for (int fold = 0; fold < 3; fold++) {
            MultiLayerNetwork net = Nets.network(Nets.lstmConf(fold).build());
            net.setListeners(eta);
            Nets.batches(5).forEach(net::fit);
        }
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo(5 * TOKENS);
        assertThat(monitor.snapshot().progress().skippedSteps()).isEqualTo(10);
    }

    @Test
    void fit_twoListenersOfOneRunOnTwoNetworks_theSecondNetworkIsRefused() {
        MultiLayerNetwork first = Nets.lstm();
        MultiLayerNetwork second = Nets.network(Nets.lstmConf(12).build());
        first.setListeners(new EtaListener(monitor));
        second.setListeners(new EtaListener(monitor));
        Nets.batches(3).forEach(first::fit);
        Nets.batches(3).forEach(second::fit);
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo(3 * TOKENS);
        assertThat(monitor.snapshot().progress().skippedSteps()).isEqualTo(3);
    }

    @Test
    void fit_twoListenersOfOneRunOnOneNetwork_theSecondReportsNothing() {
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(new EtaListener(monitor), new EtaListener(monitor));
        Nets.batches(20).forEach(net::fit);
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo(20 * TOKENS);
        assertThat(monitor.snapshot().progress().skippedSteps()).isZero();
        assertSaidOnce("Run one has two listeners on this network: this one reports nothing.");
    }

    @Test
    void fit_listenerReplacedByANewOne_theRunGoesOn() {
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(new EtaListener(monitor));
        Nets.batches(3).forEach(net::fit);
        net.setListeners(new EtaListener(monitor));
        Nets.batches(3).forEach(net::fit);
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo(6 * TOKENS);
        assertThat(monitor.snapshot().progress().segment()).isZero();
        assertThat(log.list).isEmpty();
    }

    @Test
    void fit_networkSavedAndLoaded_theRunGoesOnWithTheLoadedOne() throws java.io.IOException {
        EtaListener eta = new EtaListener(monitor);
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(eta);
        Nets.batches(3).forEach(net::fit);
        net.save(directory.resolve("saved.zip").toFile(), true);
        MultiLayerNetwork loaded =
                MultiLayerNetwork.load(directory.resolve("saved.zip").toFile(), true);
        loaded.setListeners(eta);
        Nets.batches(3).forEach(loaded::fit);
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo(6 * TOKENS);
        assertThat(monitor.snapshot().progress().segment()).isZero();
        assertThat(net.getIterationCount()).isEqualTo(3);
    }

    @Test
    void watch_onceTheRunIsGone_isGoneToo() {
        java.lang.ref.WeakReference<RunMonitor> run = trained();
        org.awaitility.Awaitility.await().until(() -> {
            System.gc();
            return run.refersTo(null);
        });
    }

    private static java.lang.ref.WeakReference<RunMonitor> trained() {
        RunMonitor short_ = RunMonitor.builder("short").build();
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(new EtaListener(short_));
        Nets.batches(2).forEach(net::fit);
        short_.close();
        return new java.lang.ref.WeakReference<>(short_);
    }

    private void assertSaidOnce(String start) {
        assertThat(log.list).hasSize(1);
        assertThat(List.of(log.list.get(0).getFormattedMessage())).allMatch(said -> said.startsWith(start));
    }
}
