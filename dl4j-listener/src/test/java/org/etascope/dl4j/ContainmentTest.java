package org.etascope.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.LoggerFactory;

/** Whatever happens to the monitor, training goes on as if it were not there. */
class ContainmentTest {
    private static final int BATCHES = 15;

    @Test
    void fit_networkThrowsAtEveryQuestion_parametersBitIdenticalAndLoggedOnce() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(EtaListener.class);
        logger.addAppender(log);
        RunMonitor monitor = RunMonitor.builder("broken").build();
        try {
            INDArray watched = trained(new OnBrokenNetwork(new EtaListener(monitor)));
            assertThat(watched).isEqualTo(trained());
        } finally {
            logger.detachAppender(log);
        }
        assertThat(monitor.snapshot().process().listenerErrors()).isGreaterThanOrEqualTo(BATCHES);
        assertThat(log.list).hasSize(1);
    }

    /** Shows a listener a network that throws whatever it is asked, exceptions and errors in turn. */
    private static final class OnBrokenNetwork extends Relay {
        private final Model broken = new BrokenNetwork();

        OnBrokenNetwork(TrainingListener target) {
            super(target);
        }

        @Override
        Model shown(Model model) {
            return broken;
        }
    }

    @SuppressWarnings("overrides") // Deeplearning4j's own.
    private static final class BrokenNetwork extends MultiLayerNetwork {
        private static final long serialVersionUID = 1;
        private int calls;

        BrokenNetwork() {
            super(Nets.lstmConf(11).build());
        }

        private RuntimeException fail() {
            if (++calls % 2 == 0) {
                throw new StackOverflowError();
            }
            return new IllegalStateException("broken");
        }

        @Override
        public MultiLayerConfiguration getLayerWiseConfigurations() {
            throw fail();
        }

        @Override
        public Layer getOutputLayer() {
            throw fail();
        }

        @Override
        public synchronized Layer[] getLayers() {
            throw fail();
        }
    }

    @Test
    void fit_watched_parametersBitIdenticalToUnwatched() {
        assertThat(trained(new EtaListener(RunMonitor.builder("run").build()))).isEqualTo(trained());
    }

    @Test
    void fit_validated_parametersBitIdenticalToUnwatched() {
        RunMonitor monitor = RunMonitor.builder("run").build();
        EtaListener eta = EtaListener.builder(monitor)
                .validateOn(new ExistingDataSetIterator(Nets.batches(2)), Every.iterations(2))
                .build();
        assertThat(trained(eta)).isEqualTo(trained());
        assertThat(monitor.snapshot().validation().loss()).isFinite();
    }

    @Test
    void fit_attachedAndDetachedMidRun_gapBeginsASegmentAndNothingElseChanges() {
        MultiLayerNetwork net = Nets.lstm();
        RunMonitor monitor = RunMonitor.builder("run").build();
        EtaListener eta = new EtaListener(monitor);
        net.setListeners(eta);
        Nets.batches(4).forEach(net::fit);
        net.setListeners();
        Nets.batches(3).forEach(net::fit);
        net.setListeners(eta);
        Nets.batches(2).forEach(net::fit);
        RunSnapshot now = monitor.snapshot();
        assertThat(now.progress().steps()).isEqualTo(6);
        assertThat(now.progress().segment()).isEqualTo(1);
        assertThat(now.baseline().assumed()).isFalse();
        assertThat(now.process().listenerErrors()).isZero();
    }

    @Test
    void fit_attachedInsideAnIteration_thatIterationIsSkippedNotInvented() {
        MultiLayerNetwork net = Nets.lstm();
        RunMonitor monitor = RunMonitor.builder("run").build();
        EtaListener eta = new EtaListener(monitor);
        Relay relay = new Relay(new Relay(eta) {
            @Override
            public void onBackwardPass(Model model) {}
        });
        net.setListeners(relay);
        net.fit(Nets.batch(1));
        relay.to(eta);
        net.fit(Nets.batch(2));
        RunSnapshot now = monitor.snapshot();
        assertThat(now.progress().skippedSteps()).isEqualTo(1);
        assertThat(now.progress().steps()).isEqualTo(1);
        assertThat(now.process().listenerErrors()).isZero();
    }

    /** With dropout, so that a single random number drawn by a listener would show. */
    private static INDArray trained(TrainingListener... listeners) {
        var conf = Nets.lstmConf(11).build();
        conf.getConf(1).getLayer().setIDropout(new org.deeplearning4j.nn.conf.dropout.Dropout(0.5));
        MultiLayerNetwork net = Nets.network(conf);
        net.setListeners(listeners);
        org.nd4j.linalg.factory.Nd4j.getRandom().setSeed(4);
        net.fit(new ExistingDataSetIterator(Nets.batches(BATCHES)));
        return net.params();
    }
}
