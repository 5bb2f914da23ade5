package org.etascope.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Programs that are run to their end. */
final class Run {
    private Run() {}

    static ProcessBuilder program(Path in, String... command) {
        return new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true);
    }

    /** {@return what it said, its exit status being 0} */
    static String finish(ProcessBuilder builder) throws Exception {
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
