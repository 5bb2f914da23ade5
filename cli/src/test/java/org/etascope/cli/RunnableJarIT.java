package org.etascope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** etascope.jar as it is handed out: nothing of the tests' class path may be missing in it. */
class RunnableJarIT {
    @Test
    void replay_byTheJarAlone_printsItsJson(@TempDir Path folder) throws Exception {
        Path out = folder.resolve("out.json");
        Path errors = folder.resolve("errors");
        Process replay = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        Path.of("target", "etascope.jar").toString(),
                        "replay",
                        Path.of("src", "test", "resources", "logs", "build-nanogpt-file.log")
                                .toString(),
                        "--params=124M",
                        "--tokens-per-step=524288",
                        "--json",
                        "--events")
                .redirectOutput(out.toFile())
                .redirectError(errors.toFile())
                .start();

        assertThat(replay.waitFor()).isZero();
        assertThat(new ObjectMapper().readTree(out.toFile()).path("points").asLong())
                .isPositive();
    }
}
