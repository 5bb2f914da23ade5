package org.etascope.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * The container image, without its base: its layers are unpacked as a container runtime would, and its entry point is
 * called with this machine's Java.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ContainerImageTest {
    private static final Pattern LAYER = Pattern.compile("\"([0-9a-f]{64}\\.tar\\.gz)\"");
    private static final Pattern TEXT = Pattern.compile("\"([^\"]*)\"");

    @TempDir
    private static Path folder;

    private Path root;
    private String config;

    @BeforeAll
    void unpack() throws Exception {
        Path image = Files.createDirectory(folder.resolve("image"));
        Run.finish(Run.program(image, "tar", "xf", System.getProperty("etascope.image")));
        root = Files.createDirectory(folder.resolve("root"));
        for (String layer : all(LAYER, Files.readString(image.resolve("manifest.json")))) {
            Run.finish(Run.program(
                    root,
                    "tar",
                    "--warning=no-unknown-keyword",
                    "-xzf",
                    image.resolve(layer).toString()));
        }
        config = Files.readString(image.resolve("config.json"));
    }

    @Test
    void itRunsAsNobodyAndSaysItsPort() {
        assertThat(config)
                .contains("\"User\":\"65532:65532\"")
                .contains("\"ExposedPorts\":{\"9464/tcp\":{}}")
                .contains("\"WorkingDir\":\"/runs\"")
                .contains("\"created\":\"1970-01-01T00:00:00Z\"");
    }

    @Test
    void itHoldsTheProgramsLibrariesAndNoTests() throws IOException {
        try (Stream<Path> libraries = Files.list(root.resolve("app/libs"))) {
            assertThat(libraries.map(jar -> jar.getFileName().toString()))
                    .anyMatch(jar -> jar.startsWith("etascope-prometheus-"))
                    .anyMatch(jar -> jar.startsWith("picocli-"))
                    .noneMatch(jar -> jar.startsWith("junit") || jar.startsWith("nd4j"));
        }
    }

    @Test
    void itsEntryPointReplaysALog() throws Exception {
        Path log = Files.writeString(
                folder.resolve("loss.csv"), "step,loss\n1,4.5\n2,4.0\n3,3.75\n4,3.5\n5,3.25\n6,3.0\n7,2.9\n8,2.8\n");
        Path classPath = root.resolve("app/jib-classpath-file");
        Files.writeString(classPath, Files.readString(classPath).replace("/app/", root.resolve("app") + "/"));
        Matcher entryPoint = Pattern.compile("\"Entrypoint\":\\[([^]]*)]").matcher(config);
        assertThat(entryPoint.find()).isTrue();
        List<String> command = new ArrayList<>();
        for (String word : all(TEXT, entryPoint.group(1))) {
            command.add(word.replace("@/app/", "@" + root.resolve("app") + "/"));
        }
        assertThat(command.get(0)).isEqualTo("java");
        command.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("replay", log.toString(), "--params=1M", "--tokens-per-step=1000", "--vocab=90", "--json"));

        String json = Run.finish(Run.program(folder, command.toArray(String[]::new)));

        assertThat(json).contains("\"tokens\":8000").contains("\"baseline_nats\":4.5");
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).toList();
    }
}
