package org.etascope.dashboards;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs Debian's programs of the Prometheus family; where one is not installed, the test is skipped and says so. And programs
 * of these tests, in JVMs of their own.
 */
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

    /** Starts a program of these tests in a JVM of its own; its errors go there. */
    static Process java(Redirect errors, Class<?> program, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        return new ProcessBuilder(command).redirectError(errors).start();
    }

    /** {@return where such a program serves, host and port} Waits until it says so. */
    static String served(Process program) throws IOException {
        BufferedReader said = program.inputReader(UTF_8);
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith("serving ")) {
                return line.substring("serving ".length());
            }
        }
        throw new AssertionError("a program ended at once");
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
