package org.etascope.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.etascope.core.EnergySource;
import org.etascope.core.EnergySource.Counter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
                                new Counter("package-0", 1.5, range, true),
                                new Counter("dram-0", 0.25, range, true),
                                new Counter("psys", 9, range, false)),
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
    void bothSources_areFoundAmongTheServices() {
        assertThat(ServiceLoader.load(EnergySource.class).stream().map(ServiceLoader.Provider::type))
                .containsExactly(PowercapSource.class, NvmlSource.class);
    }
}
