package org.etascope.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.etascope.core.EnergyMeter;
import org.etascope.core.EnergySource;
import org.etascope.core.EnergySource.Counter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Folders as the kernel shows them: names and numbers in files of one line. */
class PowercapSourceTest {
    private static final long RANGE = 262_143_328_850L;

    @TempDir
    Path root;

    private PowercapSource source;

    @BeforeEach
    void begin() {
        source = new PowercapSource(root);
    }

    private Path zone(String folder, String name, long microjoules) throws IOException {
        Path zone = Files.createDirectories(root.resolve(folder));
        Files.writeString(zone.resolve("name"), name + "\n");
        Files.writeString(zone.resolve("max_energy_range_uj"), RANGE + "\n");
        Files.writeString(zone.resolve("energy_uj"), microjoules + "\n");
        return zone;
    }

    private void laptop() throws IOException {
        Files.createDirectories(root.resolve("intel-rapl"));
        zone("intel-rapl:0", "package-0", 1_500_000);
        zone("intel-rapl:0:0", "core", 700_000);
        zone("intel-rapl:0:1", "uncore", 100_000);
        zone("intel-rapl:0:2", "dram", 250_000);
        zone("intel-rapl:1", "psys", 9_000_000);
        zone("intel-rapl-mmio:0", "package-0", 1_500_000);
    }

    @Test
    void read_laptop_hasPackageMemoryAndTheBoardApart() throws IOException {
        laptop();
        double range = RANGE * 1e-6;
        assertThat(source.read())
                .isEqualTo(new EnergySource.Reading(
                        List.of(
                                new Counter("package-0", 1.5, range, true, "CPU package"),
                                new Counter("dram-0", 0.25, range, true, "memory"),
                                new Counter("psys", 9, range, false, "board")),
                        ""));
        assertThat(source.name()).isEqualTo("powercap");
    }

    @Test
    void read_twoPackages_haveTheirOwnMemory() throws IOException {
        zone("intel-rapl:0", "package-1", 1_000_000);
        zone("intel-rapl:0:0", "dram", 2_000_000);
        zone("intel-rapl:1", "package-0", 3_000_000);
        zone("intel-rapl:1:0", "dram", 4_000_000);
        assertThat(source.read().counters())
                .extracting(Counter::domain, Counter::joules)
                .containsExactly(
                        tuple("package-1", 1.0), tuple("dram-1", 2.0), tuple("package-0", 3.0), tuple("dram-0", 4.0));
    }

    @Test
    void read_diesThatMirrorOneCounter_countOnce() throws IOException {
        zone("intel-rapl:0", "package-0-die-0", 8_000_000);
        zone("intel-rapl:1", "package-0-die-1", 8_000_000);
        zone("intel-rapl:1:0", "dram", 1_000_000);
        assertThat(source.read().counters()).extracting(Counter::domain).containsExactly("package-0-die-0");
    }

    @Test
    void read_diesWithCountersOfTheirOwn_countEachEvenWhereTheyMeet() throws IOException {
        zone("intel-rapl:0", "package-0-die-0", 8_000_000);
        zone("intel-rapl:1", "package-0-die-1", 6_000_000);
        zone("intel-rapl:1:0", "dram", 1_000_000);
        assertThat(source.read().counters())
                .extracting(Counter::domain)
                .containsExactly("package-0-die-0", "package-0-die-1", "dram-0-die-1");
        zone("intel-rapl:1", "package-0-die-1", 8_000_000);
        assertThat(source.read().counters()).hasSize(3);
    }

    @Test
    void read_onlyAnotherInterface_isUsed() throws IOException {
        zone("intel-rapl-tpmi:0", "package-0", 8_000_000);
        assertThat(source.read().counters()).extracting(Counter::domain).containsExactly("package-0");
    }

    @Test
    void read_zoneThatVanished_leavesTheOthers() throws IOException {
        laptop();
        source.read();
        Path dram = root.resolve("intel-rapl:0:2");
        for (String file : List.of("name", "energy_uj", "max_energy_range_uj")) {
            Files.delete(dram.resolve(file));
        }
        Files.delete(dram);
        assertThat(source.read().counters()).extracting(Counter::domain).containsExactly("package-0", "psys");
    }

    @Test
    void read_noNumber_isToldAndTheOthersCount() throws IOException {
        Path zone = zone("intel-rapl:0", "package-0", 1);
        zone("intel-rapl:1", "package-1", 5_000_000);
        Files.writeString(zone.resolve("energy_uj"), "garbage");
        EnergySource.Reading reading = source.read();
        assertThat(reading.counters()).extracting(Counter::domain).containsExactly("package-1");
        assertThat(reading.trouble()).startsWith("package-0: ").contains("garbage");
    }

    @Test
    void read_noRange_isUnknown() throws IOException {
        Path zone = zone("intel-rapl:0", "package-0", 1_000_000);
        Files.delete(zone.resolve("max_energy_range_uj"));
        assertThat(source.read().counters().get(0).rangeJoules()).isNaN();
    }

    @Test
    void read_counterThatCannotBeOpened_isTold() throws IOException {
        Path zone = zone("intel-rapl:0", "package-0", 1_000_000);
        Files.delete(zone.resolve("energy_uj"));
        assertThat(source.read().trouble()).startsWith("package-0: ").contains("energy_uj");
    }

    @Test
    void read_noFolderOrNoZone_isNoFault() throws IOException {
        assertThatThrownBy(source::read)
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(root + ": no zone of powercap");
        assertThatThrownBy(new PowercapSource(root.resolve("none"))::read)
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(root.resolve("none") + ": this machine has no powercap");
        Files.createDirectories(root.resolve("dtpm"));
        zone("intel-rapl:0", "something", 1);
        assertThatThrownBy(source::read).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void read_packageThatVanished_isNotTakenFromAnotherInterface() throws IOException {
        laptop();
        source.read();
        move(root.resolve("intel-rapl:0"), root.resolve("gone"));
        assertThat(source.read().counters()).extracting(Counter::domain).containsExactly("psys");
    }

    /** Root may read everything, so another user has to try. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no powercap")
    void read_asAnotherUserThanRoot_saysWhatItMayNotRead() throws Exception {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path tree = Files.createDirectory(root.resolve("powercap"));
        Path zone = zone("powercap/intel-rapl:0", "package-0", 1_500_000);
        Path secret = zone("powercap/intel-rapl:1", "package-1", 1_500_000);
        Path open = zone("powercap/intel-rapl:2", "psys", 1_500_000);
        for (Path file : List.of(zone.resolve("energy_uj"), secret.resolve("name"))) {
            Files.setPosixFilePermissions(file, Set.of(PosixFilePermission.OWNER_READ));
        }
        String told = "package-0: only root may read it; intel-rapl:1: only root may read its name";
        assertThat(UnprivilegedReader.read(tree, root.resolve("classes"))).isEqualTo("psys 1.5 | " + told);
        Files.delete(open.resolve("name"));
        assertThat(UnprivilegedReader.read(tree, root.resolve("classes")))
                .isEqualTo(tree + ": only root may read energy_uj (docs/energy.md says how others may)");
    }

    /** The meter's own seconds. */
    @Test
    void meter_wrapAndReset_areExactJoulesAndAGap() throws IOException {
        Path counter = zone("intel-rapl:0", "package-0", RANGE - 40_000_000).resolve("energy_uj");
        try (EnergyMeter meter = EnergyMeter.of(source)) {
            await(() -> !meter.domains().isEmpty());
            show(counter, 60_000_000);
            await(() -> meter.domains().get(0).joules() > 0);
            assertThat(meter.domains().get(0).joules()).isEqualTo(100.000, within(1e-7));
            show(counter, 3_670_000);
            await(() -> meter.domains().get(0).gaps() > 0);
            assertThat(meter.domains().get(0).joules()).as("not 262,087 J more").isEqualTo(100.000, within(1e-7));
            show(counter, 4_670_000);
            await(() -> meter.domains().get(0).joules() > 100.5);
            assertThat(meter.domains().get(0).joules()).isEqualTo(101.000, within(1e-7));
            Files.delete(counter.resolveSibling("max_energy_range_uj"));
            show(counter, 2_000_000);
            await(() -> meter.domains().get(0).gaps() > 1);
            assertThat(meter.domains().get(0).joules()).as("no range, no wrap").isEqualTo(101.000, within(1e-7));
        }
    }

    /** At once, so that nobody reads half of it. */
    private void show(Path counter, long microjoules) throws IOException {
        Path written = Files.writeString(root.resolve("next"), microjoules + "\n");
        move(written, counter);
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void await(BooleanSupplier met) {
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(met::getAsBoolean);
    }

    @Test
    void bothSources_areFoundAmongTheServices() {
        assertThat(ServiceLoader.load(EnergySource.class).stream().map(ServiceLoader.Provider::type))
                .containsExactly(PowercapSource.class, NvmlSource.class);
    }
}
