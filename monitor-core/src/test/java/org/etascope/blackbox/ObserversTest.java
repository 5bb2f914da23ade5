package org.etascope.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.etascope.core.Phase;
import org.etascope.core.RunEvent;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunObserver;
import org.etascope.core.RunSnapshot;
import org.junit.jupiter.api.Test;

class ObserversTest {
    private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();

    private final RunObserver recorder = new RunObserver() {
        @Override
        public void happened(String run, RunEvent event) {
            seen.add(run);
            seen.add(event);
            seen.add(Thread.currentThread());
        }

        @Override
        public void ended(RunSnapshot last) {
            seen.add(last);
        }
    };

    private static void learn(RunMonitor monitor) {
        for (int t = 1; t <= 100; t++) {
            monitor.step(100, 2 + 3 / Math.sqrt(t), 1_000L * t);
        }
    }

    private Object next() throws InterruptedException {
        Object event = seen.poll(10, TimeUnit.SECONDS);
        assertThat(event).as("an event within ten seconds").isNotNull();
        return event;
    }

    @Test
    void observers_areToldOffTheTrainingThreadInOrder() throws InterruptedException {
        RunMonitor monitor = RunMonitor.builder("observed")
                .observer(recorder)
                .clock(() -> 7_000)
                .build();
        learn(monitor);
        monitor.close();
        monitor.close();
        assertThat(next()).isEqualTo("observed");
        RunEvent event = (RunEvent) next();
        assertThat(event.kind()).isEqualTo(RunEvent.Kind.TRAINING);
        assertThat(event.entered()).isEqualTo(Phase.TRAINING);
        assertThat(event.tokens()).isEqualTo(100 * event.step());
        assertThat(event.seconds()).isEqualTo(event.step());
        assertThat(monitor.events()).containsExactly(event);
        Thread thread = (Thread) next();
        assertThat(thread).isNotEqualTo(Thread.currentThread());
        assertThat(thread.isDaemon()).isTrue();
        RunSnapshot last = (RunSnapshot) next();
        assertThat(last.timeline().endSeconds()).isEqualTo(7);
        assertThat(last.progress().steps()).isEqualTo(100);
        assertThat(seen).isEmpty();
    }

    @Test
    void observers_thatThrow_areCountedAndDoNotSilenceOthers() throws InterruptedException {
        RunMonitor monitor = RunMonitor.builder("observed")
                .observer(new RunObserver() {
                    @Override
                    public void happened(String run, RunEvent event) {
                        throw new AssertionError("an observer's own fault");
                    }
                })
                .observer(recorder)
                .build();
        learn(monitor);
        next();
        assertThat(monitor.snapshot().process().observerErrors()).isEqualTo(1);
        assertThat(monitor.snapshot().progress().steps()).isEqualTo(100);
    }

    @Test
    void observers_thatHang_costEventsNotTraining() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        RunMonitor hanging = RunMonitor.builder("hanging")
                .observer(new RunObserver() {
                    @Override
                    public void happened(String run, RunEvent event) {
                        try {
                            release.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                })
                .build();
        try {
            learn(hanging);
            long dropped = 0;
            // Each of these runs changes its phase once; the shared queue holds 1,024 events.
            for (int i = 0; i < 1_100; i++) {
                RunMonitor monitor =
                        RunMonitor.builder("many").observer(recorder).build();
                learn(monitor);
                dropped += monitor.snapshot().process().droppedEvents();
            }
            assertThat(dropped).isBetween(1_100L - 1_025, 1_100L - 1_000);
        } finally {
            release.countDown();
        }
        next();
    }

    @Test
    void observers_removed_areToldNothing() throws InterruptedException {
        RunMonitor monitor = RunMonitor.builder("observed").observer(recorder).build();
        monitor.removeObserver(recorder);
        learn(monitor);
        RunMonitor other = RunMonitor.builder("other").observer(recorder).build();
        learn(other);
        assertThat(next()).isEqualTo("other");
    }

    @Test
    void aRun_neverClosedAndForgotten_isCollected() throws InterruptedException {
        ReferenceQueue<RunMonitor> collected = new ReferenceQueue<>();
        PhantomReference<RunMonitor> forgotten = new PhantomReference<>(observed(), collected);
        for (int tries = 0; tries < 100 && !forgotten.refersTo(null); tries++) {
            System.gc();
            collected.remove(100);
        }
        assertThat(forgotten.refersTo(null)).isTrue();
    }

    private RunMonitor observed() {
        RunMonitor monitor = RunMonitor.builder("forgotten").observer(recorder).build();
        learn(monitor);
        return monitor;
    }
}
