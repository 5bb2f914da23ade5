package org.etascope.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.etascope.core.Background;
import org.junit.jupiter.api.Test;

/** The one clock: repeats, delays, and goes on after a fault. */
class BackgroundTest {
    @Test
    void every_thoughTheTaskThrows_goesOnUntilCancelled() throws InterruptedException {
        CountDownLatch five = new CountDownLatch(5);
        Future<?> task = Background.every(Duration.ofMillis(1), () -> {
            five.countDown();
            throw new AssertionError("a task's own fault");
        });
        assertThat(five.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(task.isDone()).isFalse();
        task.cancel(false);
        assertThat(task.isCancelled()).isTrue();
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
