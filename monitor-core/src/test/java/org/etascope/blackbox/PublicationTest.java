package org.etascope.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.etascope.core.CurvePoint;
import org.etascope.core.Ledger;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.core.RunState;
import org.junit.jupiter.api.Test;

/** Snapshots taken while a writer steps as fast as it can: never torn, never stuck, nothing lost. */
class PublicationTest {
    private static final int STEPS = 3_000_000;

    /** Every step has 8 tokens and a loss of 2 or 4 in turn: C, D and the steps are bound to one another exactly. */
    private static void check(RunSnapshot s) {
        Ledger l = s.ledger();
        long steps = s.progress().steps();
        assertThat(s.progress().tokens()).isEqualTo(8 * steps);
        assertThat(l.codeLengthNats()).isEqualTo(8.0 * (steps / 2 * 6 + steps % 2 * 4));
        if (steps > 0) {
            assertThat(s.losses().last()).isEqualTo(steps % 2 == 1 ? 4 : 2);
        }
        assertThat(l.eta() * s.info().size().bits())
                .isEqualTo(l.transmitted().bits(), within(1e-9 * l.transmitted().bits()));
    }

    @Test
    void snapshot_whileStepping_isNeverTornAndNeverStuck() throws Exception {
        RunMonitor monitor = RunMonitor.builder("race")
                .modelSize(new ModelSize(1_000, 32))
                .clock(() -> 0)
                .build();
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService readers = Executors.newFixedThreadPool(3);
        try {
            List<Future<Long>> counts = new ArrayList<>();
            for (int r = 0; r < 3; r++) {
                counts.add(readers.submit(() -> {
                    long n = 0;
                    long before = 0;
                    do {
                        RunSnapshot s = monitor.snapshot();
                        check(s);
                        assertThat(s.progress().steps()).isGreaterThanOrEqualTo(before);
                        before = s.progress().steps();
                        n++;
                    } while (!done.get());
                    return n;
                }));
            }
            for (int t = 1; t <= STEPS; t++) {
                monitor.step(8, t % 2 == 1 ? 4 : 2, 0);
            }
            done.set(true);
            for (Future<Long> count : counts) {
                assertThat(count.get(60, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            readers.shutdownNow();
        }
        assertThat(monitor.snapshot().progress().steps()).isEqualTo(STEPS);
        check(monitor.snapshot());
    }

    @Test
    void curve_whileSteppingAndRestoring_isAlwaysWhole() throws Exception {
        RunMonitor monitor = RunMonitor.builder("race").clock(() -> 0).build();
        for (int t = 1; t <= 1_000; t++) {
            monitor.step(8, 3, 0);
        }
        RunState state = monitor.state();
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService readers = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> count = readers.submit(() -> {
                int n = 0;
                do {
                    List<CurvePoint> curve = monitor.curve();
                    for (int i = 0; i < curve.size(); i++) {
                        assertThat(curve.get(i).tokens())
                                .isEqualTo(8 * curve.get(i).steps());
                        assertThat(curve.get(i).bin().mean()).isEqualTo(3);
                    }
                    n++;
                } while (!done.get());
                return n;
            });
            for (int round = 0; round < 200; round++) {
                for (int t = 0; t < 5_000; t++) {
                    monitor.step(8, 3, 0);
                }
                monitor.restore(state);
            }
            done.set(true);
            assertThat(count.get(60, TimeUnit.SECONDS)).isPositive();
        } finally {
            readers.shutdownNow();
        }
        assertThat(monitor.snapshot().progress().steps()).isEqualTo(1_000);
        assertThat(monitor.snapshot().process().steps()).isEqualTo(1_000 + 200 * 5_000);
    }

    @Test
    void steps_fromSeveralThreads_areAllCounted() throws Exception {
        RunMonitor monitor = RunMonitor.builder("several").clock(() -> 0).build();
        ExecutorService workers = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int w = 0; w < 4; w++) {
                done.add(workers.submit(() -> {
                    for (int t = 0; t < 20_000; t++) {
                        monitor.step(8, 3, t);
                    }
                }));
            }
            for (Future<?> one : done) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            workers.shutdownNow();
        }
        RunSnapshot all = monitor.snapshot();
        assertThat(all.progress().steps()).isEqualTo(80_000);
        assertThat(all.progress().tokens()).isEqualTo(640_000);
        assertThat(all.ledger().codeLengthNats()).isEqualTo(3.0 * 640_000);
    }
}
