package org.etascope.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.abort;

import com.sun.jna.NativeLibrary;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.etascope.core.EnergyMeter;
import org.etascope.core.EnergySource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library with NVML's own functions, built from C and called as the driver's would be. */
class NvmlSourceTest {
    @TempDir
    static Path folder;

    private static String library = "";
    /** JNA unloads a library that nobody holds, and with it what the test has told it. */
    private static NativeLibrary loaded;

    @BeforeAll
    static void build() throws Exception {
        Path source = folder.resolve("nvml.c");
        Path built = folder.resolve("libnvidia-ml.so.1");
        try (InputStream c = Objects.requireNonNull(NvmlSourceTest.class.getResourceAsStream("nvml.c"))) {
            Files.copy(c, source);
        }
        String compiler = Stream.of("cc", "gcc", "clang", "tcc")
                .filter(NvmlSourceTest::isThere)
                .findFirst()
                .orElseGet(() -> abort("no C compiler on the path: cc, gcc, clang or tcc (Debian: tcc)"));
        Process process = new ProcessBuilder(
                        compiler, "-shared", "-fPIC", "-nostdlib", "-o", built.toString(), source.toString())
                .inheritIO()
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        library = built.toString();
        loaded = NativeLibrary.getInstance(library);
    }

    private static void call(String function, int argument) {
        loaded.getFunction(function).invokeInt(new Object[] {argument});
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    @Test
    void read_cards_haveJoulesByTheirUuid() throws IOException {
        NvmlSource source = new NvmlSource(library);
        List<EnergySource.Counter> first = source.read().counters();
        assertThat(first).extracting(EnergySource.Counter::domain).containsExactly("GPU-aaaa", "GPU-cccc");
        assertThat(first).allSatisfy(card -> {
            assertThat(card.summed()).isTrue();
            assertThat(card.rangeJoules()).isNaN();
        });
        // Each reading of any card adds 250 J.
        assertThat(first.get(0).joules()).isGreaterThan(5_000_000);
        assertThat(first.get(1).joules() - first.get(0).joules()).isEqualTo(250, within(1e-6));
        assertThat(source.read().counters().get(0).joules() - first.get(0).joules())
                .isEqualTo(500, within(1e-6));
    }

    @Test
    void read_whatACardHasNot_isTold() throws IOException {
        assertThat(new NvmlSource(library).read().trouble())
                .isEqualTo("GPU-bbbb: Not Supported; GPU-cccc: MIG is on, the joules are those of the whole card");
    }

    @Test
    void read_driverGone_failsInOneLineAndGoesOnWhenItIsBack() throws IOException {
        NvmlSource source = new NvmlSource(library);
        source.read();
        call("etascopeFail", 9);
        try {
            assertThatThrownBy(source::read)
                    .isInstanceOf(IOException.class)
                    .hasMessage("cards cannot be counted: Driver Not Loaded");
        } finally {
            call("etascopeFail", 0);
        }
        assertThat(source.read().counters()).hasSize(2);
    }

    @Test
    void read_libraryThatWasNamedAndIsNotThere_isAFaultAndWithoutADriverThereIsNone() {
        assertThatThrownBy(new NvmlSource("/nowhere/libnvml.so")::read)
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(NoSuchFileException.class)
                .hasMessage("ETASCOPE_NVML_LIBRARY=/nowhere/libnvml.so cannot be loaded");
    }

    @Test
    void read_libraryOfTheDriversName_isFoundByItself() throws IOException {
        NativeLibrary.addSearchPath("libnvidia-ml.so.1", folder.toString());
        assertThat(new NvmlSource(null).read().counters()).hasSize(2);
    }

    @Test
    void meter_cardThatStandsStill_hasTakenNothing() {
        call("etascopeAdd", 0);
        try (EnergyMeter meter = EnergyMeter.of(new NvmlSource(library))) {
            await(() -> covered(meter, "GPU-aaaa") > 0);
            assertThat(meter.domains()).allSatisfy(one -> {
                assertThat(one.joules()).isZero();
                assertThat(one.gaps()).isZero();
            });
        } finally {
            call("etascopeAdd", 250_000);
        }
    }

    @Test
    void meter_callThatHangs_holdsUpNoOtherSource() {
        EnergySource other = EnergySource.custom("wall", () -> System.nanoTime() / 1e9);
        try (EnergyMeter meter = EnergyMeter.of(other, new NvmlSource(library))) {
            await(() -> covered(meter, "GPU-aaaa") > 0);
            call("etascopeHang", 1);
            await(() -> meter.sources().contains(new EnergyMeter.Source("nvml", "it does not answer")));
            double wall = covered(meter, "wall");
            await(() -> covered(meter, "wall") > wall + 1);
            double card = covered(meter, "GPU-aaaa");
            call("etascopeHang", 0);
            await(() -> covered(meter, "GPU-aaaa") > card);
            assertThat(meter.sources()).contains(new EnergyMeter.Source("custom", ""));
        } finally {
            call("etascopeHang", 0);
        }
    }

    private static double covered(EnergyMeter meter, String domain) {
        return meter.domains().stream()
                .filter(one -> one.domain().equals(domain))
                .mapToDouble(EnergyMeter.Domain::coveredSeconds)
                .sum();
    }

    private static void await(BooleanSupplier met) {
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(met::getAsBoolean);
    }
}
