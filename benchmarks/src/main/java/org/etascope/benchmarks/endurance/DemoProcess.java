package org.etascope.benchmarks.endurance;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etascope.benchmarks.Forks;
import org.etascope.examples.demo.Demo;

/** The demo, in a process and a folder of its own. Its output goes to a file beside its runs. */
final class DemoProcess implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("(http://127\\.0\\.0\\.1:\\d+)");
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Process process;
    private final Path output;

    private DemoProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Starts the demo.
     *
     * @param folder where it puts {@code runs/}, and its output
     * @param before words of a command that the demo's own is appended to, such as a shell that prepares the disk
     * @param arguments the demo's own; it has a port and time enough without them
     */
    static DemoProcess start(Path folder, List<String> before, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(Forks.command(
                List.of(
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Dorg.bytedeco.javacpp.maxphysicalbytes=0"),
                Demo.class,
                List.of("--port", "0", "--minutes", "600")));
        command.addAll(arguments);
        Path output = Files.createTempFile(folder, "demo", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        // One thread: sums in another order would be other numbers.
        builder.environment().put("OMP_NUM_THREADS", "1");
        return new DemoProcess(builder.start(), output);
    }

    /** Runs the demo to its own end. */
    static void run(Path folder, List<String> arguments) throws IOException, InterruptedException {
        try (DemoProcess demo = start(folder, List.of(), arguments)) {
            demo.join();
        }
    }

    /** {@return where it serves} Waits until it does. */
    URI address() throws IOException, InterruptedException, TimeoutException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Matcher found = ADDRESS.matcher(output());
            if (found.find()) {
                return URI.create(found.group(1));
            }
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new TimeoutException("the demo does not serve; it wrote: " + output());
            }
            process.waitFor(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** {@return the metrics by their names, those with no label or those of the run alone; empty without an answer} */
    static Map<String, Double> metrics(URI address) {
        Pattern line = Pattern.compile("(?m)^(\\w+)(?:\\{run=\"[^\"]*\",worker=\"[^\"]*\",?})? (\\S+)$");
        try (InputStream in = address.resolve("/metrics").toURL().openStream()) {
            Map<String, Double> values = new HashMap<>();
            Matcher found = line.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            while (found.find()) {
                values.put(found.group(1), Double.valueOf(found.group(2)));
            }
            return values;
        } catch (IOException e) {
            // It has just ended, or is not up yet.
            return Map.of();
        }
    }

    boolean alive() {
        return process.isAlive();
    }

    /** SIGKILL: no handler runs, nothing is flushed. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Waits for its own end. */
    void join() throws IOException, InterruptedException {
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException("the demo ended with " + code + "; it wrote: " + output());
        }
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    @Override
    public void close() {
        kill();
    }
}
