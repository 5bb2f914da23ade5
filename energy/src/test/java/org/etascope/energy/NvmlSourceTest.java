package org.etascope.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.abort;

import com.sun.jna.Function;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.etascope.core.EnergySource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library with NVML's own functions, built from C and called as the driver's would be. */
class NvmlSourceTest {
    @TempDir
    static Path folder;

    private static String library = "";

    @BeforeAll
    static void build() throws Exception {
        Path source = folder.resolve("nvml.c");
        Path built = folder.resolve("libetascope-fake-nvml.so");
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
        Function fail = Function.getFunction(library, "etascopeFail");
        fail.invokeInt(new Object[] {9});
        try {
            assertThatThrownBy(source::read)
                    .isInstanceOf(IOException.class)
                    .hasMessage("cards cannot be counted: Driver Not Loaded");
        } finally {
            fail.invokeInt(new Object[] {0});
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
}
