package org.etascope.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.etascope.core.Figure;
import org.etascope.core.Outcome;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.junit.jupiter.api.Test;

/** How a run ended: as it was told, else as far as its epochs say. */
class OutcomeTest {
    private static RunMonitor monitor() {
        return RunMonitor.builder("outcome").clock(() -> 9_000).build();
    }

    @Test
    void outcome_whileItRuns_isUnknown() {
        RunSnapshot now = monitor().snapshot();
        assertThat(now.timeline().outcome()).isNull();
        assertThat(now.timeline().words()).isEqualTo("running");
        assertThat(Figure.OUTCOME.read(now)).isNull();
        assertThat(Figure.OUTCOME.labels()).containsExactly("finished", "failed", "interrupted");
        assertThat(Figure.OUTCOME.labels())
                .allSatisfy(
                        label -> assertThat(Figure.OUTCOME.value(now, label)).isZero());
    }

    @Test
    void end_withAnOutcome_winsOverWhatTheEpochsSayAndOverLaterCalls() {
        RunMonitor monitor = monitor();
        monitor.startEpoch();
        monitor.step(10, 3);
        monitor.end(Outcome.FINISHED);
        monitor.end(Outcome.FAILED);
        monitor.close();
        RunSnapshot last = monitor.snapshot();
        assertThat(last.timeline().outcome()).isEqualTo(Outcome.FINISHED);
        assertThat(last.timeline().endSeconds()).isEqualTo(9);
        assertThat(last.timeline().words()).isEqualTo("finished");
        assertThat(Figure.OUTCOME.read(last)).isEqualTo("finished");
        assertThat(Figure.OUTCOME.value(last, "finished")).isEqualTo(1);
        assertThat(Figure.OUTCOME.value(last, "failed")).isZero();
    }

    @Test
    void close_insideAnEpoch_isFailed() {
        RunMonitor monitor = monitor();
        monitor.startEpoch();
        monitor.step(10, 3);
        monitor.endEpoch();
        monitor.startEpoch();
        monitor.close();
        assertThat(monitor.snapshot().timeline().outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void close_afterAnEpoch_isFinished() {
        RunMonitor monitor = monitor();
        monitor.startEpoch();
        monitor.step(10, 3);
        monitor.endEpoch();
        monitor.close();
        assertThat(monitor.snapshot().timeline().outcome()).isEqualTo(Outcome.FINISHED);
    }

    @Test
    void close_withoutEpochsOrWithStepsAfterThem_saysNothing() {
        RunMonitor without = monitor();
        without.step(10, 3);
        without.close();
        assertThat(without.snapshot().timeline().outcome()).isNull();
        assertThat(without.snapshot().timeline().words()).isEqualTo("ended");

        RunMonitor after = monitor();
        after.startEpoch();
        after.endEpoch();
        after.step(10, 3);
        after.close();
        assertThat(after.snapshot().timeline().outcome()).isNull();
    }

    @Test
    void close_underASignalsThread_isInterrupted() throws InterruptedException {
        RunMonitor monitor = monitor();
        monitor.startEpoch();
        // The JVM runs its exit hooks under a thread of this name.
        Thread signal = new Thread(monitor::close, "SIGTERM handler");
        signal.start();
        signal.join();
        assertThat(monitor.snapshot().timeline().outcome()).isEqualTo(Outcome.INTERRUPTED);
    }
}
