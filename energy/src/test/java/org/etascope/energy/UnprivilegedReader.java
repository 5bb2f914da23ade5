package org.etascope.energy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.etascope.core.EnergySource;

/** Reads a tree of zones as a user who is not root: this one, or in a process of its own where this one is. */
final class UnprivilegedReader {
    private static final String NOBODY = "65534";

    private UnprivilegedReader() {}

    /**
     * {@return what was read, in a line}
     *
     * @param tree of zones, which all may enter
     * @param copies a folder that need not be there, for classes that all may read
     */
    static String read(Path tree, Path copies) throws IOException, InterruptedException {
        if (!System.getProperty("user.name").equals("root")) {
            return read(tree);
        }
        List<String> classPath = new ArrayList<>();
        for (Class<?> of : List.of(PowercapSource.class, EnergySource.class, UnprivilegedReader.class)) {
            Path copy = copies.resolve(of.getSimpleName());
            copy(Path.of(of.getProtectionDomain().getCodeSource().getLocation().getPath()), copy);
            classPath.add(copy.toString());
        }
        Process process = new ProcessBuilder(
                        "setpriv",
                        "--reuid=" + NOBODY,
                        "--regid=" + NOBODY,
                        "--clear-groups",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        String.join(File.pathSeparator, classPath),
                        UnprivilegedReader.class.getName(),
                        tree.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return said.strip();
    }

    /** A folder of classes or a jar. */
    private static void copy(Path classes, Path copies) throws IOException {
        Files.createDirectories(copies.getParent());
        var all = PosixFilePermissions.fromString("rwxr-xr-x");
        Files.setPosixFilePermissions(copies.getParent(), all);
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path copy = file.equals(classes)
                        ? copies
                        : copies.resolve(classes.relativize(file).toString());
                if (!Files.exists(copy)) {
                    Files.copy(file, copy);
                    Files.setPosixFilePermissions(copy, all);
                }
            }
        }
    }

    public static void main(String[] args) {
        System.out.println(read(Path.of(args[0])));
    }

    private static String read(Path tree) {
        try {
            EnergySource.Reading reading = new PowercapSource(tree).read();
            return reading.counters().stream()
                            .map(one -> one.domain() + " " + one.joules())
                            .collect(Collectors.joining(", "))
                    + " | " + reading.trouble();
        } catch (IOException e) {
            return e.getMessage();
        }
    }
}
