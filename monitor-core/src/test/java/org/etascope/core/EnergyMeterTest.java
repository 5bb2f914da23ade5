package org.etascope.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class EnergyMeterTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** A tenth of the real period, so that the test is soon done. */
    private static EnergyMeter meter(EnergySource... sources) {
        return new EnergyMeter(List.of(sources), Duration.ofMillis(100));
    }

    /** Counts so many joules at each reading, so that no clock decides what is right. */
    private static final class Counting implements EnergySource {
        private final String name;
        private final String domain;
        private final double joules;
        private final boolean summed;
        final AtomicInteger readings = new AtomicInteger();

        Counting(String name, String domain, double joules, boolean summed) {
            this.name = name;
            this.domain = domain;
            this.joules = joules;
            this.summed = summed;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Reading read() throws IOException {
            return new Reading(
                    List.of(new Counter(domain, joules * readings.incrementAndGet(), Double.NaN, summed, "part")), "");
        }
    }

    /** One whose reading is written down in the test. */
    private interface Answer {
        EnergySource.Reading read() throws IOException;
    }

    private static EnergySource source(String name, Answer answer) {
        return new EnergySource() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Reading read() throws IOException {
                return answer.read();
            }
        };
    }

    private static void await(BooleanSupplier met) throws InterruptedException {
        long end = System.nanoTime() + LONG.toNanos();
        while (!met.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it took too long").isLessThan(end);
            Thread.sleep(20);
        }
    }

    private static RunMonitor run(String name) {
        RunMonitor run = RunMonitor.builder(name).build();
        run.step(100, 4);
        return run;
    }

    private static RunEnergy of(RunMonitor run) {
        return run.snapshot().energy();
    }

    @Test
    void watch_aRun_isToldTheSumOfWhatIsSummed() throws Exception {
        RunMonitor run = run("sum");
        try (EnergyMeter meter = meter(
                new Counting("powercap", "package-0", 10, true),
                new Counting("nvml", "GPU-1", 100, true),
                new Counting("board", "psys", 1_000, false))) {
            meter.watch(run);
            meter.watch(run);
            await(() -> of(run).coverage().seconds() > 0.5);
            RunEnergy energy = of(run);
            assertThat(energy.joules() % 110).as("whole readings of both").isZero();
            assertThat(energy.joules() / energy.coverage().seconds()).isBetween(700.0, 1_500.0);
            assertThat(energy.reason()).isNull();
            assertThat(meter.domains())
                    .extracting(EnergyMeter.Domain::source, EnergyMeter.Domain::domain)
                    .containsExactly(tuple("powercap", "package-0"), tuple("nvml", "GPU-1"), tuple("board", "psys"));
            assertThat(meter.sources())
                    .allSatisfy(one -> assertThat(one.reason()).isEmpty());
        }
    }

    @Test
    void source_thatHangs_holdsUpNothingElseAndIsAGap() throws Exception {
        CountDownLatch hung = new CountDownLatch(1);
        AtomicInteger readings = new AtomicInteger();
        EnergySource hangs = source("nvml", () -> {
            int n = readings.incrementAndGet();
            if (n == 3) {
                try {
                    hung.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return new EnergySource.Reading(
                    List.of(new EnergySource.Counter("GPU-1", 100.0 * n, Double.NaN, true, "part")), "");
        });
        Counting goesOn = new Counting("powercap", "package-0", 10, true);
        RunMonitor run = run("hung");
        try (EnergyMeter meter = meter(goesOn, hangs)) {
            await(() -> readings.get() >= 1);
            meter.watch(run);
            await(() -> readings.get() == 3);
            int then = goesOn.readings.get();
            await(() -> goesOn.readings.get() >= then + 3);
            assertThat(meter.sources())
                    .contains(
                            new EnergyMeter.Source("powercap", ""),
                            new EnergyMeter.Source("nvml", "it does not answer"));
            await(() -> of(run).reason() != null);
            assertThat(of(run).reason()).isEqualTo("nvml GPU-1 has a gap; nvml: it does not answer");
            double covered = of(run).coverage().seconds();
            assertThat(of(run).joules() % 10).isZero();
            hung.countDown();
            await(() -> of(run).reason() == null && of(run).coverage().seconds() > covered);
            // The counter went on: its joules are known, though not of which second.
            assertThat(meter.domains())
                    .filteredOn(one -> one.domain().equals("GPU-1"))
                    .allSatisfy(one -> {
                        assertThat(one.gaps()).isZero();
                        assertThat(one.joules()).isEqualTo(100.0 * (readings.get() - 1), within(100.1));
                    });
        }
    }

    @Test
    void source_thatFails_tellsWhyAndTheOthersCount() throws Exception {
        RunMonitor run = run("refused");
        try (EnergyMeter meter = meter(
                source("powercap", () -> {
                    throw new IOException("only root may read\nenergy_uj");
                }),
                source("nvml", () -> {
                    throw new NoSuchFileException("libnvidia-ml.so.1", null, "no NVIDIA driver");
                }),
                EnergySource.custom("wall", () -> System.nanoTime() / 1e9))) {
            meter.watch(run);
            await(() -> of(run).joules() > 0);
            assertThat(meter.sources())
                    .containsExactly(
                            new EnergyMeter.Source("powercap", "only root may read\\u000aenergy_uj"),
                            new EnergyMeter.Source("nvml", "libnvidia-ml.so.1: no NVIDIA driver"),
                            new EnergyMeter.Source("custom", ""));
            // What this machine has not is no fault, what may not be read is one.
            assertThat(of(run).reason()).isEqualTo("powercap: only root may read\\u000aenergy_uj");
            assertThat(of(run).coverage().seconds()).isPositive();
        }
    }

    @Test
    void sources_ofOneName_areFollowedEachForItself() throws Exception {
        RunMonitor run = run("two plugs");
        AtomicInteger one = new AtomicInteger();
        AtomicInteger other = new AtomicInteger();
        try (EnergyMeter meter = meter(
                EnergySource.custom("plug-1", () -> 10.0 * one.incrementAndGet()),
                EnergySource.custom("plug-2", () -> 1.0 * other.incrementAndGet()))) {
            meter.watch(run);
            await(() -> of(run).joules() > 30);
            assertThat(of(run).joules() % 11).isZero();
            assertThat(of(run).reason()).isNull();
            assertThat(meter.sources()).containsExactly(new EnergyMeter.Source("custom", ""));
            assertThat(meter.domains()).extracting(EnergyMeter.Domain::gaps).containsExactly(0L, 0L);
        }
    }

    @Test
    void source_thatGivesNothing_isTroubleAndTheMeterGoesOn() throws Exception {
        RunMonitor run = run("null");
        AtomicInteger readings = new AtomicInteger();
        try (EnergyMeter meter = meter(
                source("broken", () -> {
                    readings.incrementAndGet();
                    return null;
                }),
                new Counting("custom", "wall", 10, true))) {
            meter.watch(run);
            await(() -> readings.get() > 3 && of(run).joules() > 20);
            assertThat(meter.sources()).contains(new EnergyMeter.Source("custom", ""));
            assertThat(meter.sources().get(0).reason()).contains("NullPointerException");
        }
    }

    @Test
    void machine_withNothingToMeasure_saysWhatItLacks() throws Exception {
        RunMonitor run = run("bare");
        try (EnergyMeter meter = meter(
                source("powercap", () -> {
                    throw new NoSuchFileException("/sys/class/powercap", null, "this machine has no powercap");
                }),
                source("nvml", () -> {
                    throw new NoSuchFileException("libnvidia-ml.so.1", null, "no NVIDIA driver");
                }))) {
            meter.watch(run);
            await(() -> !"measuring begins".equals(of(run).reason()));
            assertThat(run.snapshot().energySentences())
                    .containsExactly("Not measured: powercap: /sys/class/powercap: this machine has no powercap;"
                            + " nvml: libnvidia-ml.so.1: no NVIDIA driver.");
        }
    }

    @Test
    void source_throwsAnError_isContained() throws Exception {
        RunMonitor run = run("error");
        AtomicInteger readings = new AtomicInteger();
        try (EnergyMeter meter = meter(source("nvml", () -> {
            readings.incrementAndGet();
            throw new UnsatisfiedLinkError("no such function");
        }))) {
            meter.watch(run);
            await(() -> readings.get() >= 2);
            await(() -> "nvml: no such function".equals(of(run).reason()));
            assertThat(of(run).joules()).isNaN();
        }
    }

    @Test
    void domain_thatVanishes_isAGapUntilItIsBack() throws Exception {
        AtomicInteger readings = new AtomicInteger();
        RunMonitor run = run("vanished");
        EnergySource vanishes = source("powercap", () -> {
            int n = readings.incrementAndGet();
            EnergySource.Counter stays = new EnergySource.Counter("package-0", 10.0 * n, 1e5, true, "part");
            EnergySource.Counter goes = new EnergySource.Counter("dram-0", 1_000.0 + n, 1e5, true, "part");
            return new EnergySource.Reading(n == 3 || n == 4 ? List.of(stays) : List.of(stays, goes), "");
        });
        try (EnergyMeter meter = meter(vanishes)) {
            meter.watch(run);
            await(() -> readings.get() >= 7);
            await(() -> of(run).reason() == null);
            EnergyMeter.Domain dram = meter.domains().get(1);
            assertThat(dram.gaps()).isEqualTo(1);
            assertThat(dram.joules())
                    .as("what it counted while gone is not known")
                    .isEqualTo((readings.get() - 1) - 3, within(1.01));
            assertThat(meter.domains().get(0).gaps()).isZero();
        }
    }

    @Test
    void runs_atTheSameTime_eachHaveAllAndAreToldSo() throws Exception {
        RunMonitor one = run("one");
        RunMonitor other = run("other");
        RunMonitor alone = run("alone");
        try (EnergyMeter meter = meter(new Counting("custom", "wall", 10, true))) {
            meter.watch(alone);
            await(() -> of(alone).joules() > 0);
            alone.step(100, 3);
            await(() -> of(alone).joules() > 20);
            assertThat(of(alone).shared()).isFalse();
            alone.close();
            meter.watch(one);
            meter.watch(other);
            await(() -> {
                one.step(100, 3);
                other.step(100, 3);
                return of(one).shared() && of(other).shared();
            });
            await(() -> of(one).joules() > 30 && of(other).joules() > 30);
            assertThat(of(alone).shared()).isFalse();
        }
    }

    @Test
    void ofThisMachine_withoutASource_doesNothing() {
        RunMonitor run = run("none");
        EnergyMeter.ofThisMachine().watch(run);
        assertThat(of(run).known()).isFalse();
        assertThat(EnergyMeter.ofThisMachine().sources()).isEmpty();
        assertThat(EnergyMeter.ofThisMachine().domains()).isEmpty();
    }

    @Test
    void run_thatBeginsLater_hasOnlyWhatWasCountedSince() throws Exception {
        AtomicInteger joules = new AtomicInteger();
        EnergySource jumps = source(
                "custom",
                () -> new EnergySource.Reading(
                        List.of(new EnergySource.Counter("wall", joules.get(), Double.NaN, true, "wall")), ""));
        RunMonitor run = run("later");
        try (EnergyMeter meter = meter(jumps)) {
            await(() -> !meter.domains().isEmpty());
            // Taken before the run, read after its beginning.
            joules.set(1_000_000);
            meter.watch(run);
            await(() -> of(run).coverage().seconds() > 0);
            joules.addAndGet(7);
            await(() -> of(run).joules() > 0);
            assertThat(of(run).joules()).isEqualTo(7);
        }
    }

    @Test
    void driver_thatHungBeforeARun_creditsItNothingFromBefore() throws Exception {
        CountDownLatch hung = new CountDownLatch(1);
        AtomicInteger readings = new AtomicInteger();
        AtomicInteger joules = new AtomicInteger();
        EnergySource hangs = source("nvml", () -> {
            if (readings.incrementAndGet() == 2) {
                try {
                    hung.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return new EnergySource.Reading(
                    List.of(new EnergySource.Counter("GPU-1", joules.get(), Double.NaN, true, "GPU board")), "");
        });
        RunMonitor run = run("after");
        try (EnergyMeter meter = meter(hangs)) {
            await(() -> readings.get() == 2);
            joules.set(1_000_000);
            meter.watch(run);
            await(() -> "nvml GPU-1 has a gap; nvml: it does not answer".equals(of(run).reason()));
            hung.countDown();
            await(() -> of(run).coverage().seconds() > 0);
            assertThat(of(run).joules()).isZero();
            assertThat(meter.domains().get(0).joules())
                    .as("the machine's all the same")
                    .isEqualTo(1_000_000);
        }
    }

    @Test
    void run_besideOneThatStandsStill_isNotShared() throws Exception {
        RunMonitor moves = run("moves");
        RunMonitor still = run("still");
        try (EnergyMeter meter = meter(new Counting("custom", "wall", 10, true))) {
            meter.watch(still);
            await(() -> of(still).joules() > 0);
            still.step(100, 3);
            double then = of(still).joules();
            // Its step took so long; it has stood still for several times that.
            await(() -> of(still).joules() > 5 * then + 50);
            meter.watch(moves);
            await(() -> {
                moves.step(100, 3);
                return of(moves).joules() > 50;
            });
            assertThat(of(moves).shared()).isFalse();
        }
    }
}
