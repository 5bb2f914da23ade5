package org.etascope.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What bin/release packs, unpacked on a path with a blank and used. */
@TestInstance(Lifecycle.PER_CLASS)
class ReleaseTest {
    private static final Path PACKED = Path.of("..", "target", "release").toAbsolutePath();
    private static final String NAME = "etascope-" + System.getProperty("etascope.version");
    private static final String PLATFORM = System.getProperty("etascope.platform");
    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");

    @TempDir
    private static Path folder;

    private Path zip;
    private Path image;
    private Path log;

    @BeforeAll
    void unpack() throws Exception {
        Path blank = Files.createDirectory(folder.resolve("a folder"));
        zip = Files.createDirectory(blank.resolve("zip"));
        // jar unpacks any zip but forgets who may run what; what the zip says of that is looked at on its own.
        String jar = Path.of(System.getProperty("java.home"), "bin", "jar").toString();
        Run.finish(Run.program(zip, jar, "xf", PACKED.resolve(NAME + ".zip").toString()));
        zip = zip.resolve(NAME);
        image = Files.createDirectory(blank.resolve("image"));
        Run.finish(Run.program(
                image,
                "tar",
                "xzf",
                PACKED.resolve(NAME + "-" + PLATFORM + ".tar.gz").toString()));
        image = image.resolve(NAME);
        log = Files.write(
                blank.resolve("train log.csv"),
                Stream.concat(
                                Stream.of("step,loss"),
                                IntStream.rangeClosed(1, 400)
                                        .mapToObj(step -> String.format(
                                                Locale.ROOT, "%d,%.6f", step, 1.5 + 3 * Math.pow(step, -0.5))))
                        .toList());
    }

    @Test
    void theZipReplaysALog() throws Exception {
        String json = Run.finish(etascope("replay", "--json"));

        assertThat(json).contains("\"tokens\":400000").contains("\"phase\":\"");
    }

    @Test
    void theZipWatchesALogAndServesThePage() throws Exception {
        Process watch = etascope("watch", "--port=0").start();
        try {
            String address = awaitAddress(watch);

            assertThat(get(address + "/")).contains("<title>").contains("script");
            assertThat(get(address + "/metrics"))
                    .contains("etascope_run_tokens{")
                    .contains("400000.0");
        } finally {
            watch.destroy();
            assertThat(watch.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void theImageNeedsNoJava() throws Exception {
        String plan = Run.finish(alone("bin/etascope", "plan", "--params=1M", "--tokens=1e9", "--json"));

        assertThat(plan).contains("\"parameters\":1000000");
    }

    @Test
    void theImageRunsTheDemo() throws Exception {
        String demo = Run.finish(alone("bin/demo", "--steps=20", "--port=0"));

        assertThat(demo).contains("finished").containsPattern("20 steps");
    }

    @Test
    void theZipKeepsWhoMayRunIt() throws Exception {
        try (FileSystem packed =
                FileSystems.newFileSystem(PACKED.resolve(NAME + ".zip"), Map.of("enablePosixFileAttributes", "true"))) {
            Path bin = packed.getPath(NAME, "bin");

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(bin.resolve("etascope"))))
                    .isEqualTo("rwxr-xr-x");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(bin.resolve("lib.sh"))))
                    .isEqualTo("rw-r--r--");
        }
    }

    @Test
    void windowsIsServedBesideIt() throws IOException {
        String script = Files.readString(zip.resolve("bin/etascope.cmd"), StandardCharsets.US_ASCII);

        assertThat(script.lines().count()).isPositive();
        assertThat(script.replace("\r\n", "")).as("a line without CRLF").doesNotContain("\n");
        assertThat(script).contains("lib\\etascope.jar");
    }

    @Test
    void thePartsAreListed() throws IOException {
        String parts = Files.readString(PACKED.resolve(NAME + "-bom.json"));

        assertThat(parts)
                .contains("\"bomFormat\" : \"CycloneDX\"")
                .contains("pkg:maven/io.micrometer/micrometer-core@")
                .contains("pkg:maven/org.deeplearning4j/deeplearning4j-nn@")
                .doesNotContain("junit");
    }

    private ProcessBuilder etascope(String command, String option) {
        return Run.program(
                zip,
                "bash",
                "bin/etascope",
                command,
                log.toString(),
                "--params=1M",
                "--tokens-per-step=1000",
                "--vocab=90",
                option);
    }

    /** Without the machine's Java: the path has only the few programs that the scripts call. */
    private ProcessBuilder alone(String... command) throws IOException {
        Path path = Files.createTempDirectory(folder, "path");
        for (String program : List.of("bash", "cat", "cut", "dirname", "env", "find", "head", "sed", "stty")) {
            Files.copy(Path.of("/usr/bin", program), path.resolve(program), StandardCopyOption.COPY_ATTRIBUTES);
        }
        command[0] = image.resolve(command[0]).toString();
        ProcessBuilder builder = Run.program(image, command);
        builder.environment().clear();
        builder.environment().put("PATH", path.toString());
        builder.environment().put("HOME", folder.toString());
        return builder;
    }

    private static String awaitAddress(Process process) throws IOException {
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            Matcher address = ADDRESS.matcher(line);
            if (address.find()) {
                return address.group();
            }
        }
        throw new AssertionError("ended without an address");
    }

    private static String get(String address) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }
}
