package org.etascope.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a run says in the log. */
class HeardTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("org.etascope.run");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.list = new java.util.concurrent.CopyOnWriteArrayList<>();
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    private List<String> said() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void fit_fromBeginningToEnd_saysWhatIsWatchedTurningPointsAndTheEndOnce() {
        RunMonitor monitor = RunMonitor.builder("heard").build();
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(new EtaListener(monitor), new EtaListener(monitor));
        Nets.batches(3).forEach(net::fit);
        for (int t = 1; t < 3_000; t++) {
            monitor.step(1_000, 1.9 * Math.pow(t, -0.2));
        }
        monitor.close();
        await().until(() -> said().size() >= 3);
        assertThat(said().get(0)).isEqualTo("Run heard: MultiLayerNetwork of 385 parameters, 64 bits each, 7 classes.");
        assertThat(said().get(1)).startsWith("Run heard, step ").endsWith(": learning.");
        assertThat(said().get(2)).startsWith("Run heard ended after 3,002 steps: loss 0.3");
        assertThat(said()).hasSize(3);
        assertThat(log.list).allMatch(event -> event.getLevel() == Level.INFO);
    }

    @Test
    void logEvery_fewSteps_aLineEachTime() {
        RunMonitor monitor = RunMonitor.builder("heard").build();
        MultiLayerNetwork net = Nets.lstm();
        net.setListeners(EtaListener.builder(monitor).logEvery(2).build());
        Nets.batches(5).forEach(net::fit);
        assertThat(said()).hasSize(3);
        assertThat(said().get(1)).startsWith("Run heard, step 2: loss 1.9").contains(" nats, D 30 tokens, eta ");
        assertThat(said().get(2)).startsWith("Run heard, step 4: ").contains("D 60");
    }

    @Test
    void close_nothingReported_isSaid() {
        RunMonitor monitor = RunMonitor.builder("silent").build();
        assertThat(new EtaListener(monitor)).isNotNull();
        monitor.close();
        await().until(() -> said().size() == 1);
        assertThat(said()).containsExactly("Run silent ended without a step: nothing was reported to it.");
    }

    @Test
    void logEvery_noStep_isRefused() {
        RunMonitor monitor = RunMonitor.builder("heard").build();
        assertThatThrownBy(() -> EtaListener.builder(monitor).logEvery(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("logEvery 0 steps, allowed: 1 or more");
    }
}
