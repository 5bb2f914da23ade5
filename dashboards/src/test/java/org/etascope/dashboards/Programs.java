package org.etascope.dashboards;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Runs Debian's programs of the Prometheus family; where one is not installed, the test is skipped and says so. */
final class Programs {
    /**
     * What a program that ended has said.
     *
     * @param exit its exit status
     * @param output both its streams
     */
    record Outcome(int exit, String output) {}

    private Programs() {}

    static Outcome run(String program, Object... arguments) {
        try {
            Path output = Files.createTempFile(program, ".out");
            Process process = start(output, program, arguments);
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(program + " did not end within a minute");
            }
            String said = Files.readString(output);
            Files.delete(output);
            return new Outcome(process.exitValue(), said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(program + " was interrupted", e);
        }
    }

    static Process start(Path output, String program, Object... arguments) {
        assumeTrue(installed(program), "NEEDS " + program + ": install Debian's package, bin/test --install does");
        String[] command = new String[arguments.length + 1];
        command[0] = program;
        for (int i = 0; i < arguments.length; i++) {
            command[i + 1] = arguments[i].toString();
        }
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean installed(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
