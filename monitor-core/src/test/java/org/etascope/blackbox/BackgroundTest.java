package org.etascope.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.etascope.core.Background;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunObserver;
import org.etascope.core.RunSnapshot;
import org.junit.jupiter.api.Test;

/** The one clock: repeats, delays, and goes on after a fault. */
class BackgroundTest {
    @Test
    void every_thoughTheTaskThrows_goesOnUntilCancelled() throws InterruptedException {
        for (Error fault : List.of(new AssertionError("a task's own fault"), new OutOfMemoryError("as if"))) {
            CountDownLatch five = new CountDownLatch(5);
            Future<?> task = Background.every(Duration.ofMillis(1), () -> {
                five.countDown();
                throw fault;
            });
            assertThat(five.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(task.isDone()).isFalse();
            task.cancel(false);
            assertThat(task.isCancelled()).isTrue();
        }
    }

    @Test
    void event_observerRunsOutOfMemory_countedAndTheNextOneIsTold() throws InterruptedException {
        CountDownLatch told = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            RunMonitor run = RunMonitor.builder("char-lm").build();
            run.addObserver(new RunObserver() {
                @Override
                public void ended(RunSnapshot last) {
                    throw new OutOfMemoryError("as if");
                }
            });
            run.addObserver(new RunObserver() {
                @Override
                public void ended(RunSnapshot last) {
                    told.countDown();
                }
            });
            run.close();
        }
        assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void later_runsOnceOnADaemonThread() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Background.later(Duration.ZERO, () -> thread.set(Thread.currentThread()))
                .get(10, TimeUnit.SECONDS);
        assertThat(thread.get().isDaemon()).isTrue();
        assertThat(thread.get().getName()).isEqualTo("etascope");
    }
}
