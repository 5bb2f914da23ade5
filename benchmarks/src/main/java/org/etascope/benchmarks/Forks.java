package org.etascope.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The results of JVMs that measure one after the other: each reports figures by name with {@link #report}, one value each.
 * Not for several threads.
 */
public final class Forks {
    private static final String RESULT = "result\t";

    private final Map<String, List<Double>> results = new LinkedHashMap<>();

    /**
     * Reports a figure, in a measuring JVM.
     *
     * @param name its name, without a tab
     * @param value the figure
     */
    public static void report(String name, double value) {
        System.out.println(RESULT + name + "\t" + value);
    }

    /**
     * {@return a command that starts a JVM with this one's class path}
     *
     * @param options of the JVM
     * @param program what it runs
     * @param args of the program
     */
    public static List<String> command(List<String> options, Class<?> program, List<String> args) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> classPath = List.of("-cp", System.getProperty("java.class.path"), program.getName());
        return Stream.of(List.of(java), options, classPath, args)
                .flatMap(List::stream)
                .toList();
    }

    /**
     * Runs a measuring JVM with this one's class path to its end and takes its figures; its errors are shown.
     *
     * @param options of the JVM
     * @param program what it runs
     * @param args of the program
     * @throws IOException if it cannot be started or fails
     * @throws InterruptedException if interrupted while waiting
     */
    public void run(List<String> options, Class<?> program, String... args) throws IOException, InterruptedException {
        Process jvm = new ProcessBuilder(command(options, program, List.of(args)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = jvm.inputReader(StandardCharsets.UTF_8)) {
            out.lines().filter(line -> line.startsWith(RESULT)).forEach(line -> {
                String[] fields = line.split("\t", -1);
                results.computeIfAbsent(fields[1], name -> new ArrayList<>()).add(Double.valueOf(fields[2]));
            });
        }
        if (jvm.waitFor() != 0) {
            throw new IOException("a measuring JVM ended with exit code " + jvm.exitValue());
        }
    }

    /**
     * {@return a figure of all of them}
     *
     * @param name one that was reported
     */
    public Median median(String name) {
        return Median.of(Objects.requireNonNull(results.get(name), name));
    }
}
